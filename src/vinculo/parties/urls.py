"""Addresses of this room that are no lists, records or forms."""

from django.urls import path

from vinculo.parties import views

urlpatterns = [
    path("companies/hints", views.hints, {"kind": "company"}, name="company_hints"),
    path("people/hints", views.hints, {"kind": "person"}, name="person_hints"),
    path("contacts/<int:pk>/menu", views.point_menu, name="contact_menu"),
    path("contacts/<int:pk>/edit", views.edit_point, name="contact_edit"),
    path("contacts/<int:pk>/remove", views.remove_point, name="contact_remove"),
    path("contacts/<int:pk>/primary", views.make_primary, name="contact_primary"),
    path("contacts/<int:pk>/verified", views.mark_verified, name="contact_verified"),
    path("contacts/<int:pk>/do-not-contact", views.mark_refused, name="contact_refused"),
    path("relations/<int:pk>/edit", views.edit_relation, name="relation_edit"),
    path("relations/<int:pk>/end", views.end_relation, name="relation_end"),
]
