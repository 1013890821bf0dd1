"""Refusals that only this room makes."""

from vinculo.kernel.errors import DomainError, _


class Cancelled(DomainError):
    """The owner of long work asked for it to stop; what it had not committed is taken back."""

    def __init__(self) -> None:
        super().__init__(_("Cancelled. Nothing was changed."))
