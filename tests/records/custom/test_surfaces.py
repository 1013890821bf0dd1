"""A custom field of every kind goes through every surface as a declared field does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.parties.importing_help import import_text
from tests.personas import People
from tests.records.api.calling import Caller, make_key
from tests.records.custom.kinds import CASES, Case, add
from tests.records.test_editing import HTMX, was
from tests.records.test_surfaces import signed_in
from tests.samples import make_company
from vinculo.parties.models import Company
from vinculo.platform.models import ChangeSet, User
from vinculo.platform.undo import undo_change_set
from vinculo.records.history import history_of
from vinculo.records.lists import Page, page_of, parse_list
from vinculo.records.registry import entity
from vinculo.records.transfer.export import csv_lines

pytestmark = pytest.mark.django_db
every_kind = pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)


def filled(people: People, case: Case) -> tuple[str, Company, Company]:
    """The name of a new field, a company that holds a value of it, and one that does not."""
    name = add(people.admin, case.kind).name
    holder, other = make_company(people.owner, "Holder"), make_company(people.owner, "Other")
    answer = signed_in(people.owner).post(
        f"/companies/{holder.pk}/field/{name}", {name: case.form, "_was": "{}"}, **HTMX
    )
    assert answer.status_code == 200, answer.content
    holder.refresh_from_db()
    assert list(holder.custom.values()) == [case.kept]
    return name, holder, other


def caller(user: User) -> Caller:
    """A program with a key of this user."""
    return Caller(make_key(user)[1])


def titles(answer: Any) -> list[str]:
    """The records on a page of the list."""
    return [str(row.record) for row in answer.context["rows"]]


def page(people: People, **parameters: str) -> tuple[list[str], Page]:
    """A page of the list and what stands on it."""
    found = page_of(parse_list(entity("parties.company"), people.owner, parameters))
    return [str(record) for record in found.records], found


@every_kind
def test_typed_in_place_shown_and_emptied(people: People, case: Case) -> None:
    name, holder, _other = filled(people, case)
    client = signed_in(people.owner)
    page = client.get(f"/companies/{holder.pk}").content.decode()
    assert f'data-field="{name}"' in page and case.cell in page
    listed = client.get(f"/companies?cols=name,{name}").content.decode()
    assert case.cell in listed
    url = f"/companies/{holder.pk}/field/{name}"
    # Browsers send nothing for boxes that are not ticked.
    sent = {} if case.kind in ("boolean", "choices") else {name: ""}
    client.post(url, {**sent, "_was": was(client, url)}, **HTMX)
    holder.refresh_from_db()
    assert holder.custom == {}


@every_kind
def test_the_forms_ask_for_it(people: People, case: Case) -> None:
    name = add(people.admin, case.kind).name
    client = signed_in(people.owner)
    assert f'name="{name}"' in client.get("/companies/new").content.decode()
    client.post("/companies/new", {"name": "Made", name: case.form})
    made = Company.objects.get(name="Made")
    assert list(made.custom.values()) == [case.kept]
    assert f'name="{name}"' in client.get(f"/companies/{made.pk}/edit").content.decode()


@every_kind
def test_what_does_not_fit_is_refused_in_words(people: People, case: Case) -> None:
    name = add(people.admin, case.kind).name
    company = make_company(people.owner)
    if case.wrong is not None:
        answer = signed_in(people.owner).post(
            f"/companies/{company.pk}/field/{name}", {name: case.wrong, "_was": "{}"}, **HTMX
        )
        assert answer.status_code == 422 and answer.context["form"].errors
    answer = caller(people.owner).patch(f"/companies/{company.pk}", {name: case.wrong_api})
    assert answer.status_code == 422, answer.content
    company.refresh_from_db()
    assert company.custom == {}


@every_kind
def test_every_operator_filters(people: People, case: Case) -> None:
    name, _holder, _other = filled(people, case)
    client = signed_in(people.owner)
    for asked in case.finds:
        operator, value = asked.split("=")
        answer = client.get("/companies", {f"{name}.{operator}": value})
        assert titles(answer) == ["Holder"], asked
    for asked in case.lacks:
        operator, value = asked.split("=")
        answer = client.get("/companies", {f"{name}.{operator}": value})
        assert titles(answer) == ["Other"], asked
    asked_for = {operator.partition("=")[0] for operator in (*case.finds, *case.lacks)}
    form = client.get("/companies/filter", {"field": name, "op": sorted(asked_for)[0]})
    assert form.status_code == 200


@every_kind
def test_sorted_and_paged(people: People, case: Case) -> None:
    name, _holder, _other = filled(people, case)
    answer = signed_in(people.owner).get("/companies", {"sort": f"-{name}"})
    assert answer.status_code == (200 if case.sortable else 422)
    if not case.sortable:
        return
    shown, first = page(people, sort=f"-{name}", limit="1")
    assert shown == ["Holder"]
    shown, second = page(people, sort=f"-{name}", limit="1", after=first.next)
    assert shown == ["Other"] and not second.next
    shown, _first = page(people, sort=f"-{name}", limit="1", before=second.previous)
    assert shown == ["Holder"]


@every_kind
def test_grouped(people: People, case: Case) -> None:
    name, _holder, _other = filled(people, case)
    answer = signed_in(people.owner).get("/companies", {"group": name})
    assert answer.status_code == (200 if case.groupable else 422)
    if case.groupable:
        page = answer.content.decode()
        assert "Holder" in page and "Other" in page


@every_kind
def test_exported_and_imported_again(people: People, case: Case, tmp_path: Path) -> None:
    name, holder, _other = filled(people, case)
    state = parse_list(entity("parties.company"), people.owner, {"cols": f"name,{name}"})
    text = "".join(csv_lines(state)).lstrip("\ufeff")
    assert case.file.split("\n")[0] in text
    Company.objects.filter(pk=holder.pk).update(custom={})
    imported = import_text(
        people.owner, "parties.company", tmp_path, text, key="name", mode="update"
    )
    holder.refresh_from_db()
    assert list(holder.custom.values()) == [case.kept], (text, imported)


@every_kind
def test_the_api_reads_and_writes_it(people: People, case: Case) -> None:
    name, holder, other = filled(people, case)
    api: Caller = caller(people.owner)
    told = api.get(f"/companies/{holder.pk}").json()["data"]
    assert told[name] == case.api
    listed = api.get(f"/companies?fields={name}&sort=name").json()["data"]
    assert listed[0][name] == case.api
    answer = api.patch(f"/companies/{other.pk}", {name: case.api})
    assert answer.status_code == 200, answer.content
    other.refresh_from_db()
    assert list(other.custom.values()) == [case.kept]
    schema = api.get("/openapi.json").json()["components"]["schemas"]
    assert name in schema["Company"]["properties"]


@every_kind
def test_history_tells_it_and_undo_takes_it_back_alone(people: People, case: Case) -> None:
    _name, holder, _other = filled(people, case)
    last = ChangeSet.objects.latest("pk")
    extra = add(people.admin, "text", label="Beside").name
    signed_in(people.owner).post(
        f"/companies/{holder.pk}/field/{extra}", {extra: "Kept", "_was": "{}"}, **HTMX
    )
    told = [
        (str(one.label), str(one.new))
        for entry in history_of(entity("parties.company"), holder, people.owner)
        for one in entry.altered
    ]
    assert [label for label, _new in told] == ["Beside", f"My {case.kind}"]
    assert case.cell in told[1][1]
    undo_change_set(actor=people.owner, change_set=last)
    holder.refresh_from_db()
    assert holder.custom == {"beside": "Kept"}


@every_kind
def test_changed_for_many_at_once(people: People, case: Case) -> None:
    name = add(people.admin, case.kind).name
    companies = [make_company(people.owner, f"C{n}") for n in range(3)]
    sent = {"ids": [one.pk for one in companies], "field": name, name: case.form, "how": "set"}
    answer = signed_in(people.owner).post("/companies/bulk/edit", sent)
    assert answer.status_code in (200, 204, 302), answer.content
    for one in companies:
        one.refresh_from_db()
        assert list(one.custom.values()) == [case.kept]


@every_kind
def test_hidden_and_read_only(people: People, case: Case) -> None:
    name, holder, _other = filled(people, case)
    role = people.owner.active_roles()[0]
    role.field_rules = {"parties.company": {name: "readonly"}}
    role.save()
    client = signed_in(people.owner)
    refused = client.post(f"/companies/{holder.pk}/field/{name}", {name: case.form}, **HTMX)
    assert refused.status_code == 404
    assert case.cell in client.get(f"/companies/{holder.pk}").content.decode()
    role.field_rules = {"parties.company": {name: "hidden"}}
    role.save()
    seen = "".join(
        client.get(url).content.decode()
        for url in (f"/companies/{holder.pk}", f"/companies?cols=name,{name}",
                    f"/companies/{holder.pk}/peek", f"/companies/{holder.pk}/edit")
    )  # fmt: skip
    assert name not in seen and f"My {case.kind}" not in seen
    for parameters in ({f"{name}.filled": "1"}, {"sort": name}, {"group": name}):
        assert client.get("/companies", parameters).status_code == 422
    told = json.dumps(caller(people.owner).get(f"/companies/{holder.pk}").json())
    assert name not in told
