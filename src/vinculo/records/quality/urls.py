"""The addresses of this part."""

from django.urls import path

from vinculo.records.quality import views

urlpatterns = [
    path("quality", views.overview, name="quality"),
    path("quality/figure", views.figure, name="quality_figure"),
    path("quality/measure", views.measure, name="quality_measure"),
    path("settings/quality", views.alerts, name="settings_quality"),
    path("settings/quality/new", views.new_alert, name="settings_quality_new"),
    path("settings/quality/<int:pk>", views.edit_alert, name="settings_quality_alert"),
    path("settings/quality/<int:pk>/switch", views.switch_alert, name="settings_quality_switch"),
    path("settings/quality/<int:pk>/delete", views.delete_alert, name="settings_quality_delete"),
]
