"""Text: cleaned, folded, found and ordered, in every language at once."""

from vinculo.kernel.text.folding import clean, clean_lines, fold
from vinculo.kernel.text.names import company_core
from vinculo.kernel.text.patterns import digits_pattern, text_pattern
from vinculo.kernel.text.query import search_query, whole_below, whole_words
from vinculo.kernel.text.search import SearchValues, search_keys
from vinculo.kernel.text.sorting import sort_key

__all__ = [
    "SearchValues",
    "clean",
    "clean_lines",
    "company_core",
    "digits_pattern",
    "fold",
    "search_keys",
    "search_query",
    "sort_key",
    "text_pattern",
    "whole_below",
    "whole_words",
]
