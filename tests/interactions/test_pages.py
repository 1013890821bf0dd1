"""The pages of the room through HTTP: timeline, composer, My day, downloads."""

from __future__ import annotations

import json
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.interactions.makers import (
    last_contact,
    latest_change_set,
    make_company,
    make_person,
    yesterday,
)
from tests.personas import People
from vinculo.interactions.actions import add_task, attach_file, log_call
from vinculo.interactions.models import Interaction, Task
from vinculo.interactions.views.days import OVERDUE_SHOWN
from vinculo.kernel.clock import now
from vinculo.platform.journal import change_set
from vinculo.platform.models import Change, ChangeSet, RecentView, RoleAssignment, User

HTMX = {"HX-Request": "true"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def local(at) -> str:  # type: ignore[no-untyped-def]
    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")


def test_the_story_from_company_to_my_day(people: People) -> None:
    company = make_company(people.owner)
    client = signed_in(people.owner)
    page = client.get(f"/companies/{company.pk}")
    assert page.status_code == 200
    assert f"/timeline/{company.pk}/compose/call" in page.content.decode()
    form = client.get(f"/timeline/{company.pk}/compose/call", headers=HTMX)
    assert 'name="follow_up_on"' in form.content.decode()
    today = timezone.localdate(now())
    answer = client.post(
        f"/timeline/{company.pk}/compose/call",
        {
            "body": "Likes the **samples**",
            "at": local(yesterday()),
            "direction": "out",
            "follow_up_on": today.isoformat(),
            "follow_up_title": "Send the price list",
        },
        headers=HTMX,
    )
    assert answer.status_code == 200, answer.content.decode()
    told = json.loads(answer["HX-Trigger"])
    made = latest_change_set(people.owner)
    assert told["toast"]["undo_url"] == f"/changes/{made.pk}/undo"
    assert "timeline:changed" in told
    timeline = client.get(f"/timeline/{company.pk}", headers=HTMX).content.decode()
    assert "<strong>samples</strong>" in timeline
    assert "Send the price list" in timeline
    day = client.get("/my-day").content.decode()
    assert "Send the price list" in day
    assert "Aurora Trading" in day
    client.post(f"/changes/{made.pk}/undo", headers=HTMX)
    assert "Send the price list" not in client.get("/my-day").content.decode()


def test_a_refusal_answers_at_the_field_and_keeps_what_was_typed(people: People) -> None:
    company = make_company(people.owner)
    before = Change.objects.count(), ChangeSet.objects.count()
    answer = signed_in(people.owner).post(
        f"/timeline/{company.pk}/compose/call",
        {
            "body": "Typed with care",
            "at": local(yesterday()),
            "direction": "out",
            "follow_up_on": (timezone.localdate(now()) - timedelta(days=9)).isoformat(),
        },
        headers=HTMX,
    )
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "A follow-up cannot be due before the call." in body
    assert "Typed with care" in body
    assert (Change.objects.count(), ChangeSet.objects.count()) == before


def test_a_meeting_at_a_time_to_come_is_planned(people: People) -> None:
    company = make_company(people.owner)
    client = signed_in(people.owner)
    url = f"/timeline/{company.pk}/compose/meeting"
    later = local(now() + timedelta(days=2))
    answer = client.post(url, {"subject": "Line tour", "at": later}, headers=HTMX)
    assert json.loads(answer["HX-Trigger"])["toast"]["message"] == "Meeting planned."
    assert Interaction.objects.get().status == "planned"
    answer = client.post(
        url,
        {"subject": "Again", "at": later, "follow_up_on": later[:10]},
        headers=HTMX,
    )
    assert answer.status_code == 422
    client.post(url, {"subject": "Held", "at": local(yesterday())}, headers=HTMX)
    assert Interaction.objects.get(subject="Held").status == "done"


def test_every_kind_of_the_composer_opens_and_works_without_scripts(people: People) -> None:
    company = make_company(people.owner)
    make_person(people.owner, company=company)
    client = signed_in(people.owner)
    for kind in ("note", "call", "email", "meeting", "visit", "task", "file"):
        form = client.get(f"/timeline/{company.pk}/compose/{kind}", headers=HTMX)
        assert form.status_code == 200, kind
        plain = client.get(f"/timeline/{company.pk}/compose/{kind}")
        assert plain.headers["Location"] == f"/companies/{company.pk}?compose={kind}"
        refused = client.post(f"/timeline/{company.pk}/compose/{kind}", {"at": "never"})
        assert refused.status_code == 422, kind
        assert "<html" in refused.content.decode(), kind
        assert client.get(f"/companies/{company.pk}?compose={kind}").status_code == 200
    done = client.post(f"/timeline/{company.pk}/compose/note", {"body": "Hello"})
    assert done.status_code == 302
    sent = client.post(
        f"/timeline/{company.pk}/compose/file",
        {"upload": SimpleUploadedFile("a.txt", b"hello", "text/html")},
        headers=HTMX,
    )
    assert sent.status_code == 200, sent.content.decode()


def test_others_find_no_trace(people: People) -> None:
    company = make_company(people.owner)
    log_call(actor=people.owner, party=company, at=yesterday(), body="Secret")
    file = attach_file(
        actor=people.owner, party=company, upload=SimpleUploadedFile("secret.txt", b"Secret")
    )
    for persona in (people.teammate, people.stranger):
        client = signed_in(persona)
        for url in (
            f"/timeline/{company.pk}",
            f"/timeline/{company.pk}/compose/note",
            f"/files/{file.token}",
        ):
            answer = client.get(url, headers=HTMX)
            assert answer.status_code == 404, url
            assert b"Secret" not in b"".join(answer)
        assert client.post(f"/timeline/{company.pk}/compose/note", {"body": "x"}).status_code == 404
        assert "Aurora" not in client.get("/my-day").content.decode()
    assert Interaction.objects.count() == 1


def test_a_customer_who_is_seen_does_not_open_the_entries_of_others(people: People) -> None:
    company = make_company(people.teammate)
    company.owner = people.owner
    company.save()
    log_call(actor=people.owner, party=company, at=yesterday(), body="Mine alone")
    company.owner = people.teammate
    company.save()
    body = signed_in(people.teammate).get(f"/timeline/{company.pk}", headers=HTMX)
    assert "Mine alone" not in body.content.decode()
    chief = signed_in(people.manager).get(f"/timeline/{company.pk}", headers=HTMX)
    assert "Mine alone" in chief.content.decode()


def test_my_day_is_ticked_off_and_undone(people: People) -> None:
    company = make_company(people.owner)
    task = add_task(
        actor=people.owner, title="Ring back", party=company, due_on=timezone.localdate(now())
    )
    client = signed_in(people.owner)
    assert "Ring back" in client.get("/my-day").content.decode()
    done = client.post(f"/tasks/{task.pk}/do/interactions.complete_task", headers=HTMX)
    assert done.status_code == 204
    assert "Ring back" not in client.get("/my-day").content.decode()
    undo = json.loads(done["HX-Trigger"])["toast"]["undo_url"]
    client.post(undo, headers=HTMX)
    assert "Ring back" in client.get("/my-day").content.decode()


def test_a_task_is_added_from_my_day(people: People) -> None:
    client = signed_in(people.owner)
    today = timezone.localdate(now()).isoformat()
    answer = client.post("/my-day/tasks", {"title": "Buy paper", "due_on": today}, headers=HTMX)
    assert answer.status_code == 200
    assert 'value=""' in answer.content.decode()
    assert "Buy paper" in client.get("/my-day").content.decode()
    empty = client.post("/my-day/tasks", {"title": " "}, headers=HTMX)
    assert empty.status_code == 422
    assert Task.objects.count() == 1


def test_recently_viewed_shows_what_may_still_be_seen(people: People) -> None:
    company = make_company(people.owner)
    client = signed_in(people.owner)
    client.get(f"/companies/{company.pk}")
    assert RecentView.objects.count() == 0
    seen = {"entity": "parties.company", "id": company.pk}
    assert client.post("/seen", seen).status_code == 204
    client.post("/seen", seen)
    assert RecentView.objects.count() == 1
    assert "Aurora Trading" in client.get("/my-day").content.decode()
    assert signed_in(people.stranger).post("/seen", seen).status_code == 204
    assert RecentView.objects.count() == 1
    for bad in ({"entity": "x", "id": company.pk}, {"entity": "parties.company", "id": "9" * 40}):
        assert client.post("/seen", bad).status_code == 204
    company.owner = people.stranger
    company.team = people.south
    company.save()
    assert "Aurora Trading" not in client.get("/my-day").content.decode()


def test_signed_out_readers_are_sent_to_sign_in(people: People) -> None:
    company = make_company(people.owner)
    for url in ("/my-day", f"/timeline/{company.pk}", "/files/aaaaaaaaaaaaaaaaaaaaaaaa"):
        assert Client().get(url).status_code == 302, url


def test_only_colleagues_who_see_the_customer_are_offered(people: People) -> None:
    company = make_company(people.owner)
    client = signed_in(people.owner)
    offered = client.get(f"/timeline/{company.pk}/colleagues?q=").content.decode()
    assert "Manager" in offered
    assert "Stranger" not in offered
    assert "Manager" not in client.get(f"/timeline/{company.pk}/colleagues?q=own").content.decode()
    refused = signed_in(people.stranger).get(f"/timeline/{company.pk}/colleagues?q=m")
    assert refused.status_code == 404


def test_tasks_are_ticked_off_in_their_list(people: People) -> None:
    company = make_company(people.owner)
    task = add_task(actor=people.owner, title="Ring back", party=company)
    tick = f'hx-post="/tasks/{task.pk}/do/interactions.complete_task"'
    assert tick in signed_in(people.owner).get("/tasks").content.decode()
    only_reads = RoleAssignment.objects.get(user=people.owner).role
    only_reads.grants["interactions.task"]["edit"] = "none"
    only_reads.save()
    assert "disabled" in signed_in(people.owner).get("/tasks").content.decode()
    answer = signed_in(people.owner).post(
        f"/tasks/{task.pk}/do/interactions.complete_task", headers=HTMX
    )
    assert answer.status_code == 404
    assert Task.objects.get().done_at is None


def test_deleting_a_call_in_its_list_moves_the_last_contact(people: People) -> None:
    company = make_company(people.owner)
    call = log_call(actor=people.owner, party=company, at=yesterday())
    client = signed_in(people.owner)
    done = client.post(f"/activities/{call.pk}/delete", headers=HTMX)
    assert done.status_code == 204
    assert last_contact(company) is None
    client.post(json.loads(done["HX-Trigger"])["toast"]["undo_url"], headers=HTMX)
    assert last_contact(company) == call.at


def test_a_list_asks_as_often_for_many_tasks_as_for_few(
    people: People,
) -> None:
    company = make_company(people.owner)
    client = signed_in(people.owner)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/tasks?columns=title").status_code == 200
        return len(asked)

    add_task(actor=people.owner, title="One", party=company)
    queries()  # what a process learns once
    few = queries()
    for number in range(5):
        add_task(actor=people.owner, title=f"More {number}", party=company)
    assert queries() == few


def test_the_page_of_an_entry_shows_its_text_and_its_customer(people: People) -> None:
    company = make_company(people.owner)
    client = signed_in(people.owner)
    call = log_call(actor=people.owner, party=company, at=yesterday(), body="<b>x</b> **bold**")
    page = client.get(f"/activities/{call.pk}").content.decode()
    assert "&lt;b&gt;x&lt;/b&gt; <strong>bold</strong>" in page
    assert f'href="/companies/{company.pk}"' in page
    file = attach_file(
        actor=people.owner, party=company, upload=SimpleUploadedFile("a.txt", b"hello")
    )
    assert f'href="/files/{file.token}"' in client.get(f"/files/{file.pk}").content.decode()
    task = add_task(actor=people.owner, title="Alone")
    assert client.get(f"/tasks/{task.pk}").status_code == 200


def test_a_page_offers_what_can_be_done_with_this_very_entry(people: People) -> None:
    company = make_company(people.owner)
    client = signed_in(people.owner)
    call = log_call(actor=people.owner, party=company, at=yesterday())
    page = client.get(f"/activities/{call.pk}").content.decode()
    assert "do/interactions.cancel" not in page
    assert "do/interactions.edit_interaction" not in page
    task = add_task(actor=people.owner, title="Ring")
    page = client.get(f"/tasks/{task.pk}").content.decode()
    assert "do/interactions.complete_task" in page
    assert "do/interactions.reopen_task" not in page


def overdue_tasks(user: User, many: int) -> None:
    """Tasks of a company, each due some days ago, the oldest first."""
    company = make_company(user)
    day = timezone.localdate(now()) - timedelta(days=many)
    with change_set(actor=user, verb="records.create"):
        for number in range(many):
            Task.objects.create(
                title=f"Late {number:02}",
                party_id=company.pk,
                due_on=day + timedelta(days=number),
                owner=user,
                team_id=user.main_team_id(),
            )


def test_much_that_is_overdue_is_folded_and_counted_in_full(people: People) -> None:
    overdue_tasks(people.owner, 14)
    client = signed_in(people.owner)
    folded = client.get("/my-day").content.decode()
    assert folded.count("data-task>") == OVERDUE_SHOWN
    assert "Late 09" in folded and "Late 10" not in folded
    assert "Show all 14" in folded and '<span class="tabular">14</span>' in folded
    everything = client.get("/my-day?all=overdue").content.decode()
    assert everything.count("data-task>") == 14 and "Show less" in everything
    assert 'hx-get="/my-day?all=overdue" hx-trigger' in everything  # a refetch keeps it unfolded


def test_little_that_is_overdue_is_not_folded(people: People) -> None:
    overdue_tasks(people.owner, OVERDUE_SHOWN)
    page = signed_in(people.owner).get("/my-day").content.decode()
    assert page.count("data-task>") == OVERDUE_SHOWN and "Show all" not in page
