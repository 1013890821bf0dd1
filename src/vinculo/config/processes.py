"""Small things about processes that Python leaves to the machine."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def ready_child(sign: signal.Signals | None, parent: int) -> None:
    """What a child does first: hear every signal again, and die with its parent if asked to."""
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    if sign is not None:
        die_with_parent(sign, parent)


def children_of(pid: int) -> list[int]:
    """The process's children, where the machine tells (Linux)."""
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (OSError, ValueError):
        return []


def die_with_parent(sign: signal.Signals, parent: int) -> None:
    """Have the kernel send us this signal when the parent process dies, however it dies.

    To be called in the child. Linux only; elsewhere the next start cleans up.
    """
    if _libc is None:
        return
    _libc.prctl(PR_SET_PDEATHSIG, int(sign), 0, 0, 0)
    if os.getppid() != parent:  # it died before we could ask
        os.kill(os.getpid(), sign)
