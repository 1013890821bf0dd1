"""Search keys as a database condition: the kernel's query text, taken literally."""

from typing import Any

from django.contrib.postgres.search import SearchQuery


class KeyQuery(SearchQuery):
    """A `tsquery` written by `kernel.text.search_query`: cast, never parsed into words again."""

    def __init__(self, query: str) -> None:
        super().__init__(query, search_type="raw")
        self.query_text = query

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:
        return "%s::tsquery", [self.query_text]
