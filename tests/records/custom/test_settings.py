"""Settings → Fields, as an administrator uses it, with and without scripts."""

from __future__ import annotations

import pytest

from tests.personas import People
from tests.records.custom.kinds import add
from tests.records.test_surfaces import signed_in
from vinculo.platform.models import CustomField
from vinculo.platform.models.custom import CustomKind
from vinculo.records.registry import entity

pytestmark = pytest.mark.django_db


def test_a_field_of_every_kind_is_made_by_its_form(people: People) -> None:
    client = signed_in(people.admin)
    more = {
        "choice": {"new_choices": "One\nTwo"}, "choices": {"new_choices": "One\nTwo"},
        "money": {"currency": "eur"}, "number": {"decimals": "2"},
        "relation": {"target": "parties.person"},
        "formula": {"formula": "length(name)"}, "rollup": {"how": "count"},
    }  # fmt: skip
    kinds = client.get("/settings/fields/companies/new").content.decode()
    for kind in CustomKind.values:
        url = f"/settings/fields/companies/new?kind={kind}"
        url += "&of=parties.person&by=company" if kind == "rollup" else ""
        assert f"new?kind={kind}" in kinds
        assert client.get(url).status_code == 200
        sent = {"label": f"Label {kind}", "label_es": f"Campo {kind}", "on_form": "on"}
        answer = client.post(url, {**sent, **more.get(kind, {})})
        assert answer.status_code == 302, answer.context["form"].errors
    page = client.get("/settings/fields").content.decode()
    for one in CustomField.objects.all():
        assert one.label in page and one.name in page
        assert client.get(f"/settings/fields/{one.pk}").status_code == 200
    assert CustomField.objects.count() == len(CustomKind.values)
    assert CustomField.objects.get(kind="money").currency == "EUR"


def test_what_does_not_fit_comes_back_on_its_input(people: People) -> None:
    client = signed_in(people.admin)
    url = "/settings/fields/companies/new?kind=choice"
    answer = client.post(url, {"label": "Industry", "new_choices": "One"})
    assert answer.status_code == 422 and "label" in answer.context["form"].errors
    answer = client.post(url, {"label": "Level", "new_choices": "One\none"})
    assert answer.status_code == 422 and "new_choices" in answer.context["form"].errors
    assert not CustomField.objects.exists()


def test_choices_are_renamed_retired_and_added(people: People) -> None:
    made = add(people.admin, "choice", label="Level")
    client = signed_in(people.admin)
    sent = {
        "label": "Level", "on_form": "on", "choice:gold:": "Platinum", "choice:gold:es": "Platino",
        "choice:silver:": "Silver", "retired:silver": "on", "new_choices": "Bronze",
    }  # fmt: skip
    assert client.post(f"/settings/fields/{made.pk}", sent).status_code == 302
    made.refresh_from_db()
    assert [(one["key"], one["labels"], one["retired"]) for one in made.choices] == [
        ("gold", {"": "Platinum", "es": "Platino"}, False),
        ("silver", {"": "Silver"}, True),
        ("bronze", {"": "Bronze"}, False),
    ]


def test_moved_deleted_and_brought_back(people: People) -> None:
    one, two = add(people.admin, label="One"), add(people.admin, label="Two")
    client = signed_in(people.admin)
    client.post(f"/settings/fields/{two.pk}/move/up")
    assert list(entity("parties.company").custom_fields) == ["custom_two", "custom_one"]
    client.post(f"/settings/fields/{one.pk}/delete")
    assert list(entity("parties.company").custom_fields) == ["custom_two"]
    client.post(f"/settings/fields/{one.pk}/restore")
    assert list(entity("parties.company").custom_fields) == ["custom_two", "custom_one"]


def test_a_label_taken_since_stands_against_bringing_back(people: People) -> None:
    gone = add(people.admin, label="Level")
    client = signed_in(people.admin)
    client.post(f"/settings/fields/{gone.pk}/delete")
    add(people.admin, label="Level")
    answer = client.post(f"/settings/fields/{gone.pk}/restore", follow=True)
    assert "There is already a field called" in answer.content.decode()
    gone.refresh_from_db()
    assert gone.deleted_at is not None
