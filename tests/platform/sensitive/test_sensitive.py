"""Sensitive fields: nothing readable in the database, a log, the journal or an answer without the
right (landscape, attack 37)."""

from __future__ import annotations

import io
import logging
import os
import stat
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.db import connection
from django.test import Client

from tests.parties.importing_help import import_file
from tests.personas import EVERYTHING, People, make_people, make_user
from tests.samples import make_person
from vinculo.config.cluster.binaries import binaries
from vinculo.kernel.cipher import Unreadable, decrypt, key_number
from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError
from vinculo.parties.entities import PERSON
from vinculo.parties.models import Party, Person
from vinculo.platform.access_events import notes
from vinculo.platform.models import ChangeSet, Role, User
from vinculo.platform.sensitive import rotation
from vinculo.platform.sensitive.fields import DOTS, Secret
from vinculo.platform.sensitive.keys import key_file, keys, parse, write
from vinculo.platform.undo import undo_change_set
from vinculo.records.bulk.change import Change, freeze
from vinculo.records.bulk.runs import start_run
from vinculo.records.writing import edit_record

CANARY = "ES9121000418450200051332"
OTHER = "X1234567L-Zanzibar"
pytestmark = pytest.mark.django_db


@pytest.fixture
def trusted(people: People) -> User:
    """Somebody with the right to read what is sensitive, but no administrator."""
    return make_trusted(people)


def make_trusted(people: People) -> User:
    verbs = dict.fromkeys(("view", "add", "edit", "delete", "export"), "all")
    role = Role.objects.create(
        name="Payroll",
        grants={key: dict(verbs) for key in EVERYTHING},
        actions=["platform.read_sensitive"],
    )
    return make_user("payroll", role, team=people.north)


def planted(owner: User, trusted: User) -> Person:
    """A person of `owner` with both secrets, written the way people write."""
    record = make_person(owner, "Quill")
    edit_record(
        actor=trusted, entity=PERSON, record=record, data={"iban": CANARY, "national_id": OTHER}
    )
    return Person.objects.get(pk=record.pk)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def stored(pk: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT iban FROM parties_party WHERE id = %s", [pk])
        return str(cursor.fetchone()[0])


def test_what_comes_out_of_the_column_is_dots_until_asked_outright(
    people: People, trusted: User
) -> None:
    person = planted(people.owner, trusted)
    assert isinstance(person.iban, Secret)
    assert f"{person.iban} {person.iban!r}" == f"{DOTS} <Secret {DOTS}>"
    assert person.iban.reveal() == CANARY
    assert CANARY not in stored(person.pk)
    before = stored(person.pk)
    person.save()  # what was not touched is not encrypted anew
    assert stored(person.pk) == before


def test_a_ciphertext_moved_to_another_column_cannot_be_read(people: People, trusted: User) -> None:
    person = planted(people.owner, trusted)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE parties_party SET national_id = iban WHERE id = %s", [person.pk])
    moved = Person.objects.get(pk=person.pk)
    with pytest.raises(Unreadable):
        moved.national_id.reveal()


def test_found_by_equality_and_by_nothing_else(people: People, trusted: User) -> None:
    person = planted(people.owner, trusted)
    assert Party.objects.filter(iban="es91 2100 0418 4502 0005 1332").get().pk == person.pk
    assert not Party.objects.filter(iban=CANARY[:-1]).exists()
    assert Party.objects.filter(pk=person.pk).exclude(iban="").exists()
    for lookup in ("icontains", "startswith", "regex", "gt", "in"):
        with pytest.raises(FieldError):
            list(Party.objects.filter(**{f"iban__{lookup}": "ES"}))


def test_surfaces_without_the_right_have_no_such_field(people: People, trusted: User) -> None:
    person = planted(people.owner, trusted)
    client = signed_in(people.owner)
    page = f"/people/{person.pk}"
    for path in (page, f"{page}/peek", f"{page}/edit", f"{page}/history", "/people", "/people/new"):
        shown = client.get(path).content.decode()
        for word in (CANARY, OTHER, "IBAN", "Identity document number", DOTS):
            assert word not in shown, (path, word)
    assert client.get("/people?iban.is=" + CANARY).status_code in (404, 422)
    assert client.get(f"{page}/field/iban").status_code == 404
    assert client.post(f"{page}/reveal/iban").status_code == 404
    told = client.get(f"/api/v1/people/{person.pk}").json()["data"]
    assert told["id"] == person.pk
    assert not {"iban", "national_id"} & set(told)
    patched = client.patch(
        f"/api/v1/people/{person.pk}", {"iban": "ES00"}, content_type="application/json"
    )
    assert patched.status_code in (400, 403, 422)
    assert Person.objects.get(pk=person.pk).iban.reveal() == CANARY


def test_with_the_right_it_is_masked_until_shown_and_that_is_noted(
    people: People, trusted: User
) -> None:
    person = planted(people.owner, trusted)
    client = signed_in(trusted)
    page = f"/people/{person.pk}"
    for path in (page, f"{page}/peek", f"{page}/edit", f"{page}/history", f"{page}/field/iban"):
        shown = client.get(path).content.decode()
        assert CANARY not in shown and OTHER not in shown, path
        assert DOTS in shown, path
    assert client.get(f"{page}/reveal/iban").status_code == 405
    assert client.post(f"{page}/reveal/name").status_code == 404
    notes.flush(connection)
    assert CANARY in client.post(f"{page}/reveal/iban").content.decode()
    assert [(note.how, note.row_id) for note in notes._waiting] == [("reveal", person.pk)]
    notes.flush(connection)


def test_the_form_keeps_what_nobody_typed_and_refuses_dots(people: People, trusted: User) -> None:
    person = planted(people.owner, trusted)
    client = signed_in(trusted)
    url = f"/people/{person.pk}/field/iban"
    before = stored(person.pk)
    kept = client.post(url, {"iban": DOTS, "_was": f'{{"iban": "{DOTS}"}}'})
    assert kept.status_code == 200 and stored(person.pk) == before
    refused = client.post(url, {"iban": DOTS + "1", "_was": f'{{"iban": "{DOTS}"}}'})
    assert refused.status_code == 422 and "dots only stand for it" in refused.content.decode()
    changed = client.post(url, {"iban": "DE44500105175407324931", "_was": f'{{"iban": "{DOTS}"}}'})
    assert changed.status_code == 200 and "DE44" not in changed.content.decode()
    assert Person.objects.get(pk=person.pk).iban.reveal() == "DE44500105175407324931"


def test_undo_brings_back_what_the_journal_could_not_read(people: People, trusted: User) -> None:
    person = planted(people.owner, trusted)
    edit_record(actor=trusted, entity=PERSON, record=person, data={"iban": "DE00 new"})
    undo_change_set(actor=trusted, change_set=ChangeSet.objects.latest("id"))
    assert Person.objects.get(pk=person.pk).iban.reveal() == CANARY


def test_a_filter_keeps_only_the_index(people: People, trusted: User) -> None:
    person = planted(people.owner, trusted)
    client = signed_in(trusted)
    page = client.get("/people", {"iban.is": CANARY}).content.decode()
    assert f"/people/{person.pk}" in page and CANARY not in page
    other = client.get("/people", {"iban.is": CANARY + "1"}).content.decode()
    assert f"/people/{person.pk}" not in other
    assert f"/people/{person.pk}" in client.get("/people", {"iban.filled": ""}).content.decode()
    for path in ("/people?iban.contains=ES", "/people?sort=iban"):
        assert CANARY not in client.get(path).content.decode()


def test_exports_and_the_api_give_it_to_who_has_the_right_only(
    people: People, trusted: User
) -> None:
    person = planted(people.owner, trusted)
    taken: dict[str, bytes] = {}
    for user in (trusted, people.owner):
        client = signed_in(user)
        for form in ("csv", "xlsx"):
            answer = client.post(f"/people/export.{form}?cols=name,iban")
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
            if form == "xlsx" and answer.status_code == 200:
                with zipfile.ZipFile(io.BytesIO(body)) as book:
                    body = b"".join(book.read(name) for name in book.namelist())
            taken[f"{user.name} {form}"] = body
    told = signed_in(trusted).get(f"/api/v1/people/{person.pk}").json()["data"]
    assert (told["iban"], told["national_id"]) == (CANARY, OTHER)
    listed = signed_in(trusted).get("/api/v1/people").json()
    assert CANARY in str(listed)
    assert CANARY not in str(signed_in(trusted).get(f"/api/v1/people/{person.pk}/history").json())
    for name, body in taken.items():
        assert (CANARY.encode() in body) == name.startswith("Payroll"), name


def test_search_keys_never_hold_it(people: People, trusted: User) -> None:
    person = planted(people.owner, trusted)
    client = signed_in(trusted)
    for path in (f"/search?q={CANARY}", f"/palette?q={CANARY}", f"/people?q={CANARY}"):
        assert f"/people/{person.pk}" not in client.get(path).content.decode()


@pytest.mark.django_db(transaction=True)
def test_nothing_readable_in_a_dump_or_a_log(
    transactional_db: None, tmp_path: Path, caplog: Any
) -> None:
    """Attack 37: everything the database knows, with the journal, and everything that was logged."""
    caplog.set_level(logging.DEBUG)
    people = make_people()
    trusted = make_trusted(people)
    person = planted(people.owner, trusted)
    client = signed_in(trusted)
    client.post(f"/people/{person.pk}/reveal/iban")
    client.get("/people", {"iban.is": CANARY})
    answer = client.post(f"/people/export.csv?cols=name,iban&iban.is={CANARY}")
    assert CANARY.encode() in b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    edit_record(actor=trusted, entity=PERSON, record=person, data={"national_id": "changed"})
    # An answer that is kept to be told again to who sends the same request twice.
    for _time in range(2):
        told = client.post(
            "/api/v1/people",
            {"given_name": "Ink", "family_name": "Well", "iban": CANARY},
            content_type="application/json",
            headers={"Idempotency-Key": "the-same-one-twice"},
        )
        assert (told.status_code, told.json()["data"]["iban"]) == (201, CANARY)
    notes.flush(connection)
    place = connection.settings_dict
    dump = subprocess.run(
        [str(binaries() / "pg_dump"), "-h", place["HOST"], "-U", place["USER"], place["NAME"]],
        capture_output=True,
        check=True,
        env={
            **os.environ,
            "PGPORT": str(place["PORT"]),
            "PGPASSWORD": place["PASSWORD"] or "",
        },
    ).stdout
    assert b"parties_party" in dump and b"Quill" in dump
    for secret in (CANARY, OTHER):
        assert secret.encode() not in dump
        for form in (secret.lower(), secret[:12]):
            assert form.encode() not in dump
        assert secret not in caplog.text
    queries = "".join(record.getMessage() for record in caplog.records)
    assert CANARY not in queries


@pytest.fixture
def own_keys(tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.VINCULO_DATA = tmp_path
    settings.FIELD_KEYS = []
    yield


def test_the_key_file_is_private_and_made_once(own_keys: None) -> None:
    first = keys()
    assert stat.S_IMODE(key_file().stat().st_mode) == 0o600
    assert stat.S_IMODE(key_file().parent.stat().st_mode) == 0o700
    assert keys() == first == parse(key_file().read_text().splitlines())


def test_keys_may_come_from_the_environment(own_keys: None, settings: Any) -> None:
    lines = key_file().read_text().splitlines() if keys() else []
    key_file().unlink()
    settings.FIELD_KEYS = lines
    assert keys().current == "1" and not key_file().exists()
    with pytest.raises(DomainError):
        rotation.begin_rotation()


def test_a_damaged_key_file_is_refused_in_a_sentence(own_keys: None) -> None:
    keys()
    key_file().write_text("1 not-a-key\n")
    with pytest.raises(DomainError, match="key file is damaged"):
        keys()


def test_rotation_goes_on_where_it_was_and_the_old_key_retires(
    people: People, own_keys: None, monkeypatch: Any
) -> None:
    monkeypatch.setattr(rotation, "BATCH", 2)
    trusted = make_trusted(people)
    persons = [planted(people.owner, trusted) for _ in range(5)]
    assert rotation.begin_rotation() == "2"
    fresh = planted(people.owner, trusted)
    assert key_number(stored(fresh.pk)) == "2"

    class Killed(Exception):
        pass

    def killed(done: int) -> None:
        if done >= 4:
            raise Killed

    with pytest.raises(Killed):
        rotation.reencrypt(killed)
    assert 0 < rotation.keys_in_use()["1"][0] < 10
    with pytest.raises(DomainError, match="still needed"):
        rotation.retire("1")
    rotation.reencrypt_fields()
    assert rotation.keys_in_use()["1"][0] == 0
    for person in persons:
        assert Person.objects.get(pk=person.pk).iban.reveal() == CANARY
    assert Party.objects.filter(iban=CANARY).count() == 6  # the index outlives the key
    assert ChangeSet.objects.filter(verb="platform.rotate_keys").exists()
    # Undo may still need the old key, for thirty days.
    with pytest.raises(DomainError, match="undo may restore"):
        rotation.retire("1")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE platform_change SET before = NULL WHERE table_name = 'parties_party'"
        )
    rotation.retire("1")
    assert list(keys().by_number) == ["2"]
    assert Person.objects.get(pk=persons[0].pk).national_id.reveal() == OTHER


def test_without_the_key_it_says_so(people: People, own_keys: None) -> None:
    trusted = make_trusted(people)
    person = planted(people.owner, trusted)
    held = keys()
    write(replace(held, by_number={"1": bytes(32)}))
    with pytest.raises(Unreadable):
        decrypt(keys(), "parties_party.iban", stored(person.pk))
    answer = signed_in(trusted).post(f"/people/{person.pk}/reveal/iban")
    assert answer.status_code == 422
    assert "the key it was encrypted with is not here" in answer.content.decode()
    assert rotation.begin_rotation() == "2"
    assert rotation.reencrypt()[1] == 2


def test_an_import_encrypts_before_it_stages(people: People, trusted: User, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(
        f"Full name,E-mail,Bank account (IBAN),Identity document number\n"
        f"Ada Quill,ada@example.com,{CANARY},{OTHER}\n"
        f"Bo Quill,bo@example.com,{'9' * 80},\n"
    )
    imported = import_file(trusted, "parties.person", file, key="email", mode="both")
    assert imported.counts == (1, 0, 0, 1)
    assert "999" not in str(imported.refused)
    person = Person.objects.get(name="Ada Quill")
    assert (person.iban.reveal(), person.national_id.reveal()) == (CANARY, OTHER)
    again = import_file(trusted, "parties.person", file, key="email", mode="both")
    assert again.counts == (0, 0, 1, 1)  # the same value is no change
    file.write_text(f"Full name,E-mail,Bank account (IBAN)\nAda Quill,ada@example.com,{OTHER}\n")
    import_file(trusted, "parties.person", file, key="email", mode="both")
    assert Person.objects.get(pk=person.pk).iban.reveal() == OTHER
    # Without the right the column fills nothing.
    file.write_text(f"Full name,E-mail,Bank account (IBAN)\nCy Quill,cy@example.com,{CANARY}\n")
    import_file(people.owner, "parties.person", file, key="email", mode="both")
    assert Person.objects.get(name="Cy Quill").iban == ""


def test_a_change_of_many_keeps_it_encrypted(people: People, trusted: User) -> None:
    first, second = (planted(people.owner, trusted) for _ in range(2))
    fresh = "DE44500105175407324931"
    ids = [first.pk, second.pk]
    iban = PERSON.all_fields["iban"]
    start_run(
        actor=trusted, entity=PERSON, ids=ids, token="a" * 20, seen_at=now(),
        change=Change("edit", "iban", "set", freeze(PERSON, iban, fresh)),
    )  # fmt: skip
    assert [Person.objects.get(pk=pk).iban.reveal() for pk in ids] == [fresh, fresh]
    source = Person.objects.get(pk=first.pk)
    filled = {str(second.pk): {"national_id": freeze(PERSON, PERSON.all_fields["national_id"],
                                                     source.national_id)}}  # fmt: skip
    run = start_run(
        actor=trusted, entity=PERSON, ids=[second.pk], token="b" * 20, seen_at=now(),
        change=Change("cells", cells=filled),
    )  # fmt: skip
    assert run.refused == 0
    assert Person.objects.get(pk=second.pk).national_id.reveal() == OTHER
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(r::text, ' ') FROM records_bulkrun r")
        kept = str(cursor.fetchone()[0])
    assert "iban" in kept and fresh not in kept and OTHER not in kept
