"""One door: what a person may reach, compiled from their roles to SQL.

A role grants, per record type (an entity key such as ``parties.company``) and verb, a scope: none,
own, team or all. Several roles add up. `visible` turns that into a filter on a queryset; lists,
details, counts, search, exports, the API and files all start from it, so they cannot disagree.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.db import connection, models
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL

from vinculo.kernel.errors import NotAllowed, _
from vinculo.platform.modules.known import action_is_on, entity_is_on, off_modules
from vinculo.platform.sensitive.rules import RIGHT, is_sensitive

if TYPE_CHECKING:
    from vinculo.platform.base import RecordQuerySet
    from vinculo.platform.models import Role, User

M = TypeVar("M", bound=models.Model)

VERBS = ("view", "add", "edit", "delete", "export")


class Scope(IntEnum):
    """How far a grant reaches; the larger includes the smaller."""

    NONE = 0
    OWN = 1
    TEAM = 2
    ALL = 3

    @classmethod
    def named(cls, name: str) -> "Scope":
        """The scope called none, own, team or all."""
        return cls[name.upper()]


@dataclass(frozen=True)
class Reach:
    """How the rows of a table belong to people.

    `owner` and `team` name the foreign keys that decide own and team. `inside` names foreign keys
    to records that must be visible too: a call is only visible with the company it was made to.
    `like` borrows the grants of the record in `inside` instead of having grants of its own (a
    phone number is reached like the company it belongs to). `everyone` opens a table that holds no
    secret to all who are signed in (teams, colleagues' names). `personal` keeps a table's rows to
    their owner, from administrators too (notifications, what was looked at). `shared` opens rows
    of such a table to others all the same: it names the foreign keys to a role and to a team whose
    people may look at the row. `granted` names the record type whose grants decide where a table
    is no record type itself: a sales target is reached by whoever reaches the team's deals.
    """

    owner: str | None = None
    team: str | None = None
    inside: tuple[str, ...] = ()
    like: bool = False
    everyone: bool = False
    personal: bool = False
    shared: tuple[str, str] | None = None
    granted: str = ""


@dataclass
class Rights:
    """Everything one person may do, read once per request from their roles."""

    user_id: int
    team_ids: frozenset[int] = frozenset()
    role_ids: frozenset[int] = frozenset()
    administrator: bool = False
    grants: dict[str, dict[str, Scope]] = field(default_factory=dict)
    actions: frozenset[str] = frozenset()
    field_rules: dict[str, dict[str, str]] = field(default_factory=dict)
    #: What `visible_condition` has found already: (model, verb) → filter.
    conditions: dict[tuple[type[models.Model], str], Q | None] = field(
        default_factory=dict, compare=False, repr=False
    )

    def scope(self, entity_key: str, verb: str = "view") -> Scope:
        """How far `verb` reaches on records of the type `entity_key`; not at all, for nobody, where
        its module is off."""
        if not entity_is_on(entity_key):
            return Scope.NONE
        if self.administrator:
            return Scope.ALL
        return self.grants.get(entity_key, {}).get(verb, Scope.NONE)

    def may(self, action_name: str) -> bool:
        """Whether the named action may be called at all (its rows are checked apart)."""
        room = action_name.partition(".")[0]
        return action_is_on(action_name) and (
            self.administrator or action_name in self.actions or f"{room}.*" in self.actions
        )

    def field_rule(self, entity_key: str, name: str) -> str:
        """'' (free), 'readonly' or 'hidden' for one field of one record type."""
        if self.administrator:
            return ""
        if is_sensitive(entity_key, name) and not self.may(RIGHT):
            return "hidden"
        source = _TELLS.get((entity_key, name))
        if source is not None and self.field_rule(*source) == "hidden":
            return "hidden"
        return self.field_rules.get(entity_key, {}).get(name, "")


#: A field that is computed from one of another record type, and that one: (type, name) → the same.
_TELLS: dict[tuple[str, str], tuple[str, str]] = {}


def tells(entity_key: str, name: str, *, of: tuple[str, str]) -> None:
    """Declare that a field says what the field `of` (type, name) holds: hidden wherever that is."""
    _TELLS[entity_key, name] = of


def rights_of(user: "User") -> Rights:
    """The rights of `user`, computed once per user object (that is, once per request)."""
    cached: Rights | None = getattr(user, "_rights", None)
    if cached is None:
        cached = combine(user.pk, *user.standing())
        user._rights = cached  # type: ignore[attr-defined]
    return cached


def combine(user_id: int, team_ids: Iterable[int], roles: Iterable["Role"]) -> Rights:
    """Add up `roles`: scopes and actions by the widest, field rules by the most open one.

    A field is hidden (or read-only) only where every role that lets the person see the record
    type says so: a second role must never take away what the first one gave.
    """
    rights = Rights(user_id=user_id, team_ids=frozenset(team_ids))
    actions: set[str] = set()
    seeing: dict[str, list[Role]] = {}
    for role in roles:
        rights.administrator = rights.administrator or role.administrator
        rights.role_ids |= {role.pk}
        actions.update(role.actions)
        for key, verbs in role.grants.items():
            mine = rights.grants.setdefault(key, {})
            for verb, name in verbs.items():
                mine[verb] = max(mine.get(verb, Scope.NONE), Scope.named(name))
            if verbs.get("view", "none") != "none":
                seeing.setdefault(key, []).append(role)
    for key, seers in seeing.items():
        rules = [role.field_rules.get(key, {}) for role in seers]
        for name in set.intersection(*(set(rule) for rule in rules)) if rules else ():
            strictness = [rule[name] for rule in rules]
            mildest = "readonly" if "readonly" in strictness else "hidden"
            rights.field_rules.setdefault(key, {})[name] = mildest
    rights.actions = frozenset(actions)
    return rights


#: Rights by name that widen what is seen, beside the verb *view*.
SEEING = frozenset({RIGHT, "platform.undo_others"})


def eyes_only(rights: Rights) -> Rights:
    """The same sight without hands: whatever writes, and takes files away, is not offered."""
    seen = {key: verbs["view"] for key, verbs in rights.grants.items() if "view" in verbs}
    grants = {key: {"view": scope} for key, scope in seen.items()}
    actions = frozenset(name for name in SEEING if rights.may(name))
    return replace(rights, grants=grants, actions=actions, conditions={})


def entity_keys(model: type[models.Model]) -> dict[str, Q]:
    """The record types stored in `model`: entity key → the filter that selects its rows.

    One table may hold several (a party is a company or a person); a proxy model holds one.
    """
    from vinculo.platform.types import record_types

    return record_types(model)


def visible(queryset: "RecordQuerySet[M]", user: "User", verb: str = "view") -> "RecordQuerySet[M]":
    """The rows of `queryset` on which `user` may do `verb`; see `Reach`."""
    condition = visible_condition(queryset.model, user, verb)
    if condition is None:
        return queryset
    return queryset.filter(condition)


def visible_condition(model: type[models.Model], user: "User", verb: str) -> Q | None:
    """The filter behind `visible`: None lets every row through. Made once per user object."""
    if not user.is_active:
        return NOTHING
    rights = rights_of(user)
    if (model, verb) not in rights.conditions:
        rights.conditions[model, verb] = _condition(model, user, rights, verb)
    return rights.conditions[model, verb]


def _condition(model: type[models.Model], user: "User", rights: Rights, verb: str) -> Q | None:
    reach: Reach = model.reach  # type: ignore[attr-defined]
    if reach.personal:
        if getattr(user, "viewed_by", None) is not None:
            # Looked at through somebody else's eyes: what is theirs alone stays theirs.
            return _shared(reach.shared, rights, verb) if reach.shared else NOTHING
        mine = Q(**{f"{reach.owner}_id": user.pk})
        return mine | _shared(reach.shared, rights, verb) if reach.shared else mine
    if off_modules() and _is_off(model):
        return NOTHING
    if rights.administrator or (reach.everyone and verb == "view"):
        return None
    conditions: list[Q] = []
    if not reach.like and not (reach.everyone and verb == "view"):
        own = _granted(model, rights, verb)
        if own is not None:
            conditions.append(own)
    for name in reach.inside:
        parent_verb = ("view" if verb == "view" else "edit") if reach.like else "view"
        parent = _inside(model, name, user, parent_verb)
        if parent is not None:
            conditions.append(parent)
    if not conditions:
        return None
    combined = conditions[0]
    for condition in conditions[1:]:
        combined &= condition
    return combined


NOTHING = Q(pk__in=[])


def _is_off(model: type[models.Model]) -> bool:
    """Whether all record types of a table belong to modules that are off."""
    keys = entity_keys(model)
    return bool(keys) and not any(entity_is_on(key) for key in keys)


# The teams a person works in and those these are part of: what is given to a team is given to all
# who work in it or below it.
TEAMS_ABOVE = """
WITH RECURSIVE above AS (
    SELECT team_id AS id FROM platform_membership WHERE user_id = %s
    UNION
    SELECT team.parent_id FROM platform_team team JOIN above ON team.id = above.id
    WHERE team.parent_id IS NOT NULL
)
SELECT id FROM above
"""


def teams_above(user: "User") -> list[int]:
    """The teams a person works in, and all teams that these are part of."""
    with connection.cursor() as cursor:
        cursor.execute(TEAMS_ABOVE, [user.pk])
        return [row[0] for row in cursor.fetchall()]


def _shared(by: tuple[str, str], rights: Rights, verb: str) -> Q:
    """Rows given to the person's roles and teams to look at; administrators look after them all."""
    role, team = by
    if rights.administrator:
        return Q(**{f"{role}__isnull": False}) | Q(**{f"{team}__isnull": False})
    if verb != "view":
        return NOTHING
    return (
        Q(**{f"{role}_id__in": sorted(rights.role_ids)})
        | Q(**{f"{team}_id__in": sorted(rights.team_ids)})
        | Q(**{f"{team}_id__in": RawSQL(TEAMS_ABOVE, [rights.user_id])})  # noqa: S611
    )


def _granted(model: type[models.Model], rights: Rights, verb: str) -> Q | None:
    """What the grants on the record types in `model` let through; None is everything."""
    keys = entity_keys(model)
    if not keys:
        reach: Reach = model.reach  # type: ignore[attr-defined]
        # A table that no role grants (API keys, change-sets): everyone has their own rows.
        scope = rights.scope(reach.granted, verb) if reach.granted else Scope.OWN
        return None if scope is Scope.ALL else _as_far_as(model, rights, scope)
    scopes = {key: rights.scope(key, verb) for key in keys}
    if all(scope is Scope.ALL for scope in scopes.values()):
        return None
    allowed = NOTHING
    for key, rows in keys.items():
        if scopes[key] is Scope.NONE:
            continue
        part = rows & _scoped(model, rights, scopes[key]) if scopes[key] is not Scope.ALL else rows
        allowed = part if allowed is NOTHING else allowed | part
    return allowed


def _as_far_as(model: type[models.Model], rights: Rights, scope: Scope) -> Q:
    return NOTHING if scope is Scope.NONE else _scoped(model, rights, scope)


def _scoped(model: type[models.Model], rights: Rights, scope: Scope) -> Q:
    reach: Reach = model.reach  # type: ignore[attr-defined]
    condition = Q(**{f"{reach.owner}_id": rights.user_id}) if reach.owner else NOTHING
    if scope is Scope.TEAM and reach.team:
        condition |= Q(**{f"{reach.team}_id__in": sorted(rights.team_ids)})
    return condition


class _AskedPerRow(Exists):
    """EXISTS that the database asks for each row that is left, by its key.

    As a join it would first gather every record the person may see: tens of thousands, for a page
    of fifty. OFFSET 0 keeps the planner from making a join of it.
    """

    template = "EXISTS(%(subquery)s OFFSET 0)"


def _inside(model: type[models.Model], name: str, user: "User", verb: str) -> Q | None:
    """`model`'s rows whose parent `name` is reachable; rows without a parent pass."""
    relation = model._meta.get_field(name)
    parent = cast("type[models.Model]", relation.related_model)
    condition = visible_condition(parent, user, verb)
    if condition is None:
        return None
    reachable = parent._default_manager.filter(condition, pk=OuterRef(f"{name}_id"))
    inside = Q(_AskedPerRow(reachable))
    return inside | Q(**{f"{name}__isnull": True}) if relation.null else inside


def reaches(user: "User", row: models.Model, verb: str) -> bool:
    """Whether `user`, who sees `row`, may also do `verb` to it.

    Where owner and team of the row at hand decide, the database is not asked; every write asks it
    again (`recheck`).
    """
    rights = rights_of(user)
    reach: Reach = type(row).reach  # type: ignore[attr-defined]
    if reach.like or reach.personal or reach.everyone:
        condition = visible_condition(type(row), user, verb)
        rows = cast("Any", type(row))._default_manager.filter(pk=row.pk)
        return bool((rows if condition is None else rows.filter(condition)).exists())
    if not user.is_active or (off_modules() and _is_off(type(row))):
        return False
    if rights.administrator:
        return True
    kept = rights.scope(reach.granted, verb) if reach.granted else Scope.OWN
    scope = max((rights.scope(key, verb) for key in _types_of(row)), default=kept)
    if scope in (Scope.ALL, Scope.NONE):
        return scope is Scope.ALL
    own = reach.owner is not None and getattr(row, f"{reach.owner}_id") == user.pk
    team = getattr(row, f"{reach.team}_id") if reach.team and scope is Scope.TEAM else None
    return own or team in rights.team_ids


def _types_of(row: models.Model) -> list[str]:
    """The record types that this row is of, by the columns that tell them apart."""
    return [
        key
        for key, rows in entity_keys(type(row)).items()
        if all(getattr(row, name) == value for name, value in cast("Any", rows.children))
    ]


def require(user: "User", entity_key: str, verb: str) -> None:
    """Refuse with a clear sentence when `user` may not do `verb` on any record of the type."""
    if rights_of(user).scope(entity_key, verb) is Scope.NONE:
        raise NotAllowed(_("You may not do this. Ask an administrator for the right to."))


def recheck(row: models.Model, user: "User", verb: str = "edit") -> None:
    """After a save: the row must still be inside what `user` may reach, or nothing is saved."""
    model = type(row)
    if visible_condition(model, user, verb) is None:
        return  # every row is in reach: nothing to ask
    manager = cast("Any", model)._default_manager
    if not manager.filter(pk=row.pk).visible_to(user, verb).exists():
        raise NotAllowed(
            _(
                "After this change you could no longer reach the record. Choose an owner in your team."
            )
        )
