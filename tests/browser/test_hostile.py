"""7: what somebody typed is text on every page: no script runs, and the content policy is silent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.browser.conftest import Window
from tests.browser.pages import fillings, is_page
from tests.personas import People
from tests.routes import routes
from vinculo.interactions.models import File
from vinculo.parties.models import Company, Person
from vinculo.records.entity import Entity
from vinculo.records.fields import Kind
from vinculo.records.registry import entity

#: Each would set `window.hacked` where it ran: in text, an attribute, a script, a template, a style.
PAYLOADS = (
    "<script>window.hacked=1</script>",
    "\"><img src=x onerror='window.hacked=1'>",
    "'\"autofocus onfocus=window.hacked=1 x='",
    "</textarea></title><svg onload=window.hacked=1>",
    "{{constructor.constructor('window.hacked=1')()}}${window.hacked=1}",
    "{% load x %}{{ 7|add:7 }}<!--",
    '<a href="javascript:window.hacked=1">x</a>[x](javascript:window.hacked=1)',
    "<div hx-get=/my-day hx-trigger=load hx-on:load='window.hacked=1'>x</div>",
    "<style>*{display:none}</style><iframe srcdoc='<script>top.hacked=1</script>'></iframe>",
)
TEXTS = (Kind.TEXT, Kind.LONG_TEXT, Kind.TAGS, Kind.EMAIL, Kind.PHONE, Kind.URL)


def poison(client: Client, found: Entity, pk: int) -> None:
    """Put a payload into every text field of a record that takes it."""
    for number, field in enumerate(found.all_fields.values()):
        if field.editable and (field.kind or Kind.TEXT) in TEXTS:
            payload = PAYLOADS[number % len(PAYLOADS)][: field.max_length or 200]
            sent = {field.name: payload, "_anyway": "1"}
            client.post(f"/{found.path}/{pk}/field/{field.name}", sent)


def make_hostile(people: People) -> Client:
    """Records, notes, tasks, files and an import in which every text is an attack."""
    client = Client()
    client.force_login(people.owner)
    for payload in PAYLOADS:
        client.post("/companies/new", {"name": payload, "_anyway": "1"})
        client.post("/people/new", {"family_name": payload, "_anyway": "1"})
    company = Company.objects.order_by("pk").first()
    person = Person.objects.order_by("pk").first()
    assert company is not None and person is not None
    poison(client, entity("parties.company"), company.pk)
    poison(client, entity("parties.person"), person.pk)
    for payload in PAYLOADS:
        add = f"/timeline/{company.pk}/compose"
        client.post(f"{add}/note", {"body": payload})
        client.post(f"{add}/task", {"title": payload, "body": payload})
        client.post(f"{add}/call", {"body": payload, "follow_up_title": payload,
                                    "at": "2026-01-01T10:00", "direction": "out"})  # fmt: skip
        upload = SimpleUploadedFile("x", b"text")
        upload.name = f"{payload.replace('/', '')}.txt"
        client.post(f"{add}/file", {"upload": upload})
    header = ",".join(f'"{payload.replace(chr(34), chr(34) * 2)}"' for payload in PAYLOADS)
    table = SimpleUploadedFile("x.csv", f"name,{header}\n{header},x\n".encode())
    table.name = f"{PAYLOADS[1]}.csv"
    client.post("/import/", {"as": "parties.company", "file": table})
    client.post("/settings/profile", {"name": PAYLOADS[1], "language": "en", "time_zone": "UTC"})
    assert File.objects.exists()
    return client


def test_nothing_typed_ever_runs(open_window: Callable[..., Any], people: People) -> None:
    client = make_hostile(people)
    window: Window = open_window(people.owner)
    window.page.on("dialog", lambda dialog: window.watch.problems.append(dialog.message))
    shown = 0
    for url in [*pages(client), "/search?q=script", "/companies?q=%3Cscript%3Ewindow.hacked=1"]:
        window.page.goto(url)
        assert window.page.evaluate("window.hacked") is None, url
        shown += "hacked" in window.page.content()
        window.watch.assert_silent(url)
    assert shown > 15
    window.page.goto("/my-day")
    window.page.keyboard.press("Control+k")
    window.page.keyboard.type("script")
    window.page.get_by_role("option").first.wait_for()
    assert window.page.evaluate("window.hacked") is None


def pages(client: Client) -> list[str]:
    """Every page of records, imports and settings that the owner may open."""
    found: dict[str, None] = {}
    for route in routes():
        if route.is_api or route.of_a_library or "do/" in route.pattern:
            continue
        for values in fillings(route):
            answer = client.get(route.url(**values))
            if answer.status_code == 200 and is_page(answer):
                found[route.url(**values)] = None
            if answer.streaming:
                b"".join(answer.streaming_content)
    return list(found)
