"""A formula or a roll-up as an administrator writes it, brought into a definition or refused."""

from collections.abc import Mapping
from urllib.parse import urlencode

from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.money import smallest_unit
from vinculo.platform.jobs import enqueue
from vinculo.platform.models import User
from vinculo.platform.models.custom import CustomField, CustomKind, new_stamp
from vinculo.records.computed.filed import can_be_kept
from vinculo.records.computed.formulas.parsing import parse
from vinculo.records.computed.formulas.tree import FormulaError
from vinculo.records.computed.formulas.types import What
from vinculo.records.computed.plans import (
    Plan,
    Planner,
    definitions,
    rolled_of,
    users_of,
    with_names,
)
from vinculo.records.custom.indexing import index_custom_field
from vinculo.records.custom.spelling import Wish
from vinculo.records.filters.conditions import narrowing
from vinculo.records.filters.parsing import parse_filters
from vinculo.records.registry import find

LONGEST_FILTERS = 1_000


def work_out(made: CustomField, wish: Wish, actor: User) -> None:
    """Put a formula or a roll-up into a definition, with what comes out of it; DomainError (with
    the place, in a formula) where it makes no sense, or where other fields would lose theirs."""
    if not made.computed:
        return
    plan = planned(made, wish)
    made.gives, made.currency = str(plan.type.what), plan.type.currency
    if plan.type.what is What.MONEY:
        made.decimals = -int(smallest_unit(made.currency).as_tuple().exponent)
    elif plan.type.what is not What.NUMBER or made.rollup.get("how") == "count":
        made.decimals = 0
    if made.pk is not None:
        _still_fits(made)
    _can_be_filed(made, plan)
    if made.kind == CustomKind.ROLLUP:
        _filters_fit(made, actor)
        _indexed_by(made)


def planned(made: CustomField, wish: Wish) -> Plan:
    """The plan of a definition with what is wished for it."""
    if made.kind == CustomKind.FORMULA:
        made.formula = wish.formula.replace("\x00", "").strip()
        tree = parse(made.formula)
        known = Planner(definitions()).fields_of(made.entity, ((made.entity, made.name),))
        made.formula = with_names(made.formula, tree, known)
    else:
        made.rollup = told_rollup(wish.rollup)
    return planner_with(made).strictly(made)


def planner_with(made: CustomField) -> Planner:
    """Plans as they would be with a definition that is not saved yet."""
    return Planner({**definitions(), (made.entity, made.name): made})


def told_rollup(told: Mapping[str, str]) -> dict[str, str]:
    """A roll-up as its definition keeps it: only what its way of counting needs."""
    rolled = rolled_of(told)
    kept = {"of": rolled.of, "by": rolled.by, "how": rolled.how}
    if rolled.how != "count":
        kept["field"] = rolled.field
    if rolled.how == "last":
        kept["latest"] = rolled.latest
    filters = urlencode([pair for pair in rolled.where if "." in pair[0]])
    if len(filters) > LONGEST_FILTERS:
        raise DomainError(_("These are too many filters for a roll-up."), "where")
    return {**kept, "where": filters} if filters else kept


def _can_be_filed(made: CustomField, plan: Plan) -> None:
    """An index, and the search with it, keeps one value of a record (or, for a roll-up, of each
    related one): the same for whoever looks, and tomorrow."""
    settled = can_be_kept(plan.rolled) if plan.rolled is not None else plan.settled
    if made.indexed and not settled:
        raise DomainError(UNSETTLED, "indexed")
    if made.searched and not settled:
        raise DomainError(UNSETTLED, "searched")
    if made.searched and plan.rolled is not None and plan.type.what is not What.TEXT:
        raise DomainError(
            _("The search finds words: this roll-up gives none. It is found by the last text."),
            "searched",
        )
    if made.searched and plan.type.what is not What.TEXT:
        raise DomainError(_("The search finds words: this formula gives none."), "searched")


UNSETTLED = _(
    "What comes out depends on the day, on the reader's time zone or on who looks, so it can be"
    " neither found by the search nor made fast."
)


def _filters_fit(made: CustomField, actor: User) -> None:
    """The filters of a roll-up are refused like those of a list."""
    rolled = rolled_of(made.rollup)
    entity = find(rolled.of)
    assert entity is not None
    try:
        narrowing(parse_filters(entity, actor, rolled.where), actor)
    except DomainError as error:
        raise DomainError(error.message, "where", **error.params) from None


def _still_fits(made: CustomField) -> None:
    """Other computed fields reckon with what comes out: another sort of value would break them."""
    plans = planner_with(made)
    for other in users_of(made.entity, made.name):
        try:
            _can_be_filed(other, plans.strictly(other))
        except DomainError:
            where = "formula" if made.kind == CustomKind.FORMULA else "how"
            raise FormulaError(
                _("“%(name)s” uses this field and would no longer make sense."), where,
                name=other.label,
            ) from None  # fmt: skip


def _indexed_by(made: CustomField) -> None:
    """A roll-up asks per record for those that point at it: a reference of one's own needs its
    index for that."""
    rolled = rolled_of(made.rollup)
    by = definitions().get((rolled.of, rolled.by))
    if by is not None and not by.indexed:
        by.indexed = True
        by.stamp = new_stamp()
        by.save()
        enqueue(index_custom_field, field=by.pk)
