"""33: a colleague is told of nothing they may not see, by any action that can name one, and what
they were once told is unsaid when they may not see it any more."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core import mail

from tests.parties.confirming_help import link_of
from tests.personas import People
from tests.samples import make_sample
from tests.security.test_every_route import body
from tests.security.world import SECRET, Theirs, make_theirs, signed_in
from vinculo.interactions import notices
from vinculo.interactions.composer import KINDS
from vinculo.interactions.jobs import remind
from vinculo.interactions.models import Interaction, Task
from vinculo.kernel.clock import now
from vinculo.parties.collisions.asking import ask_owner
from vinculo.parties.confirming.answering import answer
from vinculo.platform.actions import Action, actions
from vinculo.platform.journal import change_set
from vinculo.platform.models import Notification, User
from vinculo.records.api.doing import blank_form
from vinculo.records.entity import Entity
from vinculo.records.registry import entities
from vinculo.records.saved.actions import keep_favourite
from vinculo.records.saved.models import SavedView
from vinculo.records.writing import delete_record
from vinculo.sales.webforms.setting import Wish, save_web_form
from vinculo.sales.webforms.taking import take_submission

pytestmark = pytest.mark.django_db
ENTITIES = entities()
ENTITY = {entity.key: entity for entity in ENTITIES}
SOURCE = Path(notices.__file__).parents[1]
#: Kinds that tell of a record, and those that tell one person of what they did themselves.
OF_A_RECORD = {"mention", "task", "reminder", "question", "confirmed", "quote", "webform"}
OF_ONESELF = {"bulk", "import", "work", "webhook", "cycle", "duplicates", "standardise"}
#: Kinds that tell of numbers over records (all of them, or one's own): no record's values.
OF_FIGURES = {"quality", "pool", "assigned", "escalated", "scores"}


@pytest.fixture
def theirs(people: People) -> Theirs:
    """One row of everything, the owner's."""
    found = make_theirs(people)
    Notification.objects.all().delete()
    return found


def told(user: User) -> str:
    """All that a colleague is shown of what others did: the bell, the page, the rows, the mail."""
    client = signed_in(user)
    pages = [
        body(client.get(url)) for url in ("/notifications", "/notifications?badge=1", "/my-day")
    ]
    rows = [
        f"{row.message} {row.params} {row.url}" for row in Notification.objects.filter(user=user)
    ]
    letters = [f"{one.subject} {one.body}" for one in mail.outbox if user.email in one.to]
    return "\n".join([*pages, *rows, *letters])


def filled(form: forms.Form | None, named: User) -> dict[str, Any]:
    """Every input of a form: texts name the colleague, who is chosen wherever one can be."""
    values: dict[str, Any] = {}
    for name, field in (form.fields if form is not None else {}).items():
        if isinstance(field, forms.ModelChoiceField):
            if field.queryset.model is User:
                values[name] = named.pk
        elif isinstance(field, forms.DateTimeField):
            values[name] = "2026-11-20T10:00:00+00:00"
        elif isinstance(field, forms.DateField):
            values[name] = "2026-11-20"
        elif type(field) is forms.CharField:
            values[name] = f"@{named.name} {SECRET}"
    return values


def everything_that_names(theirs: Theirs, named: User) -> Iterator[tuple[str, Any]]:
    """Every action on every record, every tab of the composer, every field that holds a person."""
    client, owner = signed_in(theirs.owner), theirs.owner
    for entity in ENTITIES:
        for entry in actions().values():
            record = entity.model._default_manager.filter(pk=theirs.records[entity.key].pk).first()
            if entity.key in entry.on and record is not None and not removes(entry):
                sent = filled(blank_form(entry, owner, record), named)
                url = f"/api/v1{entity.url(record)}/do/{entry.name}"
                answer = client.post(url, json.dumps(sent), content_type="application/json")
                yield f"{entry.name} on {entity.key}", answer
                client.post(f"{entity.url(record)}/do/{entry.name}", sent)
        record = theirs.records[entity.key]
        for name, field in entity.all_fields.items():
            if field.editable and field.kind in ("user", "text", "long_text"):
                value = named.pk if field.kind == "user" else f"@{named.name} {SECRET}"
                yield name, client.post(f"{entity.url(record)}/field/{name}", {name: value})
    party = theirs.records["parties.company"]
    for kind in KINDS:
        form = kind.form(user=owner, record=party)
        sent = {**filled(form, named), "at": "2026-11-20T10:00", "direction": "in"}
        yield kind.name, client.post(f"/timeline/{party.pk}/compose/{kind.name}", sent)


def removes(entry: Action) -> bool:
    return any(word in entry.name for word in ("delete", "remove", "merge"))


@pytest.mark.parametrize("who", ("stranger", "teammate"))
def test_no_action_tells_who_may_not_see(who: str, theirs: Theirs, people: People) -> None:
    named = people.all()[who]
    worked = [what for what, answer in everything_that_names(theirs, named)
              if answer.status_code < 400]  # fmt: skip
    assert {"note", "call", "email"} <= set(worked), worked
    assert len(worked) > 20, worked
    remind()
    text = told(named)
    assert SECRET not in text
    assert not Notification.objects.filter(user=named).exists()


def test_and_the_same_actions_do_tell_who_may(theirs: Theirs, people: People) -> None:
    """What proves that the test above is about rights."""
    worked = list(everything_that_names(theirs, people.manager))
    assert worked
    kinds = set(Notification.objects.filter(user=people.manager).values_list("kind", flat=True))
    assert {"mention"} <= kinds, kinds
    assert SECRET in told(people.manager)


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.key)
def test_shared_views_and_favourites_show_no_row(
    entity: Entity, theirs: Theirs, people: People
) -> None:
    """A view for the whole company, and favourites kept while one could still see the record."""
    view_id, record = theirs.others[f"view of {entity.key}"], theirs.records[entity.key]
    SavedView.objects.filter(pk=view_id).update(name="For all", team=people.company)
    client = signed_in(people.manager)
    keep_favourite(actor=people.manager, entity=entity, record=record)
    assert SECRET in body(client.get("/navigation"))
    assert SECRET in body(client.get(f"/{entity.path}/views/{view_id}", follow=True))
    lose_sight(people.manager)
    for url in ("/navigation", f"/{entity.path}/views/{view_id}", "/my-day", "/"):
        answer = client.get(url, follow=True)
        assert answer.status_code == 200, url
        assert SECRET not in body(answer), url


def lose_sight(user: User) -> None:
    """The role reaches one's own rows only, from now on."""
    role = user.role_assignments.get().role
    role.grants = {key: dict.fromkeys(verbs, "own") for key, verbs in role.grants.items()}
    role.save()
    user.forget_rights()


def sent_in(admin: User, owner: User) -> Any:
    """A lead of the owner's, from a stranger by a web form."""
    asked = {"company_name": "required"}
    form = save_web_form(
        actor=admin, wish=Wish(name="Contact", language="en", owner=owner, fields=asked)
    )
    told = {"company_name": SECRET}
    return take_submission(actor=None, form=form, values=told, utm={}, consent="", address="")


def a_notice(kind: str, people: People) -> tuple[User, Any]:
    """A notice of this kind with a name in it: who got it, and the record it tells of."""
    if kind == "question":
        theirs = make_sample(ENTITY["parties.company"], people.manager, SECRET)
        said = {"name": theirs.name}
        ask_owner(actor=people.stranger, kind="company", said=said, what_for="A tender")
        return people.manager, theirs
    if kind == "webform":
        return people.manager, sent_in(people.admin, people.manager)
    if kind == "quote":
        quote = make_sample(ENTITY["sales.quote"], people.manager, SECRET)
        type(quote).objects.filter(pk=quote.pk).update(status="approval")
        send_back = f"/quotes/{quote.pk}/do/sales.send_back_quote"
        assert signed_in(people.admin).post(send_back, {"answer": "Less"}).status_code == 302
        return people.manager, quote
    company = make_sample(ENTITY["parties.company"], people.owner, SECRET)
    if kind == "mention":
        sent = {"body": f"@{people.manager.name} look"}
        signed_in(people.owner).post(f"/timeline/{company.pk}/compose/note", sent)
        return people.manager, company
    if kind == "confirmed":
        secret = link_of(people.owner, company).rsplit("/", 1)[1]
        answer(actor=None, secret=secret, corrected={"name": f"{SECRET} Ltd"}, said={})
        return people.owner, company
    task = make_sample(ENTITY["interactions.task"], people.owner, f"{SECRET} task")
    sent, url = {"owner": people.manager.pk}, f"/api/v1/tasks/{task.pk}/do/interactions.assign_task"
    by = signed_in(people.admin)
    assert by.post(url, json.dumps(sent), content_type="application/json").status_code == 200
    if kind == "reminder":
        Notification.objects.all().delete()
        with change_set(actor=people.manager, verb="records.edit"):
            Task.objects.filter(pk=task.pk).update(remind_at=now() - timedelta(minutes=1))
        remind()
    return people.manager, Task.objects.get(pk=task.pk)


def handed_away(record: Any, reader: User, people: People) -> None:
    with change_set(actor=people.admin, verb="records.edit"):
        rows = type(record)._default_manager.filter(pk=record.pk)
        rows.update(owner=people.stranger, team=None)


def narrowed(_record: Any, reader: User, people: People) -> None:
    role = reader.role_assignments.get().role
    role.grants = {}
    role.save()


def erased(record: Any, reader: User, people: People) -> None:
    entity = ENTITY[record._meta.label_lower]
    with change_set(actor=people.admin, verb="records.delete"):
        Interaction.objects.all().delete()
    delete_record(actor=people.admin, entity=entity, record=record)


@pytest.mark.parametrize("lost", (handed_away, narrowed, erased))
@pytest.mark.parametrize("kind", sorted(OF_A_RECORD))
def test_an_old_notice_is_silent_once_access_is_lost(kind: str, lost: Any, people: People) -> None:
    reader, record = a_notice(kind, people)
    assert Notification.objects.filter(user=reader, kind=kind).count() == 1
    page = body(signed_in(reader).get("/notifications"))
    assert SECRET in page
    lost(record, reader, people)
    page = body(signed_in(reader).get("/notifications"))
    assert SECRET not in page
    assert "This is no longer there, or you may not see it." in page
    row = Notification.objects.get(user=reader, kind=kind)
    leads_to = signed_in(reader).post(f"/notifications/{row.pk}/open", follow=True)
    assert SECRET not in body(leads_to)


def test_every_kind_of_notice_is_known_and_names_its_record() -> None:
    """A notice of a record that does not say which one could never be taken back."""
    found: dict[str, bool] = {}
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "notify":
                given = {one.arg: one.value for one in node.keywords}
                kind = given["kind"].value  # type: ignore[attr-defined]
                found[kind] = "subject" in given
    assert set(found) == OF_A_RECORD | OF_ONESELF | OF_FIGURES
    assert {kind for kind, names_it in found.items() if names_it} == OF_A_RECORD
