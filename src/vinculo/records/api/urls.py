"""The addresses of the API, derived from the registry; what is not there says so in its shape."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt

from vinculo.records.api import docs, doing, parts, reading, saved_views, writing
from vinculo.records.api.batch import upsert
from vinculo.records.api.door import endpoint
from vinculo.records.api.errors import ApiError, error_response
from vinculo.records.entity import Entity
from vinculo.records.registry import entities


def entity_patterns(entity: Entity) -> list[URLPattern]:
    """The same addresses for each record type."""
    base, one = f"api/v1/{entity.path}", f"api/v1/{entity.path}/<int:pk>"
    own: dict[str, Any] = {"entity": entity}
    many: dict[str, Any] = {"GET": reading.list_records}
    if entity.creatable:
        many["POST"] = writing.create
    single = {"GET": reading.read_record, "PATCH": writing.update, "DELETE": writing.delete}
    patterns = [
        path(base, endpoint(many), own, name=f"api.{entity.key}.list"),
        path(one, endpoint(single), own, name=f"api.{entity.key}.record"),
        path(
            f"{one}/history",
            endpoint({"GET": reading.read_history}),
            own,
            name=f"api.{entity.key}.history",
        ),
        path(
            f"{one}/do/<str:name>",
            endpoint({"POST": doing.act_on}),
            own,
            name=f"api.{entity.key}.do",
        ),
    ]
    patterns += [
        path(
            f"{one}/{of.name}",
            endpoint({"GET": parts.read_parts}),
            {**own, "parts": of},
            name=f"api.{entity.key}.{of.name}",
        )
        for of in entity.parts
    ]
    if entity.creatable:
        together = endpoint({"POST": upsert})
        patterns.append(path(f"{base}/batch", together, own, name=f"api.{entity.key}.batch"))
    return patterns


@csrf_exempt
def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Nothing is at this address."""
    from django.utils.translation import gettext

    return error_response(ApiError(404, "not_found", gettext("There is nothing at this address.")))


urlpatterns = [
    *(pattern for entity in entities() for pattern in entity_patterns(entity)),
    path(
        "api/v1/views",
        endpoint({"GET": saved_views.list_views, "POST": saved_views.create}),
        name="api.views.list",
    ),
    path(
        "api/v1/views/<int:pk>",
        endpoint(
            {
                "GET": saved_views.read,
                "PATCH": saved_views.update,
                "DELETE": saved_views.delete,
            }
        ),
        name="api.views.view",
    ),
    path("api/v1/do/<str:name>", endpoint({"POST": doing.act_alone}), name="api.do"),
    path("api/v1/openapi.json", endpoint({"GET": docs.document}), name="api.openapi"),
    path("api/v1/docs", docs.page, name="api.docs"),
    re_path(r"^api(?:/(?P<rest>.*))?$", nowhere, name="api.nowhere"),
]
