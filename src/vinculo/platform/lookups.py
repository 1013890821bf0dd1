"""A condition of our own: `pk__among=ids`, for as many ids as there are.

`pk__in` sends each id as a value of its own: PostgreSQL takes 65,535 of them at most, and plans
every other number of them as another question. `among` sends one array.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import IntegerField, Lookup


@IntegerField.register_lookup
class Among(Lookup):
    """The column is one of these whole numbers; none is no row, and costs no query."""

    lookup_name = "among"
    prepare_rhs = False

    def __init__(self, lhs: Any, rhs: Iterable[int]) -> None:
        super().__init__(lhs, list(rhs))

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """`column = ANY(array)`."""
        if not self.rhs:
            raise EmptyResultSet
        column, values = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s::bigint[])", (*values, self.rhs)
