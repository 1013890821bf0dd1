"""The guard of safe requests really guards."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.utils import InternalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from vinculo.platform.models import Team
from vinculo.platform.readonly import ReadOnlyMiddleware


def writing(request: HttpRequest) -> HttpResponse:
    Team.objects.create(name="Written")
    return HttpResponse()


def reading(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(Team.objects.count()))


def guarded(view: object, method: str) -> HttpResponse:
    return ReadOnlyMiddleware(view)(RequestFactory().generic(method, "/somewhere"))  # type: ignore[arg-type]


@pytest.mark.django_db
def test_a_get_cannot_write_inside_a_transaction() -> None:
    with pytest.raises(InternalError, match="read-only"):
        guarded(writing, "GET")
    assert guarded(reading, "GET").content == b"0"
    assert guarded(writing, "POST").status_code == 200
    assert guarded(reading, "GET").content == b"1"


@pytest.mark.django_db(transaction=True)
def test_a_get_cannot_write_outside_one() -> None:
    with pytest.raises(InternalError, match="read-only"):
        guarded(writing, "HEAD")
    assert guarded(writing, "POST").status_code == 200
    assert Team.objects.count() == 1


@pytest.mark.django_db
def test_the_guard_is_not_among_the_counted_queries(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        guarded(reading, "GET")
    assert connection.in_atomic_block
