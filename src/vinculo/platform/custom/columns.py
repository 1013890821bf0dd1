"""The column that holds a record's custom values, and the one way to reach a value in it.

`custom__whole_floors` is an ORM path like any other: the value under the key `floors`, as a whole
number. The word before the key says how the value is typed, so that filters, orders, sums and
groups of a custom field are made by the same code as those of a column.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.expressions import Func

#: Keys are written into SQL (an index needs the same text), so they can hold nothing else.
SLUG = re.compile(r"[a-z][a-z0-9_]{0,47}")
COLUMN = "custom"
#: How the journal calls the value under a key: `custom.floors`.
MARK = f"{COLUMN}."


@dataclass(frozen=True)
class Shape:
    """How a stored value becomes a value of the database: SQL over the JSON, and what comes out."""

    sql: str
    output: "models.Field[Any, Any]"


#: The word of a path → what it makes of the JSON under the key. All of them can be indexed.
SHAPES: dict[str, Shape] = {
    "text": Shape("coalesce({json} ->> '{key}', '')", models.TextField()),
    "whole": Shape("({json} ->> '{key}')::bigint", models.BigIntegerField()),
    "number": Shape(
        "({json} ->> '{key}')::numeric", models.DecimalField(max_digits=40, decimal_places=10)
    ),
    "day": Shape("vinculo_day({json} ->> '{key}')", models.DateField()),
    "instant": Shape("vinculo_instant({json} ->> '{key}')", models.DateTimeField()),
    "truth": Shape("coalesce(({json} -> '{key}')::boolean, false)", models.BooleanField()),
    "list": Shape("vinculo_words({json} -> '{key}')", ArrayField(models.TextField())),
    "ref": Shape("({json} ->> '{key}')::bigint", models.BigIntegerField()),
}


class Value(Func):
    """A value of the JSON column, typed."""

    def __init__(self, column: Any, shape: str, key: str) -> None:
        self.shape, self.key = shape, key
        super().__init__(column, output_field=SHAPES[shape].output)

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """The shape's SQL around the column."""
        sql, params = compiler.compile(self.source_expressions[0])
        return written(self.shape, sql, self.key), list(params)


def written(shape: str, column: str, key: str) -> str:
    """The SQL of a value, as queries and indexes write it."""
    if not SLUG.fullmatch(key):
        raise ValueError(f"{key!r} is no key of custom values.")
    return SHAPES[shape].sql.replace("{json}", column).replace("{key}", key)


#: The word of a path to a value that follows from others: `custom__seen_r7_margin` is what the
#: reader r7 sees as the value of the computed field `margin`.
SEEN = "seen"
_SEEN = re.compile(r"(r[0-9]+)_(.+)")
#: Makes the expression of such a path: (reader, key, the record's column). A higher room gives it.
_making: "list[Callable[[str, str, Any], Any]]" = []


def makes_computed(make: "Callable[[str, str, Any], Any]") -> None:
    """Say who knows how computed values are had."""
    _making[:] = [make]


class CustomValues(models.JSONField):
    """The values of a record's custom fields by their keys; what is empty has no key."""

    def get_transform(self, name: str) -> Any:
        """`<shape>_<key>` is a typed value; the rest is JSON as anywhere."""
        path = f"{COLUMN}__{name}"
        found = parts_of(path)
        if found is None:
            return super().get_transform(name)
        shape, key = found
        if shape == SEEN:
            return lambda column: _making[0](reader_in(path), key, column)
        make: Callable[[Any], Value] = lambda column: Value(column, shape, key)  # noqa: E731
        return make


def path_of(shape: str, key: str) -> str:
    """The ORM path of a value."""
    return f"{COLUMN}__{shape}_{key}"


def seen_path(reader: str, key: str) -> str:
    """The ORM path of a computed value as a reader sees it."""
    return f"{COLUMN}__{SEEN}_{reader}_{key}"


def reader_in(path: str) -> str:
    """The reader whom the path of a computed value names."""
    found = _SEEN.fullmatch(path.removeprefix(f"{COLUMN}__{SEEN}_"))
    return found[1] if found else ""


def parts_of(path: str) -> tuple[str, str] | None:
    """The shape and the key that a path names; None for a path that is no custom value's."""
    column, _, name = path.partition("__")
    shape, _, key = name.partition("_")
    if column == COLUMN and shape == SEEN:
        seen = _SEEN.fullmatch(key)
        return (SEEN, seen[2]) if seen and SLUG.fullmatch(seen[2]) and "__" not in key else None
    if column != COLUMN or shape not in SHAPES or not SLUG.fullmatch(key) or "__" in key:
        return None
    return shape, key


def spread(image: dict[str, Any]) -> dict[str, Any]:
    """A row's image with each custom value under the name the journal has for it."""
    own = image.get(COLUMN)
    if not isinstance(own, dict):
        return image
    rest = {name: value for name, value in image.items() if name != COLUMN}
    return {**rest, **{f"{MARK}{key}": value for key, value in own.items()}}


def gathered(image: Mapping[str, Any]) -> dict[str, Any]:
    """The same the other way round: the image of a row with its custom values in their column."""
    own = {key.removeprefix(MARK): value for key, value in image.items() if key.startswith(MARK)}
    rest = {key: value for key, value in image.items() if not key.startswith(MARK)}
    return {**rest, COLUMN: {key: value for key, value in own.items() if value is not None}}


class Put(Func):
    """The column with some keys set; null takes a key away."""

    function = "vinculo_put"
    arity = 2

    def __init__(self, column: Any, values: dict[str, Any]) -> None:
        wrapped = models.Value(values, output_field=models.JSONField())
        super().__init__(column, wrapped, output_field=models.JSONField())
