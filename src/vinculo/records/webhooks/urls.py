"""Addresses of the webhooks' pages."""

from django.urls import path

from vinculo.records.webhooks import views

urlpatterns = [
    path("settings/webhooks", views.webhooks, name="settings_webhooks"),
    path("settings/webhooks/new", views.new, name="settings_webhook_new"),
    path("settings/webhooks/<int:pk>", views.webhook, name="settings_webhook"),
    path("settings/webhooks/<int:pk>/edit", views.edit),
    path("settings/webhooks/<int:pk>/secret", views.renew),
    path("settings/webhooks/<int:pk>/test", views.ping),
    path("settings/webhooks/<int:pk>/delete", views.delete),
    path("settings/webhooks/<int:pk>/deliveries/<int:delivery_id>/replay", views.replay),
]
