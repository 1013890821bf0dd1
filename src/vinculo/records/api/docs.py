"""The API for people: the OpenAPI document as a page in the shell, without scripts of others."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from vinculo.platform.models import User
from vinculo.records.api.errors import json_response, to_json
from vinculo.records.api.openapi import describe
from vinculo.records.api.reading import known_parameters
from vinculo.records.views.common import Request

METHODS = ("get", "post", "patch", "delete")
TONES = {"get": "is-info", "post": "is-ok", "patch": "is-warn", "delete": "is-bad"}
EXAMPLES: dict[str, Any] = {
    "integer": 7,
    "boolean": True,
    "array": [],
    "object": {},
    "date": "2026-11-21",
    "date-time": "2026-11-21T09:30:00+01:00",
}


def document(request: Request) -> HttpResponse:
    """The OpenAPI document as the caller may use the API."""
    known_parameters(request, ())
    return json_response(describe(request.user))


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """Every call the reader may make, with its parameters, its body and an example."""
    assert isinstance(request.user, User)
    described = describe(request.user)
    context = {
        "about": _words(described["info"]["description"]).split("\n\n"),
        "version": described["info"]["version"],
        "groups": _groups(described, f"{request.scheme}://{request.get_host()}"),
        "problems": [
            (name.removeprefix("E"), answer["description"])
            for name, answer in described["components"]["responses"].items()
        ],
    }
    return render(request, "records/api_docs.html", context)


def _words(markdown: str) -> str:
    """The document's few marks of emphasis taken away: the page has no use for them."""
    return markdown.replace("`", "").replace("*", "")


def _groups(described: dict[str, Any], host: str) -> list[dict[str, Any]]:
    """The calls by record type, in the document's order."""
    groups = {
        tag["name"]: {"key": tag["name"], "label": tag["description"], "calls": []}
        for tag in described["tags"]
    }
    for path, methods in described["paths"].items():
        for method in METHODS:
            if method not in methods:
                continue
            call = methods[method]
            key = call["tags"][0]
            group = groups.setdefault(key, {"key": key, "label": key, "calls": []})
            group["calls"].append(_call(described, host, path, method, methods))
    return list(groups.values())


def _call(
    described: dict[str, Any], host: str, path: str, method: str, methods: dict[str, Any]
) -> dict[str, Any]:
    call = methods[method]
    body = _body(described, call)
    listed = [*methods.get("parameters", []), *call.get("parameters", [])]
    told = [_resolved(described, parameter) for parameter in listed]
    return {
        "id": call["operationId"],
        "method": method.upper(),
        "tone": TONES[method],
        "path": path,
        "summary": call["summary"],
        "description": call.get("description", ""),
        "parameters": [_line(p["name"], p["schema"], p) for p in told if "." not in p["name"]],
        "filters": [_line(p["name"], p["schema"], p) for p in told if "." in p["name"]],
        "body": body,
        "curl": _curl(method, f"{host}{path}".replace("{id}", "7"), body),
    }


def _body(described: dict[str, Any], call: dict[str, Any]) -> list[dict[str, Any]]:
    content = call.get("requestBody", {}).get("content", {})
    for kind in content.values():
        schema = _resolved(described, kind["schema"])
        required = schema.get("required", [])
        return [
            _line(name, value, {"required": name in required, **value})
            for name, value in schema["properties"].items()
        ]
    return []


def _resolved(described: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in part:
        return part
    found: Any = described
    for step in part["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)


def _line(name: str, schema: dict[str, Any], about: dict[str, Any]) -> dict[str, Any]:
    """A parameter or input: its name, its type in a word, what it means."""
    return {
        "name": name,
        "type": _type(schema),
        "required": bool(about.get("required")),
        "description": _words(about.get("description", "")) or schema.get("title", ""),
        "values": [value for value in _enum(schema) if value not in ("", None)],
        "example": _example(schema),
    }


def _enum(schema: dict[str, Any]) -> list[Any]:
    return list(schema.get("enum") or schema.get("items", {}).get("enum") or [])


def _type(schema: dict[str, Any]) -> str:
    kinds = schema.get("type", "")
    first = kinds if isinstance(kinds, str) else kinds[0]
    if not first and "oneOf" in schema:
        first = _type(schema["oneOf"][0])
    return str(schema.get("format", "") or ("list" if first == "array" else first))


def _example(schema: dict[str, Any]) -> Any:
    values = [value for value in _enum(schema) if value not in ("", None)]
    kind = _type(schema)
    if kind == "list":
        return values[:1] or ["…"]
    return values[0] if values else EXAMPLES.get(kind, "…")


def _curl(method: str, url: str, body: list[dict[str, Any]]) -> str:
    lines = [f"curl {url}", '-H "Authorization: Bearer $KEY"']
    if method != "get":
        lines[0] = f"curl -X {method.upper()} {url}"
    if any(line["type"] == "binary" for line in body):
        lines += [f"-F {line['name']}=@file" for line in body if line["type"] == "binary"]
    elif body:
        chosen = [line for line in body if line["required"]] or body[:1]
        example = {line["name"]: line["example"] for line in chosen}
        lines += ['-H "Content-Type: application/json"', f"-d '{to_json(example).decode()}'"]
    return " \\\n  ".join(lines)
