"""3: a field that is hidden from somebody is on no surface at all.

A canary is planted in every field of every record type, with a past in the journal; then every
address there is, every export and every search is asked by somebody from whom the field is hidden.
"""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from python_calamine import CalamineWorkbook

from tests.personas import EVERYTHING, People, make_role, make_user
from tests.routes import routes
from tests.security.canaries import hideable, plant, plant_parts
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
            made = add_custom_field(actor=people.admin, entity=entity, wish=wish)
            if kind == "text":
                text = made.name
        telling = Wish({"": "Told"}, kind="formula", formula=f"'Told: ' & {text}")
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


def said(text: str) -> str:
    """What a text says, with its spaces and then without, because digits are grouped; drawings say
    nothing, nor do addresses of rows whose number looks like a year."""
    spoken = re.sub(r"<svg.*?</svg>|(?<=[a-z]/)\d+", "", text, flags=re.S).lower()
    return f"{spoken}\0{spoken.replace(' ', '')}"


def holds(text: str, word: str) -> bool:
    """Whether a text says the word."""
    return says(said(text), word)


def says(spoken: str, word: str) -> bool:
    """Whether what a text says holds the word."""
    if word.lower() not in spoken:
        return False
    year = len(word) == 4 and word.isdigit()
    return not year or re.search(rf"\b{word}\b", spoken.partition("\0")[0]) is not None


@dataclass(frozen=True)
class Address:
    """One thing the reader can ask."""

    url: str
    method: str = "get"
    part: bool = False

    def answer(self, client: Client) -> str:
        """What it says to that client."""
        return said(body(getattr(client, self.method)(self.url, headers=HTMX if self.part else {})))


def every_address(theirs: Theirs) -> list[Address]:
    """Everything the reader can be shown: the records' own pages and files, every undo, then every
    address."""
    found = [Address("/my-day", part=True)]
    found += [Address(f"/{place}?q={SECRET[:6]}")
              for place in ("search", "palette", "search/more", "palette/more")]  # fmt: skip
    found += [Address(f"/{path}/hints?name={SECRET}") for path in ("companies", "people")]
    for entity in ENTITIES:
        columns = ",".join(entity.all_fields)
        one = entity.url(theirs.records[entity.key])
        found += [Address(f"{one}{end}", part=True) for end in ("", "/peek", "/edit", "/history")]
        found += map(Address, (
            f"/{entity.path}?cols={columns}", f"/{entity.path}?q={SECRET[:6]}",
            f"/api/v1/{entity.path}?fields={columns}", f"/api/v1{one}/history"))  # fmt: skip
        for form in ("csv", "xlsx"):
            for asked in (f"?cols={columns}", ""):
                found.append(Address(f"/{entity.path}/export.{form}{asked}", method="post"))
    found += [undo_of(pk) for pk in ids_of(ChangeSet)]
    for route in routes():
        if not route.of_a_library:
            found += [Address(route.url(**values)) for values in theirs.fillings(route)]
    return list(dict.fromkeys(found))


def undo_of(pk: int) -> Address:
    """The page that says what undoing would do."""
    return Address(f"/undo/{pk}")


def test_no_answer_holds_what_is_hidden(theirs: Theirs, reader: User) -> None:
    """Everything is asked once while all is in sight; then the fields of one record type at a time
    are hidden. What says a word of it is asked again, and every undo of what was done to it: an
    answer that could not tell in the open has nothing to tell now."""
    planted, undone = {}, {}
    for entity in ENTITIES:
        before = set(ids_of(ChangeSet))
        planted[entity.key] = plant(entity, theirs.records[entity.key], theirs.owner)
        undone[entity.key] = [undo_of(pk) for pk in ids_of(ChangeSet) if pk not in before]
    client = client_of(reader)
    words = {
        key: [one for pair in found.values() for one in pair] for key, found in planted.items()
    }
    unseen = {
        (key, name): pair[1] for key, found in planted.items() for name, pair in found.items()
    }
    telling: dict[str, list[Address]] = {key: [] for key in planted}
    for address in every_address(theirs):
        spoken = address.answer(client)
        unseen = {field: word for field, word in unseen.items() if not says(spoken, word)}
        for key, some in words.items():
            if any(says(spoken, word) for word in some):
                telling[key].append(address)
    assert not unseen, f"a canary that nobody ever sees proves nothing: {sorted(unseen)}"
    for entity in ENTITIES:
        hide(reader, entity.key, hideable(entity))
        leaks = []
        for address in dict.fromkeys([*telling[entity.key], *undone[entity.key]]):
            spoken = address.answer(client)
            leaks += [(address, word) for word in words[entity.key] if says(spoken, word)]
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


def told_of(client: Client, theirs: Theirs, undone: list[int]) -> str:
    """Every page and refusal on which contact details and relations are mentioned."""
    records = [theirs.records[key] for key in ("parties.company", "parties.person")]
    addresses = [f"/{path}/{record.pk}{end}" for path, record in zip(("companies", "people"),
                 records, strict=True) for end in ("", "/peek", "/history", "/edit")]  # fmt: skip
    addresses += [f"/contacts/{pk}/edit" for pk in ids_of(ContactPoint)]
    addresses += [f"/relations/{pk}/{do}" for pk in ids_of(Relation) for do in ("edit", "end")]
    told = [body(client.get(address)) for address in addresses]
    for number in undone:
        told.append(body(client.get(f"/undo/{number}")))
        with transaction.atomic():  # what it says is looked at; what it did is not kept
            told.append(body(client.post(f"/changes/{number}/undo", headers=HTMX)))
            transaction.set_rollback(True)
    return said("".join(told))


def ids_of(model: Any) -> list[int]:
    return list(model.objects.order_by("pk").values_list("pk", flat=True))


def test_parts_of_a_record_fall_under_its_fields(theirs: Theirs, reader: User) -> None:
    """A phone hidden by a rule is told neither by what undoing would do nor by what an undo leaves."""
    company, person = (theirs.records[f"parties.{kind}"] for kind in ("company", "person"))
    before = set(ids_of(ChangeSet))
    planted = plant_parts(company, person, theirs.owner)
    # What was done before the words were there cannot tell of them.
    undone = [pk for pk in ids_of(ChangeSet) if pk not in before]
    # The owner's changes can only be undone in part: somebody changed the same since.
    ContactPoint.objects.update(label="Changed since")
    client = client_of(reader)
    told = told_of(client, theirs, undone)
    assert not [key for key, word in planted.items() if not says(told, word)]
    assert "cannot be undone as a whole" in told
    for (key, name), word in planted.items():
        hide(reader, key, [name])
        told = told_of(client, theirs, undone)
        assert not says(told, word), (key, name)
        others = [one for (which, field), one in planted.items() if (which, field) != (key, name)]
        assert all(says(told, one) for one in others), (key, name)


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


def test_a_list_of_which_everything_is_hidden_is_exported_empty(
    theirs: Theirs, reader: User
) -> None:
    assert theirs.records["products.listedprice"]
    declared = find_entity("products.listedprice")
    hide(reader, declared.key, hideable(declared))  # its name follows from what is hidden
    for form in ("csv", "xlsx"):
        text = body(client_of(reader).post(f"/{declared.path}/export.{form}"))
        assert set(text) <= set('\ufeff\r\n"[], ')  # lines and cells without a value
