"""Vinculo as an app of the device: the manifest, the service worker, the page without a network.

The worker keeps static files whose names carry their hash, and the one page without a network:
never an answer about somebody's data (ADR 29).
"""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from re import compile as pattern

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vinculo.platform.modules.known import route_is_on
from vinculo.web.assets import module_urls, stylesheet_urls

WORKER = Path(__file__).with_name("service_worker.js")
#: A name that changes with the content: what stands under it never changes.
HASHED = pattern(r"\.[0-9a-f]{12}\.\w+\Z")
DAY = 24 * 3600


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a device asks for before it puts Vinculo among its apps."""
    icons = [
        {"src": static("img/icon-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": static("img/icon-512.png"), "sizes": "512x512", "type": "image/png"},
        {"src": static("img/icon-maskable-512.png"), "sizes": "512x512", "type": "image/png"}
        | {"purpose": "maskable"},
    ]
    shortcuts = [
        *([{"name": _("My day"), "url": "/my-day"}] if route_is_on("my-day") else []),
        {"name": _("Search"), "url": "/search"},
    ]
    answer = JsonResponse(
        {
            "id": "/",
            "name": "Vinculo",
            "short_name": "Vinculo",
            "start_url": "/my-day" if route_is_on("my-day") else "/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": "#ffffff",
            "lang": translation.get_language(),
            "icons": icons,
            "shortcuts": shortcuts,
        },
        content_type="application/manifest+json",
    )
    answer["Cache-Control"] = f"private, max-age={DAY}"
    return answer


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker with the names of this version's files; asked for anew by every browser."""
    answer = HttpResponse(_worker(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What is shown where a page cannot be fetched: nothing in it is about anybody."""
    language = request.GET.get("language", "")
    if language not in dict(settings.LANGUAGES):
        language = translation.get_language() or settings.LANGUAGE_CODE
    with translation.override(language):
        return render(request, "web/offline.html", {"demo_installation": False})


@cache
def _worker() -> str:
    script = WORKER.read_text(encoding="utf-8")
    icons = (static("img/seal.svg"), static("img/icon-192.png"))
    named = [*stylesheet_urls(), *module_urls(), static("js/app.js"), *icons]
    files = [url for url in named if HASHED.search(url)]
    version = sha256(("\n".join(files) + script).encode()).hexdigest()[:12]
    build = {"version": version, "files": files, "static": f"/{settings.STATIC_URL.lstrip('/')}"}
    return f"const BUILD = {json.dumps(build)};\n{script}"
