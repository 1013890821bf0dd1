"""The database understands keys and queries as the kernel means them."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from vinculo.kernel.text import SearchValues, search_keys, search_query, sort_key

pytestmark = pytest.mark.django_db

# Drawing many examples in one transaction is what we want here.
in_one_transaction = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
written = st.one_of(
    st.text(max_size=60), st.text("ab1ñ'\"\\&|!():*<->@.-_ 上海\x00\u200b", max_size=30)
)


def finds(query: str, keys: list[str]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_to_tsvector(%s::text[]) @@ %s::tsquery", [keys, query])
        return bool(cursor.fetchone()[0])


@in_one_transaction
@given(written)
@example("O'Brien \\ & Co: (s.l.) ana@b.c'x <-> !")
def test_a_name_is_found_by_itself(name: str) -> None:
    query = search_query(name)
    if query:
        assert finds(query, search_keys(SearchValues(names=[name], emails=[name], phones=[name])))


def test_others_are_not_found() -> None:
    keys = search_keys(SearchValues(names=["上海远景"], phones=["+34955472912"]))
    assert finds(search_query("yuanj 4729"), keys)
    assert not finds(search_query("yuanj 4730"), keys)


@in_one_transaction
@given(st.lists(written, min_size=2, max_size=8))
def test_sort_keys_sort_in_the_database_as_in_python(names: list[str]) -> None:
    keys = [sort_key(name) for name in names]
    with connection.cursor() as cursor:
        cursor.execute('SELECT key FROM unnest(%s::text[]) key ORDER BY key COLLATE "C"', [keys])
        ordered = [key for (key,) in cursor.fetchall()]
    assert ordered == sorted(keys, key=str.encode)
