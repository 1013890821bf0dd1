"""Collision rules: who is refused, or warned, learns nothing of a record that is not theirs to see,
and nothing of a field that is hidden from them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.parties.collision_help import only_rule, save
from tests.parties.importing_help import import_text
from tests.personas import People
from vinculo.kernel.errors import DomainError, RowsRefused
from vinculo.parties import actions
from vinculo.parties.collisions.asking import ask_owner
from vinculo.parties.collisions.models import OwnerAsked
from vinculo.parties.collisions.refusing import MASKED, SILENT
from vinculo.parties.duplicates import possible_matches
from vinculo.parties.models import Company, Party
from vinculo.parties.rules import company_warnings
from vinculo.platform.models import Notification, User
from vinculo.records.registry import entity
from vinculo.records.writing import edit_record

pytestmark = pytest.mark.django_db

COMPANY = entity("parties.company")
CANARY = "Zanzibarquill"
TYPED = {"name": "Harmless", "email": "info@canary.example"}
#: Everything the hidden record holds beside what the attacker types.
SECRETS = (CANARY, "Sevilla", "B58378431", "Owner", "North", "+34955472912", "955472912")


@pytest.fixture
def hidden(people: People) -> Party:
    """A customer of the owner's that the stranger does not see."""
    made = save(people.owner, name=f"{CANARY} Ltd", email="info@canary.example",
                phone="+34 955 47 29 12", tax_id="B58378431", city="Sevilla", country="ES")  # fmt: skip
    return Company.objects.get(pk=made.pk)


def signed_in(user: User) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(user)
    return client


def hide(user: User, *names: str) -> None:
    role = user.role_assignments.get().role
    role.field_rules = {"parties.company": dict.fromkeys(names, "hidden")}
    role.save()
    user.forget_rights()


def silent_about(text: str, party: Party) -> bool:
    told = [secret for secret in (*SECRETS, f"/{party.pk}") if secret in text]
    return not told


def answers(user: User, folder: Path) -> dict[str, str]:
    """What somebody is told who types what the hidden record holds, at every door."""
    client = signed_in(user)
    told = {"hint": client.get("/companies/hints", TYPED).content.decode()}
    form = client.post("/companies/new", {**TYPED, "_anyway": "1"}, headers={"HX-Request": "true"})
    # All that is there without anybody's record: the fields, and the colleagues' names.
    told["form"] = re.sub(r"<(select|label)\b.*?</\1>", "", form.content.decode(), flags=re.S)
    body = json.dumps(TYPED)
    told["api"] = client.post(
        "/api/v1/companies?strict=1", body, content_type="application/json"
    ).content.decode()
    rows = json.dumps({"rows": [{"values": TYPED}]})
    told["batch"] = client.post(
        "/api/v1/companies/batch", rows, content_type="application/json"
    ).content.decode()
    file = f"Name,Email\nHarmless,{TYPED['email']}\n"
    told["import"] = str(import_text(user, "parties.company", folder, file, key=""))
    return told


@pytest.mark.parametrize("tells", [True, False], ids=["masked", "silent"])
@pytest.mark.parametrize("refuses", [True, False], ids=["refuse", "warn"])
@pytest.mark.parametrize("conditions", [
    [[["email", "folded"]]],
    [[["email", "domain"]]],
    [[["email", "folded"]], [["tax_id", "tax"]], [["name_city", "similar"]]],
])  # fmt: skip
def test_no_door_tells_anything_of_a_hidden_record(
    people: People, hidden: Party, tmp_path: Path, refuses: bool, tells: bool, conditions: Any
) -> None:
    only_rule(people.admin, conditions, refuses=refuses, tells=tells)
    for door, told in answers(people.stranger, tmp_path).items():
        own = told.replace("Harmless", "")
        assert silent_about(own, hidden), f"{door}: {told}"
        if not tells:
            assert "colleague has" not in own, f"{door}: {told}"
    if refuses:
        assert list(Company.objects.all()) == [hidden]
    for row in Notification.objects.filter(user=people.stranger):
        assert silent_about(str(row.params), hidden)


def test_silent_rules_neither_hint_nor_warn(people: People, hidden: Party) -> None:
    only_rule(people.admin, [[["email", "folded"]]], refuses=False, tells=False)
    assert possible_matches(people.stranger, "company", TYPED) == []
    assert company_warnings(people.stranger, None, dict(TYPED)) == []
    (match,) = possible_matches(people.owner, "company", TYPED)
    assert match.party == hidden


def test_a_masked_hint_gives_no_reasons(people: People, hidden: Party) -> None:
    """Which of several values agreed would tell what the record holds."""
    both = {**TYPED, "tax_id": "B58378431"}
    (match,) = possible_matches(people.stranger, "company", both)
    assert match.party is None
    assert match.why == []


def test_a_hidden_field_is_not_tested_by_typing(people: People, hidden: Party) -> None:
    only_rule(people.admin, [[["phone", "phone"]]], refuses=False)
    hide(people.stranger, "phone")
    said = {"name": "x", "phone": "+34 955 47 29 12"}
    assert possible_matches(people.stranger, "company", said) == []
    assert company_warnings(people.stranger, None, said) == []
    body = json.dumps(said)
    client = signed_in(people.stranger)
    answer = client.post("/api/v1/companies", body, content_type="application/json")
    assert answer.status_code in (403, 422)
    assert Company.objects.count() == 1


def test_nor_by_a_record_that_holds_it(people: People) -> None:
    """Two records of one's own whose phones one may not see: that they agree in it stays unsaid."""
    one = save(people.owner, name="One", phone="+34 955 47 29 12")
    other = Company.objects.get(pk=save(people.owner, name="Other", phone="+34 955472912").pk)
    only_rule(people.admin, [[["name", "folded"], ["phone", "phone"]]])
    hide(people.owner, "phone")
    with pytest.raises(RowsRefused) as caught:
        edit_record(actor=people.owner, entity=COMPANY, record=other, data={"name": "One"})
    assert (caught.value.message, caught.value.field, caught.value.params) == (SILENT, None, {})
    warned = company_warnings(people.owner, other, {"name": "One"})
    assert warned == []
    assert one.name == "One"


def test_whose_name_is_hidden_is_not_named(people: People, hidden: Party) -> None:
    only_rule(people.admin, [[["email", "folded"]]])
    hide(people.owner, "name")
    (match,) = possible_matches(people.owner, "company", {"email": TYPED["email"]})
    assert match.party is None
    other = Company.objects.create(kind="company", name="x", owner=people.owner)
    with pytest.raises(RowsRefused) as caught:
        actions.add_email(actor=people.owner, party=other, typed=TYPED["email"])
    assert CANARY not in str(caught.value)


def test_a_refusal_is_as_masked_as_a_hint(people: People, hidden: Party) -> None:
    for tells, message in ((True, MASKED), (False, SILENT)):
        only_rule(people.admin, [[["email", "folded"]]], tells=tells)
        with pytest.raises(RowsRefused) as caught:
            save(people.stranger, **TYPED)
        assert (caught.value.message, caught.value.params) == (message, {})
        assert (caught.value.field == "email") is tells


# --- ask the owner --------------------------------------------------------------------------------


def ask(user: User, **said: Any) -> Any:
    return signed_in(user).post(
        "/companies/ask", {**TYPED, "what_for": "A tender in May", **said},
        headers={"HX-Request": "true"},
    )  # fmt: skip


def test_the_owner_is_asked_once_and_stays_unknown(people: People, hidden: Party) -> None:
    answer = ask(people.stranger)
    assert answer.status_code == 204
    assert silent_about(str(answer.headers), hidden)
    (told,) = Notification.objects.filter(user=people.owner, kind="question")
    assert told.params == {
        "who": "Stranger", "name": f"{CANARY} Ltd", "what": "A tender in May",
    }  # fmt: skip
    assert told.url == f"/companies/{hidden.pk}"
    again = ask(people.stranger, what_for="Again")
    assert again.status_code == 422
    assert silent_about(str(again.headers), hidden)
    assert Notification.objects.filter(kind="question").count() == 1
    assert OwnerAsked.objects.count() == 1


@pytest.mark.parametrize(
    "said",
    [
        {"what_for": ""},
        {"what_for": "\x00 "},
        {"email": "nobody@else.example", "name": "Nobody"},
    ],
)
def test_nobody_is_asked_for_nothing(people: People, hidden: Party, said: dict[str, str]) -> None:
    assert ask(people.stranger, **said).status_code == 422
    assert not Notification.objects.filter(kind="question").exists()
    assert not OwnerAsked.objects.exists()


def test_of_a_silent_rule_nobody_is_asked(people: People, hidden: Party) -> None:
    only_rule(people.admin, [[["email", "folded"]]], tells=False)
    assert ask(people.stranger).status_code == 422
    assert not OwnerAsked.objects.exists()


def test_who_may_add_nobody_asks_nobody(people: People, hidden: Party) -> None:
    role = people.stranger.role_assignments.get().role
    role.grants = {"parties.company": {"view": "own"}}
    role.save()
    people.stranger.forget_rights()
    assert ask(people.stranger).status_code == 403


def test_of_a_customer_without_an_owner_administrators_are_asked(
    people: People, hidden: Party
) -> None:
    User.objects.filter(pk=people.owner.pk).update(is_active=False)
    ask_owner(actor=people.stranger, kind="company", said=TYPED, what_for="A tender")
    assert Notification.objects.filter(user=people.admin, kind="question").count() == 1
    with pytest.raises(DomainError):
        ask_owner(actor=people.stranger, kind="company", said=TYPED, what_for="A tender")
