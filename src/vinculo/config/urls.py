"""Every address of Vinculo."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path, re_path

from vinculo.web import installing
from vinculo.web import views as web

handler500 = "vinculo.web.views.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", web.home, name="home"),
    path("manifest.webmanifest", installing.manifest, name="manifest"),
    path("service-worker.js", installing.service_worker, name="service_worker"),
    path("offline", installing.offline, name="offline"),
    # Who somebody is, is for administrators to say: nobody gives themselves another address.
    re_path("^accounts/(?:email|confirm-email|signup)/", web.not_here),
    # One page of ours shows what allauth spreads over these.
    re_path("^accounts/(?:2fa|sessions)/$", web.to_security),
    path("accounts/", include("allauth.urls")),
    path("", include("vinculo.records.urls")),
    path("", include("vinculo.records.api.urls")),
]

for room in (
    "platform",
    "parties",
    "interactions",
    "products",
    "sales",
    "records.transfer",
    "records.webhooks",
    "records.custom",
    "records.shaping",
    "records.quality",
    "demo",
):
    if find_spec(f"vinculo.{room}.urls"):
        urlpatterns.append(path("", include(f"vinculo.{room}.urls")))
