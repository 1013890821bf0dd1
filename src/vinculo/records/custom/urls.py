"""Addresses of the pages of custom fields."""

from django.urls import path

from vinculo.records.computed import trying
from vinculo.records.custom import views

urlpatterns = [
    path("settings/fields", views.index, name="settings_fields"),
    path("settings/fields/<slug:path>/new", views.new, name="settings_field_new"),
    path("settings/fields/<slug:path>/formula", trying.look, name="settings_field_formula"),
    path("settings/fields/<int:pk>", views.change, name="settings_field"),
    path("settings/fields/<int:pk>/move/<str:way>", views.move),
    path("settings/fields/<int:pk>/delete", views.delete),
    path("settings/fields/<int:pk>/restore", views.restore),
]
