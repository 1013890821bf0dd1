"""Addresses that only the suite has: pages that ask the database for long."""

from __future__ import annotations

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path

from vinculo.config.urls import urlpatterns as real


def slow(request: HttpRequest) -> HttpResponse:
    """Sleep in the database for a second."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(1)")
    return HttpResponse("slept")


urlpatterns = [path("tests/slow", slow, name="slow"), *real]
