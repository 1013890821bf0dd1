"""Search keys as a database condition: the kernel's query text, taken literally."""

from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import BooleanField, F, Func


class KeyQuery(SearchQuery):
    """A `tsquery` written by `kernel.text.search_query`: cast, never parsed into words again."""

    def __init__(self, query: str) -> None:
        super().__init__(query, search_type="raw")
        self.query_text = query

    def as_sql(  # type: ignore[override]
        self, compiler: Any, connection: Any, **_: Any
    ) -> tuple[str, list[Any]]:
        """Only the cast: none of what `to_tsquery` would do to the text."""
        return "%s::tsquery", [self.query_text]


class WordsIn(Func):
    """Whether a text that the database works out has the words of a `KeyQuery`."""

    template = "vinculo_words_in(%(expressions)s)"
    arg_joiner = ") @@ ("

    def __init__(self, text: Any, query: str) -> None:
        said = F(text) if isinstance(text, str) else text
        super().__init__(said, KeyQuery(query), output_field=BooleanField())
