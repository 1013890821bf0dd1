"""3: a field that is hidden from somebody is on no surface at all.

A canary is planted in every field of every record type, with a past in the journal; then every
address there is, every export and every search is asked by somebody from whom the field is hidden.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from python_calamine import CalamineWorkbook

from tests.personas import EVERYTHING, People, make_role, make_user
from tests.routes import routes
from tests.security.canaries import YEAR, hideable, plant, plant_parts
from tests.security.world import SECRET, Theirs, make_theirs
from vinculo.parties.models import ContactPoint, Relation
from vinculo.platform.models import ChangeSet, Role, User
from vinculo.records.custom.actions import add_custom_field
from vinculo.records.custom.spelling import Wish
from vinculo.records.entity import Entity
from vinculo.records.registry import entities
from vinculo.records.registry import entity as find_entity

pytestmark = pytest.mark.django_db
ENTITIES = entities()
HTMX = {"HX-Request": "true"}


@pytest.fixture
def theirs(people: People) -> Theirs:
    """One row of everything, the owner's; every record type has fields of the company's own, too."""
    for entity in ENTITIES:
        for kind in ("text", "email", "date"):
            wish = Wish({"": f"Own {kind}"}, kind=kind, searched=kind == "text")
            add_custom_field(actor=people.admin, entity=entity, wish=wish)
        telling = Wish({"": "Told"}, kind="formula", formula="'Told: ' & custom_own_text")
        add_custom_field(actor=people.admin, entity=entity, wish=telling)
    last = {"of": "interactions.task", "by": "party", "how": "last", "field": "notes"}
    for kind in ("company", "person"):
        wish = Wish({"": "Rolled"}, kind="rollup", rollup={**last, "latest": "created_at"})
        add_custom_field(actor=people.admin, entity=find_entity(f"parties.{kind}"), wish=wish)
    return make_theirs(people)


@pytest.fixture
def reader(people: People) -> User:
    """Sees all records, may do everything with them, and undo what colleagues did."""
    role = make_role("Reads", "all")
    role.actions = ["parties.*", "interactions.*", "records.*", "platform.undo_others"]
    role.save()
    return make_user("reader", role, team=people.company)


def hide(reader: User, key: str, fields: list[str]) -> None:
    """Take these fields of one record type from the reader."""
    role: Role = reader.role_assignments.get().role
    role.field_rules = {key: dict.fromkeys(fields, "hidden")}
    role.save()


def client_of(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def body(answer: Any) -> str:
    """An answer as text; a workbook as the text of its cells."""
    raw = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if raw[:2] == b"PK":
        sheets = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        return json.dumps([sheets.get_sheet_by_name(n).to_python() for n in sheets.sheet_names],
                          default=str)  # fmt: skip
    return raw.decode("utf-8", "replace")


def holds(text: str, word: str) -> bool:
    """Whether a text says the word, however its digits are grouped; drawings say nothing."""
    said = re.sub(r"<svg.*?</svg>", "", text, flags=re.S).lower()
    if word == str(YEAR):
        return re.search(rf"\b{word}\b", said) is not None
    return word.lower() in said.replace(" ", "")


def every_answer(client: Client, theirs: Theirs, entity: Entity) -> Iterator[tuple[str, str]]:
    """Everything the reader can be shown: the record's own pages and files, then every address."""
    columns = ",".join(entity.all_fields)
    record = theirs.records[entity.key]
    one = entity.url(record)
    for url in (one, f"{one}/peek", f"{one}/edit", f"{one}/history", "/my-day"):
        yield f"{url} (htmx)", body(client.get(url, headers=HTMX))
    for url in (f"/{entity.path}?cols={columns}", f"/{entity.path}?q={SECRET[:6]}",
                f"/search?q={SECRET[:6]}", f"/palette?q={SECRET[:6]}",
                f"/search/more?q={SECRET[:6]}", f"/palette/more?q={SECRET[:6]}",
                f"/companies/hints?name={SECRET}", f"/people/hints?name={SECRET}",
                f"/api/v1/{entity.path}?fields={columns}", f"/api/v1{one}/history"):  # fmt: skip
        yield url, body(client.get(url))
    for form in ("csv", "xlsx"):
        url = f"/{entity.path}/export.{form}?cols={columns}"
        yield url, body(client.post(url))
        yield f"{url} (plain)", body(client.post(f"/{entity.path}/export.{form}"))
    for change_set in ChangeSet.objects.all():
        yield f"/undo/{change_set.pk}", body(client.get(f"/undo/{change_set.pk}"))
    for route in routes():
        if route.of_a_library:
            continue
        for values in theirs.fillings(route):
            url = route.url(**values)
            yield url, body(client.get(url))


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.key)
def test_no_answer_holds_what_is_hidden(entity: Entity, theirs: Theirs, reader: User) -> None:
    planted = plant(entity, theirs.records[entity.key], theirs.owner)
    words = [word for pair in planted.values() for word in pair]
    unseen = {name: pair[1] for name, pair in planted.items()}
    for _url, text in every_answer(client_of(reader), theirs, entity):
        unseen = {name: word for name, word in unseen.items() if not holds(text, word)}
        if not unseen:
            break
    assert not unseen, f"a canary that nobody ever sees proves nothing: {sorted(unseen)}"
    hide(reader, entity.key, hideable(entity))
    leaks = []
    for url, text in every_answer(client_of(reader), theirs, entity):
        leaks += [(url, word) for word in words if holds(text, word)]
    assert not leaks, leaks[:20]


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.key)
def test_one_field_alone(entity: Entity, theirs: Theirs, reader: User) -> None:
    """Hidden one at a time, the others in sight: parts of an address, of a name, of a contact."""
    record = theirs.records[entity.key]
    planted = plant(entity, record, theirs.owner)
    days = {name for name, pair in planted.items() if pair[0].isdigit() and len(pair[0]) == 4}
    client, one = client_of(reader), entity.url(record)
    leaks = []
    for name, (old, new) in planted.items():
        if name in days:
            continue  # other days of that year remain in sight
        hide(reader, entity.key, [name])
        for url in (one, f"{one}/peek", f"{one}/edit", f"{one}/history", f"/{entity.path}",
                    f"/api/v1{one}", f"/api/v1/{entity.path}", "/my-day"):  # fmt: skip
            text = body(client.get(url))
            leaks += [(name, url) for word in (old, new) if holds(text, word)]
        text = body(client.post(f"/{entity.path}/export.csv"))
        leaks += [(name, "export") for word in (old, new) if holds(text, word)]
    assert not leaks, leaks[:20]


def told_of(client: Client, theirs: Theirs) -> str:
    """Every page and refusal on which contact details and relations are mentioned."""
    records = [theirs.records[key] for key in ("parties.company", "parties.person")]
    addresses = [f"/{path}/{record.pk}{end}" for path, record in zip(("companies", "people"),
                 records, strict=True) for end in ("", "/peek", "/history", "/edit")]  # fmt: skip
    addresses += [f"/contacts/{pk}/edit" for pk in ids_of(ContactPoint)]
    addresses += [f"/relations/{pk}/{do}" for pk in ids_of(Relation) for do in ("edit", "end")]
    said = [body(client.get(address)) for address in addresses]
    for number in ids_of(ChangeSet):
        said.append(body(client.get(f"/undo/{number}")))
        with transaction.atomic():  # what it says is looked at; what it did is not kept
            said.append(body(client.post(f"/changes/{number}/undo", headers=HTMX)))
            transaction.set_rollback(True)
    return "".join(said)


def ids_of(model: Any) -> list[int]:
    return list(model.objects.order_by("pk").values_list("pk", flat=True))


def test_parts_of_a_record_fall_under_its_fields(theirs: Theirs, reader: User) -> None:
    """A phone hidden by a rule is told neither by what undoing would do nor by what an undo leaves."""
    company, person = (theirs.records[f"parties.{kind}"] for kind in ("company", "person"))
    planted = plant_parts(company, person, theirs.owner)
    # The owner's changes can only be undone in part: somebody changed the same since.
    ContactPoint.objects.update(label="Changed since")
    client = client_of(reader)
    said = told_of(client, theirs)
    assert not [key for key, word in planted.items() if not holds(said, word)]
    assert "cannot be undone as a whole" in said
    for (key, name), word in planted.items():
        hide(reader, key, [name])
        said = told_of(client, theirs)
        assert not holds(said, word), (key, name)
        others = [one for (which, field), one in planted.items() if (which, field) != (key, name)]
        assert all(holds(said, one) for one in others), (key, name)


def test_who_may_not_know_where_a_person_works_sees_no_relation(
    theirs: Theirs, reader: User
) -> None:
    company, person = (theirs.records[f"parties.{kind}"] for kind in ("company", "person"))
    type(company).objects.filter(pk=company.pk).update(name="Qzemployer")
    plant_parts(company, person, theirs.owner)
    client, page = client_of(reader), f"/people/{person.pk}"
    relation = Relation.objects.get(person_id=person.pk, company_id=company.pk)
    made = ChangeSet.objects.filter(verb__in=("parties.edit_relation", "parties.add_person"))
    addresses = [page, f"{page}/peek", f"/relations/{relation.pk}/edit",
                 *(f"/undo/{one.pk}" for one in made)]  # fmt: skip
    assert all(holds(body(client.get(address)), "Qzemployer") for address in addresses)
    hide(reader, "parties.person", ["company"])
    leaks = [address for address in addresses if holds(body(client.get(address)), "Qzemployer")]
    assert not leaks


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.key)
def test_nothing_can_be_asked_about_it(entity: Entity, theirs: Theirs, reader: User) -> None:
    """By filter, sort, search, column, inline edit, form, bulk edit or API."""
    record = theirs.records[entity.key]
    planted = plant(entity, record, theirs.owner)
    hide(reader, entity.key, hideable(entity))
    client, one = client_of(reader), entity.url(record)
    for name in hideable(entity):
        for operator in ("is", "contains", "empty", "min", "after"):
            asked = {f"{name}.{operator}": "1"}
            assert client.get(f"/{entity.path}", asked).status_code == 422, (name, operator)
            assert client.get(f"/api/v1/{entity.path}", asked).status_code == 422
        for sort in (name, f"-{name}"):
            assert client.get(f"/{entity.path}", {"sort": sort}).status_code == 422, name
            assert client.get(f"/api/v1/{entity.path}", {"sort": sort}).status_code == 422
        assert client.get(f"{one}/field/{name}").status_code in (403, 404), name
        assert client.post(f"{one}/field/{name}", {name: "x"}).status_code in (403, 404), name
        assert client.get(f"/{entity.path}/filter?field={name}").status_code == 422, name
        answer = client.patch(f"/api/v1{one}", json.dumps({name: None}),
                              content_type="application/json")  # fmt: skip
        assert answer.status_code in (403, 405, 422), (name, answer.status_code)
    for name, (_old, new) in planted.items():
        start = new[:-3]
        if new.isdigit() and len(new) == 4:
            continue
        for address in (f"/{entity.path}?q=", f"/{entity.path}/choices?q=", "/search?q=",
                        "/palette?q=", "/search/more?q=", "/palette/more?q=",
                        f"/api/v1/{entity.path}?q="):  # fmt: skip
            assert SECRET not in body(client.get(address + start)), (name, address)


def test_every_record_type_is_granted_in_these_tests() -> None:
    assert {entity.key for entity in ENTITIES} == set(EVERYTHING)
