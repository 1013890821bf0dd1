"""Refusals that only this room makes."""

from vinculo.kernel.errors import DomainError, _


class TookTooLong(DomainError):
    """The database cancelled a question that took longer than a page may."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            _("This took too long and was stopped. Narrow it with a filter and try again.")
        )


class DatabaseAway(DomainError):
    """The database is being started again; what was sent may be sent again."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            _("The database is starting again. Wait a few seconds and try again; a form that was"
              " already saved is not saved twice.")
        )  # fmt: skip


class TooMuchAtOnce(DomainError):
    """One person asks for more at once than leaves room for the others."""

    status = 429

    def __init__(self) -> None:
        super().__init__(_("You are asking for much at once. Wait until it is done and try again."))


class Cancelled(DomainError):
    """The owner of long work asked for it to stop; what it had not committed is taken back."""

    def __init__(self) -> None:
        super().__init__(_("Cancelled. Nothing was changed."))
