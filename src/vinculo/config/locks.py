"""Lock files: who uses an installation right now. The kernel frees them however a process ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from vinculo.config.datadir import give_to_owner_above, make_folder, why_not_written
from vinculo.config.problems import SetupProblem


class FileLock:
    """An advisory lock on a file; shared or exclusive, and freed when the process ends."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._descriptor: int | None = None

    def take(self, *, shared: bool = False, wait: bool = True) -> bool:
        """Take (or change) the lock; False when somebody else has it and we do not wait."""
        descriptor = self._open()
        how = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(descriptor, how if wait else how | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def sign(self) -> None:
        """Write our process id into the file, for the sentence somebody else will read."""
        descriptor = self._open()
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)

    def signature(self) -> str:
        """The process id of whoever signed last, or an empty text."""
        try:
            return self.file.read_text().strip()
        except OSError:
            return ""

    def free(self) -> None:
        """Give the lock back."""
        if self._descriptor is not None:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
            self.forget()

    def forget(self) -> None:
        """Close our handle without unlocking: for a forked child, whose parent keeps the lock."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _open(self) -> int:
        if self._descriptor is not None:
            return self._descriptor
        make_folder(self.file.parent)
        try:
            descriptor = os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            give_to_owner_above(self.file)
        except OSError as error:
            raise SetupProblem(why_not_written(self.file, error)) from None
        self._descriptor = descriptor
        return descriptor
