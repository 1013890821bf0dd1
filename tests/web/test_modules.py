"""Modules: with one off none of its addresses answers and no page leads there; its data stays."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.personas import People
from tests.routes import Route, routes
from tests.samples import make_sample

from vinculo.interactions.models import Task
from vinculo.kernel.errors import Conflict, NotAllowed
from vinculo.platform import versions
from vinculo.platform.access import Scope, rights_of
from vinculo.platform.actions import actions
from vinculo.platform.jobs import _JOBS, run_job
from vinculo.platform.key_actions import create_api_key
from vinculo.platform.models import ChangeSet, ModuleSwitch, Role, User
from vinculo.platform.modules import known
from vinculo.platform.modules.declared import modules, modules_of_route
from vinculo.platform.modules.switching import switch_module
from vinculo.platform.views.common import PAGES
from vinculo.records.registry import entities, entity

pytestmark = pytest.mark.django_db

NAMES = sorted(modules())
#: Whole pages that a walk looks through for links: the others are parts of them or of their kind.
NO_WALK = ("accounts/", "static/", "import/<", "settings/users/<", "api/")


def client_of(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def off(people: People, name: str) -> set[str]:
    """Switch a module off, those that need it first; what does not run now."""
    for module in modules().values():
        if name in module.needs:
            off(people, module.name)
    switch_module(actor=people.admin, name=name, on=False)
    versions.ask()
    return set(known.off_modules())


@pytest.fixture
def samples(people: People) -> dict[str, int]:
    """A record of each type."""
    return {one.key: make_sample(one, people.owner).pk for one in entities()}


def filled(route: Route, samples: dict[str, int]) -> str:
    pk = samples.get(route.key, samples["parties.company"])
    return route.url(pk=pk, user_id=1, name="note" if "compose" in route.pattern else None)


def belongs(route: Route, gone: set[str]) -> bool:
    return bool(modules_of_route(route.pattern) & gone)


@pytest.mark.parametrize("name", NAMES)
def test_no_address_of_a_module_that_is_off_answers(
    people: People, samples: dict[str, int], name: str
) -> None:
    mine = [route for route in routes() if belongs(route, {name})]
    assert mine, "a module without an address cannot be seen to be off"
    gone = off(people, name)
    admin, owner = client_of(people.admin), client_of(people.owner)
    for route in routes():
        if not belongs(route, gone):
            continue
        url = filled(route, samples)
        for method in ("get", "post"):
            answer = getattr(admin, method)(url)
            assert answer.status_code == 404, (method, url, answer.status_code)
        assert owner.get(url).status_code == 404, url
    if name != "api":
        page = admin.get(filled(next(one for one in mine if not one.is_api), samples))
        assert "Settings → Modules" in page.content.decode()


LINK = re.compile(r'(?:href|action|hx-(?:get|post)|data-(?:peek|url|edit-url))="(/[^"?#]*)')


def led_to(page: str, gone: set[str], patterns: list[tuple[re.Pattern[str], Route]]) -> set[str]:
    """The addresses on a page that belong to modules that are off."""
    found = set()
    for url in set(LINK.findall(page)):
        route = next((one for shape, one in patterns if shape.fullmatch(url[1:])), None)
        if route is not None and belongs(route, gone):
            found.add(url)
    return found


def shapes() -> list[tuple[re.Pattern[str], Route]]:
    """Each address as a pattern, in the order in which they are tried."""
    found = []
    for route in routes():
        text = re.escape(route.pattern).replace(r"\<", "<").replace(r"\>", ">")
        text = re.sub(r"<int:\w+>", r"\\d+", text)
        text = re.sub(r"<(?:\w+:)?\w+>", r"[^/]+", text)
        found.append((re.compile(text), route))
    return found


#: Two walks find what ten would: the pages of one half are looked through while the other is off.
HALVES = (
    ("activity", "registers", "api", "vcards", "layouts", "quality", "sales"),
    (
        "cycle",
        "duplicates",
        "fields",
        "webhooks",
        "confirming",
        "standardising",
        "products",
        "pools",
        "assignment",
    ),
)


@pytest.mark.slow
@pytest.mark.parametrize("names", HALVES, ids=lambda names: "-".join(names))
def test_no_page_leads_to_a_module_that_is_off(
    people: People, samples: dict[str, int], names: tuple[str, ...]
) -> None:
    assert {one for half in HALVES for one in half} | {"care"} == set(modules())
    client, known_shapes = client_of(people.admin), shapes()
    on = client.get("/companies").content.decode()
    assert led_to(on, set(modules()), known_shapes), "the walk sees no link at all"
    for name in names:
        gone = off(people, name)
    led: dict[str, str] = {}
    looked = 0
    for route in routes():
        if route.pattern.startswith(NO_WALK) or belongs(route, gone):
            continue
        if route.pattern.count("/") > 3 or "export" in route.pattern:
            continue
        url = filled(route, samples)
        answer = client.get(url)
        assert answer.status_code < 500, url
        if answer.streaming or "html" not in answer.headers.get("Content-Type", ""):
            continue
        looked += 1
        for one in led_to(answer.content.decode(), gone, known_shapes):
            led.setdefault(one, url)
    assert not led
    assert looked > 20


@pytest.mark.parametrize("name", NAMES)
def test_its_actions_jobs_and_record_types_are_gone_for_everybody(
    people: People, samples: dict[str, int], name: str
) -> None:
    module = modules()[name]
    off(people, name)
    for user in (people.admin, people.manager):
        for key in module.entities:
            assert rights_of(user).scope(key) is Scope.NONE
            assert not entity(key).visible(user).exists()
        for action in module.actions:
            assert not actions()[action].allowed(user)
    for job in module.jobs:
        run_job(_JOBS[job], 0, {"nonsense": 1})  # would fail if it ran


def test_what_is_declared_is_there() -> None:
    patterns = [route.pattern for route in routes()]
    for module in modules().values():
        assert set(module.needs) <= set(modules())
        assert set(module.actions) <= set(actions()), module.name
        assert set(module.jobs) <= set(_JOBS), module.name
        for route in module.routes:
            assert any(one == route or one.startswith(f"{route}/") for one in patterns), route


def test_with_all_on_every_page_is_where_it_was(people: People) -> None:
    nav = client_of(people.admin).get("/settings/modules").content.decode()
    for page in PAGES:
        if page.shown():
            assert f'href="{page.url}"' in nav
    assert nav.count("data-confirm=") >= len(modules())


def test_data_waits_and_comes_back(people: People) -> None:
    task = make_sample(entity("interactions.task"), people.owner, "Zanzibar call")
    client = client_of(people.owner)
    off(people, "activity")
    assert Task.objects.filter(pk=task.pk).exists()
    assert client.get(f"/tasks/{task.pk}").status_code == 404
    assert "Zanzibar" not in client.get("/search?q=Zanzibar").content.decode().split("<main")[1].split("value=")[0]  # fmt: skip
    assert client.get("/", follow=True).redirect_chain[-1][0].startswith("/companies")
    switch_module(actor=people.admin, name="activity", on=True)
    assert client.get(f"/tasks/{task.pk}").status_code == 200


def test_switching_is_undone_like_anything_else(people: People) -> None:
    client = client_of(people.admin)
    client.post("/settings/modules/duplicates/switch", {"on": "0"})
    assert client.get("/duplicates").status_code == 404
    made = ChangeSet.objects.latest("pk")
    assert made.verb == "platform.switch_module"
    client.post(f"/changes/{made.pk}/undo")
    assert client.get("/duplicates").status_code == 200


def test_a_module_that_others_need_is_not_switched_off_alone(people: People) -> None:
    with pytest.raises(Conflict) as refused:
        switch_module(actor=people.admin, name="activity", on=False)
    assert "Care" in str(refused.value)
    assert not ModuleSwitch.objects.exists()
    off(people, "activity")
    with pytest.raises(Conflict):
        switch_module(actor=people.admin, name="care", on=True)
    answer = client_of(people.admin).post("/settings/modules/care/switch", {"on": "1"}, follow=True)
    assert "Switch it on first" in answer.content.decode()


def test_only_administrators_switch(people: People) -> None:
    client = client_of(people.manager)
    assert client.get("/settings/modules").status_code == 403
    assert client.post("/settings/modules/api/switch", {"on": "0"}).status_code == 403
    with pytest.raises(NotAllowed):
        switch_module(actor=people.manager, name="api", on=False)
    assert not ModuleSwitch.objects.exists()


def test_a_program_with_a_key_is_told_so(people: People) -> None:
    role = Role.objects.get(name="Chief")
    _key, secret = create_api_key(actor=people.admin, name="Shop", role=role, days=1)
    header: Any = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    assert Client().get("/api/v1/tasks", **header).status_code == 200
    off(people, "activity")
    known._known = known.ALL_ON  # as a process that started before
    answer = Client().get("/api/v1/tasks", **header)
    assert answer.status_code == 404
    assert answer.json()


def test_no_page_asks_a_question_more(people: People) -> None:
    client = client_of(people.owner)

    def counted() -> int:
        client.get("/companies")
        with CaptureQueriesContext(connection) as captured:
            client.get("/companies")
        return len(captured)

    before = counted()
    off(people, "duplicates")
    assert counted() == before
