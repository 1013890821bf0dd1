"""The palette: commands of the page, the selection and the house, in any language."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from tests.personas import People, make_role, make_user
from tests.samples import CANARY, make_company, make_sample
from vinculo.interactions.derived import refresh_interactions
from vinculo.interactions.models import Interaction
from vinculo.kernel.clock import now
from vinculo.platform.models import User
from vinculo.records.registry import entity
from vinculo.records.saved.actions import save_view
from vinculo.records.search import best_matches

pytestmark = pytest.mark.django_db


def asked(user: User, typed: str = "", here: str = "/my-day", chosen: str = "0") -> list[str]:
    """The lines of the answer, as they read."""
    client = Client()
    client.force_login(user)
    answer = client.get("/palette", {"q": typed, "here": here, "chosen": chosen})
    return re.findall(r'class="palette-label">([^<]*)<', answer.content.decode())


def test_a_record_offers_its_actions_and_its_composer(people: People) -> None:
    company = make_company(people.owner, "Alder")
    lines = asked(people.owner, here=f"/companies/{company.pk}")
    assert {"Edit", "Log call", "Add note"} <= set(lines)
    here = f"/companies/{company.pk}"
    assert asked(people.owner, "who can", here)[0] == "Who can see this"
    assert "Log call" in asked(people.owner, ">call", here)
    assert "Edit" not in asked(people.owner)


def test_each_command_shows_its_key(people: People) -> None:
    company = make_company(people.owner, "Alder")
    client = Client()
    client.force_login(people.owner)
    page = client.get("/palette", {"here": f"/companies/{company.pk}"}).content.decode()
    for label, caps in (("Edit", "<kbd>e</kbd>"), ("My day", "<kbd>g</kbd><kbd>d</kbd>")):
        line = page.split(f'class="palette-label">{label}<')[1].split("</a>")[0]
        assert caps in line, label


def test_what_one_may_not_see_offers_nothing(people: People) -> None:
    company = make_company(people.owner, "Alder")
    lines = asked(people.stranger, here=f"/companies/{company.pk}")
    assert "Edit" not in lines and "Alder" not in " ".join(lines)


def test_selected_rows_have_commands_of_their_own(people: People) -> None:
    assert "Assign an owner" not in asked(people.owner, here="/companies")
    lines = asked(people.owner, here="/companies", chosen="3")
    assert lines[0] == "Select all that match" and "Assign an owner" in lines


def test_commands_only_after_a_greater_than_sign(people: People) -> None:
    make_company(people.owner, "Notable Alder")
    assert any("Notable Alder" in line for line in asked(people.owner, "nota"))
    assert not any("Notable Alder" in line for line in asked(people.owner, ">nota"))
    assert asked(people.owner, ">noti")[0] == "Notifications"


def test_settings_views_colours_and_languages_are_found(people: People) -> None:
    view = save_view(
        actor=people.owner, entity=entity("parties.company"), name="Rhine valley", query="q=rhine"
    )
    assert asked(people.owner, "rhine") == [view.name]
    assert asked(people.owner, "dark")[0] == "Dark"
    assert asked(people.owner, "español")[0] == "español"
    assert asked(people.owner, "spanish")[0] == "español"
    assert "Roles" not in asked(people.owner, "roles")
    assert "Roles" in asked(people.admin, "roles")


@pytest.mark.parametrize("typed", ["公司", "gongsi", "gs", "compan"])
def test_a_chinese_reader_may_type_chinese_pinyin_or_english(people: People, typed: str) -> None:
    people.owner.language = "zh-hans"
    people.owner.save(update_fields=["language"])
    assert "公司" in asked(people.owner, f">{typed}")


def test_the_language_is_the_readers_own_from_then_on(people: People) -> None:
    client = Client()
    client.force_login(people.owner)
    answer = client.post("/language", {"language": "es", "next": "/companies"})
    assert answer.headers["Location"] == "/companies"
    people.owner.refresh_from_db()
    assert people.owner.language == "es"
    assert 'lang="es"' in client.get("/companies").content.decode()


def test_interactions_are_found_after_the_others(people: People) -> None:
    """What is in tens of thousands of interactions does not keep the customer waiting."""
    make_company(people.owner, f"{CANARY} Trading")
    make_sample(entity("interactions.interaction"), people.owner)
    client = Client()
    client.force_login(people.owner)
    for place in ("/palette", "/search"):
        first = client.get(place, {"q": CANARY[:6]}).content.decode()
        assert f"{CANARY} Trading" in first
        assert "/activities/" not in first
        more = re.search(rf'hx-get="({place}/more\?[^"]+)"', first)
        assert more is not None
        assert "/activities/" in client.get(unescape(more[1])).content.decode()


def test_the_newest_that_match_are_found_late(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vinculo.records.search.NEWEST", 3)
    company = make_company(people.owner, "Northwind")
    mine = {"owner": people.owner, "team": people.north, "party": company, "kind": "call"}
    for days in range(6):
        call = Interaction.objects.create(
            subject=f"Prices {days}", at=now() - timedelta(days=days), **mine
        )
        refresh_interactions([call.pk])
    found = best_matches(entity("interactions.interaction"), people.owner, "prices", 2)
    assert {str(one) for one in found} <= {"Prices 0", "Prices 1", "Prices 2"}
    # Where the newest hold too few, all are asked.
    assert len(best_matches(entity("interactions.interaction"), people.owner, "prices", 6)) == 6


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("sara velazquez", True), ("sara velaz", True), ("velaz", True), ("vel", False),
        ("velaz sara", False),
    ],
)  # fmt: skip
def test_words_are_whole_but_the_one_being_typed(people: People, typed: str, found: bool) -> None:
    company = make_company(people.owner, "Northwind")
    call = Interaction.objects.create(
        subject="Sara Velázquez", at=now(), owner=people.owner, team=people.north, party=company,
        kind="call",
    )  # fmt: skip
    refresh_interactions([call.pk])
    hits = best_matches(entity("interactions.interaction"), people.owner, typed, 6)
    assert bool(hits) is found


def test_nothing_is_said_to_be_found_only_after_all_was_asked(people: People) -> None:
    client = Client()
    client.force_login(people.owner)
    assert "Nothing found" not in client.get("/palette?q=xqzjwv").content.decode()
    assert "Nothing found" in client.get("/palette/more?q=xqzjwv&some=0").content.decode()
    assert "Nothing found" not in client.get("/palette/more?q=xqzjwv&some=1").content.decode()
    nobody = make_user("sees-none", make_role("Sees no calls", "none"))
    client.force_login(nobody)
    assert "Nothing found" in client.get("/palette?q=xqzjwv").content.decode()
