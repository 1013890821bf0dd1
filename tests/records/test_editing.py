"""Create, edit in place, two people at once, delete and take it back, through HTTP."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from tests.personas import People
from tests.records.test_surfaces import signed_in
from tests.samples import make_company
from vinculo.parties.models import Company
from vinculo.platform.models import Change, ChangeSet
from vinculo.platform.undo import undo_change_set

HTMX = {"HTTP_HX_REQUEST": "true"}


def trigger(response: Any) -> dict[str, Any]:
    """What an answer told the page."""
    return dict(json.loads(response.headers.get("HX-Trigger", "{}")))


def was(client: Client, url: str) -> str:
    """The hidden `_was` of a form, as a browser would send it back."""
    return str(client.get(url, **HTMX).context["form"].told_was)


def test_a_new_company_belongs_to_its_maker_and_their_team(people: People) -> None:
    answer = signed_in(people.owner).post("/companies/new", {"name": "Nueva S.A."})
    made = Company.objects.get(name="Nueva S.A.")
    assert answer.status_code == 302 and answer["Location"] == f"/companies/{made.pk}"
    assert made.owner == people.owner and made.team == people.north


def test_an_empty_name_comes_back_on_the_field_with_what_was_typed(people: People) -> None:
    answer = signed_in(people.owner).post("/companies/new", {"website": "kept.example"}, **HTMX)
    assert answer.status_code == 422
    assert "kept.example" in answer.content.decode()
    assert not Company.objects.exists()


def test_a_fact_is_changed_in_place_and_undone(people: People) -> None:
    company = make_company(people.owner, "Before")
    client = signed_in(people.owner)
    url = f"/companies/{company.pk}/field/legal_name"
    answer = client.post(url, {"legal_name": "Legal & Sons", "_was": was(client, url)}, **HTMX)
    assert answer.status_code == 200 and "Legal &amp; Sons" in answer.content.decode()
    undo_url = trigger(answer)["toast"]["undo_url"]
    undo_change_set(
        actor=people.owner, change_set=ChangeSet.objects.get(pk=int(undo_url.split("/")[2]))
    )
    company.refresh_from_db()
    assert company.legal_name == ""


def test_saving_without_a_change_writes_nothing(people: People) -> None:
    company = make_company(people.owner)
    client = signed_in(people.owner)
    url = f"/companies/{company.pk}/edit"
    before = Change.objects.count()
    form = client.get(url, **HTMX).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    data["tags"] = ""
    answer = client.post(url, {**data, "_was": form.told_was}, **HTMX)
    assert answer.status_code == 204
    assert Change.objects.count() == before


def test_different_fields_of_two_people_do_not_clash(people: People) -> None:
    company = make_company(people.owner, "Shared")
    client = signed_in(people.owner)
    url = f"/companies/{company.pk}/edit"
    form = client.get(url, **HTMX).context["form"]
    opened = {name: form[name].value() or "" for name in form.fields} | {"tags": ""}
    Company.objects.filter(pk=company.pk).update(industry="steel" and "metals")
    data = {**opened, "website": "https://mine.example", "_was": form.told_was}
    assert client.post(url, data, **HTMX).status_code == 204
    company.refresh_from_db()
    assert (company.industry, company.website) == ("metals", "https://mine.example")


def test_the_same_field_of_two_people_is_put_to_the_second(people: People) -> None:
    company = make_company(people.owner, "Shared")
    client = signed_in(people.owner)
    url = f"/companies/{company.pk}/edit"
    form = client.get(url, **HTMX).context["form"]
    opened = {name: form[name].value() or "" for name in form.fields} | {"tags": ""}
    Company.objects.filter(pk=company.pk).update(website="https://theirs.example")
    data = {**opened, "website": "https://mine.example", "_was": form.told_was}
    answer = client.post(url, data, **HTMX)
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "https://mine.example" in body and "https://theirs.example" in body
    company.refresh_from_db()
    assert company.website == "https://theirs.example"
    settled = {**data, "_settled": "website", "_was": answer.context["was"]}
    assert client.post(url, settled, **HTMX).status_code == 204
    company.refresh_from_db()
    assert company.website == "https://mine.example"


def test_a_deleted_company_comes_back_whole(people: People) -> None:
    company = make_company(people.owner, "Going")
    image = Company.objects.filter(pk=company.pk).values().get()
    client = signed_in(people.owner)
    answer = client.post(f"/companies/{company.pk}/delete", **HTMX)
    assert answer.status_code == 204 and not Company.objects.exists()
    number = int(trigger(answer)["toast"]["undo_url"].split("/")[2])
    undo_change_set(actor=people.owner, change_set=ChangeSet.objects.get(pk=number))
    restored = Company.objects.filter(pk=company.pk).values().get()
    image.pop("updated_at"), restored.pop("updated_at")
    assert restored == image


def test_only_fields_of_the_form_are_ever_written(people: People) -> None:
    company = make_company(people.owner)
    client = signed_in(people.owner)
    every = {field.name: "9" for field in Company._meta.concrete_fields}
    client.post(f"/companies/{company.pk}/field/website", {**every, "website": ""}, **HTMX)
    fresh = Company.objects.get(pk=company.pk)
    assert (fresh.kind, fresh.name, fresh.completeness) == (
        "company",
        company.name,
        company.completeness,
    )
    assert fresh.pk == company.pk and fresh.owner == people.owner


def test_handing_a_record_out_of_reach_is_refused_and_nothing_is_saved(people: People) -> None:
    company = make_company(people.owner)
    client = signed_in(people.owner)
    url = f"/companies/{company.pk}/field/owner"
    answer = client.post(url, {"owner": people.stranger.pk, "_was": was(client, url)}, **HTMX)
    assert answer.status_code == 422
    company.refresh_from_db()
    assert company.owner == people.owner
