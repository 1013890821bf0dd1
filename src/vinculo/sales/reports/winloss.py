"""What was won and what was lost in a time, by all that it may have depended on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Case, Count, F, Q, Value, When
from django.utils.translation import gettext, pgettext

from vinculo.kernel.proportions import share
from vinculo.parties.choices import Source
from vinculo.platform.formats import money_text
from vinculo.platform.models import User
from vinculo.products.currency import books_currency
from vinculo.products.models import Product
from vinculo.sales.around.models import Competitor
from vinculo.sales.pipelines.known import known
from vinculo.sales.pipelines.models import Ends
from vinculo.sales.reports.asked import DEAL, Asked, sees
from vinculo.sales.reports.outcomes import Closed, Outcome, label_of, sums
from vinculo.sales.reports.tables import Cell, Row, Table, amount, counted, percent, unrated

#: Where the bands of size begin, in the books' currency.
EDGES = (0, 100, 500, 1_000, 5_000, 10_000, 50_000, 100_000, 500_000, 1_000_000)
HIDDEN = -1
MOST_LESSONS = 50


def tables(user: User, asked: Asked) -> list[Table]:
    """All that was closed, then by what it may have depended on, as far as the reader sees that."""
    closed = Closed(user, asked)
    no_rate = Count("pk", filter=Q(amount__isnull=False, value__isnull=True))
    found = closed.rows.aggregate(**sums(), no_rate=no_rate)
    everything = Outcome.of(found)
    if not everything.closed:
        return []
    warned = [unrated(found["no_rate"])] if found["no_rate"] and closed.money else []
    row = closed.row(gettext("All"), everything, total=True)
    made = [
        closed.table(
            "all",
            pgettext("sales report", "Won and lost"),
            label_of(user, "status"),
            [row],
            warnings=warned,
        ),
        *_parts(closed, everything),
    ]
    return [table for table in made if table.rows]


def _parts(closed: Closed, everything: Outcome) -> Iterator[Table]:
    makers = {"owner": people, "source": sources, "product": products, "value": sizes}
    if sees(closed.user, DEAL, "reason"):
        yield reasons(closed, everything)
    for name, make in makers.items():
        if sees(closed.user, DEAL, name):
            yield make(closed)
    yield competitors(closed)


def reasons(closed: Closed, everything: Outcome) -> Table:
    """Why they ended: a reason is for won ones or for lost ones, and is held against those."""
    lines: list[tuple[Ends, int, Row]] = []
    for pk, one in closed.by("reason_id"):
        for ends in (Ends.LOST, Ends.WON):
            number = getattr(one, ends.value)
            if number:
                lines.append((ends, -number, _reason(closed, everything, pk, ends, one)))
    lines.sort(key=lambda line: line[:2])
    heads = [
        pgettext("sales report", "Outcome"),
        pgettext("number of deals", "Closed"),
        pgettext("sales report", "Of these"),
    ]
    heads += [gettext("Value")] if closed.money else []
    label = label_of(closed.user, "reason")
    return Table("reason", label, label, heads, [row for _e, _n, row in lines])


def _reason(closed: Closed, everything: Outcome, pk: int | None, ends: Ends, one: Outcome) -> Row:
    number, of = getattr(one, ends.value), getattr(everything, ends.value)
    chosen = ("reason.is", str(pk)) if pk else ("reason.empty", "1")
    cells = [
        Cell(str(ends.label), str(ends.label)),
        counted(number, closed.url(("status.is", ends.value), chosen)),
        percent(share(number, of), meter=True),
    ]
    cells += [amount(getattr(one, f"value_{ends.value}"))] if closed.money else []
    return Row(str(known().reasons.get(pk, pk)) if pk else gettext("Not said"), cells)


def people(closed: Closed) -> Table:
    """By whose they are."""
    found = closed.by("owner_id")
    users = User.objects.in_bulk([pk for pk, _one in found if pk])
    rows = [
        closed.row(str(users[pk]), one, [("owner.is", str(pk))])
        if pk in users
        else closed.row(gettext("Nobody"), one, [("owner.empty", "1")])
        for pk, one in found
    ]
    return closed.by_field("owner", rows)


def sources(closed: Closed) -> Table:
    """By where the customers came from."""
    labels = dict(Source.choices)
    rows = [
        closed.row(str(labels.get(source, source)), one, [("source.is", source)])
        if source
        else closed.row(gettext("Not said"), one, [("source.empty", "1")])
        for source, one in closed.by("source")
    ]
    return closed.by_field("source", rows)


def products(closed: Closed) -> Table:
    """By what was to be sold; all that the reader may not see is one line."""
    known_to = Product.objects.visible_to(closed.user).order_by()
    by = Case(
        When(product__isnull=True, then=None),
        When(product__in=known_to.values("pk"), then=F("product_id")),
        default=Value(HIDDEN),
    )
    found = closed.by("told", told=by)
    names = known_to.in_bulk([pk for pk, _one in found if pk and pk != HIDDEN])
    rows = []
    for pk, one in found:
        if pk == HIDDEN:
            rows.append(closed.row(gettext("Not visible to you"), one, None))
        elif pk:
            rows.append(closed.row(str(names.get(pk, pk)), one, [("product.is", str(pk))]))
        else:
            rows.append(closed.row(gettext("Not said"), one, [("product.empty", "1")]))
    return closed.by_field("product", rows)


def sizes(closed: Closed) -> Table:
    """By what they were worth, in bands that are wider the more it is."""
    bands = [When(value__gte=edge, then=Value(edge)) for edge in reversed(EDGES)]
    found = sorted(
        closed.by("band", band=Case(*bands, default=None)),
        key=lambda pair: (pair[0] is None, pair[0] or 0),
    )
    rows = [closed.row(*_band(edge, one)) for edge, one in found]
    return closed.by_field("value", rows)


def _band(edge: int | None, one: Outcome) -> tuple[str, Outcome, list[tuple[str, str]]]:
    if edge is None:
        return gettext("Without a value"), one, [("value.empty", "1")]
    books, at = books_currency(), EDGES.index(edge)
    low = money_text(edge, books, whole=True)  # type: ignore[arg-type]
    if at + 1 == len(EDGES):
        return gettext("%(low)s and more") % {"low": low}, one, [("value.min", str(edge))]
    top = EDGES[at + 1]
    words = {"low": low, "high": money_text(top, books, whole=True)}  # type: ignore[arg-type]
    chosen = [("value.min", str(edge)), ("value.below", str(top))]
    return gettext("%(low)s to below %(high)s") % words, one, chosen


def competitors(closed: Closed) -> Table:
    """By who else wanted them; what several wanted counts for each."""
    rows = (
        Competitor.objects.visible_to(closed.user)
        .filter(deal__in=closed.rows.values("pk"))
        .order_by()
        .values("name")
        .annotate(**sums("deal__"))
    )
    found = sorted(
        ((row["name"], Outcome.of(row)) for row in rows),
        key=lambda pair: (-pair[1].closed, pair[0]),
    )
    label = str(Competitor._meta.verbose_name)
    lines = [closed.row(name, one, None) for name, one in found]
    note = gettext("What several of them wanted counts for each.")
    return closed.table("competitor", label, label, lines, note=note)


def lessons(user: User, asked: Asked) -> list[dict[str, Any]]:
    """What colleagues learned from what was closed, the latest first."""
    if not sees(user, DEAL, "name", "lesson", "reason"):
        return []
    rows = asked.closed(user).exclude(lesson="").order_by("-closed_on", "-pk")
    found = rows.values("pk", "name", "status", "closed_on", "lesson", "reason_id")
    return [
        {
            **row,
            "outcome": Ends(row["status"]).label,
            "reason": known().reasons.get(row["reason_id"]),
        }
        for row in found[:MOST_LESSONS]
    ]
