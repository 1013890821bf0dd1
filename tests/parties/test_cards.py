"""Companies and people as vCards: what a reader may see, in both versions, and back in again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.parties.importing_help import import_file
from tests.parties.makers import make_company, make_person, point
from tests.personas import People

from vinculo.kernel.text import clean_lines, fold
from vinculo.parties.cards.filling import card_of, short_text
from vinculo.parties.cards.writing import Card, Way, card_text
from vinculo.parties.derived import refresh
from vinculo.parties.models import Person
from vinculo.parties.portraits.drawing import drawn
from vinculo.parties.portraits.keeping import keep
from vinculo.platform.access_events import notes
from vinculo.platform.models import AccessEvent, ChangeSet, Role
from vinculo.records.transfer.reading import open_table
from vinculo.records.transfer.vcards import HEADERS

pytestmark = pytest.mark.django_db


def picture(color: str = "red") -> bytes:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (300, 200), color).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def ana(people: People) -> Person:
    """A person with all a card can say."""
    mine = {"owner": people.owner, "team": people.north}
    company = make_company("Acme, S.A.", **mine)
    person = make_person(
        "Ana Ruiz", given_name="Ana", family_name="Ruiz", salutation="Dra.", job_title="Gerente",
        company=company, website="https://acme.example/ana", birthday=date(1980, 3, 22),
        description="Line one\nLine; two", tags=["VIP", "Feria, Bonn"], language="es",
        native_name="安娜", **mine,
    )  # fmt: skip
    point(person, "phone", "600 123 123", "+34600123123", label="mobile", is_primary=True)
    point(person, "phone", "911 222 334", "+34911222334", label="fax")
    point(person, "phone", "911 999 999", "+34911999999", do_not_contact=True)
    point(person, "email", "ana@acme.es", "ana@acme.es", label="work", is_primary=True)
    point(person, "address", "", street="Calle Sol 3", city="Madrid", region="Madrid",
          postal_code="28013", country="ES", is_primary=True)  # fmt: skip
    point(person, "social", "https://linkedin.example/in/ana")
    refresh([person.pk])
    return Person.objects.select_related("company").get(pk=person.pk)


@pytest.mark.parametrize("version", ["4.0", "3.0"])
def test_a_card_comes_back_as_the_person_it_was(
    people: People, ana: Person, version: str, tmp_path: Path
) -> None:
    ana.portrait = keep(drawn(picture()))
    path = tmp_path / "ana.vcf"
    path.write_bytes(card_text(card_of(people.owner, ana), version).encode())
    (row,) = open_table(path, path.name).rows()
    found = {name: cell for name, cell in zip(HEADERS, row.cells, strict=True) if cell}
    assert found.pop("vCard photo").startswith("data:")
    assert found.pop("External ID").startswith("urn:uuid:")
    assert found == {
        "Full name": "Ana Ruiz", "Given name": "Ana", "Family name": "Ruiz",
        "Company": "Acme, S.A.", "Job title": "Gerente", "E-mail": "ana@acme.es",
        "Mobile": "+34600123123", "Fax": "+34911222334", "Street": "Calle Sol 3",
        "City": "Madrid", "Region": "Madrid", "Postal code": "28013", "Country": "Spain",
        "Birthday": "19800322" if version == "4.0" else "1980-03-22",
        "Website": "https://acme.example/ana", "Description": "Line one\nLine; two",
        "Tags": "VIP,Feria, Bonn", "Salutation": "Dra.", "Name in another script": "安娜",
        "Social network": "https://linkedin.example/in/ana",
        "Phone to call first": "+34600123123",
        **({"Language": "es"} if version == "4.0" else {}),
    }  # fmt: skip


def test_exported_cards_come_in_whole(people: People, ana: Person, tmp_path: Path) -> None:
    ana.portrait = keep(drawn(picture()))
    path = tmp_path / "ana.vcf"
    path.write_bytes(card_text(card_of(people.owner, ana), "4.0").encode())
    Person.objects.all().delete()
    done = import_file(people.owner, "parties.person", path, country="ES")
    assert done.counts == (1, 0, 0, 0)
    back = Person.objects.select_related("company").get()
    assert back.birthday == ana.birthday
    assert back.company is not None
    assert (back.name, back.company.name, back.city) == ("Ana Ruiz", "Acme, S.A.", "Madrid")
    assert back.portrait


WORDS = st.sampled_from(
    ["Ana", "José María", "O’Neill; Ruiz", "Muñoz, hijo", "Li \\ Wei", "D. N.", "x" * 90]
)
# as a form keeps a text: without blanks around it
LINES = st.text(st.sampled_from('aé王;,:\\\n"^ =ß😀'), max_size=90).map(clean_lines).map(str.strip)


@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    given=WORDS, family=WORDS, salutation=st.sampled_from(["", "Dra.", "Herr; Dr."]),
    native=st.sampled_from(["", "安娜", "Анна"]), company=st.sampled_from(["", "Acme; Söhne", "n, S.A."]),
    title=WORDS | st.just(""), note=LINES, born=st.none() | st.dates(date(1900, 1, 1), date(2020, 1, 1)),
    tags=st.lists(st.sampled_from(["VIP", "Feria Bonn", "老客户"]), unique=True),
    phones=st.lists(
        st.tuples(st.sampled_from(["+34600123123", "+498912345678", "12"]),
                  st.sampled_from(["", "mobile", "fax"])),
        unique_by=lambda one: one[0], max_size=3),
    emails=st.lists(st.sampled_from(["ana@acme.es", "a.b+c@x.example"]), unique=True),
    address=st.sampled_from([None, ("Calle Sol 3, 2º; B", "28013", "Madrid", "Madrid", "ES"),
                             ("", "", "上海", "", "CN")]),
    socials=st.lists(st.sampled_from(["https://x.example/in/ana;b", "@ana, madrid"]), unique=True),
    pictured=st.booleans(), version=st.sampled_from(["4.0", "3.0"]),
)  # fmt: skip
def test_whoever_goes_out_as_a_card_comes_in_as_the_same(
    people: People, tmp_path_factory: pytest.TempPathFactory, given: str, family: str,
    salutation: str, native: str, company: str, title: str, note: str, born: date | None,
    tags: list[str], phones: list[tuple[str, str]], emails: list[str],
    address: tuple[str, ...] | None, socials: list[str], pictured: bool, version: str,
) -> None:  # fmt: skip
    with transaction.atomic():
        employer = make_company(company, owner=people.owner) if company else None
        told = make_person(
            f"{given} {family}", given_name=given, family_name=family, salutation=salutation,
            native_name=native, company=employer, job_title=title, description=note, birthday=born,
            tags=tags, language="es" if version == "4.0" else "", website="https://acme.example/ana",
            portrait=keep(drawn(picture())) if pictured else "", owner=people.owner,
        )  # fmt: skip
        for place, (value, label) in enumerate(phones):
            first = label != "fax" and not any(one != "fax" for _value, one in phones[:place])
            point(told, "phone", value, value, label=label, is_primary=first)
        for place, value in enumerate(emails):
            point(told, "email", value, value, is_primary=place == 0)
        if address:
            names = ("street", "postal_code", "city", "region", "country")
            point(told, "address", "", is_primary=True, **dict(zip(names, address, strict=True)))
        for place, value in enumerate(socials):
            point(told, "social", value, fold(value), is_primary=place == 0)
        refresh([told.pk, *([employer.pk] if employer else [])])
        told = Person.objects.select_related("company").get(pk=told.pk)
        before = said_of(told)
        path = tmp_path_factory.mktemp("cards") / "one.vcf"
        path.write_bytes(card_text(card_of(people.owner, told), version).encode())
        Person.objects.all().delete()
        done = import_file(people.owner, "parties.person", path, country="ES")
        assert done.counts == (1, 0, 0, 0), done.refused
        back = Person.objects.select_related("company").get()
        assert said_of(back) == before
        again = import_file(people.owner, "parties.person", path, country="ES", mode="both")
        assert again.counts == (0, 0, 1, 0), "and brought once more it says nothing new"
        # Taken back, so that no example meets the records of another.
        transaction.set_rollback(True)


def said_of(person: Person) -> dict[str, object]:
    """What a card can say of somebody, as it is kept."""
    names = (
        "name", "given_name", "family_name", "salutation", "native_name", "company_id", "job_title",
        "description", "birthday", "tags", "language", "website", "phone", "email", "city",
        "region", "country", "sort_name",
    )  # fmt: skip
    points = person.contact_points.values_list(
        "kind", "value", "label", "street", "postal_code", "city", "region", "country", "is_primary"
    )
    # The line an address is shown as is made of its parts.
    found = sorted(
        (kind, "" if kind == "address" else value, *rest) for kind, value, *rest in points
    )
    return {**{name: getattr(person, name) for name in names}, "points": found,
            "pictured": bool(person.portrait)}  # fmt: skip


def test_a_card_says_only_what_its_reader_may_see(people: People, ana: Person) -> None:
    Role.objects.filter(name="Own rows").update(
        field_rules={
            "parties.person": {
                "phone": "hidden", "birthday": "hidden", "description": "hidden",
                "company": "hidden", "city": "hidden",
            }
        }
    )  # fmt: skip
    text = card_text(card_of(people.owner, ana))
    for hidden in ("TEL", "BDAY", "NOTE", "ORG", "ADR", "Madrid"):
        assert hidden not in text
    assert "EMAIL;TYPE=work;PREF=1:ana@acme.es" in text


def test_a_company_that_one_may_not_see_is_not_named(people: People, ana: Person) -> None:
    assert ana.company is not None
    type(ana.company).objects.filter(pk=ana.company.pk).update(owner=people.stranger, team=None)
    assert "Acme" not in card_text(card_of(people.owner, ana))


def test_ways_that_are_refused_are_left_out(people: People, ana: Person) -> None:
    assert "911999999" not in card_text(card_of(people.owner, ana))


def test_a_company_is_written_as_one(people: People) -> None:
    company = make_company("Acme; Söhne", owner=people.owner)
    assert "KIND:org\r\nFN:Acme\\; Söhne\r\nORG:Acme\\; Söhne\r\n" in card_text(
        card_of(people.owner, company)
    )
    assert "N:;;;;\r\nX-ABSHOWAS:COMPANY\r\n" in card_text(card_of(people.owner, company), "3.0")


@settings(max_examples=80, deadline=None)
@given(
    st.text(min_size=1, max_size=120).filter(str.strip), st.text(max_size=300),
    st.sampled_from(["3.0", "4.0"]),
)  # fmt: skip
def test_no_text_breaks_a_card(name: str, note: str, version: str) -> None:
    text = card_text(Card(name=name, note=note, ways=[Way("email", note)]), version)
    assert text.endswith("END:VCARD\r\n")
    lines = text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    unfolded = text.replace("\r\n ", "").split("\r\n")
    assert [line.split(":")[0] for line in unfolded if line].count("BEGIN") == 1
    written = next(line for line in unfolded if line.startswith("FN:"))[3:]
    assert "\n" not in written


def test_what_is_scanned_stays_small(people: People, ana: Person) -> None:
    ana.native_name = "安" * 60
    for number in range(30):
        point(ana, "email", f"someone-with-a-long-name-{number}@a-long-domain.example")
    text = short_text(card_of(people.owner, ana))
    assert len(text.encode()) <= 900
    assert "TEL" in text
    assert "NOTE" not in text


# --- on screen -----------------------------------------------------------------------------------


@pytest.fixture
def client(people: People, client: Client) -> Client:
    client.force_login(people.owner)
    return client


def test_the_dialog_has_a_code_a_text_and_files(client: Client, ana: Person) -> None:
    url = f"/people/{ana.pk}/vcard"
    assert url in client.get(f"/people/{ana.pk}").content.decode()
    page = client.get(url, headers={"hx-request": "true"}).content.decode()
    assert f'src="/people/{ana.pk}/vcard.svg"' in page
    assert "FN:Ana Ruiz" in page
    drawn_code = client.get(f"{url}.svg")
    assert drawn_code["Content-Type"] == "image/svg+xml"
    assert b"<svg" in drawn_code.content
    file = client.post(url, {"version": "3.0"})
    assert file["Content-Type"].startswith("text/vcard")
    text = b"".join(file.streaming_content).decode()
    assert text.startswith("BEGIN:VCARD\r\nVERSION:3.0\r\n")
    assert ChangeSet.objects.get(verb="records.export").label == "Ana Ruiz (vCard 3.0): 1"


def test_selected_rows_become_one_file_of_what_one_may_take(
    client: Client, people: People, ana: Person
) -> None:
    theirs = make_person("Somebody Else", owner=people.stranger)
    asked = {"ids": [ana.pk, theirs.pk]}
    page = client.get("/people/vcards", asked).content.decode()
    assert f'name="ids" value="{ana.pk}"' in page
    file = client.post("/people/vcards", {**asked, "version": "4.0"})
    text = b"".join(file.streaming_content).decode()
    assert text.count("BEGIN:VCARD") == 1
    assert "Somebody" not in text
    notes.flush(connection)
    assert AccessEvent.objects.filter(how="export", entity="parties.person", rows=1).exists()
    everything = client.post("/people/vcards", {"all": "1", "query": ""})
    assert b"".join(everything.streaming_content).count(b"BEGIN:VCARD") == 1


def test_without_the_right_to_export_nothing_is_taken_away(
    client: Client, people: People, ana: Person
) -> None:
    Role.objects.filter(name="Own rows").update(grants={"parties.person": {"view": "own"}})
    page = client.get(f"/people/{ana.pk}/vcard", headers={"hx-request": "true"}).content.decode()
    assert "data-copy" in page
    assert "<form" not in page
    assert client.post(f"/people/{ana.pk}/vcard").status_code == 403
    assert client.post("/people/vcards", {"ids": [ana.pk]}).status_code == 403
    assert not ChangeSet.objects.filter(verb="records.export").exists()


def test_a_stranger_gets_no_card(people: People, client: Client, ana: Person) -> None:
    client.force_login(people.stranger)
    for path in ("vcard", "vcard.svg", "picture"):
        assert client.get(f"/people/{ana.pk}/{path}").status_code == 404


def test_cards_of_many_cost_few_questions(
    client: Client, people: People, ana: Person, django_assert_max_num_queries: object
) -> None:
    for number in range(20):
        other = make_person(f"Person {number}", owner=people.owner, company=ana.company)
        point(other, "phone", f"{number}")
    with django_assert_max_num_queries(22):  # type: ignore[operator]
        file = client.post("/people/vcards", {"all": "1", "query": ""})
        assert b"".join(file.streaming_content).count(b"BEGIN:VCARD") == 21
