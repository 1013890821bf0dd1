"""The addresses of timelines, files and My day; lists, records and actions come from records."""

from django.urls import path, re_path

from vinculo.interactions.care import views as care
from vinculo.interactions.views import days, downloads, timelines

urlpatterns = [
    path("my-day", days.my_day_page, name="my-day"),
    path("my-day/visits", days.visits, name="visits"),
    path("my-day/tasks", days.quick_task, name="quick-task"),
    path("settings/care", care.rules, name="settings_care"),
    path("settings/care/new", care.new, name="settings_care_new"),
    path("settings/care/<int:pk>", care.rule_page, name="settings_care_rule"),
    path("settings/care/<int:pk>/edit", care.edit, name="settings_care_edit"),
    path("settings/care/<int:pk>/switch", care.switch, name="settings_care_switch"),
    path("settings/care/<int:pk>/delete", care.delete, name="settings_care_delete"),
    path("seen", days.seen, name="seen"),
    path("timeline/tools/<slug:sort>/<int:pk>", timelines.tools, name="entry-tools"),
    path("timeline/<int:pk>", timelines.timeline, name="timeline"),
    path("timeline/<int:pk>/compose/<slug:name>", timelines.compose, name="compose"),
    path("timeline/<int:pk>/colleagues", timelines.colleagues, name="colleagues"),
    re_path(r"^files/(?P<token>[A-Za-z0-9_-]{20,60})$", downloads.download, name="download"),
]
