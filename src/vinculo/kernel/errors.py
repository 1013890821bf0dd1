"""Refusals: what the business says no to, in words a person can act on.

The kernel has no translation machinery, so a message is an English msgid; the shell translates it
and then puts the parameters in. Mark such messages with ``_`` so that the catalogue finds them.
"""

from __future__ import annotations

from collections.abc import Mapping


def _(message: str) -> str:
    """Mark a message for the translation catalogue and return it unchanged."""
    return message


class DomainError(Exception):
    """A request the business refuses; nothing was written.

    ``message`` is an English msgid with ``%(name)s`` places for ``params``; ``field`` names the
    input it belongs to, or is None when it concerns the whole form.

    >>> error = DomainError("%(name)s is already in the list.", field="name", name="Acme")
    >>> str(error), error.field
    ('Acme is already in the list.', 'name')
    """

    def __init__(self, message: str, field: str | None = None, **params: object) -> None:
        self.message = message
        self.field = field
        self.params = params
        super().__init__(message)

    def __str__(self) -> str:
        return self.interpolate(self.message)

    def interpolate(self, translated: str) -> str:
        """The given (translated) message with this error's parameters put in.

        A translation whose places do not fit the parameters is shown as it is: a mistake in a
        catalogue must not hide the refusal behind a crash.
        """
        if not self.params:
            return translated
        try:
            return translated % self.params
        except (KeyError, TypeError, ValueError):
            return translated

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions pickle by their args; ours carry keywords too (parallel tests, jobs).
        return (_rebuild, (type(self), self.message, self.field, self.params))


def _rebuild(
    kind: type[DomainError], message: str, field: str | None, params: dict[str, object]
) -> DomainError:
    return kind(message, field, **params)


class Conflict(DomainError):
    """Somebody changed the same thing in the meantime."""


class RowsRefused(Conflict):
    """Of the rows that were written at one go, some cannot be beside others: ``rows`` says why, by
    their ids. Who writes many leaves these out and writes the rest; for everybody else it is the
    refusal of the one they wrote.
    """

    def __init__(
        self,
        message: str,
        field: str | None = None,
        *,
        rows: Mapping[int, DomainError] | None = None,
        **params: object,
    ) -> None:
        super().__init__(message, field, **params)
        self.rows = dict(rows or {})


class MoreNeeded(DomainError):
    """It could be done if more were told: ``fields`` names what is missing."""

    def __init__(
        self,
        message: str,
        field: str | None = None,
        *,
        fields: tuple[str, ...] = (),
        **params: object,
    ) -> None:
        super().__init__(message, field, **params)
        self.fields = fields

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild_needed, (self.message, self.field, self.fields, self.params))


def _rebuild_needed(
    message: str, field: str | None, fields: tuple[str, ...], params: dict[str, object]
) -> DomainError:
    return MoreNeeded(message, field, fields=fields, **params)


class NotAllowed(DomainError):
    """The user may know about it but may not do it."""


class NotFound(DomainError):
    """There is no such thing, or the user may not know that there is."""
