"""What is to be done to many records, as plain JSON that a job can carry and a person confirmed."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from vinculo.kernel.errors import DomainError, _
from vinculo.platform.models import Team, User
from vinculo.platform.sensitive.fields import Secret
from vinculo.records.bulk.engine import Wish
from vinculo.records.entity import Entity
from vinculo.records.fields import Field, Kind
from vinculo.records.forms import comparable
from vinculo.records.registry import find

if TYPE_CHECKING:
    from collections.abc import Mapping

#: "set" for every field; "add" and "remove" for tags.
WAYS = ("set", "add", "remove")


@dataclass(frozen=True)
class Change:
    """`verb` is edit, delete or cells. An edit sets `field` to `value` in the way `how`; cells
    gives each row its own values: row number as text → field name → value."""

    verb: str
    field: str = ""
    how: str = "set"
    value: Any = None
    cells: "Mapping[str, Mapping[str, Any]] | None" = None

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)

    @property
    def names(self) -> list[str]:
        """The fields it writes."""
        if self.cells is not None:
            return list(dict.fromkeys(name for row in self.cells.values() for name in row))
        return [self.field] if self.field else []

    def wish(self, actor: User, entity: Entity) -> Wish:
        """What each record is to hold. Raises DomainError when a value is gone meanwhile."""
        fields = {name: entity.all_fields[name] for name in self.names}
        if self.cells is not None:
            return _own_values(actor, entity, fields, self.cells)
        only = fields[self.field]
        value = thaw(entity, only, self.value, actor)
        if self.how == "set":
            return lambda record: {only.name: value}
        return lambda record: {only.name: _tagged(only.value(record) or [], value, self.how)}


def _own_values(
    actor: User, entity: Entity, fields: dict[str, Field], cells: "Mapping[str, Mapping[str, Any]]"
) -> Wish:
    known: dict[tuple[str, str], Any] = {}

    def value(name: str, frozen: Any) -> Any:
        key = (name, comparable(frozen))
        if key not in known:
            known[key] = thaw(entity, fields[name], frozen, actor)
        return known[key]

    def wish(record: Any) -> dict[str, Any]:
        own = cells.get(str(record.pk), {})
        return {name: value(name, frozen) for name, frozen in own.items()}

    return wish


def _tagged(held: list[str], named: list[str], how: str) -> list[str]:
    if how == "add":
        return list(dict.fromkeys([*held, *named]))
    return [tag for tag in held if tag not in named]


def freeze(entity: Entity, field: Field, value: Any) -> Any:
    """A clean value as JSON: a record as its number, a date and an amount as text, a sensitive one
    encrypted as its column holds it."""
    if field.sensitive and value:
        return _column(entity, field).get_prep_value(value)
    if hasattr(value, "pk"):
        return value.pk
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _column(entity: Entity, field: Field) -> Any:
    return entity.model._meta.get_field(field.column or field.name)


def thaw(entity: Entity, field: Field, frozen: Any, actor: User) -> Any:
    """The value again; DomainError when the record it names is gone or out of the actor's sight."""
    if frozen is None or frozen == "":
        return frozen
    if field.sensitive:
        return Secret(_column(entity, field).place, frozen)
    if field.is_reference:
        found = references(field, actor).filter(pk=frozen).first()
        if found is None:
            raise DomainError(_("Choose a record from the list."), field=field.name)
        return found
    if field.kind is Kind.DATETIME:
        return datetime.fromisoformat(frozen)
    if field.kind is Kind.DATE:
        return date.fromisoformat(frozen)
    return Decimal(frozen) if field.kind is Kind.DECIMAL else frozen


def references(field: Field, actor: User) -> Any:
    """The records that `field` may name, as far as the actor may see them."""
    if field.kind is Kind.USER:
        return User.objects.visible_to(actor).filter(is_active=True)
    if field.kind is Kind.TEAM:
        return Team.objects.visible_to(actor)
    target = find(field.target)
    if target is None:
        raise ValueError(f"{field.name} points to {field.target}, which is no entity.")
    return target.visible(actor)
