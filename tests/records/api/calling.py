"""Calls of the API as a program makes them, and records of every type to call about."""

from __future__ import annotations

import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from tests.personas import People
from vinculo.platform.key_actions import create_api_key
from vinculo.platform.models import ApiKey, Role, User
from vinculo.platform.rates import buckets

#: Written on purpose by a refused call or beside it: when a key was used, the cache.
NOT_COMPARED = ("platform_apikey", "platform_cache", "platform_ratebucket", "django_session")


def make_key(user: User, role: Role | None = None, days: int = 30) -> tuple[ApiKey, str]:
    """A key of `user` with `role` (by default their first one), and its secret."""
    carried = role or user.active_roles()[0]
    return create_api_key(actor=user, name="Test", role=carried, days=days)


class Caller:
    """A program with a key."""

    def __init__(self, secret: str = "", language: str = "en") -> None:
        buckets.clear()
        self.client = Client(enforce_csrf_checks=True)
        self.headers = {"Accept-Language": language}
        if secret:
            self.headers["Authorization"] = f"Bearer {secret}"

    def get(self, path: str, **headers: str) -> Any:
        """GET under /api/v1; header names with underscores."""
        return self._call("GET", path, None, headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """POST JSON."""
        return self._call("POST", path, body, headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        """PATCH JSON."""
        return self._call("PATCH", path, body, headers)

    def delete(self, path: str, **headers: str) -> Any:
        """DELETE."""
        return self._call("DELETE", path, None, headers)

    def raw(self, method: str, path: str, body: bytes, kind: str = "application/json") -> Any:
        """Any bytes as a body."""
        return self.client.generic(
            method, f"/api/v1{path}", body, content_type=kind, headers=self.headers
        )

    def upload(self, path: str, name: str, content: bytes) -> Any:
        """A file as a multipart body."""
        return self.client.post(
            path, {"upload": SimpleUploadedFile(name, content)}, headers=self.headers
        )

    def _call(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        url = path if path.startswith("/api") else f"/api/v1{path}"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(
            method,
            url,
            b"" if body is None else json.dumps(body).encode(),
            content_type="application/json",
            headers={**self.headers, **named},
        )


def caller_for(user: User, role: Role | None = None, language: str = "en") -> Caller:
    """A program that acts for `user`."""
    return Caller(make_key(user, role)[1], language)


def one_of_each(people: People) -> dict[str, str]:
    """A record of every type, made by the owner through the API: entity key → its address."""
    caller = caller_for(people.owner)
    company = caller.post("/companies", {"name": "Aurora", "city": "Madrid", "phone": "912345678"})
    at = company["Location"]
    person = caller.post(
        "/people",
        {"given_name": "Ana", "family_name": "Ruiz", "company": company.json()["data"]["id"]},
    )
    call = caller.post(f"{at}/do/interactions.log_call", {"body": "We spoke."})
    task = caller.post(f"{at}/do/interactions.add_task", {"title": "Send the offer"})
    product = caller.post("/products", {"name": "Pump", "price": "99.50", "currency": "EUR"})
    price_list = caller.post("/price-lists", {"name": "Usual", "currency": "EUR"})
    price = caller.post(
        "/listed-prices",
        {
            "price_list": price_list.json()["data"]["id"],
            "product": product.json()["data"]["id"],
            "price": "90",
        },
    )
    deal = caller.post("/deals", {"name": "Ten pumps", "company": company.json()["data"]["id"]})
    lead = caller.post("/leads", {"name": "Asks for pumps", "company_name": "Borealis"})
    quote = caller.post("/quotes", {"name": "Pumps", "company": company.json()["data"]["id"]})
    file = caller.upload(f"{at}/do/interactions.attach_file", "offer.txt", b"An offer")
    return {
        "parties.company": at,
        "parties.person": person["Location"],
        "interactions.interaction": call.json()["data"]["url"],
        "interactions.task": task.json()["data"]["url"],
        "interactions.file": file.json()["data"]["url"],
        "products.product": product["Location"],
        "products.pricelist": price_list["Location"],
        "products.listedprice": price["Location"],
        "sales.deal": deal["Location"],
        "sales.lead": lead["Location"],
        "sales.quote": quote["Location"],
    }


def database_state() -> dict[str, str]:
    """A fingerprint of every table, to show that a refused call wrote nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        )
        tables = [row[0] for row in cursor.fetchall() if row[0] not in NOT_COMPARED]
        found = {}
        for table in tables:
            cursor.execute(
                f"SELECT md5(string_agg(t::text, ';' ORDER BY t::text)) FROM \"{table}\" t"
            )
            found[table] = cursor.fetchone()[0]
    return found
