"""A small client of the Vinculo API: the standard library is enough. Run it with your key:

VINCULO_URL=http://127.0.0.1:8000 VINCULO_KEY=vin_… python api_client.py
"""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from typing import Any


class Refused(Exception):
    """The API said no: `code` is for programs, the message for people."""

    def __init__(self, status: int, error: dict[str, Any]) -> None:
        super().__init__(error["message"])
        self.status, self.code, self.fields = status, error["code"], error["fields"]


class Vinculo:
    """One installation, with one key."""

    def __init__(self, url: str, key: str) -> None:
        self.url, self.key = url.rstrip("/"), key

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """One call. It waits when it is asked to, and a writing call that got no answer is sent
        again: its Idempotency-Key keeps it from being carried out twice."""
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        if method != "GET":
            headers["Idempotency-Key"] = str(uuid.uuid4())
        data = json.dumps(body).encode() if body is not None else None
        for pause in (1, 5, 15, None):
            request = urllib.request.Request(self.url + path, data, headers, method=method)
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    text = answer.read()
                    return json.loads(text) if text else None
            except urllib.error.HTTPError as refused:
                if refused.code == 429 and pause is not None:
                    time.sleep(int(refused.headers["Retry-After"]))
                    continue
                if refused.code < 500 or pause is None:
                    raise Refused(refused.code, json.load(refused)["error"]) from None
            except urllib.error.URLError:
                if pause is None:
                    raise
            time.sleep(pause or 0)
        raise AssertionError("not reached")

    def pages(self, path: str) -> Iterator[dict[str, Any]]:
        """Every record of a list, page by page."""
        where: str | None = path
        while where:
            page = self.call("GET", where)
            yield from page["data"]
            where = page["next"]

    def upsert(self, kind: str, source: str, rows: dict[str, dict[str, Any]]) -> dict[str, int]:
        """Bring records up to date by your own ids: id → values. Returns id → number here."""
        known: dict[str, int] = {}
        ids = list(rows)
        for start in range(0, len(ids), 200):
            part = [{"external_id": one, "values": rows[one]} for one in ids[start : start + 200]]
            done = self.call("POST", f"/api/v1/{kind}/batch", {"source": source, "rows": part})
            for row in done["data"]:
                if row["errors"]:
                    print(f"{row['external_id']}: {row['errors'][0]['message']}")
                else:
                    known[row["external_id"]] = row["id"]
        return known


if __name__ == "__main__":
    vinculo = Vinculo(os.environ["VINCULO_URL"], os.environ["VINCULO_KEY"])
    numbers = vinculo.upsert(
        "companies",
        "my shop",
        {
            "C-1001": {"name": "Harbour Lights Ltd", "city": "London", "country": "GB"},
            "C-1002": {"name": "Bodegas del Duero", "city": "Zamora", "country": "ES"},
        },
    )
    print("known by our ids:", numbers)
    made = numbers["C-1001"]
    vinculo.call("PATCH", f"/api/v1/companies/{made}", {"website": "harbourlights.example"})
    vinculo.call(
        "POST", f"/api/v1/companies/{made}/do/interactions.log_call", {"body": "They want a price."}
    )
    for company in vinculo.pages("/api/v1/companies?fields=name,city&limit=50"):
        print(company["id"], company["name"], company["city"])
