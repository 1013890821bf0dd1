"""Addresses of the demo company's page."""

from django.urls import path

from vinculo.demo import views

urlpatterns = [
    path("settings/demo", views.demo, name="settings_demo"),
    path("settings/demo/remove", views.remove, name="settings_demo_remove"),
]
