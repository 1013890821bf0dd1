"""What may be done to the values of a column before they are read: a small closed set, no code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.people import split_name
from vinculo.kernel.text import fold
from vinculo.records.transfer import values
from vinculo.records.transfer.columns import DATE_ORDERS, DECIMAL_MARKS, Style
from vinculo.records.transfer.staging import Prepared, RowPreparer

MOST_STEPS = 5
LONGEST_ARGUMENT = 2_000


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a value: its name in `CHANGES` and what it needs to know, "" for nothing."""

    name: str
    first: str = ""
    second: str = ""


Transforms = Mapping[int, tuple[Step, ...]]
"""Index of a column → its steps, in order."""


def _date(text: str, step: Step) -> str:
    return values.read_date(text, Style(date_order=step.first)).isoformat()


def _number(text: str, step: Step) -> str:
    return format(values.read_number(text, Style(decimal=step.first)), "f")


def _mapped(text: str, step: Step) -> str:
    return dict(pairs(step.first)).get(fold(text), text)


def pairs(text: str) -> list[tuple[str, str]]:
    """The lines "from = to" of a table of values; what is looked up is folded.

    >>> pairs("Yes = true; No = false")
    [('yes', 'true'), ('no', 'false')]
    """
    lines = (line.partition("=") for line in text.replace(";", "\n").splitlines())
    return [(fold(was), becomes.strip()) for was, sign, becomes in lines if sign]


def _words(text: str, wanted: slice) -> str:
    return " ".join(text.split()[wanted])


@dataclass(frozen=True, slots=True)
class Change:
    """A kind of step: what it is called, what it does, and what its arguments are called."""

    label: str
    apply: Callable[[str, Step], str]
    arguments: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


CHANGES: dict[str, Change] = {
    "trim": Change(_("Take out surplus spaces"), lambda text, _step: " ".join(text.split())),
    "title": Change(_("Capital Initials"), lambda text, _step: text.title()),
    "upper": Change(_("CAPITALS"), lambda text, _step: text.upper()),
    "lower": Change(_("small letters"), lambda text, _step: text.lower()),
    "first_word": Change(_("First word"), lambda text, _step: _words(text, slice(0, 1))),
    "last_word": Change(_("Last word"), lambda text, _step: _words(text, slice(-1, None))),
    "given_name": Change(_("Given name of a name"), lambda text, _step: split_name(text).given),
    "family_name": Change(_("Family name of a name"), lambda text, _step: split_name(text).family),
    "replace": Change(
        _("Replace"),
        lambda text, step: text.replace(step.first, step.second) if step.first else text,
        (_("Text"), _("By")),
    ),
    "prefix": Change(_("Put before"), lambda text, step: step.first + text, (_("Text"),)),
    "suffix": Change(_("Put after"), lambda text, step: text + step.first, (_("Text"),)),
    "map": Change(_("Translate values"), _mapped, (_("Yes = true; No = false"),)),
    "date": Change(_("Date written as"), _date, ("dmy, mdy, ymd",), DATE_ORDERS),
    "number": Change(_("Number with decimal mark"), _number, (". ,",), DECIMAL_MARKS),
    "default": Change(_("If empty"), lambda text, step: text or step.first, (_("Value"),)),
    "constant": Change(_("Always"), lambda _text, step: step.first, (_("Value"),)),
}
_OF_EMPTY = frozenset({"default", "constant"})


def changed(text: str, steps: Sequence[Step]) -> str:
    """The value after the steps. One that a step cannot read stays as it is, to be refused later.

    >>> changed("  ANA   pérez ", (Step("trim"), Step("title")))
    'Ana Pérez'
    >>> changed("1.234,5", (Step("number", ","),)), changed("31/12/24", (Step("date", "dmy"),))
    ('1234.5', '2024-12-31')
    """
    for step in steps:
        if text.strip() or step.name in _OF_EMPTY:
            try:
                text = CHANGES[step.name].apply(text, step)
            except DomainError:
                return text
    return text


def changed_cells(cells: Sequence[str], transforms: Transforms) -> list[str]:
    """A row after the steps of its columns."""
    row = list(cells)
    for at, steps in transforms.items():
        if at < len(row):
            row[at] = changed(row[at], steps)
    return row


def checked_step(name: str, first: str, second: str) -> Step:
    """A step as somebody asks for it. DomainError when there is none such or it lacks something."""
    change = CHANGES.get(name)
    if change is None:
        raise DomainError(_("“%(name)s” is not a change of values."), name=name[:40])
    first, second = first[:LONGEST_ARGUMENT], second[:LONGEST_ARGUMENT]
    if change.arguments and not first:
        raise DomainError(_("Say with what: %(label)s"), label=change.label)
    if change.choices and first.strip() not in change.choices:
        raise DomainError(
            _("Choose one of: %(choices)s"), choices=" ".join(change.choices), label=change.label
        )
    if name == "map" and not pairs(first):
        raise DomainError(_("Write one pair for each value, such as: Yes = true; No = false"))
    return Step(name, first.strip() if change.choices else first, second)


@dataclass(frozen=True, slots=True)
class ChangingPreparer:
    """Changes the values of each row before another preparer stages it."""

    preparer: RowPreparer
    transforms: Transforms

    def prepare(self, rows: Iterable[tuple[int, Sequence[str]]]) -> Prepared:
        """Stage the changed rows."""
        return self.preparer.prepare(
            (number, changed_cells(cells, self.transforms)) for number, cells in rows
        )


def with_changes(preparer: RowPreparer, transforms: Transforms) -> RowPreparer:
    """The preparer, after the steps of the columns where there are any."""
    return ChangingPreparer(preparer, transforms) if transforms else preparer
