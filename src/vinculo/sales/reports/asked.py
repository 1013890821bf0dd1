"""What somebody asks of the sales reports, as the address says it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.db.models.expressions import RawSQL
from django.http import HttpRequest
from django.utils import timezone

from vinculo.kernel.clock import now
from vinculo.kernel.errors import NotFound, _
from vinculo.kernel.ids import row_id
from vinculo.parties.choices import Source
from vinculo.platform.access import Scope, rights_of
from vinculo.platform.base import M, RecordQuerySet
from vinculo.platform.models import Team, User
from vinculo.platform.models.people import TEAM_AND_BELOW
from vinculo.records.registry import entity
from vinculo.sales.deals.models import Deal
from vinculo.sales.forecast.lists import row_filters
from vinculo.sales.pipelines.known import known
from vinculo.sales.pipelines.models import Ends
from vinculo.sales.reports.spans import Span

PAGE = "/sales-report"
DEAL = "sales.deal"
#: What rows can be told apart by where a report leaves it to the reader.
BY = ("owner", "source")


def sees(user: User, key: str, *names: str) -> bool:
    """Whether `user` sees records of a type at all, and all these fields of them."""
    if rights_of(user).scope(key) is Scope.NONE:
        return False
    return len(entity(key).fields_for(user, names)) == len(names)


@dataclass(frozen=True)
class Asked:
    """A report of a time, and of what: a pipeline, a team with those below it, a person, a source."""

    tab: str
    span: Span
    pipeline: int | None = None
    team: int | None = None
    person: int | None = None
    source: str = ""
    by: str = "owner"

    def url(self, page: str = PAGE, **other: object) -> str:
        """The address of this question, or of one that differs from it in `other`."""
        one = replace(self, **other)  # type: ignore[arg-type]
        parts = {
            "tab": one.tab,
            "period": one.span.code,
            "pipeline": one.pipeline,
            "team": one.team,
            "person": one.person,
            "source": one.source,
            "by": one.by if one.by != BY[0] else "",
        }
        return f"{page}?{urlencode({name: part for name, part in parts.items() if part})}"

    @property
    def narrowed(self) -> bool:
        """Whether it asks for less than everything of its time."""
        return bool(self.pipeline or self.team or self.person or self.source)

    def deals(self, user: User) -> RecordQuerySet[Deal]:
        """The deals that it is about, of those that `user` sees, whenever they were."""
        found = self.of_people(Deal.objects.visible_to(user))
        if self.pipeline is not None:
            found = found.filter(pipeline_id=self.pipeline)
        if self.source:
            found = found.filter(source=self.source)
        return found.order_by()

    def of_people(self, rows: RecordQuerySet[M]) -> RecordQuerySet[M]:
        """Of any records with an owner and a team, those of whom it asks for."""
        if self.person is not None:
            rows = rows.filter(owner_id=self.person)
        if self.team is not None:
            rows = rows.filter(team_id__in=RawSQL(TEAM_AND_BELOW, [self.team]))  # noqa: S611
        return rows

    def opened(self, user: User) -> RecordQuerySet[Deal]:
        """Those opened in its time."""
        return self.deals(user).filter(opened_on__range=(self.span.start, self.span.end))

    def closed(self, user: User) -> RecordQuerySet[Deal]:
        """Those won or lost in its time."""
        span = (self.span.start, self.span.end)
        return self.deals(user).filter(closed_on__range=span).exclude(status=Ends.OPEN)

    def list_url(self, *filters: tuple[str, str], path: str = "deals") -> str:
        """The list of exactly those that it asks for and that meet these filters, too."""
        mine = row_filters(below=self.team, person=self.person)
        if path == "deals":
            mine += row_filters(pipeline=self.pipeline)
            mine += [("source.is", self.source)] if self.source else []
        given = {name for name, _value in filters}
        mine = [one for one in mine if one[0] not in given]  # the row says itself whose it is
        return f"/{path}?{urlencode([*filters, *mine])}"


def asked_of(request: HttpRequest, user: User, tabs: list[str]) -> Asked:
    """The question in an address: the first report and the last twelve months where it says none."""
    given = request.GET
    today = timezone.localdate(now())
    tab = given.get("tab", "") or tabs[0]
    if tab not in tabs:
        raise _gone()
    by = given.get("by", "") or next((one for one in BY if sees(user, DEAL, one)), BY[0])
    if by not in BY:
        raise _gone()
    return Asked(
        tab,
        _span(request, today),
        _numbered(user, given.get("pipeline", ""), "pipeline"),
        _numbered(user, given.get("team", ""), "team"),
        _numbered(user, given.get("person", ""), "owner"),
        _source(user, given.get("source", "")),
        by,
    )


def _span(request: HttpRequest, today: date) -> Span:
    given = request.GET
    if given.get("from") or given.get("to"):
        return Span.between(given.get("from", ""), given.get("to", ""))
    code = given.get("period", "")
    return Span.read(code) if code else Span.last_year(today)


def _numbered(user: User, text: str, field: str) -> int | None:
    """A pipeline, team or person by its number: whoever may not see which one a deal has is not
    told of those of one."""
    if not text:
        return None
    number = row_id(text)
    if number is None or not sees(user, DEAL, field) or not _there(field, number):
        raise _gone()
    return number


def _there(field: str, number: int) -> bool:
    if field == "pipeline":
        return known().pipeline(number) is not None
    model = Team if field == "team" else User
    return model._default_manager.filter(pk=number).exists()


def _source(user: User, text: str) -> str:
    if text and (text not in Source.values or not sees(user, DEAL, "source")):
        raise _gone()
    return text


def _gone() -> NotFound:
    return NotFound(_("This is no longer there, or you may not see it."))
