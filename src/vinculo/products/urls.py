"""Addresses of this room that are no lists, records or forms."""

from django.urls import path

from vinculo.products import views

urlpatterns = [
    path("settings/currencies", views.currencies, name="settings_currencies"),
    path("settings/currencies/books", views.books, name="settings_books"),
    path("settings/currencies/rates/<int:pk>/delete", views.remove, name="settings_rate_delete"),
]
