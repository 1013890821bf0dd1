"""The database says of any formula and any row what the formula means."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db.models import F
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.personas import People
from tests.records.computed.meaning import Reader, half_up, meaning
from tests.records.custom.kinds import CHOICES, add
from tests.samples import make_company
from vinculo.kernel.clock import now
from vinculo.parties.models import Company
from vinculo.platform.custom.columns import seen_path
from vinculo.platform.models import CustomField, User
from vinculo.records.computed.formulas.types import What
from vinculo.records.computed.plans import Plan, Planner, definitions
from vinculo.records.computed.seen import DRAFT, drafting
from vinculo.records.registry import entity

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/Mexico_City")
DECIMALS = 6

#: name → what a row's field holds, as it lies in the database.
numbers = st.none() | st.decimals(-(10**9), 10**9, places=3, allow_nan=False).map(str)
whole = st.none() | st.integers(-1000, 1000)
amounts = st.none() | st.decimals(-(10**6), 10**6, places=2, allow_nan=False).map(str)
days = st.none() | st.dates(date(1, 1, 1), date(9999, 12, 31)).map(date.isoformat)
moments = st.none() | st.datetimes(datetime(1950, 1, 1), datetime(2090, 1, 1)).map(
    lambda at: at.replace(tzinfo=UTC).isoformat()
)
texts = st.none() | st.text("abcXYZ 你好ñ%'\"\\{}1", min_size=1, max_size=8)
truths = st.none() | st.just(True)
choices = st.none() | st.sampled_from(("gold", "silver"))
several = st.none() | st.lists(st.sampled_from(("gold", "silver")), min_size=1, unique=True)
KEPT = {"n": numbers, "w": whole, "m": amounts, "d": days, "at": moments, "t": texts, "b": truths,
        "c": choices, "l": several}  # fmt: skip
KINDS = {"n": "number", "w": "number", "m": "money", "d": "date", "at": "datetime", "t": "text",
         "b": "boolean", "c": "choice", "l": "choices"}  # fmt: skip


# --- formulas of each sort, as text --------------------------------------------------------------


def of(template: str, *parts: Any) -> Any:
    """Formulas made of a template and formulas of the sorts it takes."""
    return st.tuples(*parts).map(lambda some: template.format(*some))


def deeper(inner: dict[str, Any]) -> dict[str, Any]:
    """One step more around formulas of each sort."""
    n, m, t, d, b = (inner[sort] for sort in "nmtdb")
    sign = st.sampled_from(("=", "!=", "<", "<=", ">", ">="))
    same = st.sampled_from(("=", "!="))
    return {
        "n": st.one_of(
            n, of("({} {} {})", n, st.sampled_from("+-*/"), n), of("({} / {})", m, m), of("-{}", n),
            of("round({}, {})", n, st.integers(0, 4)), of("abs({})", n), of("length({})", t),
            of("min({}, {})", n, n), of("max({}, {}, {})", n, n, n), of("if({}, {}, {})", b, n, n),
            of("if({}, {})", b, n), of("if_empty({}, {})", n, n), of("({} - {})", d, d),
            of("days_between({}, {})", d, d), of("year({})", d), of("month({})", d),
            of("day({})", d), st.just("length(custom_l)"),
        ),
        "m": st.one_of(
            m, of("({} + {})", m, m), of("({} - {})", m, m), of("({} * {})", m, n),
            of("({} / {})", m, n), of("max({}, 0)", m), of("if({}, {}, 0)", b, m),
            of("if_empty({}, 1.5)", m),
        ),
        "t": st.one_of(
            t, of("({} & {})", t, st.one_of(t, n, m, d)), of("upper({})", t), of("lower({})", t),
            of("trim({})", t), of("left({}, {})", t, n), of("right({}, {})", t, n),
            of("concat({}, {}, custom_at)", t, n), of("if({}, {}, {})", b, t, t),
            of("if({}, {})", b, t), of("if_empty({}, {})", t, t), st.just("('' & custom_c)"),
        ),
        "d": st.one_of(
            d, of("add_days({}, {})", d, n), of("({} + {})", d, n), of("({} - {})", d, n),
            of("min({}, {})", d, d), of("if({}, {}, {})", b, d, d), of("if_empty({}, {})", d, d),
        ),
        "b": st.one_of(
            b, of("({} {} {})", n, sign, n), of("({} {} {})", m, sign, st.one_of(m, n)),
            of("({} {} {})", d, sign, d), of("({} {} {})", t, same, t),
            of("({} and {})", b, b), of("({} or {})", b, b), of("not {}", b),
            of("is_empty({})", st.one_of(n, m, t, d)), of("contains({}, {})", t, t),
            st.sampled_from(("custom_c = 'Gold'", "custom_c != 'silver'", "contains(custom_l, 'gold')",
                             "is_empty(custom_l)", "is_empty(custom_c)")).map("({})".format),
        ),
    }  # fmt: skip


def formulas() -> Any:
    """Formulas of every sort, up to three steps deep."""
    found: dict[str, Any] = {
        "n": st.sampled_from(("custom_n", "custom_w", "0", "2", "0.5", "1000000")),
        "m": st.just("custom_m"),
        "t": st.sampled_from(("custom_t", "''", "'Ab'", '"a""b"', "“你”")),
        "d": st.sampled_from(("custom_d", "today()", "date(custom_at)")),
        "b": st.sampled_from(("custom_b", "true", "false")),
    }
    for _step in range(3):
        found = deeper(found)
    return st.one_of(*found.values())


@pytest.fixture
def asker(people: People) -> User:
    """An administrator among twelve companies, with one custom field per sort of value."""
    for slug, kind in KINDS.items():
        more: dict[str, Any] = {"decimals": 3} if slug == "n" else {}
        more |= {"currency": "EUR"} if kind == "money" else {}
        more |= {"choices": CHOICES} if kind.startswith("choice") else {}
        add(people.admin, kind, slug, **more)
    for number in range(12):
        make_company(people.admin, f"Company {number}")
    return people.admin


def planned(source: str) -> Plan:
    """The plan of a formula of companies."""
    made = CustomField(entity="parties.company", slug="draft", kind="formula", formula=source)
    return Planner({**definitions(), (made.entity, made.name): made}).strictly(made)


def typed(slug: str, value: Any) -> Any:
    """A stored value as Python reckons with it."""
    if value is None:
        return {"t": "", "b": False, "c": "", "l": []}.get(slug)
    if slug in ("n", "m", "w"):
        return Decimal(value)
    if slug == "d":
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if slug == "at" else value


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_the_database_says_what_a_formula_means(asker: User, data: Any) -> None:
    source = data.draw(formulas())
    held = [data.draw(st.fixed_dictionaries(KEPT)) for _number in range(3)]
    companies = list(Company.objects.order_by("pk")[:3])
    for company, row in zip(companies, held, strict=True):
        kept = {slug: value for slug, value in row.items() if value is not None}
        Company.objects.filter(pk=company.pk).update(custom=kept)
    plan = planned(source)
    assert plan.step is not None
    with timezone.override(ZONE):
        reader = drafting(asker, entity("parties.company"), plan, DECIMALS)
        rows = Company.objects.filter(pk__in=[one.pk for one in companies]).order_by("pk")
        said = rows.annotate(said=F(seen_path(reader.name, DRAFT))).values_list("said", flat=True)
        found = list(said)
        plain = Reader(timezone.localdate(now()), ZONE)
    for row, value in zip(held, found, strict=True):
        own = {f"custom_{slug}": typed(slug, one) for slug, one in row.items()}
        meant = meaning(plan.step, own, plain)
        if plan.type.what in (What.NUMBER, What.MONEY) and meant is not None:
            small = abs(meant) < 10**18
            meant = half_up(Decimal(meant), DECIMALS) if small else None
        assert value == meant, source
