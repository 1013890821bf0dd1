"""What computed fields come to: read, typed, and with everything they look at, directly and through
each other. A plan that makes no sense (any more) says why, and gives empty values."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from vinculo.kernel.errors import DomainError, _
from vinculo.platform.custom.known import known
from vinculo.platform.models.custom import CustomField, CustomKind
from vinculo.records.computed.formulas.checking import Known, Step, check
from vinculo.records.computed.formulas.parsing import parse
from vinculo.records.computed.formulas.tree import Call, FormulaError, Name, Node
from vinculo.records.computed.formulas.types import NUMBER, TEXT, Type, What, readable, type_of
from vinculo.records.fields import Field, Kind
from vinculo.records.registry import find

if TYPE_CHECKING:
    from vinculo.records.entity import Entity

#: (record type, field): what a plan looks at.
Read = tuple[str, str]
HOW = ("count", "sum", "min", "max", "last")
#: So many steps may a formula take together with those it reads.
MOST_STEPS = 1_000
DELETED = _("It uses “%(name)s”, which is not there any more.")


@dataclass(frozen=True)
class Rolled:
    """A roll-up: the records of one type whose field `by` points here, and what becomes of them."""

    of: str
    by: str
    how: str
    field: str = ""
    latest: str = ""
    where: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Plan:
    """What a computed field comes to.

    `reads` are all fields it looks at, `types` the record types whose rows it looks at, both also
    through other computed fields; `trouble` says why it gives nothing.
    """

    type: Type
    step: Step | None = None
    rolled: Rolled | None = None
    direct: frozenset[Read] = frozenset()
    reads: frozenset[Read] = frozenset()
    types: frozenset[str] = frozenset()
    rolls: bool = False
    #: It is the same whoever looks and whenever: neither today nor a time zone is in it, no roll-up.
    settled: bool = False
    size: int = 1
    trouble: DomainError | None = None


class Planner:
    """Makes plans of definitions, each once; `definitions` by record type and name."""

    def __init__(self, definitions: Mapping[Read, CustomField]) -> None:
        self.definitions = definitions
        self.made: dict[Read, Plan] = {}

    def plan(self, key: str, name: str, above: tuple[Read, ...] = ()) -> Plan:
        """The plan of a computed field; FormulaError only where it would go in a circle."""
        here = (key, name)
        if here in above:
            circle = [*above[above.index(here) :], here]
            labels = " → ".join(self.definitions[one].label for one in circle)
            raise FormulaError(_("This goes round in a circle: %(circle)s."), circle=labels)
        if here not in self.made:
            definition = self.definitions[here]
            try:
                self.made[here] = self.strictly(definition, above)
            except DomainError as error:
                if not above:
                    self.made[here] = broken(definition, error)
                else:
                    raise
        return self.made[here]

    def strictly(self, definition: CustomField, above: tuple[Read, ...] = ()) -> Plan:
        """The plan of a definition; FormulaError with the place of what does not fit."""
        within = (*above, (definition.entity, definition.name))
        if definition.kind == CustomKind.FORMULA:
            return self._formula(definition, within)
        return self._rollup(definition, within)

    # --- formulas ---

    def _formula(self, definition: CustomField, within: tuple[Read, ...]) -> Plan:
        key, tree = definition.entity, parse(definition.formula)
        step = check(tree, self.fields_of(key, within))
        read = [(key, str(one.value)) for one in steps(step) if one.does == "field"]
        direct = frozenset(read)
        below = self._below(direct, within)
        # each time a formula is read, the whole of it is written out
        size = step.size + sum(plan.size * read.count(one) for one, plan in below)
        if size > MOST_STEPS:
            raise FormulaError(
                _("This formula is too long together with those it uses."), end=tree.end
            )
        if step.type.what is What.CHOICE:
            step = Step("key", TEXT, step.node, (step,))
        gives = replace(step.type, written=False)
        settled = not any(unsettled(one) for one in steps(step))
        return _joined(Plan(gives, step=step, direct=direct, size=size, settled=settled), below)

    def fields_of(self, key: str, within: tuple[Read, ...] = ()) -> Known:
        """The fields that a formula of a record type can read."""
        entity = find(key)
        fields = {
            name: field
            for name, field in (entity.all_fields if entity else {}).items()
            if readable(field)
        }

        def typed(field: Field) -> Type:
            if not field.computed:
                return type_of(field)
            below = self.plan(key, field.name, within)
            if below.trouble is not None:
                raise FormulaError(_("“%(name)s” cannot be worked out itself."), name=field.label)
            return below.type

        return Known(fields, typed)

    # --- roll-ups ---

    def _rollup(self, definition: CustomField, within: tuple[Read, ...]) -> Plan:
        rolled = rolled_of(definition.rollup)
        entity = find(rolled.of)
        if entity is None or rolled.how not in HOW:
            raise FormulaError(_("Choose which related records it is about."), "of")
        by = _there(entity, rolled.by, "by")
        if not points_at(by, definition.entity):
            raise FormulaError(_("Choose which related records it is about."), "of")
        reads = {(rolled.of, rolled.by)}
        types = {rolled.of}
        gives = NUMBER
        if rolled.how != "count":
            field = _there(entity, rolled.field, "of_field")
            reads.add((rolled.of, rolled.field))
            gives = self._gives(rolled, field, within)
        if rolled.how == "last":
            _there(entity, rolled.latest, "latest")
            reads.add((rolled.of, rolled.latest))
        for name, _value in rolled.where:
            for read in filtered(entity, name):
                reads.add(read)
                types.add(read[0])
        below = self._below(frozenset(reads), within)
        if any(plan.rolls for _read, plan in below):
            raise FormulaError(_("A roll-up cannot be made of roll-ups."), "of_field")
        plan = Plan(
            gives, rolled=rolled, direct=frozenset(reads), types=frozenset(types), rolls=True
        )
        return _joined(plan, below)

    def _gives(self, rolled: Rolled, field: Field, within: tuple[Read, ...]) -> Type:
        """What comes out of the related records' field, refused where it makes no sense."""
        if field.computed:
            gives = self.fields_of(rolled.of, within).type_of(field)
        else:
            gives = type_of(field)
        if not readable(field) or gives.what in (What.LIST, What.RECORD):
            raise FormulaError(_("A roll-up cannot be made of this field."), "of_field")
        if rolled.how == "sum" and not gives.is_number:
            raise FormulaError(_("Only numbers and amounts have a sum."), "of_field")
        ordered = (What.NUMBER, What.MONEY, What.DATE, What.MOMENT)
        if rolled.how in ("min", "max") and gives.what not in ordered:
            raise FormulaError(
                _("Only numbers, amounts and dates have a smallest and a largest."), "of_field"
            )
        return gives

    def _below(self, reads: frozenset[Read], within: tuple[Read, ...]) -> list[tuple[Read, Plan]]:
        """The plans of the computed fields among what is read."""
        found = [(one, self.plan(*one, within)) for one in sorted(reads) if self._computed(one)]
        for _read, plan in found:
            if plan.trouble is not None:
                raise plan.trouble
        return found

    def _computed(self, read: Read) -> bool:
        definition = self.definitions.get(read)
        return definition is not None and definition.computed


def _joined(plan: Plan, below: list[tuple[Read, Plan]]) -> Plan:
    """A plan together with what those that it reads look at."""
    return replace(
        plan,
        reads=plan.direct.union(*(one.reads for _read, one in below)),
        types=plan.types.union(*(one.types for _read, one in below)),
        rolls=plan.rolls or any(one.rolls for _read, one in below),
        settled=plan.settled and all(one.settled for _read, one in below),
    )


def broken(definition: CustomField, why: DomainError) -> Plan:
    """The plan of a field that makes no sense any more: it stays what it was, and gives nothing."""
    what = What(definition.gives) if definition.gives else What.TEXT
    return Plan(Type(what, definition.currency), trouble=why)


def planner() -> Planner:
    """The plans of all definitions that count; made once per version."""
    memo = known().memo
    if "planner" not in memo:
        memo["planner"] = Planner(definitions())
    found: Planner = memo["planner"]
    return found


def definitions() -> dict[Read, CustomField]:
    """All definitions that count, by record type and name."""
    return {(key, one.name): one for key, some in known().fields.items() for one in some}


def plan_of(definition: CustomField) -> Plan:
    """The plan of a definition that counts."""
    return planner().plan(definition.entity, definition.name)


def users_of(key: str, name: str) -> list[CustomField]:
    """The computed fields that read a field, directly or through others."""
    return [
        one
        for one in definitions().values()
        if one.computed and ((key, name) in plan_of(one).reads or _named(one, key, name))
    ]


def _named(definition: CustomField, key: str, name: str) -> bool:
    """Whether a broken formula or roll-up would read the field if it could."""
    if plan_of(definition).trouble is None:
        return False
    if definition.kind == CustomKind.FORMULA:
        return definition.entity == key and name in definition.formula
    rolled = rolled_of(definition.rollup)
    taken = key == rolled.of and name in (rolled.by, rolled.field, rolled.latest)
    return taken or any(name in path.split(".") for path, _value in rolled.where)


def steps(step: Step) -> "list[Step]":
    """A formula's steps, all of them."""
    return [step, *(inner for one in step.args for inner in steps(one))]


def unsettled(step: Step) -> bool:
    """Whether a step asks what day it is, or how a time zone says an instant or a day."""
    if step.does == "words":
        return step.args[0].type.what in (What.DATE, What.MOMENT)
    return step.does in ("today", "date")


def with_names(source: str, tree: Node, known_: Known) -> str:
    """A formula with names in place of labels between braces, so that renaming changes nothing."""
    for name in sorted(_labels(tree), key=lambda one: -one.at):
        source = source[: name.at] + known_.find(name).name + source[name.end :]
    return source


def _labels(node: Node) -> list[Name]:
    if isinstance(node, Name):
        return [node] if node.label else []
    return [one for arg in node.args for one in _labels(arg)] if isinstance(node, Call) else []


# --- relations that a roll-up can go along --------------------------------------------------------


def rolled_of(told: Mapping[str, Any]) -> Rolled:
    """A roll-up as a definition keeps it."""
    words = {name: str(told.get(name) or "") for name in ("of", "by", "how", "field", "latest")}
    return Rolled(
        **words, where=tuple(parse_qsl(str(told.get("where") or ""), keep_blank_values=True))
    )


def points_at(field: Field, key: str) -> bool:
    """Whether a reference leads to records of a type (a party is a company or a person)."""
    if field.kind is not Kind.RELATION or not field.column or "__" in field.id_column.replace(
        "custom__", ""
    ):  # fmt: skip
        return False
    entity = find(key)
    if field.target == key or entity is None:
        return field.target == key
    concrete = entity.model._meta.concrete_model
    return concrete is not None and field.target == concrete._meta.label_lower


def ways_to(key: str) -> "list[tuple[Entity, Field]]":
    """The record types, each with a field of theirs, whose records point at those of a type."""
    from vinculo.records.registry import entities

    return [
        (entity, field)
        for entity in entities()
        for field in entity.all_fields.values()
        if points_at(field, key)
    ]


def _there(entity: "Entity", name: str, where: str) -> Field:
    field = entity.all_fields.get(name)
    if field is None or field.sensitive:
        raise FormulaError(DELETED if name else _("This field is required."), where, name=name)
    return field


def filtered(entity: "Entity", name: str) -> list[Read]:
    """The fields that a filter asks about: one, or a reference and a field behind it."""
    from vinculo.records.filters.parsing import GROUP

    grouped = GROUP.fullmatch(name)
    path = (grouped[2] if grouped else name).rpartition(".")[0]
    first, dot, second = path.partition(".")
    step = _there(entity, first, "where")
    if not dot:
        return [(entity.key, first)]
    target = find(step.target)
    if target is None:
        raise FormulaError(DELETED, "where", name=first)
    _there(target, second, "where")
    return [(entity.key, first), (target.key, second)]
