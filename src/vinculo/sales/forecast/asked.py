"""What somebody asks of the forecast, as the address says it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, NotFound, _
from vinculo.platform.access import Scope, rights_of
from vinculo.platform.models import Team, User
from vinculo.records.registry import entity
from vinculo.sales.forecast.periods import Period
from vinculo.sales.pipelines.known import known

PAGE = "/forecast"
#: What the figures are made of: whoever may not see one of these is shown no forecast.
FIELDS = ("status", "category", "value", "weighted", "close_on", "closed_on", "owner", "team",
          "stage", "pipeline")  # fmt: skip


def may_forecast(user: User) -> bool:
    """Whether a forecast has anything to show to `user`."""
    deals = entity("sales.deal")
    if rights_of(user).scope(deals.key) is Scope.NONE:
        return False
    return len(deals.fields_for(user, FIELDS)) == len(FIELDS)


@dataclass(frozen=True)
class Asked:
    """A period, and of what: a pipeline, a team with those below it, a person; as of a day."""

    period: Period
    pipeline: int | None = None
    team: int | None = None
    person: int | None = None
    as_of: date | None = None

    def url(self, page: str = PAGE, **other: object) -> str:
        """The address of this question, or of one that differs from it in `other`."""
        one = replace(self, **other)  # type: ignore[arg-type]
        parts = {
            "period": one.period.code,
            "pipeline": one.pipeline,
            "team": one.team,
            "person": one.person,
            "as_of": one.as_of,
        }
        return f"{page}?{urlencode({name: part for name, part in parts.items() if part})}"


def asked_of(request: HttpRequest) -> Asked:
    """The question in an address; the quarter of today where it says no period."""
    given = request.GET
    code = given.get("period", "")
    today = timezone.localdate(now())
    return Asked(
        Period.read(code) if code else Period.around(today, "quarter"),
        _pipeline(given.get("pipeline", "")),
        _number(given.get("team", ""), Team),
        _number(given.get("person", ""), User),
        _day(given.get("as_of", "")),
    )


def _pipeline(text: str) -> int | None:
    if not text:
        return None
    found = known().pipeline(int(text)) if text.isascii() and text.isdecimal() else None
    if found is None:
        raise _gone()
    return found.pk


def _number(text: str, model: type[Team] | type[User]) -> int | None:
    if not text:
        return None
    is_number = text.isascii() and text.isdecimal() and len(text) < 19
    if not is_number or not model.objects.filter(pk=int(text)).exists():
        raise _gone()
    return int(text)


def _gone() -> NotFound:
    return NotFound(_("This is no longer there, or you may not see it."))


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise DomainError(_("Write the day as in 2026-07-01."), field="as_of") from None
