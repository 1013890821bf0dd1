"""Filters: what each comparison finds, conditions joined with *or*, fields of related records."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest
from django.http import QueryDict

from tests.personas import People
from tests.records.test_surfaces import signed_in
from tests.samples import make_company, make_person
from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError
from vinculo.parties.models import Company, Person
from vinculo.platform.models import User
from vinculo.records.lists import matching, page_of, parse_list
from vinculo.records.registry import entity

COMPANY, PERSON = entity("parties.company"), entity("parties.person")

#: name, state, city, tags, completeness, days since the last contact (None: never)
ROWS = (
    ("Alpha", "lead", "Berlin", ["vip"], 10, 0),
    ("Beta", "active", "Bonn", ["vip", "fair"], 40, 10),
    ("Gamma", "lost", "", [], 70, 45),
    ("Delta", "active", "Ávila", ["web"], 100, None),
)


@pytest.fixture
def four(people: People) -> People:
    for name, state, city, tags, complete, days in ROWS:
        company = make_company(people.owner, name)
        last = None if days is None else now() - timedelta(days=days)
        Company.objects.filter(pk=company.pk).update(
            state=state, city=city, tags=tags, completeness=complete, last_contact_at=last
        )
    Company.objects.filter(name="Delta").update(owner=people.stranger)
    return people


def found(user: User, query: str, record_type: str = "parties.company") -> str:
    state = parse_list(entity(record_type), user, QueryDict(query))
    return " ".join(sorted(one.name for one in matching(state)))


CASES = (
    ("name.lacks=alp", "Beta Delta Gamma"),
    ("name.lacks=amm", "Alpha Beta Delta"),
    ("city.not=Bonn", "Alpha Delta Gamma"),
    ("state.out=lead,lost", "Beta Delta"),
    ("completeness.not=40", "Alpha Delta Gamma"),
    ("completeness.above=40", "Delta Gamma"),
    ("completeness.below=40", "Alpha"),
    ("completeness.between=40..70", "Beta Gamma"),
    ("completeness.between=..40", "Alpha Beta"),
    ("completeness.between=70..", "Delta Gamma"),
    ("last_contact_at.older=30", "Gamma"),
    ("last_contact_at.older=9", "Beta Gamma"),
    ("last_contact_at.within=last_30_days", "Alpha Beta"),
    ("last_contact_at.within=last_11_days", "Alpha Beta"),
    ("tags.any=fair,web", "Beta Delta"),
    ("tags.none=vip,web", "Gamma"),
    ("owner.is=mine", "Alpha Beta Delta Gamma"),
    ("owner.not=me", "Alpha Beta Delta Gamma"),
    ("any1.city.is=Bonn&any1.state.is=lost", "Beta Gamma"),
    ("any1.city.is=Bonn&any1.state.is=lost&completeness.min=50", "Gamma"),
    ("any1.city.is=Bonn&any1.state.is=lost&any4.tags.has=vip&any4.city.empty=1", "Beta Gamma"),
    ("any1.name.contains=alp&any1.name.contains=bet", "Alpha Beta"),
    ("any3.city.is=Bonn", "Beta"),
)


def test_each_comparison_finds_what_it_says(four: People) -> None:
    for query, expected in CASES:
        assert found(four.manager, query) == expected, query


def test_a_span_of_days_holds_both_its_ends(four: People) -> None:
    Company.objects.filter(name="Alpha").update(
        last_contact_at=datetime(2026, 3, 31, 21, 59, 59, tzinfo=UTC)
    )
    assert found(four.admin, "last_contact_at.between=2026-03-01..2026-03-31") == "Alpha"
    assert found(four.admin, "last_contact_at.between=2026-03-01..2026-03-30") == ""


@pytest.mark.parametrize(
    "query",
    [
        "any0.city.is=x&any0.state.is=lead",
        "any10.city.is=x",
        "any1.any2.city.is=x",
        "company.company.city.is=x",
        "owner.name.is=x",
        "completeness.between=..",
        "completeness.between=1..many",
        "last_contact_at.between=2026-01-01..never",
        "last_contact_at.older=-3",
        "last_contact_at.older=99999999",
        "last_contact_at.older=",
        "&".join(f"any1.city.is={n}" for n in range(31)),
    ],
)
def test_what_makes_no_sense_is_refused(query: str, people: People) -> None:
    with pytest.raises(DomainError):
        page = QueryDict(f"{query}&any1.x.y.z=1" if query.endswith("older=") else query)
        page_of(parse_list(COMPANY, people.admin, page))


def test_the_address_of_a_state_is_the_same_after_reading_it_again(four: People) -> None:
    query = (
        "any5.city.is=Bonn&any5.state.in=lost%2Clead&any7.name.contains=a&owner.is=me"
        "&sort=-state,name&cols=name:240p,city,owner:p&density=compact&group=state"
    )
    once = parse_list(COMPANY, four.admin, QueryDict(query)).query()
    assert parse_list(COMPANY, four.admin, QueryDict(once)).query() == once
    assert dict(parse_qsl(once)) == {
        "any1.city.is": "Bonn", "any1.state.in": "lost,lead", "name.contains": "a",
        "owner.is": "me", "sort": "-state,name", "cols": "name:240p,city,owner:p",
        "density": "compact", "group": "state",
    }  # fmt: skip


def employed(people: People) -> None:
    """A person at each company, and one without."""
    for company in Company.objects.all():
        person = make_person(people.owner, f"At{company.name}")
        Person.objects.filter(pk=person.pk).update(company=company, team=people.company)
    make_person(people.owner, "Alone")


def test_a_step_asks_about_the_related_record(four: People) -> None:
    employed(four)
    for query, expected in (
        ("company.name.contains=bet", "AtBeta"),
        ("company.city.is=Berlin", "AtAlpha"),
        ("company.state.in=lost,lead", "AtAlpha AtGamma"),
        ("company.completeness.between=50..", "AtDelta AtGamma"),
        ("company.city.empty=1", "AtGamma"),
        ("company.city.not=Bonn", "AtAlpha AtDelta AtGamma"),
        ("any1.company.city.is=Bonn&any1.name.is=Alone", "Alone AtBeta"),
        (f"company.owner.is={four.stranger.pk}", "AtDelta"),
    ):
        assert found(four.admin, query, "parties.person") == expected, query


def test_a_step_tells_nothing_of_a_record_the_reader_may_not_see(four: People) -> None:
    """Delta is a stranger's: its owner's colleague sees the person, not the company's city."""
    employed(four)
    Person.objects.filter(name="AtDelta").update(owner=four.owner)
    Company.objects.filter(name="Delta").update(team=four.south)
    four.owner.forget_rights()
    assert "AtDelta" in found(four.owner, "", "parties.person")
    for query in ("company.city.contains=vila", "company.city.not=Bonn", "company.state.is=active",
                  "any1.company.city.contains=vila&any1.company.state.is=nothing"):  # fmt: skip
        assert "AtDelta" not in found(four.owner, query, "parties.person"), query


def test_a_hidden_field_is_no_filter_sort_group_figure_or_step(four: People) -> None:
    employed(four)
    role = four.owner.active_roles()[0]
    role.field_rules = {
        "parties.company": {"completeness": "hidden", "city": "hidden"},
        "parties.person": {"tax_id": "hidden"},
    }
    role.save()
    owner = User.objects.get(pk=four.owner.pk)
    for query in (
        "completeness.between=1..2",
        "any1.completeness.is=1&any1.name.is=x",
        "sort=name,completeness",
        "sort=-city",
        "group=city",
    ):
        with pytest.raises(DomainError):
            parse_list(COMPANY, owner, QueryDict(query))
    for query in ("company.city.is=Bonn", "any1.company.completeness.min=1&any1.name.is=x"):
        with pytest.raises(DomainError):
            parse_list(PERSON, owner, QueryDict(query))
    client = signed_in(owner)
    figures = client.get("/companies/figures?cols=name,completeness,state").content.decode()
    assert "55" not in figures and "Average" not in figures
    fields = client.get("/people/filter?step=company").content.decode()
    assert "State" in fields and "City" not in fields and "Completeness" not in fields
    role.field_rules = {"parties.person": {"company": "hidden"}}
    role.save()
    owner = User.objects.get(pk=four.owner.pk)
    with pytest.raises(DomainError):
        parse_list(PERSON, owner, QueryDict("company.city.is=Bonn"))
    assert "Fields of" not in signed_in(owner).get("/people/filter").content.decode()


def test_the_form_makes_groups_and_steps(four: People) -> None:
    client = signed_in(four.admin)
    for asked, expected in (
        ("f=city&op=is&v=Bonn&any=1&any1.state.is=lost", "any1.city.is=Bonn"),
        ("f=completeness&op=between&v1=10&v2=40", "completeness.between=10..40"),
        ("f=completeness&op=between&v1=&v2=40", "completeness.between=..40"),
        ("f=state&op=in&v=lead&v=lost", "state.in=lead%2Clost"),
        ("f=city&op=filled", "city.filled=1"),
        ("f=parent.city&op=contains&v=Bonn", "parent.city.contains=Bonn"),
    ):
        answer = client.get(f"/companies?{asked}")
        assert answer.status_code == 302 and expected in answer["Location"], asked
    page = client.get("/companies?any1.city.is=Bonn&any1.state.is=lost&name.contains=a")
    body = page.content.decode()
    assert body.count('class="filter-group"') == 1 and body.count("data-filter") == 3
    assert "any=1&amp;any1.city.is=Bonn" in body and "any=2&amp;any1.city.is" in body
