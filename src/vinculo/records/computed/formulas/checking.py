"""Whether a formula makes sense: every part gets its type, or is refused at its place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from vinculo.kernel.errors import _
from vinculo.kernel.text import fold
from vinculo.records.computed.formulas.tree import (
    Call,
    FormulaError,
    Name,
    Node,
    Number,
    Text,
    Truth,
)
from vinculo.records.computed.formulas.types import DATE, NUMBER, TEXT, TRUTH, Type, What
from vinculo.records.fields import Field

MOST_STEPS = 400
DEEPEST = 80


@dataclass(frozen=True)
class Step:
    """A part of a formula that makes sense: what it does, to what, and what comes out."""

    does: str
    type: Type
    node: Node
    args: "tuple[Step, ...]" = ()
    value: Any = None

    @property
    def size(self) -> int:
        """How many steps it takes."""
        return 1 + sum(one.size for one in self.args)

    @property
    def depth(self) -> int:
        """How many steps stand in each other."""
        return 1 + max((one.depth for one in self.args), default=0)


@dataclass(frozen=True)
class Known:
    """The fields that a formula can read: by name, and their types."""

    fields: Mapping[str, Field]
    type_of: Callable[[Field], Type]

    def find(self, node: Name) -> Field:
        """The field that a formula names; FormulaError where there is none."""
        if not node.label:
            if node.name in self.fields:
                return self.fields[node.name]
            raise FormulaError(
                _("There is no field called “%(name)s” that a formula could read."),
                at=node.at, end=node.end, name=node.name,
            )  # fmt: skip
        wanted = fold(node.name)
        for field in self.fields.values():
            if fold(str(field.label)) == wanted:
                return field
        raise FormulaError(
            _("There is no field called “%(name)s” that a formula could read."),
            at=node.at, end=node.end, name=node.name,
        )  # fmt: skip


def check(node: Node, known: Known) -> Step:
    """The formula with its types; FormulaError with the place of what does not fit."""
    found = _Checker(known).step(node)
    if found.depth > DEEPEST or found.size > MOST_STEPS:
        raise FormulaError(_("This formula is too long. Divide it into two fields."), end=node.end)
    if found.type.what in (What.LIST, What.RECORD):
        raise _refused(found, _("A formula cannot give %(got)s."), got=found.type.label)
    return found


class _Checker:
    def __init__(self, known: Known) -> None:
        self.known = known

    def step(self, node: Node) -> Step:
        """A part with its type."""
        if isinstance(node, Number):
            return Step("number", replace(NUMBER, written=True), node, value=node.value)
        if isinstance(node, Text):
            return Step("text", TEXT, node, value=node.value)
        if isinstance(node, Truth):
            return Step("truth", TRUTH, node, value=node.value)
        if isinstance(node, Name):
            field = self.known.find(node)
            try:
                return Step("field", self.known.type_of(field), node, value=field.name)
            except FormulaError as error:
                raise error.moved(node.at, node.end) from None
        assert isinstance(node, Call)
        rule = RULES.get(node.function)
        if rule is None:
            raise FormulaError(
                _("There is no function called “%(name)s”."),
                at=node.at, end=node.at + len(node.function), name=node.function,
            )  # fmt: skip
        least, most, make = rule
        if not least <= len(node.args) <= (most or len(node.args)):
            raise FormulaError(
                _("“%(name)s” is given %(count)s values, and takes %(takes)s."),
                at=node.at, end=node.end, name=node.function, count=len(node.args),
                takes=str(least) if least == most else f"{least}–{most or '…'}",
            )  # fmt: skip
        return make(node, [self.step(one) for one in node.args])


def _refused(step: Step, message: str, **params: Any) -> FormulaError:
    return FormulaError(message, at=step.node.at, end=step.node.end, **params)


def _unfit(step: Step, wanted: Type) -> FormulaError:
    return _refused(
        step, _("This is %(got)s, and %(wanted)s is wanted."),
        got=step.type.label, wanted=wanted.label,
    )  # fmt: skip


# --- bringing values to the type that is wanted --------------------------------------------------


def as_(step: Step, wanted: Type) -> Step:
    """The part as a value of the wanted sort; a moment is a day where a day is wanted."""
    if step.type.what is wanted.what and step.type.currency == wanted.currency:
        return step
    if wanted.what is What.DATE and step.type.what is What.MOMENT:
        return Step("date", DATE, step.node, (step,))
    if wanted.what is What.MONEY and step.type.written:
        return replace(step, type=wanted)
    if wanted.what is What.TEXT and step.type.what is What.CHOICE:
        return Step("key", TEXT, step.node, (step,))
    raise _unfit(step, wanted)


def _number(step: Step) -> Step:
    if not step.type.is_number:
        raise _unfit(step, NUMBER)
    return step


def _texted(step: Step) -> Step:
    """Anything that can be read as words, as words."""
    if step.type.what is What.TEXT:
        return step
    if step.type.what in (What.TRUTH, What.LIST, What.RECORD):
        raise _unfit(step, TEXT)
    return Step("words", TEXT, step.node, (step,))


def _alike(steps: list[Step]) -> tuple[Type, list[Step]]:
    """Several parts as values of one sort."""
    whats = {one.type.what for one in steps}
    numbers = (one.type for one in steps if one.type.is_number and not one.type.written)
    first = next(numbers, steps[0].type) if steps[0].type.written else steps[0].type
    if whats == {What.DATE, What.MOMENT}:
        first = DATE
    if whats == {What.TEXT, What.CHOICE}:
        first = TEXT
    wanted = Type(first.what, first.currency, first.choices if len(steps) == 1 else ())
    if first.what is What.CHOICE:
        wanted = first if all(one.type == first for one in steps) else TEXT
    if first.what in (What.LIST, What.RECORD):
        raise _unfit(next(one for one in steps if one.type.what is first.what), TEXT)
    return wanted, [one if one.type == wanted else as_(one, wanted) for one in steps]


# --- what each function makes of what it is given ---------------------------------------------------


def _reckon(node: Call, args: list[Step]) -> Step:
    """+ and -: numbers, amounts of one currency, days."""
    first, second = args
    if first.type.what in (What.DATE, What.MOMENT):
        if node.function == "-" and second.type.what in (What.DATE, What.MOMENT):
            return Step("days_between", NUMBER, node, (as_(second, DATE), as_(first, DATE)))
        days = as_(second, NUMBER) if not second.type.written else second
        if node.function == "-":
            days = Step("negative", NUMBER, days.node, (days,))
        return Step("add_days", DATE, node, (as_(first, DATE), days))
    _number(first), _number(second)
    wanted, alike = _alike(args)
    return Step(node.function, replace(wanted, written=False), node, tuple(alike))


def _times(node: Call, args: list[Step]) -> Step:
    first, second = (_number(one) for one in args)
    money = [one.type for one in (first, second) if one.type.what is What.MONEY]
    if len(money) == 2:
        raise FormulaError(
            _("An amount cannot be multiplied by an amount."), at=node.at, end=node.end
        )
    return Step("*", money[0] if money else NUMBER, node, (first, second))


def _divide(node: Call, args: list[Step]) -> Step:
    first, second = (_number(one) for one in args)
    if second.type.what is not What.MONEY:
        return Step("/", replace(first.type, written=False), node, (first, second))
    as_(first, second.type)
    return Step("/", NUMBER, node, (first, second))


def _compare(node: Call, args: list[Step]) -> Step:
    first, second = args
    for one, other in ((first, second), (second, first)):
        if one.type.what is What.CHOICE and other.does == "text":
            choice = replace(other, type=one.type, value=_choice(one.type, other))
            alike = [choice if part is other else part for part in args]
            if node.function not in ("=", "!="):
                raise _unfit(one, TEXT)
            return Step(node.function, TRUTH, node, tuple(alike))
    if first.type.is_number and second.type.is_number and "" in (
        first.type.currency, second.type.currency
    ):  # an amount can be compared with a number  # fmt: skip
        return Step(node.function, TRUTH, node, (first, second))
    wanted, alike = _alike(args)
    if wanted.what in (What.TRUTH, What.CHOICE) and node.function not in ("=", "!="):
        raise _unfit(first, NUMBER)
    return Step(node.function, TRUTH, node, tuple(alike))


def _choice(type_: Type, written: Step) -> Any:
    """The choice that is meant by its key or by its label; refused with those there are."""
    wanted = fold(str(written.value))
    for key, label in type_.choices:
        if wanted in (fold(str(key)), fold(str(label))):
            return key
    if not wanted or not type_.choices:
        return written.value
    raise _refused(
        written,
        _("“%(text)s” is none of the choices: %(choices)s."),
        text=str(written.value)[:50],
        choices=", ".join(str(key) for key, _label in type_.choices[:12]),
    )


def _if(node: Call, args: list[Step]) -> Step:
    condition = as_(args[0], TRUTH)
    wanted, alike = _alike(args[1:])
    return Step("if", replace(wanted, written=False), node, (condition, *alike))


def _if_empty(node: Call, args: list[Step]) -> Step:
    if args[0].type.what is What.TRUTH:
        raise _unfit(args[0], NUMBER)
    wanted, alike = _alike(args)
    return Step("if_empty", replace(wanted, written=False), node, tuple(alike))


def _extreme(node: Call, args: list[Step]) -> Step:
    wanted, alike = _alike(args)
    if wanted.what not in (What.NUMBER, What.MONEY, What.DATE, What.MOMENT):
        raise _unfit(args[0], NUMBER)
    return Step(node.function, replace(wanted, written=False), node, tuple(alike))


def _round(node: Call, args: list[Step]) -> Step:
    value = _number(args[0])
    if len(args) == 2:
        places = args[1]
        if places.does != "number" or places.value != int(places.value) or places.value > 10:
            raise _refused(places, _("Write how many decimals: a number from 0 to 10."))
        return Step("round", replace(value.type, written=False), node, (value,), int(places.value))
    return Step("round", replace(value.type, written=False), node, (value,), 0)


def _same(node: Call, args: list[Step]) -> Step:
    """abs and -x: what goes in comes out."""
    value = _number(args[0])
    return Step(node.function, replace(value.type, written=value.type.written), node, (value,))


def _contains(node: Call, args: list[Step]) -> Step:
    if args[0].type.what is What.LIST:
        if args[1].does != "text":
            raise _unfit(args[1], TEXT)
        key = replace(args[1], value=_choice(args[0].type, args[1]))
        return Step("has", TRUTH, node, (args[0], key))
    return Step("contains", TRUTH, node, (_texted(args[0]), _texted(args[1])))


def _length(node: Call, args: list[Step]) -> Step:
    if args[0].type.what is What.LIST:
        return Step("count_of", NUMBER, node, (args[0],))
    return Step("length", NUMBER, node, (_texted(args[0]),))


def _is_empty(node: Call, args: list[Step]) -> Step:
    if args[0].type.what is What.TRUTH:
        raise _unfit(args[0], TEXT)
    return Step("is_empty", TRUTH, node, (args[0],))


def _takes(does: str, gives: Type, *wanted: Type) -> Callable[[Call, list[Step]], Step]:
    """A function whose values have one sort each."""

    def make(node: Call, args: list[Step]) -> Step:
        brought = (
            _texted(one) if sort is TEXT else as_(one, sort)
            for one, sort in zip(args, wanted, strict=True)
        )
        return Step(does, gives, node, tuple(brought))

    return make


def _strung(node: Call, args: list[Step]) -> Step:
    return Step("&", TEXT, node, tuple(_texted(one) for one in args))


def _logic(node: Call, args: list[Step]) -> Step:
    return Step(node.function, TRUTH, node, tuple(as_(one, TRUTH) for one in args))


def _times_of_day(does: str) -> Callable[[Call, list[Step]], Step]:
    return _takes(does, NUMBER, DATE)


#: Operator or function → fewest and most values (0: any number), and what is made of them.
RULES: dict[str, tuple[int, int, Callable[[Call, list[Step]], Step]]] = {
    "+": (2, 2, _reckon), "-": (2, 2, _reckon), "*": (2, 2, _times), "/": (2, 2, _divide),
    "negative": (1, 1, _same), "&": (2, 2, _strung), "and": (2, 2, _logic), "or": (2, 2, _logic),
    "not": (1, 1, _logic), "=": (2, 2, _compare), "!=": (2, 2, _compare), "<": (2, 2, _compare),
    "<=": (2, 2, _compare), ">": (2, 2, _compare), ">=": (2, 2, _compare),
    "if": (2, 3, _if), "if_empty": (2, 2, _if_empty), "is_empty": (1, 1, _is_empty),
    "min": (1, 0, _extreme), "max": (1, 0, _extreme), "round": (1, 2, _round), "abs": (1, 1, _same),
    "length": (1, 1, _length), "upper": (1, 1, _takes("upper", TEXT, TEXT)),
    "lower": (1, 1, _takes("lower", TEXT, TEXT)), "trim": (1, 1, _takes("trim", TEXT, TEXT)),
    "left": (2, 2, _takes("left", TEXT, TEXT, NUMBER)),
    "right": (2, 2, _takes("right", TEXT, TEXT, NUMBER)),
    "concat": (1, 0, _strung), "contains": (2, 2, _contains),
    "today": (0, 0, lambda node, _args: Step("today", DATE, node)),
    "date": (1, 1, _takes("date_of", DATE, DATE)),
    "year": (1, 1, _times_of_day("year")), "month": (1, 1, _times_of_day("month")),
    "day": (1, 1, _times_of_day("day")),
    "days_between": (2, 2, _takes("days_between", NUMBER, DATE, DATE)),
    "add_days": (2, 2, _takes("add_days", DATE, DATE, NUMBER)),
}  # fmt: skip
#: What is written by its name, not as a sign.
FUNCTIONS = tuple(sorted(name for name in RULES if name.isidentifier() and name not in
                         ("negative", "and", "or", "not")))  # fmt: skip
