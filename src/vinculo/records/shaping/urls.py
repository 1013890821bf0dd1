"""Addresses of the pages of layouts."""

from django.urls import path

from vinculo.records.shaping import views

urlpatterns = [
    path("settings/layouts", views.index, name="settings_layouts"),
    path("settings/layouts/<slug:path>", views.edit, name="settings_layout"),
    path("settings/layouts/<slug:path>/preview", views.preview),
    path("settings/layouts/<slug:path>/reset", views.reset),
    path("settings/layouts/<slug:path>/move/<str:way>", views.move),
]
