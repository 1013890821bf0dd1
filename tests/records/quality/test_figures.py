"""Every figure of the page is the number of records in the list that it opens."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.http import QueryDict
from django.test import Client

from tests.parties.makers import make_company, make_person, point
from tests.personas import People
from vinculo.interactions.models import Interaction, Task
from vinculo.kernel.clock import now
from vinculo.parties.derived import refresh
from vinculo.parties.models import Company, Party, Person
from vinculo.parties.quality.taxids import judge_tax_ids
from vinculo.platform import journal
from vinculo.platform.models import ChangeSet, User
from vinculo.platform.undo import undo_change_set
from vinculo.records.entity import Entity
from vinculo.records.filters import askable
from vinculo.records.lists import parse_list
from vinculo.records.lists.paging import matching
from vinculo.records.quality.counting import ALL, groups_of, tally, value_filter
from vinculo.records.quality.measures import measures_of
from vinculo.records.registry import entity

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
KEYS = ("parties.company", "parties.person", "interactions.interaction", "interactions.task",
        "interactions.file")  # fmt: skip


@pytest.fixture
def world(people: People) -> People:
    """Records of two owners that came in three ways, good ones and bad ones."""
    with journal.through("screen"), journal.change_set(actor=people.owner, verb="records.create"):
        good = make_company("Aurora", owner=people.owner, team=people.north, country="ES",
                            tax_id="B58378431", source="web", industry="retail")  # fmt: skip
        point(good, "phone", "+34 955 47 29 12", "+34955472912", is_primary=True, is_valid=True)
        point(good, "email", "a@aurora.es", "a@aurora.es", is_primary=True, is_valid=True)
        wrong = make_company("BORRADO TOTAL", owner=people.owner, team=people.north,
                             tax_id="B58378432", source="web")  # fmt: skip
        point(wrong, "address", "", city="Madrid", country="ES", is_primary=True)
        point(wrong, "phone", "12", "12", is_primary=True, is_valid=False)
        point(wrong, "email", "a@localhost", "a@localhost", is_primary=True, do_not_contact=True)
    with journal.through("import"), journal.change_set(actor=people.admin, verb="records.import"):
        made = [
            make_person("Test", owner=people.stranger, team=people.south),
            make_person("R2 D2", owner=people.stranger, birthday=date(1890, 1, 1)),
            make_person("ana@x.es", birthday=(now() + 40 * DAY).date(), source="event"),
        ]
    with journal.through("api"), journal.change_set(actor=people.admin, verb="records.create"):
        made += [make_person(f"Many {n}", owner=people.owner, team=people.north) for n in range(6)]
        for one in made[-6:]:
            point(one, "phone", "+34 955 47 29 00", "+34955472900", is_primary=True, is_valid=True)
        Task.objects.create(
            title="Old", owner=people.owner, team=people.north, due_on=date(2001, 1, 1)
        )
        Interaction.objects.create(
            party=good, kind="call", status="done", at=now() + 9 * DAY, owner=people.owner,
            team=people.north,
        )  # fmt: skip
    refresh([good.pk, wrong.pk, *(one.pk for one in made)])
    Party.objects.filter(pk__in=[good.pk, made[0].pk]).update(updated_at=now() - 200 * DAY)
    Party.objects.filter(pk=made[0].pk).update(last_contact_at=now() - 400 * DAY)
    judge_tax_ids()
    return people


def in_list(found: Entity, user: User, query: str) -> int:
    state = parse_list(found, user, QueryDict(query))
    return int(matching(state).count())


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("who", ["admin", "owner", "manager"])
def test_each_figure_is_the_count_of_its_list(world: People, who: str, key: str) -> None:
    user: User = getattr(world, who)
    found = entity(key)
    measures = measures_of(found, user)
    rows = found.visible(user)
    told = tally(found, rows, measures.values(), groups_of(found, user))
    assert told[ALL].records == rows.count()
    for name, measure in measures.items():
        assert told[ALL].counts[name] == in_list(found, user, measure.query), name
    known = {field.name: field for field in askable(found, user)}
    for (by, value), part in told.items():
        if not by:
            continue
        one, wanted = value_filter(known[by], value)
        for name, measure in measures.items():
            query = QueryDict(measure.query, mutable=True)
            query[one] = wanted
            asked = in_list(found, user, query.urlencode())
            assert part.counts[name] == asked, (by, value, name)


EXPECTED = {
    "parties.company": {
        "doubt.phone_invalid": ["BORRADO TOTAL"],
        "doubt.email_invalid": ["BORRADO TOTAL"],
        "doubt.email_refused": ["BORRADO TOTAL"],
        "doubt.name_capitals": ["BORRADO TOTAL"],
        "doubt.tax_id_wrong": ["BORRADO TOTAL"],
        "doubt.unreachable": [],
        "filled.industry": ["BORRADO TOTAL"],
        "stale.180": ["Aurora"],
        "stale.365": [],
    },
    "parties.person": {
        "doubt.name_placeholder": ["Test"],
        "doubt.name_digits": [*(f"Many {n}" for n in range(6)), "R2 D2"],
        "doubt.name_email": ["ana@x.es"],
        "doubt.birthday_odd": ["R2 D2", "ana@x.es"],
        "doubt.phone_shared": [f"Many {n}" for n in range(6)],
        "doubt.unreachable": ["R2 D2", "Test", "ana@x.es"],
        "stale.180": ["Test"],
    },
}


@pytest.mark.parametrize("key", EXPECTED)
def test_checks_find_what_they_say(world: People, key: str) -> None:
    measures = measures_of(entity(key))
    for name, names in EXPECTED[key].items():
        rows = entity(key).queryset().filter(measures[name].where)
        assert sorted(rows.values_list("name", flat=True)) == sorted(names), name


def links(page: str) -> list[tuple[str, str, int]]:
    """(label, address, number) of the figures on a page."""
    found = re.findall(r'<a href="([^"]+)" aria-label="([^"]+): ([\d,]+)">', page)
    return [(label, unescape(url), int(n.replace(",", ""))) for url, label, n in found]


@pytest.mark.parametrize("who", ["admin", "owner"])
def test_the_page_tells_it_and_each_number_opens_its_list(
    world: People, client: Client, who: str
) -> None:
    user: User = getattr(world, who)
    client.force_login(user)
    seen = 0
    pages = ["/quality?of=people", "/quality?of=companies&days=30"]
    pages += [f"/quality/figure?of=people&what={name}"
              for name in ("filled.email", "doubt.phone_shared", "stale.180")]  # fmt: skip
    for address in pages:
        answer = client.get(address)
        assert answer.status_code == 200
        for _label, url, number in links(answer.content.decode()):
            path, _mark, query = url.partition("?")
            found = entity("parties.person" if path == "/people" else "parties.company")
            assert in_list(found, user, query) == number, url
            assert client.get(url).status_code == 200
            seen += 1
    assert seen > 30


def test_a_hidden_field_is_not_told_of(world: People, client: Client) -> None:
    role = world.owner.active_roles()[0]
    role.field_rules = {"parties.person": {"phone": "hidden", "birthday": "hidden"}}
    role.save()
    world.owner.forget_rights()
    measures = measures_of(entity("parties.person"), world.owner)
    gone = {"filled.phone", "filled.birthday", "doubt.phone_invalid", "doubt.phone_shared",
            "doubt.unreachable", "doubt.birthday_odd"}  # fmt: skip
    assert not gone & set(measures)
    client.force_login(world.owner)
    page = client.get("/quality?of=people").content.decode()
    assert "phone_invalid" not in page
    assert client.get("/quality/figure?of=people&what=doubt.phone_invalid").status_code == 404
    # As a filter it finds nothing, whatever there is, as a word that nobody knows would.
    for name in ("phone_shared", "no_such_check"):
        assert in_list(entity("parties.person"), world.owner, f"doubts.in={name}") == 0


def test_origins_are_told_and_asked(world: People, client: Client) -> None:
    client.force_login(world.admin)
    found = entity("parties.person")
    ways = {name: in_list(found, world.admin, f"origin.in={name}")
            for name in ("form", "api", "import", "other", "nonsense", "import.x")}  # fmt: skip
    assert ways == {"form": 0, "api": 6, "import": 3, "other": 0, "nonsense": 0, "import.x": 0}
    assert in_list(found, world.admin, "origin.out=import") == 6
    page = client.get("/people?origin.in=import").content.decode()
    assert "Came by" in page and "Import" in page
    form = client.get("/people/filter?field=origin")
    assert "Program (API)" in form.content.decode()


def test_a_record_that_came_back_keeps_its_origin(world: People) -> None:
    person = Person.objects.get(name="Many 0")
    with journal.change_set(actor=world.admin, verb="records.delete") as opened:
        person.contact_points.all().delete()
        person.delete()
    undo_change_set(actor=world.admin, change_set=ChangeSet.objects.get(pk=opened.id))
    assert in_list(entity("parties.person"), world.admin, "origin.in=api") == 6


def test_a_tax_id_that_was_put_right_is_no_longer_wrong(world: People) -> None:
    company = Company.objects.get(name="BORRADO TOTAL")
    where = measures_of(entity("parties.company"))["doubt.tax_id_wrong"].where
    assert Company.objects.filter(where).count() == 1
    Company.objects.filter(pk=company.pk).update(tax_id="B58378431")
    assert Company.objects.filter(where).count() == 0
    judge_tax_ids()
    assert Company.objects.filter(where).count() == 0


def test_no_records_no_right(people: People, client: Client) -> None:
    client.force_login(people.admin)
    page = client.get("/quality").content.decode()
    assert "Nothing to measure yet" in page
    nobody = User.objects.create_user("nobody@example.com", "Nobody")
    client.force_login(nobody)
    answer = client.get("/quality")
    assert answer.status_code == 403
