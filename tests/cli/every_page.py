"""Inside an installation: open every page as an administrator, with the first record of each type."""

from __future__ import annotations

from django.test import Client
from tests.routes import Route, routes

from vinculo.interactions.models import File, Interaction, Task
from vinculo.platform.models import Role, Team, User
from vinculo.records.registry import entities

#: Pages that end the session, and libraries' own.
NOT_WALKED = ("accounts/", "settings/security/sessions")


def walk() -> None:
    """Print every address that is no answer, and how many there were."""
    admin = User.objects.filter(role_assignments__role__administrator=True, is_active=True).first()
    assert admin is not None
    client = Client(raise_request_exception=False, HTTP_HOST="127.0.0.1")
    client.force_login(admin)
    opened = 0
    for route in routes():
        if route.pattern.startswith(NOT_WALKED):
            continue
        for values in _values(route):
            answer = client.get(route.url(**values))
            opened += 1
            if answer.status_code >= 500:
                print("broken:", route.url(**values), answer.status_code)
            if answer.streaming:
                b"".join(answer.streaming_content)
    print("opened:", opened)


def _values(route: Route) -> list[dict[str, object]]:
    found: dict[str, object] = {
        "user_id": _first(User), "team_id": _first(Team), "role_id": _first(Role),
        "task_id": _first(Task), "file_id": _first(File), "interaction_id": _first(Interaction),
    }  # fmt: skip
    for entity in entities():
        if route.key in ("", entity.key):
            rows = entity.model.objects.filter(entity.rows).values_list("pk", flat=True)
            first = rows.first()
            if first is None and route.key:
                return []  # a record type that was not there yet
            found["pk"] = first or found.get("pk", 1)
            names = [one.name for one in entity.all_fields.values() if one.editable]
            if "<slug:name>" in route.pattern:
                return [{**found, "name": name} for name in names]
    return [found]


def _first(model: type) -> object:
    return model.objects.values_list("pk", flat=True).first()  # type: ignore[attr-defined]
