"""A megabyte in a field is answered quickly: no pattern runs away, no library recurses."""

import contextlib
import time
from collections.abc import Callable

import pytest

from vinculo.kernel.addresses import postal_key, street_key
from vinculo.kernel.amounts import parse_money, parse_number
from vinculo.kernel.countries import country_code
from vinculo.kernel.emails import parse_email, split_mailbox
from vinculo.kernel.errors import DomainError
from vinculo.kernel.people import initials, split_name
from vinculo.kernel.phones import parse_phone
from vinculo.kernel.taxids import check_tax_id
from vinculo.kernel.text import (
    SearchValues,
    clean,
    clean_lines,
    company_core,
    fold,
    search_keys,
    search_query,
    sort_key,
)
from vinculo.kernel.urls import parse_website

# Far above what any of them takes, far below what a runaway pattern would.
SECONDS = 5.0
FLOODS = ["1 " * 300_000 + "a", "a-" * 300_000 + "!", "(" * 300_000, "a@" * 200_000, "上" * 300_000,
          "1," * 200_000, "A. " * 200_000, "a\u0301" * 200_000, "http://" + "a." * 200_000]  # fmt: skip


@pytest.mark.parametrize(
    "reads",
    [
        clean, clean_lines, fold, search_query, sort_key, company_core, parse_email, split_mailbox,
        parse_website, parse_phone, split_name, initials, parse_number, street_key, postal_key,
        country_code, lambda text: parse_money(text, "EUR"), lambda text: check_tax_id(text, "ES"),
        lambda text: search_keys(SearchValues([text], [text], [text], [text], [text])),
    ],
)  # fmt: skip
def test_floods(reads: Callable[[str], object]) -> None:
    for flood in FLOODS:
        began = time.process_time()
        with contextlib.suppress(DomainError):
            reads(flood)
        assert time.process_time() - began < SECONDS
