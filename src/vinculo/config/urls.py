"""Every address of Vinculo."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from vinculo.web import views as web

urlpatterns: list[URLPattern | URLResolver] = [
    path("", web.home, name="home"),
    path("accounts/", include("allauth.urls")),
    path("", include("vinculo.records.urls")),
]

for room in ("platform", "parties", "interactions", "records.transfer"):
    if find_spec(f"vinculo.{room}.urls"):
        urlpatterns.append(path("", include(f"vinculo.{room}.urls")))
