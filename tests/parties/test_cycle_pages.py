"""Where the sales cycle is seen and asked for: the record's page, lists, programs, settings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.parties.makers import make_company
from tests.personas import People

from vinculo.interactions.derived import refresh_interactions
from vinculo.interactions.models import Interaction
from vinculo.kernel.clock import now
from vinculo.parties.cycle import actions
from vinculo.parties.cycle.keeping import move
from vinculo.parties.cycle.models import DatedState, StateRule
from vinculo.parties.cycle.rules import run_rules
from vinculo.parties.derived import refresh
from vinculo.parties.models import Company, Party
from vinculo.platform.jobs import run_job
from vinculo.platform.models import ChangeSet, Notification, User

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SECRET = "Zanzibarophile"


def limit(user: User, **columns: Any) -> None:
    role = user.active_roles()[0]
    for name, value in columns.items():
        setattr(role, name, value)
    role.save()
    user.forget_rights()


@pytest.fixture
def company(people: People) -> Company:
    """A customer of the owner's that a named rule about interactions has moved."""
    StateRule.objects.all().delete()
    made = make_company("Aurora", owner=people.owner, team=people.north)
    refresh([made.pk])
    Party.objects.filter(pk=made.pk).update(created_at=now() - 400 * DAY)
    call = Interaction.objects.create(
        party=made, company=made, kind="call", status="done", at=now() - 300 * DAY,
        owner=people.owner, team=people.north,
    )  # fmt: skip
    refresh_interactions([call.pk])
    rule = actions.create_state_rule(
        actor=people.admin, name=SECRET, from_states=["lead"], to_state="dormant",
        conditions=[{"is": "interactions.no_contact", "days": 123}],
    )  # fmt: skip
    actions.switch_state_rule(actor=people.admin, rule=rule, active=True)
    assert run_rules(None).total == 1
    return made


def test_the_record_says_where_it_stood_and_why(
    people: People, company: Company, client: Client
) -> None:
    client.force_login(people.owner)
    page = client.get(f"/companies/{company.pk}").content.decode()
    assert SECRET in page
    assert "no contact for 123 days" in page
    assert "Since the record was made" in page
    User.objects.filter(pk=people.owner.pk).update(language="es")
    page = client.get(f"/companies/{company.pk}").content.decode()
    assert "sin contacto durante 123 días" in page


HIDERS: dict[str, dict[str, Any]] = {
    "no interactions": {"grants": "interactions.interaction"},
    "no last contact": {"field_rules": {"parties.company": {"last_contact_at": "hidden"}}},
}


@pytest.mark.parametrize("how", HIDERS)
def test_a_reason_tells_nothing_of_interactions_to_who_may_not_see_them(
    people: People, company: Company, client: Client, how: str
) -> None:
    told = HIDERS[how]
    if "grants" in told:
        grants = people.owner.active_roles()[0].grants
        none = dict.fromkeys(grants["interactions.interaction"], "none")
        limit(people.owner, grants={**grants, "interactions.interaction": none})
    else:
        limit(people.owner, **told)
    client.force_login(people.owner)
    last = ChangeSet.objects.get(verb="parties.run_cycle")
    urls = [f"/companies/{company.pk}{end}" for end in ("", "/peek", "/history", "/edit")]
    for url in (*urls, f"/undo/{last.pk}", f"/api/v1/companies/{company.pk}",
                f"/api/v1/companies/{company.pk}/history", "/companies"):  # fmt: skip
        text = client.get(url).content.decode()
        assert SECRET not in text, url
        assert "123 days" not in text, url
    page = client.get(f"/companies/{company.pk}").content.decode()
    assert "By a rule" in page


def test_who_counts_interactions_of_everybody_is_told_of_a_number(
    people: People, company: Company, client: Client
) -> None:
    """How many there are says more than the reader's own: told to who sees all of them."""
    DatedState.objects.filter(party=company, until=None).update(
        details={"name": SECRET, "conditions": [{"is": "interactions.at_least", "count": 123}]}
    )
    client.force_login(people.owner)
    page = client.get(f"/companies/{company.pk}").content.decode()
    assert SECRET not in page
    client.force_login(people.admin)
    assert "at least 123 interactions" in client.get(f"/companies/{company.pk}").content.decode()


def test_a_hidden_state_has_no_panel_no_filter_and_no_name_in_an_undo(
    people: People, company: Company, client: Client
) -> None:
    limit(people.owner, field_rules={"parties.company": {"state": "hidden"}})
    client.force_login(people.owner)
    page = client.get(f"/companies/{company.pk}").content.decode()
    assert "Sales cycle" not in page
    assert "Dormant" not in page
    assert client.get("/companies?state.was=dormant..2026-01-01").status_code == 422
    assert client.get("/api/v1/companies?state.was=dormant..2026-01-01").status_code == 422
    answer = client.post(f"/companies/{company.pk}/do/parties.set_state", {"state": "active"})
    assert answer.status_code == 403
    last = ChangeSet.objects.get(verb="parties.run_cycle")
    limit(people.owner, actions=["parties.*", "platform.undo_others"])
    assert "Dormant" not in client.get(f"/undo/{last.pk}").content.decode()


def test_lists_and_programs_ask_for_the_state_of_a_day(
    people: People, company: Company, client: Client
) -> None:
    before = (now() - 10 * DAY).date().isoformat()
    today = now().date().isoformat()
    client.force_login(people.owner)

    def found(asked: str) -> list[str]:
        answer = client.get(f"/api/v1/companies?state.was={asked}&fields=name").json()
        return [row["name"] for row in answer["data"]]

    assert found(f"lead..{before}") == ["Aurora"]
    assert found(f"dormant,lost..{before}") == []
    assert found(f"dormant,lost..{today}") == ["Aurora"]
    assert found("lead..2001-01-01") == []
    assert found("nonsense..2026-01-01") == []
    for bad in ("lead", "lead..", "lead..soon", "..2026-99-01"):
        assert client.get(f"/api/v1/companies?state.was={bad}").status_code == 422
    page = client.get(f"/companies?state.was=lead..{before}").content.decode()
    assert "Aurora" in page
    form = client.get(f"/companies/filter?field=state&op=was&value=lead..{before}")
    assert f'value="{before}"' in form.content.decode()
    applied = client.get(f"/companies?f=state&op=was&v1=lead&v2={before}")
    assert f"state.was=lead..{before}" in applied["Location"].replace("%2E", ".")


def test_the_rules_decide_again_after_a_hold_of_which_the_page_tells(
    people: People, company: Company, client: Client
) -> None:
    client.force_login(people.owner)
    url = f"/companies/{company.pk}"
    day = (now() + 20 * DAY).date().isoformat()
    answer = client.post(
        f"{url}/do/parties.set_state", {"state": "active", "until": day, "note": "Big fair"}
    )
    assert answer.status_code == 302
    page = client.get(url).content.decode()
    assert "Big fair" in page
    assert "Rules leave it alone until" in page
    assert Company.objects.get(pk=company.pk).state == "active"
    client.post(f"{url}/do/parties.release_state")
    assert "Rules leave it alone until" not in client.get(url).content.decode()


def test_a_program_sets_a_state_and_is_named_as_one(
    people: People, company: Company, client: Client
) -> None:
    client.force_login(people.owner)
    answer = client.patch(
        f"/api/v1/companies/{company.pk}", {"state": "won_back"}, content_type="application/json"
    )
    assert answer.status_code == 200
    assert DatedState.objects.get(party=company, until=None).details["via"] == "api"
    assert "By a program" in client.get(f"/companies/{company.pk}").content.decode()


# --- settings -------------------------------------------------------------------------------------


def test_an_administrator_makes_a_rule_looks_and_switches_it_on(
    people: People, company: Company, client: Client
) -> None:
    client.force_login(people.admin)
    move([company.pk], ["dormant"], ["lost"], at=now(), why="hand")
    Party.objects.filter(pk=company.pk).update(state="lost")
    DatedState.objects.filter(party=company, until=None).update(held_until=now())
    answer = client.post(
        "/settings/cycle/new",
        {
            "from_states": ["lost"], "to_state": "won_back", "patience": "30",
            "parties_made_before__days": "10", "parties_tagged__tag": "",
        },
    )  # fmt: skip
    rule = StateRule.objects.latest("pk")
    assert answer["Location"] == f"/settings/cycle/{rule.pk}"
    assert rule.conditions == [{"is": "parties.made_before", "days": 10}]
    assert not rule.active
    page = client.get(f"/settings/cycle/{rule.pk}").content.decode()
    assert "Aurora" in page
    assert "created more than 10 days ago" in page
    assert Party.objects.get(pk=company.pk).state == "lost"
    client.post(f"/settings/cycle/{rule.pk}/switch", {"on": "1"})
    assert StateRule.objects.get(pk=rule.pk).active
    edit = client.get(f"/settings/cycle/{rule.pk}/edit").content.decode()
    assert 'name="parties_made_before__days" value="10"' in edit
    client.post(f"/settings/cycle/{rule.pk}/move", {"up": "1"})
    assert StateRule.objects.order_by("place").first() == rule
    client.post(f"/settings/cycle/{rule.pk}/delete")
    assert not StateRule.objects.filter(pk=rule.pk).exists()


def test_a_form_that_makes_no_sense_comes_back(people: People, client: Client) -> None:
    client.force_login(people.admin)
    before = StateRule.objects.count()
    for values in (
        {"name": "Nothing else"},
        {
            "from_states": ["lead"],
            "to_state": "lead",
            "patience": "3",
            "parties_in_state__days": "3",
        },
        {"from_states": ["lead"], "to_state": "lost", "patience": "3"},
        {
            "from_states": ["lead"],
            "to_state": "lost",
            "patience": "3",
            "parties_in_state__days": "x",
        },
    ):
        assert client.post("/settings/cycle/new", values).status_code == 422
    assert StateRule.objects.count() == before


def test_run_now_is_done_by_a_worker_who_tells(
    people: People, company: Company, client: Client
) -> None:
    from vinculo.platform import jobs

    client.force_login(people.admin)
    assert client.post("/settings/cycle/run").status_code == 302
    kind = jobs._JOBS["parties.run_cycle_now"]
    run_job(kind, 4_000_001, {"actor_id": people.admin.pk})
    told = Notification.objects.get(user=people.admin)
    assert told.params == {"n": "0"}


def test_titles_of_rules_are_in_the_readers_language(people: People, client: Client) -> None:
    User.objects.filter(pk=people.admin.pk).update(language="zh-hans")
    client.force_login(people.admin)
    page = client.get("/settings/cycle").content.decode()
    assert "180 天未联系" in page
