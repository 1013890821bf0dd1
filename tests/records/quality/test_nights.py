"""What is counted each night, its trend, and the alerts that are held against it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.parties.makers import make_company, point
from tests.personas import People
from vinculo.kernel.clock import frozen, now
from vinculo.kernel.errors import DomainError, NotAllowed
from vinculo.parties.derived import refresh
from vinculo.parties.models import Company, ContactPoint
from vinculo.platform.models import ChangeSet, Notification, User, Work
from vinculo.platform.notifications import text_of
from vinculo.platform.undo import undo_change_set
from vinculo.records.quality import actions, reading
from vinculo.records.quality.alerts import is_crossed
from vinculo.records.quality.charts import HEIGHT, WIDTH, chart_of
from vinculo.records.quality.measures import Share, measures_of
from vinculo.records.quality.models import QualityAlert, QualityFigures
from vinculo.records.quality.nightly import measure_all, measure_asked_for
from vinculo.records.quality.reading import Point, read, trend
from vinculo.records.registry import entity

DAY = timedelta(days=1)
COMPANY = "parties.company"
VALID = "doubt.phone_invalid"


@pytest.fixture
def companies(people: People) -> list[Company]:
    """Ten companies with phones that are all right."""
    made = [make_company(f"C {n}", owner=people.owner, team=people.north) for n in range(10)]
    for n, one in enumerate(made):
        point(one, "phone", f"+34 955 47 29 1{n}", f"+3495547291{n}", is_valid=True)
    refresh([one.pk for one in made])
    return made


def spoil(some: list[Company], *, valid: bool = False) -> None:
    ContactPoint.objects.filter(party__in=some).update(is_valid=valid)


def alert_of(people: People, **other: Any) -> QualityAlert:
    told = {"entity": COMPANY, "measure": VALID, "line": "below", "threshold": Decimal(90),
            "tells": [people.admin, people.owner], **other}  # fmt: skip
    return actions.create_alert(actor=people.admin, **told)


@pytest.mark.django_db
def test_a_night_is_kept_once_a_day_and_groups_only_of_the_latest(
    people: People, companies: list[Company]
) -> None:
    start = now()
    with frozen(start - DAY):
        measure_all()
    spoil(companies[:2])
    measure_all()
    measure_all()
    kept = QualityFigures.objects.filter(entity=COMPANY)
    assert kept.filter(by="").count() == 2
    assert set(kept.exclude(by="").values_list("day", flat=True)) == {kept.latest("day").day}
    owners = kept.filter(by="owner")
    assert [(one.value, one.counts[VALID]) for one in owners] == [(str(people.owner.pk), 2)]
    points = trend(entity(COMPANY), people.admin, measures_of(entity(COMPANY))[VALID], 30)
    assert [one.share.amiss for one in points] == [0, 2]
    # What was counted over everything is for administrators alone.
    assert trend(entity(COMPANY), people.owner, measures_of(entity(COMPANY))[VALID], 30) == []


@pytest.mark.django_db
def test_of_very_many_records_administrators_get_the_night_and_others_their_own(
    people: People, companies: list[Company], monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    monkeypatch.setattr(reading, "LIVE_MOST", 5)
    spoil(companies[:2])
    measure_all()
    spoil(companies[2:4])
    measures = measures_of(entity(COMPANY), people.admin)
    found = read(entity(COMPANY), people.admin, measures.values())
    assert found is not None and found.night
    assert found.all.counts[VALID] == 2
    own = read(entity(COMPANY), people.owner, measures.values())
    assert own is not None and not own.night
    assert own.all.counts[VALID] == 4
    client.force_login(people.admin)
    page = client.get("/quality?of=companies").content.decode()
    assert "The lists show what has changed since" in page
    page = client.get(f"/quality/figure?of=companies&what={VALID}").content.decode()
    assert "80 %" in page and people.owner.name in page


@pytest.mark.django_db
def test_an_alert_tells_once_when_crossed_and_once_when_back(
    people: People, companies: list[Company]
) -> None:
    alert_of(people, tells=[people.admin, people.owner])

    def told(user: User) -> list[str]:
        return [text_of(one) for one in Notification.objects.filter(user=user).order_by("pk")]

    measure_all()
    assert told(people.admin) == []
    spoil(companies[:2])
    measure_all()
    measure_all()
    assert len(told(people.admin)) == 1
    assert "80 %" in told(people.admin)[0] and "90 %" in told(people.admin)[0]
    spoil(companies, valid=True)
    measure_all()
    measure_all()
    assert len(told(people.admin)) == 2
    assert "back in order" in told(people.admin)[1] and "100 %" in told(people.admin)[1]
    assert len(told(people.owner)) == 2
    assert Notification.objects.latest("pk").url == f"/quality/figure?of=companies&what={VALID}"


@pytest.mark.django_db
def test_who_may_not_see_the_field_hears_nothing(people: People, companies: list[Company]) -> None:
    role = people.owner.active_roles()[0]
    role.field_rules = {COMPANY: {"phone": "hidden"}}
    role.save()
    alert_of(people)
    spoil(companies)
    measure_all()
    assert list(Notification.objects.values_list("user", flat=True)) == [people.admin.pk]


@pytest.mark.django_db
def test_an_alert_of_nothing_stays_quiet(people: People) -> None:
    alert_of(people)
    measure_all()
    assert not Notification.objects.exists()


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"entity": "no.such"}, "figure"),
    ({"measure": "filled.no_such"}, "figure"),
    ({"line": "sideways"}, "line"),
    ({"threshold": Decimal(101)}, "threshold"),
    ({"threshold": Decimal("NaN")}, "threshold"),
    ({"line": "above", "threshold": Decimal("1.5")}, "threshold"),
    ({"tells": []}, "tells"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("wrong", "field"), REFUSED)
def test_an_alert_that_makes_no_sense_is_refused(
    people: People, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(DomainError) as refusal:
        alert_of(people, **wrong)
    assert refusal.value.field == field
    assert not QualityAlert.objects.exists()


@pytest.mark.django_db
def test_alerts_are_for_administrators_and_can_be_undone(people: People, client: Client) -> None:
    with pytest.raises(NotAllowed):
        actions.create_alert(
            actor=people.manager, entity=COMPANY, measure=VALID, line="below",
            threshold=Decimal(90), tells=[people.manager],
        )  # fmt: skip
    client.force_login(people.manager)
    assert client.get("/settings/quality").status_code == 403
    assert client.post("/quality/measure").status_code == 403
    client.force_login(people.admin)
    figure = f"{COMPANY}:{VALID}"
    assert "selected" in client.get(f"/settings/quality/new?figure={figure}").content.decode()
    values = {"figure": figure, "line": "below", "threshold": "92.5", "tells": people.admin.pk}
    assert client.post("/settings/quality/new", {**values, "tells": ""}).status_code == 422
    client.post("/settings/quality/new", values)
    alert = QualityAlert.objects.get()
    assert (alert.threshold, alert.tells) == (Decimal("92.5"), [people.admin.pk])
    assert "in order below 92.5 %" in client.get("/settings/quality").content.decode()
    client.post(f"/settings/quality/{alert.pk}", {**values, "line": "above", "threshold": "7"})
    client.post(f"/settings/quality/{alert.pk}/switch", {"on": "0"})
    assert not QualityAlert.objects.get().active
    client.post(f"/settings/quality/{alert.pk}/delete")
    assert not QualityAlert.objects.exists()
    for verb in ("delete", "switch", "change"):
        done = ChangeSet.objects.filter(verb=f"records.{verb}_quality_alert").latest("pk")
        undo_change_set(actor=people.admin, change_set=done)
    back = QualityAlert.objects.get()
    assert (back.line, back.threshold, back.active) == ("below", Decimal("92.5"), True)


@pytest.mark.django_db
def test_measuring_now_is_one_job_at_a_time(
    people: People, companies: list[Company], client: Client
) -> None:
    client.force_login(people.admin)
    assert "The first night is still to come" in client.get("/quality/figure").content.decode()
    assert client.post("/quality/measure").status_code == 302
    assert client.post("/quality/measure").status_code == 422
    work = Work.objects.get(kind=actions.WORK)
    assert "The counting is under way" in client.get("/quality").content.decode()
    measure_asked_for(actor=people.admin, work_id=work.pk)
    assert QualityFigures.objects.filter(by="", entity=COMPANY).count() == 1
    assert "There is one day so far" in client.get("/quality/figure").content.decode()


@pytest.mark.django_db
def test_a_trend_is_a_line_and_a_table(
    people: People, companies: list[Company], client: Client
) -> None:
    start = now()
    for ago in (60, 20, 0):
        with frozen(start - ago * DAY):
            measure_all()
        spoil(companies[: 1 + ago])
    client.force_login(people.admin)
    address = f"/quality/figure?of=companies&what={VALID}"
    near, far = (client.get(f"{address}&span={n}").content.decode() for n in (30, 90))
    assert near.count("trend-path") == far.count("trend-path") == 1
    assert near.count("<tr><td>") + 1 == far.count("<tr><td>")


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 100)), max_size=12))
@settings(max_examples=40, deadline=None)
def test_each_point_of_a_line_lies_in_the_drawing(days: list[tuple[int, int]]) -> None:
    start = now().date()
    told = {ago: Point(start - ago * DAY, Share(100, amiss)) for ago, amiss in days}
    points = sorted(told.values(), key=lambda one: one.day)
    chart = chart_of(points)
    assert (chart is None) == (len(points) < 2)
    if chart is None:
        return
    drawn = [tuple(map(float, one.split(","))) for one in chart.points.split(" ")]
    assert len(drawn) == len(points)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in drawn)
    assert [x for x, _y in drawn] == sorted(x for x, _y in drawn)
    shares = [one.share.good for one in points]
    for (_x, one), (_x2, other), first, second in zip(
        drawn, drawn[1:], shares, shares[1:], strict=False
    ):
        assert (one - other) * (first - second) <= 0  # better is higher up


@given(st.integers(0, 1000), st.integers(0, 1000), st.decimals(0, 100, places=1))
@settings(max_examples=60, deadline=None)
def test_a_line_is_crossed_on_its_bad_side_alone(records: int, amiss: int, line: Decimal) -> None:
    share = Share(records, min(records, amiss))
    below = QualityAlert(line="below", threshold=line)
    above = QualityAlert(line="above", threshold=int(line))
    assert is_crossed(above, share) == (share.amiss > int(line))
    if not records:
        assert is_crossed(below, share) is None
    else:
        assert is_crossed(below, share) == (
            Fraction(100 * (records - share.amiss), records) < Fraction(line)
        )
