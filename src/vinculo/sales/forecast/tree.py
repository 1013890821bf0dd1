"""The rows of a forecast: the tree of teams, in each its people, each team with its sum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext

from vinculo.platform.models import Team, User
from vinculo.sales.forecast.asked import Asked
from vinculo.sales.forecast.figures import Figures, Key
from vinculo.sales.forecast.lists import list_url, row_filters
from vinculo.sales.forecast.models import Adjustment
from vinculo.sales.forecast.targets import main_teams

HUNDRED = Decimal(100)


@dataclass
class Line:
    """A row: everybody, a team with those below it, or a person in a team."""

    kind: str  # "all", "team", "person"
    name: str
    depth: int = 0
    number: int | None = None
    figures: Figures = field(default_factory=Figures)
    target: Decimal | None = None
    #: What managers expect; of a team, with what is computed where they say nothing.
    adjusted: Decimal | None = None
    adjustment: Adjustment | None = None
    #: Figure → the list of the deals behind it; empty for what once was.
    urls: dict[str, str] = field(default_factory=dict)

    @property
    def attained(self) -> Decimal | None:
        """Won, in percent of the target."""
        if not self.target:
            return None
        return (self.figures.won / self.target * HUNDRED).quantize(Decimal("0.1"))


@dataclass(frozen=True)
class Told:
    """What the rows are made of."""

    asked: Asked
    figures: Mapping[Key, Figures]
    targets: Mapping[tuple[str, int], Decimal]
    adjustments: Mapping[int, Adjustment]

    @property
    def linked(self) -> bool:
        """Whether there are lists of the deals behind it: of what once was there are none."""
        return self.asked.as_of is None


class Tree:
    """The teams as they stand below one another, and who is to be shown in each."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.teams = {one.pk: one for one in Team.objects.all()}
        self.below: dict[int | None, list[Team]] = {}
        for one in sorted(self.teams.values(), key=lambda one: (one.name.casefold(), one.pk)):
            self.below.setdefault(one.parent_id, []).append(one)
        self.people: dict[int | None, set[int | None]] = {}
        for team, owner in self._keys():
            self.people.setdefault(team, set()).add(owner)
        self.users = User.objects.in_bulk(
            [one for some in self.people.values() for one in some if one is not None]
        )

    def _keys(self) -> Iterable[Key]:
        """Whoever has deals, a target or an adjustment: those without deals in their main team."""
        told = self.told
        keys = {key for key in told.figures if told.asked.person in (None, key[1])}
        named = {pk for kind, pk in told.targets if kind == "person"} | set(told.adjustments)
        named = {pk for pk in named if told.asked.person in (None, pk)}
        self.home = main_teams({pk for _team, pk in keys if pk is not None} | named)
        return keys | {(self.home.get(pk), pk) for pk in named}

    def lines(self) -> list[Line]:
        """All rows, the sum of everything first."""
        told = self.told
        total = Line("all", gettext("All"))
        found: list[Line] = []
        tops = (
            self.below.get(None, []) if told.asked.team is None else [self.teams[told.asked.team]]
        )
        parts = [line for team in tops if (line := self._team(team, 0, found)) is not None]
        if told.asked.team is None and None in self.people:
            parts.append(self._teamless(found))
        self._sum(total, parts)
        if told.linked:
            below = row_filters(
                below=told.asked.team, person=told.asked.person, pipeline=told.asked.pipeline
            )
            total.urls = self._urls(below)
        return [total, *found]

    def _team(self, team: Team, depth: int, found: list[Line]) -> Line | None:
        """The row of a team before those of its people and of the teams below; None without any."""
        told, line, at = self.told, Line("team", team.name, depth, team.pk), len(found)
        parts = [self._person(pk, team.pk, depth + 1) for pk in self._sorted(team.pk)]
        found.extend(parts)
        for one in self.below.get(team.pk, []):
            below = self._team(one, depth + 1, found)
            if below is not None:
                parts.append(below)
        own = told.targets.get(("team", team.pk)) if told.asked.person is None else None
        if not parts and own is None:
            return None
        if own is None and len(parts) == 1 and parts[0].kind == "team":
            for below_it in found[at:]:
                below_it.depth -= 1
            return parts[0]  # it would say the same once more
        self._sum(line, parts)
        line.target = own if own is not None else line.target
        if told.linked:
            filters = row_filters(
                below=team.pk, person=told.asked.person, pipeline=told.asked.pipeline
            )
            line.urls = self._urls(filters)
        found.insert(at, line)
        return line

    def _teamless(self, found: list[Line]) -> Line:
        line = Line("team", gettext("Without a team"), 0)
        parts = [self._person(pk, None, 1) for pk in self._sorted(None)]
        self._sum(line, parts)
        if self.told.linked:
            filters = row_filters(
                teamless=True, person=self.told.asked.person, pipeline=self.told.asked.pipeline
            )
            line.urls = self._urls(filters)
        found.extend([line, *parts])
        return line

    def _sorted(self, team: int | None) -> list[int | None]:
        def place(pk: int | None) -> tuple[bool, str, int]:
            return (pk is None, str(self.users.get(pk or 0, "")).casefold(), pk or 0)

        return sorted(self.people.get(team, ()), key=place)

    def _person(self, pk: int | None, team: int | None, depth: int) -> Line:
        """A person's deals in a team; target and adjustment stand where they mainly work."""
        told = self.told
        name = str(self.users[pk]) if pk in self.users else gettext("Nobody")
        line = Line("person", name, depth, pk, told.figures.get((team, pk), Figures()))
        if pk is not None and self.home.get(pk) == team:
            line.target = told.targets.get(("person", pk))
            line.adjustment = told.adjustments.get(pk)
            line.adjusted = line.adjustment.amount if line.adjustment is not None else None
        if told.linked:
            filters = row_filters(
                team=team, teamless=team is None, person=pk, nobody=pk is None,
                pipeline=told.asked.pipeline,
            )  # fmt: skip
            line.urls = self._urls(filters)
        return line

    def _sum(self, line: Line, parts: list[Line]) -> None:
        for part in parts:
            line.figures.add(part.figures)
            if part.target is not None:
                line.target = (line.target or Decimal(0)) + part.target
        if any(part.adjusted is not None for part in parts):
            line.adjusted = sum(
                (part.figures.forecast if part.adjusted is None else part.adjusted
                 for part in parts),
                Decimal(0),
            )  # fmt: skip

    def _urls(self, filters: list[tuple[str, str]]) -> dict[str, str]:
        names = ("won", "commit", "best_case", "pipeline", "open", "forecast")
        return {name: list_url(name, self.told.asked.period, filters) for name in names}
