"""Values as JSON carries them: out of records, and in again, strictly by the kind of their field."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext

from vinculo.kernel.countries import is_country
from vinculo.kernel.errors import _
from vinculo.kernel.text import clean, clean_lines
from vinculo.platform.models import Team, User
from vinculo.records import lists
from vinculo.records.api.errors import Problem, invalid
from vinculo.records.computed.seen import fetch_computed
from vinculo.records.custom.values import held_on
from vinculo.records.entity import Entity
from vinculo.records.fields import Field, Kind
from vinculo.records.forms import BIGGEST_TEXT, TagsField, input_for
from vinculo.records.registry import entities, find

LARGEST_ID = 2**63 - 1
BASE = "/api/v1"


def api_url(entity: Entity, pk: Any) -> str:
    """Where the API has a record."""
    return f"{BASE}/{entity.path}/{pk}"


# --- out ---------------------------------------------------------------------------------------


def represent(
    entity: Entity, user: User, fields: Sequence[Field], rows: Iterable[Sequence[Any]]
) -> list[dict[str, Any]]:
    """Rows (`id`, then one raw value per field) as JSON values: `id`, `url`, then the fields.

    Nothing is validated on its way out, and no object is made of a row: a page has two hundred.
    """
    rows = list(rows)
    writers = [
        (field.name, _writer(field, (row[place] for row in rows), user), place)
        for place, field in enumerate(fields, start=1)
    ]
    base = f"{BASE}/{entity.path}/"
    found = []
    for row in rows:
        told: dict[str, Any] = {"id": row[0], "url": f"{base}{row[0]}"}
        for name, write, place in writers:
            value = row[place]
            told[name] = value if write is None or value is None else write(value)
        found.append(told)
    return found


def raw_path(field: Field) -> str:
    """Where a stored field's raw value is in the database: the id of what a reference names."""
    return field.id_column


def raw_row(record: Any, fields: Sequence[Field]) -> list[Any]:
    """A record's id and the raw values of the fields, also of those that are no columns."""
    fetch_computed([record], fields)
    return [record.pk, *(_raw_value(record, field) for field in fields)]


def _raw_value(record: Any, field: Field) -> Any:
    if field.read is not None:
        return field.read(record)
    if field.custom:
        return held_on(field, record)
    value = record
    for step in raw_path(field).split("__"):
        value = getattr(value, step, None)
    return value


def _writer(field: Field, values: Iterable[Any], user: User) -> Callable[[Any], Any] | None:
    """How a field's raw values become JSON; None where they are JSON already."""
    if field.sensitive:
        return lambda value: value.reveal_or_dots() if value else value
    if field.is_reference:
        named = linked(field, set(values) - {None}, user)
        return lambda pk: named.get(pk, HIDDEN)
    if field.kind in (Kind.DATE, Kind.DATETIME):
        return datetime.isoformat if field.kind is Kind.DATETIME else date.isoformat
    return plain if field.kind is Kind.DECIMAL or field.read is not None else None


#: A related record that the caller may not see: there is one, and nothing else is said.
HIDDEN = {"id": None, "name": None, "url": None}


def linked(field: Field, ids: Iterable[int], user: User) -> dict[int, dict[str, Any]]:
    """The records that a reference points to, of those the caller may see: id → id, name, url.

    One question per target at most, and none where nothing is pointed to.
    """
    wanted = set(ids)
    if not wanted:
        return {}
    if field.kind in (Kind.USER, Kind.TEAM):
        model: Any = Team if field.kind is Kind.TEAM else User
        if model is User and wanted == {user.pk}:
            return {user.pk: _link(user.pk, user.name, None)}
        rows = model.objects.visible_to(user).filter(pk__among=wanted).order_by()
        return {pk: _link(pk, name, None) for pk, name in rows.values_list("pk", "name")}
    target = find(field.target)
    if target is not None:
        records = lists.narrow(target.visible(user), [], target, None).filter(pk__among=wanted)
        return {one.pk: _link(one.pk, str(one), api_url(target, one.pk)) for one in records}
    return _linked_to_any(field, wanted, user)


def _linked_to_any(field: Field, wanted: set[int], user: User) -> dict[int, dict[str, Any]]:
    """A reference to a table of several record types (a party is a company or a person)."""
    found: dict[int, dict[str, Any]] = {}
    for candidate in entities():
        if candidate.model._meta.concrete_model is not apps.get_model(field.target):
            continue
        rows = lists.narrow(candidate.visible(user), [], candidate, None)
        for one in rows.filter(pk__among=wanted - set(found)):
            found[one.pk] = _link(one.pk, str(one), api_url(candidate, one.pk))
    return found


def _link(pk: int, name: str, url: str | None) -> dict[str, Any]:
    return {"id": pk, "name": name, "url": url}


def plain(value: Any) -> Any:
    """A value as JSON has it: decimals as text so that no digit is lost, instants with their zone."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else value


# --- in ----------------------------------------------------------------------------------------


def read_values(
    entity: Entity,
    user: User,
    body: Mapping[str, Any],
    remembered: dict[tuple[str, Any], Any] | None = None,
) -> dict[str, Any]:
    """The clean values of a body (field name → value); ApiError naming every field that is wrong.

    A field that is hidden from the caller is refused in the words for one that does not exist.
    `remembered` keeps the records that references point to over many bodies.
    """
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, given in body.items():
        field = entity.field_for(user, name)
        if field is None:
            problems.append(Problem(name[:60], unknown(name)))
        elif not field.editable:
            message = gettext("The field “%(name)s” cannot be changed.") % {"name": name}
            problems.append(Problem(name, message))
        else:
            try:
                values[name] = _read_once(field, given, user, remembered)
            except ValidationError as error:
                problems += [Problem(name, message) for message in error.messages]
    if problems:
        raise invalid(problems)
    return values


def _read_once(
    field: Field, given: Any, user: User, remembered: dict[tuple[str, Any], Any] | None
) -> Any:
    if remembered is None or not field.is_reference or not isinstance(given, int):
        return read_value(field, given, user)
    known = (field.name, given)
    if known not in remembered:
        remembered[known] = read_value(field, given, user)
    return remembered[known]


def unknown(name: str) -> str:
    """The words for a field that is not there, or hidden."""
    return gettext("There is no field called “%(name)s” here.") % {"name": name[:60]}


def missing(entity: Entity, user: User, values: Mapping[str, Any]) -> list[Problem]:
    """The fields that a new record cannot do without and that the body does not have."""
    wanted = [field for field in entity.fields_for(user, entity.form_names) if field.required]
    message = gettext("This field is required.")
    return [
        Problem(field.name, message)
        for field in wanted
        if field.editable and field.name not in values and not _has_default(entity, field)
    ]


def _has_default(entity: Entity, field: Field) -> bool:
    if field.name in entity.initial or not field.column:
        return True
    if field.custom:
        return False
    source = entity.model._meta.get_field(field.column)
    return isinstance(source, models.Field) and source.has_default()


def read_value(field: Field, given: Any, user: User) -> Any:
    """One value as its column wants it; ValidationError in the caller's language.

    What a form would check is checked, but the JSON type first: a form takes "1" for true, and a
    JSON API must not.
    """
    if given is None:
        if field.required:
            raise ValidationError(gettext("This field is required."))
        return [] if field.kind is Kind.TAGS else None
    reader = READERS.get(field.kind or Kind.TEXT, _text)
    return reader(field, given, user)


def _text(field: Field, given: Any, user: User) -> Any:
    """As `CleanText` of the forms, without making a form field of each value."""
    if not isinstance(given, str):
        raise ValidationError(gettext("Send text here."))
    if "\x00" in given:
        raise ValidationError(gettext("Null characters are not allowed."))
    long = field.kind is Kind.LONG_TEXT
    text = clean_lines(given).strip() if long else clean(given)
    most = BIGGEST_TEXT if long else field.max_length or 200
    if len(text) > most:
        message = gettext("At most %(limit)s characters fit here.")
        raise ValidationError(message % {"limit": most})
    if field.required and not text:
        raise ValidationError(gettext("This field is required."))
    return text


def _country(field: Field, given: Any, user: User) -> Any:
    if not isinstance(given, str) or (given and not is_country(given)):
        message = gettext("Send a country's code of two letters, like “ES”.")
        raise ValidationError(message)
    if field.required and not given:
        raise ValidationError(gettext("This field is required."))
    return given


def _choice(field: Field, given: Any, user: User) -> Any:
    if isinstance(given, bool) or not isinstance(given, str | int):
        raise ValidationError(gettext("Send one of the values of this field."))
    if given == "" and not field.required:
        return ""
    for stored, _label in field.choices or ():
        # Numbered choices are numbers in JSON: a priority is 2, not "2".
        if stored == given and isinstance(given, type(stored)):
            return stored
        if isinstance(stored, str) and stored == given:
            return stored
        if isinstance(stored, int) and isinstance(given, int) and int(stored) == given:
            return stored
    offered = ", ".join(str(getattr(stored, "value", stored)) for stored, _l in field.choices or ())
    raise ValidationError(gettext("Send one of: %(values)s.") % {"values": offered})


def _tags(field: Field, given: Any, user: User) -> Any:
    if not isinstance(given, list) or not all(isinstance(word, str) for word in given):
        raise ValidationError(gettext("Send a list of words here."))
    words = list(dict.fromkeys(word for word in (clean(part) for part in given) if word))
    if field.choices:
        known = {str(stored) for stored, _label in field.choices}
        if not known.issuperset(words):
            offered = ", ".join(sorted(known - field.retired))
            raise ValidationError(gettext("Send one of: %(values)s.") % {"values": offered})
        return words
    form_field = input_for(field, user)
    assert isinstance(form_field, TagsField)
    if any("," in word or "，" in word for word in words):
        raise ValidationError(gettext("A tag cannot contain a comma."))
    form_field.validate(words)
    return words


def _whole(field: Field, given: Any, user: User) -> Any:
    if isinstance(given, Decimal) and given.is_finite() and given == given.to_integral_value():
        given = int(given) if abs(given) <= LARGEST_ID else LARGEST_ID + 1
    if isinstance(given, bool) or not isinstance(given, int) or abs(given) > LARGEST_ID:
        raise ValidationError(gettext("Send a whole number here."))
    return given


def _decimal(field: Field, given: Any, user: User) -> Any:
    problem = ValidationError(gettext("Send a number here, or a decimal as text like “12.50”."))
    if isinstance(given, bool) or not isinstance(given, str | int | Decimal):
        raise problem
    try:
        number = Decimal(str(given)[:60])
    except InvalidOperation:
        raise problem from None
    if not number.is_finite() or abs(number.adjusted()) > 30:
        raise problem
    return number


def _truth(field: Field, given: Any, user: User) -> Any:
    if not isinstance(given, bool):
        raise ValidationError(gettext("Send true or false here."))
    return given


def _date(field: Field, given: Any, user: User) -> Any:
    try:
        return date.fromisoformat(given)
    except (TypeError, ValueError):
        raise ValidationError(gettext("Send a date like 2026-11-21.")) from None


def _instant(field: Field, given: Any, user: User) -> Any:
    try:
        found = in_utc(datetime.fromisoformat(given))
    except (TypeError, ValueError, OverflowError):
        found = None
    if found is None:
        raise ValidationError(gettext(NO_INSTANT))
    return found


NO_INSTANT = _("Send a time with its zone, like 2026-11-21T09:30:00+01:00.")


def in_utc(given: datetime) -> datetime:
    """The same instant in UTC: the database takes no zone that is further off than sixteen hours,
    Python does. ValueError without a zone, or for a year that is none."""
    if given.tzinfo is None or not 1 < given.year < 9999:
        raise ValueError(given)
    return given.astimezone(UTC)


def _reference(field: Field, given: Any, user: User) -> Any:
    if isinstance(given, bool) or not isinstance(given, int) or not 0 < given <= LARGEST_ID:
        raise ValidationError(gettext("Send the id of a record here."))
    return input_for(field, user).clean(given)


READERS: dict[Kind, Callable[[Field, Any, User], Any]] = {
    Kind.CHOICE: _choice,
    Kind.COUNTRY: _country,
    Kind.TAGS: _tags,
    Kind.NUMBER: _whole,
    Kind.PERCENT: _whole,
    Kind.DECIMAL: _decimal,
    Kind.BOOLEAN: _truth,
    Kind.DATE: _date,
    Kind.DATETIME: _instant,
    Kind.RELATION: _reference,
    Kind.USER: _reference,
    Kind.TEAM: _reference,
}
