"""Who did what: calls, e-mails, meetings, visits, notes and tasks, and what came in and was won."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Case, Count, Sum, Value, When
from django.utils.translation import gettext, pgettext

from vinculo.interactions.models import Interaction, Kind, Outcome, Status, Task
from vinculo.kernel.proportions import share
from vinculo.platform.base import RecordQuerySet
from vinculo.platform.formats import number_text
from vinculo.platform.models import User
from vinculo.records.registry import entity
from vinculo.sales.deals.models import Deal
from vinculo.sales.leads.models import Lead
from vinculo.sales.pipelines.models import Ends
from vinculo.sales.reports.asked import DEAL, Asked, sees
from vinculo.sales.reports.outcomes import label_of
from vinculo.sales.reports.tables import ALL, Cell, Row, Table, amount, counted, percent

INTERACTION, TASK, LEAD = "interactions.interaction", "interactions.task", "sales.lead"
COUNTS = (DEAL, LEAD, INTERACTION, TASK)
WON, VALUE = "won", "value"


@dataclass
class Doing:
    """What one person did in the time, and in the one before: figure → how much."""

    now: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)

    def add(self, name: str, number: Any, *, before: bool) -> None:
        """Count some in."""
        held = self.before if before else self.now
        held[name] = held.get(name, 0) + number


@dataclass(frozen=True)
class Figure:
    """A column: its head, and the list of what is behind it."""

    name: str
    label: str
    path: str = ""
    filters: tuple[tuple[str, str], ...] = ()
    #: The field by which a list tells when.
    when: str = ""
    money: bool = False


def figures_for(user: User) -> list[Figure]:
    """The columns that the reader sees all of."""
    found: list[Figure] = []
    if sees(user, INTERACTION, "kind", "at", "status", "owner"):
        done = ("status.is", Status.DONE.value)
        found += [
            Figure(kind.value, str(kind.label), "activities", (("kind.is", kind.value), done), "at")
            for kind in Kind
        ]
    if sees(user, TASK, "done_at", "owner"):
        label = pgettext("sales report", "Done")
        name = str(entity(TASK).label_plural)
        found.append(Figure("task", f"{name}: {label}", "tasks", (), "done_at"))
    created = pgettext("sales report", "New")
    if sees(user, LEAD, "created_at", "owner"):
        name = str(entity(LEAD).label_plural)
        found.append(Figure("lead", f"{name}: {created}", "leads", (), "created_at"))
    deals = str(entity(DEAL).label_plural)
    if sees(user, DEAL, "opened_on", "owner"):
        found.append(Figure("deal", f"{deals}: {created}", "deals", (), "opened_on"))
    if sees(user, DEAL, "closed_on", "status", "owner"):
        won = pgettext("number of deals", "Won")
        found.append(Figure(WON, f"{deals}: {won}", "deals", (("status.is", "won"),), "closed_on"))
        if sees(user, DEAL, "value"):
            found.append(Figure(VALUE, gettext("Value won"), money=True))
    return found


def doings(user: User, asked: Asked, names: set[str]) -> dict[int | None, Doing]:
    """What everybody did, by owner: one query for each table asked."""
    found: dict[int | None, Doing] = {}

    def add(name: str, row: Mapping[str, Any], number: str = "number") -> None:
        doing = found.setdefault(row["owner_id"], Doing())
        doing.add(name, row[number] or 0, before=row["former"])

    if Kind.CALL.value in names:
        rows = Interaction.objects.visible_to(user).filter(status=Status.DONE)
        for row in _split(asked, rows, "at", "kind", "outcome"):
            add(row["kind"], row)
            if row["kind"] == Kind.CALL and sees(user, INTERACTION, "outcome"):
                add(f"outcome:{row['outcome']}", row)
    if "task" in names:
        for row in _split(asked, Task.objects.visible_to(user), "done_at"):
            add("task", row)
    if "lead" in names:
        for row in _split(asked, Lead.objects.visible_to(user), "created_at"):
            add("lead", row)
    if "deal" in names:
        for row in _split(asked, Deal.objects.visible_to(user), "opened_on"):
            add("deal", row)
    if WON in names:
        won = Deal.objects.visible_to(user).filter(status=Ends.WON)
        for row in _split(asked, won, "closed_on", total=Sum("value")):
            add(WON, row)
            add(VALUE, row, "total")
    return found


def _split(
    asked: Asked, rows: RecordQuerySet[Any], when: str, *by: str, **more: Any
) -> Iterable[dict[str, Any]]:
    """Rows of both times, counted by owner and by columns; `former` tells the times apart."""
    span, former = asked.span, asked.span.step(-1)
    ends: tuple[Any, Any, Any] = (former.start, span.start, span.end + timedelta(days=1))
    if isinstance(rows.model._meta.get_field(when), models.DateTimeField):
        ends = (former.instants[0], *span.instants)
    start, middle, after = ends
    earlier = Case(When(**{f"{when}__lt": middle}, then=Value(True)), default=Value(False))
    return (
        asked.of_people(rows.filter(**{f"{when}__gte": start, f"{when}__lt": after}))
        .order_by()
        .annotate(former=earlier)
        .values("owner_id", "former", *by)
        .annotate(number=Count("pk"), **more)
    )


def tables(user: User, asked: Asked) -> list[Table]:
    """What each colleague did, and how their calls ended: whatever pipeline or source it was for."""
    asked = replace(asked, pipeline=None, source="")
    figures = figures_for(user)
    found = doings(user, asked, {one.name for one in figures})
    if not found:
        return []
    users = User.objects.in_bulk([pk for pk in found if pk])
    order = sorted(found, key=lambda pk: (pk is None, str(users.get(pk or 0, "")).casefold()))
    names = {pk: str(users[pk]) if pk in users else gettext("Nobody") for pk in order}
    former, label = asked.span.step(-1).text(), label_of(user, "owner")
    rows = [_row(asked, figures, names[pk], found[pk], pk) for pk in order]
    everybody = _sum(found.values())
    made = [
        Table(
            "activity",
            pgettext("sales report", "Activities"),
            label,
            [one.label for one in figures],
            [_row(asked, figures, gettext("All"), everybody, ALL), *rows],
            note=gettext("Beside each figure: what it was in %(former)s.") % {"former": former},
        )
    ]
    return [*made, *_outcomes(asked, order, names, label, found, everybody)]


def _sum(all_of: Iterable[Doing]) -> Doing:
    whole = Doing()
    for one in all_of:
        for before, held in ((False, one.now), (True, one.before)):
            for name, number in held.items():
                whole.add(name, number, before=before)
    return whole


def _row(asked: Asked, figures: list[Figure], name: str, one: Doing, pk: Any) -> Row:
    return Row(name, [_cell(asked, figure, one, pk) for figure in figures], total=pk is ALL)


def _cell(asked: Asked, figure: Figure, one: Doing, pk: Any) -> Cell:
    number, before = one.now.get(figure.name, 0), one.before.get(figure.name, 0)
    if figure.money:
        now, then = amount(Decimal(number)), amount(Decimal(before))
        return Cell(now.text, now.raw, note=f"({then.text})")
    of = [] if pk is ALL else [("owner.is", str(pk)) if pk else ("owner.empty", "1")]
    span = (f"{figure.when}.between", asked.span.listed)
    cell = counted(number, asked.list_url(*figure.filters, span, *of, path=figure.path))
    return Cell(cell.text, cell.raw, cell.url, note=f"({number_text(before)})")


def _outcomes(
    asked: Asked, order: list[int | None], names: Mapping[int | None, str], label: str,
    found: Mapping[int | None, Doing], everybody: Doing,
) -> list[Table]:  # fmt: skip
    """How the calls of each ended; nothing where none was made, or nobody may see it."""
    kinds = [(one.value, str(one.label)) for one in Outcome] + [("", gettext("Not said"))]
    shown = [(value, said) for value, said in kinds if everybody.now.get(f"outcome:{value}")]
    if not shown:
        return []

    def row(name: str, one: Doing, pk: Any) -> Row:
        calls = one.now.get(Kind.CALL.value, 0)
        cells = []
        for value, _said in shown:
            number = one.now.get(f"outcome:{value}", 0)
            chosen = ("outcome.is", value) if value else ("outcome.empty", "1")
            of = [] if pk is ALL else [("owner.is", str(pk)) if pk else ("owner.empty", "1")]
            url = asked.list_url(
                ("kind.is", Kind.CALL.value), ("status.is", Status.DONE.value), chosen,
                ("at.between", asked.span.listed), *of, path="activities",
            )  # fmt: skip
            cell = counted(number, url)
            part = percent(share(number, calls)).text
            cells.append(Cell(cell.text, cell.raw, cell.url, note=part if number else ""))
        return Row(name, cells, total=pk is ALL)

    called = [pk for pk in order if found[pk].now.get(Kind.CALL.value)]
    rows = [row(gettext("All"), everybody, ALL), *(row(names[pk], found[pk], pk) for pk in called)]
    title = pgettext("sales report", "How calls ended")
    return [Table("calls", title, label, [said for _value, said in shown], rows)]
