"""Jobs that only the suite has; a real worker process imports this file too."""

from __future__ import annotations

import os
import time
from pathlib import Path

from vinculo.kernel.errors import DomainError
from vinculo.platform import journal
from vinculo.platform.actions import action
from vinculo.platform.events import on
from vinculo.platform.jobs import job
from vinculo.platform.models import Event, Team, User


@action("tests.make_team", label="Make team", granted=False)
def make_team(*, actor: User | None, name: str) -> Team:
    """Make a team."""
    return Team.objects.create(name=name)


@job("tests.slow_team")
def slow_team(*, name: str, marks: str, actor: User | None = None) -> None:
    """Make a team, but the first time it is tried take for ever over it."""
    make_team(actor=actor, name=name)
    first = not Path(marks).exists()
    with Path(marks).open("a") as file:
        file.write(f"{os.getpid()} {journal._via.get()}\n")
    if first:
        time.sleep(60)


@job("tests.refused")
def refused() -> None:
    """Make a team and then refuse."""
    Team.objects.create(name="never")
    raise DomainError("This cannot be done.")


@job("tests.flaky", retry=2)
def flaky() -> None:
    """Fail as if the machine had."""
    raise RuntimeError("The line is down.")


@on("tests.heard_by_a_worker")
def hear(event: Event) -> None:
    """Leave a trace of having heard."""
    Team.objects.create(name=f"Heard {event.payload['n']}")
