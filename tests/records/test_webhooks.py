"""Webhooks: signed, at least once, again and again, and never more than their role may see."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tests.personas import People, make_role
from tests.platform.test_outbound import Listener, allow, listening, says
from tests.records.api.calling import caller_for
from vinculo.kernel.clock import frozen, now
from vinculo.kernel.errors import DomainError, NotAllowed
from vinculo.parties.models import Company
from vinculo.platform import events
from vinculo.platform.models import Event, Notification, Role
from vinculo.records.registry import entity
from vinculo.records.webhooks import sending, signing
from vinculo.records.webhooks.actions import (
    change_webhook,
    create_webhook,
    renew_webhook_secret,
    replay_webhook,
)
from vinculo.records.webhooks.actions import (
    test_webhook as send_test,
)
from vinculo.records.webhooks.models import WebhookDelivery, WebhookEndpoint
from vinculo.records.writing import create_record, delete_record, edit_record

pytestmark = pytest.mark.django_db
State = WebhookDelivery.State
COMPANY = entity("parties.company")
ALL = ["parties.company_created", "parties.company_changed", "parties.company_deleted"]


@pytest.fixture
def server(settings: Any) -> Iterator[Listener]:
    with listening(says(200, "thanks")) as one:
        allow(settings, one)
        yield one


def endpoint(
    people: People, url: str, role: Role | None = None, wanted: list[str] | None = None
) -> WebhookEndpoint:
    carried = role or people.admin.active_roles()[0]
    made, _secret = create_webhook(
        actor=people.admin, name="Shop", url=url, role=carried, wanted=wanted or ALL
    )
    return made


def work() -> None:
    """Deliver events and run the tries that they wrote down, as a worker would."""
    events.deliver_waiting()
    run_tries()


def run_tries() -> None:
    for job in list(ProcrastinateJob.objects.filter(task_name="records.deliver_webhook")):
        if job.scheduled_at is None or job.scheduled_at <= now():
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.pk])
            sending.deliver(**job.args)


def make(people: People, **values: Any) -> Company:
    made: Company = create_record(
        actor=people.owner, entity=COMPANY, data={"name": "Aurora", "city": "Madrid", **values}
    )
    return made


def bodies(server: Listener) -> list[dict[str, Any]]:
    return [json.loads(body) for _path, _headers, body in server.taken]


def test_the_log_keeps_what_was_sent_sealed(people: People, server: Listener) -> None:
    made = endpoint(people, server.url)
    make(people, website="https://canary.example")
    work()
    delivery = WebhookDelivery.objects.get(endpoint=made)
    assert "canary.example" in str(bodies(server)[0])
    assert "canary" not in delivery.request
    client = Client()
    client.force_login(people.admin)
    assert "canary.example" in client.get(f"/settings/webhooks/{made.pk}").content.decode()


def test_an_event_arrives_signed_and_once(people: People, server: Listener) -> None:
    made = endpoint(people, server.url)
    company = make(people)
    work()
    work()
    _path, headers, body = server.taken[0]
    assert len(server.taken) == 1
    told = Webhook(signing.secret_of(made.nonce)).verify(body, headers)
    assert told["type"] == "parties.company_created"
    assert told["data"]["party"] == company.pk
    assert told["data"]["record"]["city"] == "Madrid"
    assert told["data"]["record"]["url"] == f"/api/v1/companies/{company.pk}"
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.status, delivery.response) == (State.DELIVERED, 200, "thanks")
    assert headers["webhook-id"] == str(delivery.key) == str(Event.objects.get().key)
    with pytest.raises(WebhookVerificationError):
        Webhook(signing.secret_of(made.nonce)).verify(body.replace(b"Madrid", b"Malaga"), headers)


def test_changes_and_deletions_are_told(people: People, server: Listener) -> None:
    endpoint(people, server.url)
    company = make(people)
    edit_record(actor=people.owner, entity=COMPANY, record=company, data={"city": "Sevilla"})
    delete_record(actor=people.owner, entity=COMPANY, record=company)
    work()
    told = bodies(server)
    assert [one["type"] for one in told] == ["parties.company_deleted"] or [
        one["type"] for one in told
    ] == ["parties.company_created", "parties.company_changed", "parties.company_deleted"]
    assert told[-1]["data"] == {"company": company.pk}


def test_only_the_events_that_were_chosen(people: People, server: Listener) -> None:
    endpoint(people, server.url, wanted=["parties.person_left"])
    make(people)
    work()
    assert not server.taken
    assert Event.objects.get().delivered_at is not None


def test_hidden_fields_and_rows_out_of_reach_are_not_told(people: People, server: Listener) -> None:
    role = make_role("Narrow", "all")
    role.field_rules = {"parties.company": {"city": "hidden", "owner": "hidden"}}
    role.save()
    endpoint(people, server.url, role)
    company = make(people, city="Canary City")
    edit_record(
        actor=people.owner, entity=COMPANY, record=company, data={"city": "Canary Two", "name": "B"}
    )
    work()
    for one in bodies(server):
        assert "Canary" not in json.dumps(one)
        assert "owner" not in one["data"]
        assert "city" not in one["data"]["record"]
    assert bodies(server)[-1]["data"]["fields"] == ["name"]
    assert "Canary" not in "".join(WebhookDelivery.objects.values_list("request", flat=True))
    # Only one's own rows: the administrator's, and this is the owner's.
    role.grants = {"parties.company": {"view": "own"}}
    role.save()
    before = len(server.taken)
    make(people, name="Other")
    work()
    assert len(server.taken) == before
    assert WebhookDelivery.objects.filter(state=State.WITHHELD).count() == 1


def test_an_owner_who_left_tells_nothing(people: People, server: Listener) -> None:
    endpoint(people, server.url)
    make(people)
    people.admin.is_active = False
    people.admin.save()
    work()
    assert not server.taken


def test_a_failing_receiver_is_tried_for_a_day_and_then_given_up(
    people: People, settings: Any
) -> None:
    with listening(says(500, "broken")) as server:
        allow(settings, server)
        made = endpoint(people, server.url)
        make(people)
        instant = now()
        with frozen(instant):
            work()
        delivery = WebhookDelivery.objects.get()
        assert (delivery.state, delivery.attempts, delivery.status) == (State.WAITING, 1, 500)
        for wait in sending.WAITS:
            with frozen(instant + timedelta(seconds=wait - 1)):
                run_tries()
            instant += timedelta(seconds=wait)
            with frozen(instant):
                run_tries()
        delivery.refresh_from_db()
        assert (delivery.state, delivery.attempts) == (State.FAILED, 8)
        assert len(server.taken) == 8
        assert len({headers["webhook-id"] for _path, headers, _body in server.taken}) == 1
        made.refresh_from_db()
        assert made.active
        assert made.failing_since is not None
        # Days later nothing has been taken: it is switched off, and its owner is told.
        with frozen(now() + timedelta(days=6)):
            make(people, name="Later")
            work()
        made.refresh_from_db()
        assert not made.active
        assert Notification.objects.filter(user=people.admin, kind="webhook").count() == 1


def test_gone_switches_off_at_once_and_success_forgives(people: People, settings: Any) -> None:
    with listening(says(410)) as server:
        allow(settings, server)
        made = endpoint(people, server.url)
        make(people)
        work()
        made.refresh_from_db()
        assert not made.active
    with listening(says(200)) as server:
        allow(settings, server)
        change_webhook(
            actor=people.admin, webhook=made, name="Shop", url=server.url, role=made.role,
            wanted=ALL, active=True,
        )  # fmt: skip
        replay_webhook(
            actor=people.admin,
            delivery=WebhookDelivery.objects.select_related("endpoint").get(),
        )
        run_tries()
        assert len(server.taken) == 1
    made.refresh_from_db()
    assert made.failing_since is None
    assert WebhookDelivery.objects.get().state == State.DELIVERED


def test_a_redirect_is_a_failure(people: People, settings: Any) -> None:
    with listening(says(302, Location="http://169.254.169.254/")) as server:
        allow(settings, server)
        endpoint(people, server.url)
        make(people)
        work()
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.status) == (State.WAITING, 302)
    assert "redirect" in delivery.error


def test_our_own_network_is_refused_when_typed_and_when_called(people: People) -> None:
    for url in ("http://127.0.0.1:8000/", "http://10.1.2.3/", "http://localhost/"):
        with pytest.raises(DomainError):
            endpoint(people, url)
    made = endpoint(people, "https://hook.example.com/")
    WebhookEndpoint.objects.filter(pk=made.pk).update(url="http://169.254.169.254/")
    make(people)
    work()
    assert "inside a network" in WebhookDelivery.objects.get().error


def test_a_new_secret_signs_from_then_on(people: People, server: Listener) -> None:
    made = endpoint(people, server.url)
    old = signing.secret_of(made.nonce)
    new = renew_webhook_secret(actor=people.admin, webhook=made)
    assert old != new
    send_test(actor=people.admin, webhook=made)
    run_tries()
    _path, headers, body = server.taken[0]
    assert Webhook(new).verify(body, headers)["type"] == "vinculo.test"
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(body, headers)


def test_the_secret_is_in_no_table(people: People, server: Listener) -> None:
    made = endpoint(people, server.url)
    secret = signing.secret_of(made.nonce).removeprefix("whsec_")
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(w::text, ' ') FROM records_webhookendpoint w")
        assert secret not in cursor.fetchone()[0]


def test_every_event_that_is_written_can_be_chosen() -> None:
    reference = Path(__file__).parents[2] / "docs/reference/events.md"
    named = set(re.findall(r"^\| `([^`]+)` \|", reference.read_text("utf-8"), re.M))
    known = set(events.catalogued())
    for name in named:
        if "<" not in name:
            assert name in known, name


# --- the pages ---------------------------------------------------------------------------------


def page_of(people: People) -> Client:
    client = Client()
    client.force_login(people.admin)
    return client


def test_only_administrators_manage_them(people: People, server: Listener) -> None:
    made = endpoint(people, server.url)
    client = Client()
    client.force_login(people.manager)
    for path in ("", "/new", f"/{made.pk}", f"/{made.pk}/edit"):
        assert client.get(f"/settings/webhooks{path}").status_code == 403
    for path in ("new", f"{made.pk}/delete", f"{made.pk}/secret", f"{made.pk}/test"):
        assert client.post(f"/settings/webhooks/{path}").status_code == 403
    with pytest.raises(NotAllowed):
        renew_webhook_secret(actor=people.manager, webhook=made)
    assert WebhookEndpoint.objects.count() == 1


def test_made_shown_tried_and_sent_again_in_the_browser(people: People, server: Listener) -> None:
    client = page_of(people)
    assert "No webhooks yet" in client.get("/settings/webhooks").content.decode()
    typed = {
        "name": "Shop",
        "url": "http://10.0.0.1/",
        "role": people.admin.active_roles()[0].pk,
        "wanted": ALL,
    }
    refused = client.post("/settings/webhooks/new", typed)
    assert refused.status_code == 422
    assert "inside a network of our own" in refused.content.decode()
    shown = client.post("/settings/webhooks/new", {**typed, "url": server.url})
    made = WebhookEndpoint.objects.get()
    assert signing.secret_of(made.nonce) in shown.content.decode()
    url = f"/settings/webhooks/{made.pk}"
    assert signing.secret_of(made.nonce) not in client.get(url).content.decode()
    assert client.post(f"{url}/test").status_code == 302
    run_tries()
    page = client.get(url).content.decode()
    assert "vinculo.test" in page
    assert "thanks" in page
    delivery = WebhookDelivery.objects.get()
    assert client.post(f"{url}/deliveries/{delivery.pk}/replay").status_code == 302
    run_tries()
    assert len(server.taken) == 2
    changed = {**typed, "url": server.url, "name": "Newsletter"}
    assert client.post(f"{url}/edit", changed).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.active) == ("Newsletter", False)
    assert client.post(f"{url}/delete").status_code == 302
    assert not WebhookEndpoint.objects.exists()


def test_what_a_program_writes_is_told_too(people: People, server: Listener) -> None:
    endpoint(people, server.url)
    rows = [{"external_id": n, "values": {"name": f"C {n}"}} for n in range(3)]
    caller_for(people.owner).post("/companies/batch", {"source": "shop", "rows": rows})
    work()
    assert len(server.taken) == 3


def test_the_log_is_forgotten_after_a_month(people: People, server: Listener) -> None:
    endpoint(people, server.url)
    make(people)
    work()
    with frozen(timezone.now() + timedelta(days=31)):
        sending.forget_old_deliveries()
    assert not WebhookDelivery.objects.exists()


def test_events_are_chosen_by_record_type_and_read_in_words(
    people: People, server: Listener
) -> None:
    client = page_of(people)
    page = client.get("/settings/webhooks/new").content.decode()
    heads = re.findall(r"<legend>([^<]+)</legend>", page)
    assert heads[:6] == ["Companies", "People", "Customers", "Files", "Interactions", "Tasks"]
    assert {"Products", "Leads", "Deals"} < set(heads) and len(set(heads)) == len(heads)
    under = dict(re.findall(r"<legend>([^<]+)</legend>(.*?)</fieldset>", page, re.S))
    assert (
        "A task was completed" in under["Tasks"] and "interactions.task_completed" in under["Tasks"]
    )
    assert "parties.person_joined" in under["People"]
    named = [name for boxes in under.values() for name in re.findall(r'value="([^"]+)"', boxes)]
    assert sorted(named) == list(events.catalogued())  # each once, none forgotten
    made = endpoint(people, server.url)
    send_test(actor=people.admin, webhook=made)
    make(people)
    work()
    log = client.get(f"/settings/webhooks/{made.pk}").content.decode()
    log = log[log.index("Deliveries") :]
    for words, key in (
        ("A company was created", "parties.company_created"),
        ("Test", "vinculo.test"),
    ):
        assert re.search(rf">{words}</span> <span [^>]*>{key}</span>", log)
    refused = client.post("/settings/webhooks/new", {"name": "x", "url": "https://x.example"})
    assert refused.status_code == 422
    assert "field-error" in refused.content.decode().split('data-field="wanted"')[1]
