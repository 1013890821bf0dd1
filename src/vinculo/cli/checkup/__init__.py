"""What `vinculo doctor` looks at: the machine (machine.py) and the database (server.py, work.py)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `mend` says what to do, and is empty when all is well."""

    what: str
    mend: str = ""
