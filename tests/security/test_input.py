"""Attacks by what is typed, sent or named: in every parameter, every field, every file name."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import unicodedata
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.personas import People
from tests.routes import Route, dealt, routes
from tests.samples import make_sample
from tests.security.world import Theirs, make_theirs, signed_in
from vinculo.interactions.models import File, Interaction
from vinculo.kernel.errors import DomainError
from vinculo.parties.models import Company
from vinculo.platform.models import Change
from vinculo.records.entity import Entity
from vinculo.records.fields import Kind
from vinculo.records.filters import operators_of
from vinculo.records.lists import groupable, inside, page_of, parse_list
from vinculo.records.registry import entities

pytestmark = pytest.mark.django_db

ENTITIES = entities()
INJECTIONS = (
    "'",
    '"); DROP TABLE parties_party; --',
    "1 OR 1=1",
    "%' UNION SELECT null,null--",
    "\\",
    "%00\x00",
    "-1",
    "99999999999999999999999999",
    "9" * 5000,
    "../../etc/passwd",
    "{{7*7}}${7*7}",
    "NaN",
    "1e999",
    "0000-00-00",
    "2026-13-45",
    "٣",
    "²",
    "\u202e\u200b\ud7ff",
    "[]",
    "{}",
    "<script>",
)
#: After these nothing more would be tried: what was done is undone, everybody sees with other eyes,
#: or somebody is shut out. Their own tests send them what they must not take.
ENDS_THE_TEST = ("/undo", "demo/remove", "/view-as", "/leave")
#: Parameters that some page reads; the rest are the filters of each record type.
PARAMETERS = ("q", "sort", "cols", "after", "before", "peek", "field", "op", "kinds", "compose",
              "like", "parent", "next", "step", "as", "badge", "cursor", "limit", "page",
              "owner", "company", "name", "group", "open", "in", "any", "density", "pin", "f", "v",
              "v1", "v2", "value", "layout", "view", "any1.name.contains", "company.city.is")  # fmt: skip


@pytest.fixture
def theirs(people: People) -> Theirs:
    """One row of everything, the owner's."""
    return make_theirs(people)


def drained(answer: Any) -> Any:
    """The answer, read to its end."""
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer


class TestParameters:
    """11: whatever stands in a parameter, the answer is a page or a refusal, never a failure."""

    def test_every_parameter_of_every_page(self, theirs: Theirs, people: People) -> None:
        client = signed_in(people.manager_as_admin())
        failed = []
        ours = [route for route in routes() if not route.of_a_library]
        for route, some in dealt(ours, INJECTIONS[::3]):
            url = route.url(**theirs.fillings(route)[0])
            # All parameters at once with one hostile value; who fails is asked one by one.
            for value in some:
                answer = drained(client.get(url, dict.fromkeys(PARAMETERS, value)))
                if answer.status_code >= 500:
                    failed.append((url, value, guilty(client, url, value)))
        assert not failed, failed

    @pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.key)
    def test_every_filter(self, entity: Entity, people: People) -> None:
        """Straight at what pages, API and export all read their lists with."""
        make_sample(entity, people.owner)
        for field in entity.all_fields.values():
            for operator in operators_of(field):
                for value in INJECTIONS:
                    with contextlib.suppress(DomainError):
                        wanted = {f"{field.name}.{operator.name}": value}
                        state = parse_list(entity, people.owner, wanted)
                        page_of(state)

    @pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.key)
    def test_every_group_and_its_key(self, entity: Entity, people: People) -> None:
        """What names a group in the address is any text."""
        make_sample(entity, people.owner)
        for field in entity.fields_for(people.owner):
            if not groupable(entity, field):
                continue
            state = parse_list(entity, people.owner, {"group": field.name})
            for value in INJECTIONS:
                with contextlib.suppress(DomainError):
                    page_of(inside(state, value) or state)

    @pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.key)
    def test_names_of_filters_and_sorts(self, entity: Entity, people: People) -> None:
        client = signed_in(people.owner)
        for value in INJECTIONS[:6]:
            for path in (f"/{entity.path}", f"/api/v1/{entity.path}"):
                asked = {f"{value}.is": "x", f"name.{value}": "x", "sort": f"-{value}"}
                for name, wanted in asked.items():
                    assert client.get(path, {name: wanted}).status_code < 500, (path, name)

    def test_what_stands_in_the_path(self, theirs: Theirs) -> None:
        """14: a path leads to nothing on the disk."""
        client = signed_in(theirs.owner)
        hostile = ("../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%00", "....//", "C:\\boot.ini")
        ours = [route for route in routes() if route.blanks and not route.of_a_library]
        for route, some in dealt(ours, hostile):
            for value in some:
                answer = drained(client.get(route.url(**dict.fromkeys(route.blanks, value))))
                assert answer.status_code in (301, 302, 400, 403, 404, 405, 410), (route, value)
        for path in ("/static/../settings.py", "/static/..%2f..%2fconfig%2fsettings.py"):
            assert drained(client.get(path)).status_code == 404


def guilty(client: Client, url: str, value: str) -> list[str]:
    """Which parameter alone makes the page fail."""
    return [
        name for name in PARAMETERS if drained(client.get(url, {name: value})).status_code >= 500
    ]


class TestBodies:
    """11 and 15: what is posted, in any shape."""

    def test_every_form_with_hostile_values(self, theirs: Theirs, people: People) -> None:
        client = signed_in(people.manager_as_admin())
        ours = [
            route
            for route in routes()
            if not route.of_a_library and not route.pattern.endswith(ENDS_THE_TEST)
        ]
        for route, some in dealt(ours, ("\x00", "9" * 5000, "²")):
            url = route.url(**theirs.fillings(route)[0])
            for value in some:
                names = (*PARAMETERS, "body", "title", "value", "until", "at", "entity", "id",
                         "name", "email", "phone", "_was", "_settled", "ids")  # fmt: skip
                answer = drained(client.post(url, dict.fromkeys(names, value)))
                assert answer.status_code < 500, (url, value, answer.status_code)

    def test_the_api_with_hostile_bodies(self, theirs: Theirs) -> None:
        client = signed_in(theirs.owner)
        bodies = ("", "{", "[]", "null", '"x"', "{}" * 3, '{"name": {"a": 1}}', '{"name": null}',
                  '{"name": [1]}', '{"name": "\\u0000"}', '{"name": "\\ud800"}',
                  "[" * 20_000, '{"a":' * 5_000, '{"name": 1e999}')  # fmt: skip
        api = [route for route in routes() if route.is_api]
        for route, some in dealt(api, bodies):
            url = route.url(**theirs.fillings(route)[0])
            method = "PATCH" if route.pattern.endswith("<int:pk>") else "POST"
            for text in some:
                answer = client.generic(method, url, text, content_type="application/json")
                assert answer.status_code < 500, (method, url, text[:40])


class TestMassAssignment:
    """4: only what a form asks for changes, whatever else is sent along."""

    @pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.key)
    def test_forms_and_api_take_only_what_they_offer(self, entity: Entity, people: People) -> None:
        record = make_sample(entity, people.owner)
        client = signed_in(people.owner)
        sent = {
            "id": "999", "pk": "999", "kind": "hacked", "created_at": "2001-01-01",
            "updated_at": "2001-01-01", "created_by": people.stranger.pk, "completeness": "99",
            "search": "hacked", "sort_name": "hacked", "token": "hacked", "digest": "hacked",
            "media_type": "text/html", "size": "1", "is_staff": "1", "administrator": "1",
            "changeset": "1", "version": "99", "company_id": "1", "party_id": "1",
        }  # fmt: skip
        # What its forms do offer is theirs to change.
        sent = {name: value for name, value in sent.items() if name not in offered(entity)}
        before = dict(entity.model._default_manager.filter(pk=record.pk).values()[0])
        url = entity.url(record)
        client.post(f"{url}/edit", {**sent, "name": "Zanzibarquill", "title": "Zanzibarquill"})
        for name, value in sent.items():
            assert client.post(f"{url}/field/{name}", {name: value}).status_code == 404, name
            answer = client.patch(
                f"/api/v1{url}", json.dumps({name: value}), content_type="application/json"
            )
            assert answer.status_code in (400, 405, 422), (name, answer.status_code)
        after = dict(entity.model._default_manager.filter(pk=record.pk).values()[0])
        for name in sent:
            assert after.get(name) == before.get(name), name
        assert after["owner_id"] == people.owner.pk

    def test_nobody_makes_themselves_administrator(self, people: People) -> None:
        client = signed_in(people.owner)
        wanted = {"name": "Owner", "is_staff": "on", "is_superuser": "on", "administrator": "on",
                  "roles": "1", "is_active": "on", "is_demo": "on", "email": "root@example.com",
                  "language": "en", "time_zone": "UTC"}  # fmt: skip
        client.post("/settings/profile", wanted)
        before = people.owner.email
        people.owner.refresh_from_db()
        assert people.owner.email == before
        assert not people.owner.is_demo
        assert list(people.owner.role_assignments.values_list("role__name", flat=True)) == [
            "Own rows"
        ]
        assert client.get("/settings/users").status_code == 403


def offered(entity: Entity) -> set[str]:
    """The names of the fields that may be changed."""
    return {name for name, field in entity.all_fields.items() if field.editable}


class TestAddresses:
    """9 and 17: where a link or a redirect may lead."""

    HOSTILE = (
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "//evil.example",
        "https:evil.example@x",
        "\\\\evil.example",
    )

    @pytest.mark.parametrize("address", HOSTILE[:6])
    def test_a_website_is_a_website(self, people: People, address: str) -> None:
        company = make_sample(_entity("parties.company"), people.owner)
        client = signed_in(people.owner)
        answer = client.post(f"/companies/{company.pk}/field/website", {"website": address})
        assert answer.status_code == 422
        company.refresh_from_db()
        assert not company.website

    @pytest.mark.parametrize("address", HOSTILE)
    def test_markdown_links_lead_nowhere_dangerous(self, people: People, address: str) -> None:
        company = make_sample(_entity("parties.company"), people.owner)
        client = signed_in(people.owner)
        text = f"[x]({address}) <{address}> ![x]({address})\n\n[y]: {address}\n[y]"
        answer = client.post(f"/timeline/{company.pk}/compose/note", {"body": text})
        assert answer.status_code == 302
        page = client.get(f"/companies/{company.pk}").content.decode().lower()
        for scheme in ("javascript:", "data:text", "vbscript:"):
            assert f'href="{scheme}' not in page.replace(" ", "").replace("\t", "")
            assert f'src="{scheme}' not in page.replace(" ", "").replace("\t", "")

    @pytest.mark.parametrize("address", HOSTILE)
    def test_no_redirect_leads_out_of_the_house(self, people: People, address: str) -> None:
        people.owner.set_password("correct horse battery")
        people.owner.save()
        given = {"login": people.owner.email, "password": "correct horse battery", "next": address}
        answer = Client().post("/accounts/login/", given)
        assert answer["Location"].startswith("/") and not answer["Location"].startswith("//")
        answer = Client().post("/language", {"language": "es", "next": address})
        assert answer["Location"].startswith("/") and not answer["Location"].startswith("//")
        client = signed_in(people.owner)
        for page in (f"http://testserver/{address}", f"http://evil.example/{address}", address):
            answer = client.post("/language", {"language": "en"}, headers={"Referer": page})
            assert answer["Location"].startswith("/") and not answer["Location"].startswith("//")
        page = "http://testserver/companies?q=x"
        answer = client.post("/language", {"language": "en"}, headers={"Referer": page})
        assert answer["Location"] == "/companies?q=x"
        company = make_sample(_entity("parties.company"), people.owner)
        client.post(f"/companies/{company.pk}/field/city", {"city": "Bonn"})
        last = Change.objects.latest("pk").changeset_id
        answer = client.post(f"/changes/{last}/undo", {"next": address})
        assert answer["Location"].startswith("/") and not answer["Location"].startswith("//")


def _entity(key: str) -> Entity:
    return next(one for one in ENTITIES if one.key == key)


class TestFiles:
    """8 and 14: a file goes out as bytes to keep, never as a page of ours."""

    @pytest.mark.parametrize(
        ("name", "content", "claimed"),
        [
            (
                "x.svg",
                b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
                "image/svg+xml",
            ),
            ("x.html", b"<script>alert(1)</script>", "text/html"),
            ("x.png", b"\x89PNG\r\n\x1a\n<script>alert(1)</script>", "image/png"),
            ("x.pdf", b"%PDF-1.4 <html><script>alert(1)</script>", "application/pdf"),
            ("..\\..\\x\r\nSet-Cookie: a=b.txt", b"text", "text/plain"),
            ("\u202egpj.exe", b"MZ", "image/jpeg"),
            ('"><img src=x onerror=alert(1)>.txt', b"text", "text/plain"),
        ],
    )
    def test_what_goes_out(self, people: People, name: str, content: bytes, claimed: str) -> None:
        company = make_sample(_entity("parties.company"), people.owner)
        client = signed_in(people.owner)
        upload = SimpleUploadedFile("x", content, content_type=claimed)
        upload.name = name
        client.post(f"/timeline/{company.pk}/compose/file", {"upload": upload})
        file = File.objects.get()
        answer = client.get(f"/files/{file.token}")
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content) == content
        assert answer["Content-Disposition"].startswith("attachment")
        assert "\n" not in answer["Content-Disposition"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["Content-Type"] not in ("text/html", "image/svg+xml")
        assert "\u202e" not in file.name and "/" not in file.name and "\\" not in file.name


class TestFormulas:
    """10: what a spreadsheet would run is text when it leaves."""

    @pytest.mark.parametrize("start", ("=", "+", "-", "@", "\t=", "\r=", "＝", "\n="))
    def test_cells_of_an_export(self, people: People, start: str) -> None:
        company = make_sample(_entity("parties.company"), people.owner)
        Company.objects.filter(pk=company.pk).update(name=f"{start}HYPERLINK(1)", legal_name="x")
        answer = signed_in(people.owner).post("/companies/export.csv")
        assert answer.status_code == 200
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        cells = next(row for row in csv.reader(io.StringIO(text)) if "HYPERLINK(1)" in row[0])
        assert not cells[0].lstrip(" \t\r\n").startswith(("=", "+", "-", "@", "＝")), cells[0]


class TestUnicode:
    """41: what misleads the eye does not get in; what is only unusual does."""

    MISLEADING = (
        "\u202e",
        "\u2066",
        "\u200b",
        "\u2060",
        "\ufeff",
        "\x07",
        "\x1b",
        "\u0000",
        "\x85",
    )

    @pytest.mark.parametrize("mark", MISLEADING, ids=lambda mark: f"{ord(mark):04x}")
    def test_names_are_cleaned(self, people: People, mark: str) -> None:
        client = signed_in(people.owner)
        client.post("/companies/new", {"name": f"Ac{mark}me", "_anyway": "1"})
        company = Company.objects.filter(name__startswith="Ac").first()
        assert company is None or mark not in company.name

    def test_text_of_every_field_is_normalised(self, people: People) -> None:
        entity = _entity("parties.company")
        company = make_sample(entity, people.owner)
        client = signed_in(people.owner)
        for field in entity.all_fields.values():
            if field.editable and field.kind is Kind.TEXT:
                typed = "Cafe\u0301 \u202eabc\u200b"
                client.post(f"/companies/{company.pk}/field/{field.name}", {field.name: typed})
                page = client.get(f"/companies/{company.pk}").content.decode()
                assert "\u202e" not in page, field.name
                assert "\u200b" not in page, field.name
                assert unicodedata.normalize("NFC", page) == page, field.name

    def test_notes_and_tasks_too(self, people: People) -> None:
        company = make_sample(_entity("parties.company"), people.owner)
        client = signed_in(people.owner)
        for kind, name in (("note", "body"), ("task", "title"), ("call", "body")):
            client.post(f"/timeline/{company.pk}/compose/{kind}", {name: "a\u202eb\u0007c"})
        assert Interaction.objects.exists()
        page = client.get(f"/companies/{company.pk}").content.decode()
        assert "\u202e" not in page and "\u0007" not in page


class TestExistence:
    """31: nothing tells how many there are of what one may not see, nor that there are any."""

    def test_hints_name_nobody_elses_customers(self, people: People) -> None:
        company = make_sample(_entity("parties.company"), people.owner, "Zanzibarquill Ltd")
        found = signed_in(people.stranger).get("/companies/hints?name=Zanzibarquill+Ltd")
        assert found.status_code == 200
        assert str(company.pk) not in re.findall(r"/companies/(\w+)", found.content.decode())
        assert b"Zanzibarquill" not in found.content
        mine = signed_in(people.owner).get("/companies/hints?name=Zanzibarquill+Ltd")
        assert b"Zanzibarquill Ltd" in mine.content

    def test_what_is_hidden_and_what_is_not_there_look_the_same(self, people: People) -> None:
        company = make_sample(_entity("parties.company"), people.owner)
        client = signed_in(people.stranger)
        hidden = client.get(f"/companies/{company.pk}")
        missing = client.get(f"/companies/{company.pk + 1000}")
        assert hidden.status_code == missing.status_code == 404
        assert without_tokens(hidden) == without_tokens(missing)

    def test_an_import_does_not_tell_whom_others_know(self, people: People) -> None:
        """A row with the key of somebody else's customer is not counted as known."""
        make_sample(_entity("parties.company"), people.owner, "Zanzibarquill Ltd")
        client = signed_in(people.stranger)
        file = SimpleUploadedFile("x.csv", b"name\nZanzibarquill Ltd\n")
        answer = client.post("/import/", {"as": "parties.company", "file": file})
        page = client.get(answer["Location"]).content.decode()
        assert page.count("Zanzibarquill") == 1  # the sample of one's own file


def without_tokens(answer: Any) -> str:
    """The text of a page without what is new on every page."""
    return re.sub(r"[A-Za-z0-9]{64}", "", answer.content.decode())


def test_routes_are_not_empty() -> None:
    assert len([route for route in routes() if isinstance(route, Route)]) > 100
