"""The addresses of the lists of deals behind the figures: the same deals, to the last one."""

from __future__ import annotations

from urllib.parse import urlencode

from vinculo.sales.forecast.periods import Period


def list_url(name: str, period: Period, row: list[tuple[str, str]]) -> str:
    """The list behind the figure `name` of a row; `row` are the filters that make the row."""
    span = f"{period.start}..{period.end}"
    due = ("close_on.between", span)
    is_open = ("status.is", "open")
    wanted = {
        "won": [("status.is", "won"), ("closed_on.between", span)],
        "commit": [is_open, ("category.is", "commit"), due],
        "best_case": [is_open, ("category.is", "best_case"), due],
        "pipeline": [is_open, ("category.is", "pipeline"), due],
        "open": [is_open, ("category.out", "omitted"), due],
        # Won in the period, or committed for it: each line holds for one of both.
        "forecast": [
            ("status.in", "open,won"),
            ("any1.status.is", "open"), ("any1.closed_on.between", span),
            ("any2.status.is", "won"), ("any2.close_on.between", span),
            ("any3.status.is", "won"), ("any3.category.is", "commit"),
        ],
    }[name]  # fmt: skip
    return f"/deals?{urlencode([*wanted, *row])}"


def row_filters(
    *,
    team: int | None = None,
    below: int | None = None,
    teamless: bool = False,
    person: int | None = None,
    nobody: bool = False,
    pipeline: int | None = None,
) -> list[tuple[str, str]]:
    """The filters of a row: of a team, a team with those `below` it, a person, a pipeline."""
    found: list[tuple[str, str]] = []
    if below is not None:
        found.append(("team.under", str(below)))
    if team is not None:
        found.append(("team.is", str(team)))
    if teamless:
        found.append(("team.empty", "1"))
    if person is not None:
        found.append(("owner.is", str(person)))
    if nobody:
        found.append(("owner.empty", "1"))
    if pipeline is not None:
        found.append(("pipeline.is", str(pipeline)))
    return found
