"""The addresses of imports and exports."""

from django.urls import URLPattern, path

from vinculo.records.registry import entities
from vinculo.records.transfer import exporting
from vinculo.records.transfer.views import deciding, wizard


def export_urls() -> list[URLPattern]:
    """Every record type's list as a file."""
    return [
        path(
            f"{entity.path}/export.{form}",
            exporting.export,
            {"key": entity.key, "form": form},
            name=f"{entity.key}.export.{form}",
        )
        for entity in entities()
        for form in ("csv", "xlsx")
    ]


urlpatterns = [
    path("import/", wizard.start, name="import"),
    path("import/<int:pk>", wizard.show, name="import.show"),
    path("import/<int:pk>/working", wizard.working, name="import.working"),
    path("import/<int:pk>/reread", deciding.reread, name="import.reread"),
    path("import/<int:pk>/decide", deciding.decide, name="import.decide"),
    path("import/<int:pk>/mapping", deciding.remember, name="import.remember"),
    path("import/<int:pk>/mapping/<int:mapping>/use", deciding.use, name="import.use"),
    path("import/<int:pk>/mapping/<int:mapping>/forget", deciding.forget, name="import.forget"),
    path("import/<int:pk>/run", wizard.run, name="import.run"),
    path("import/<int:pk>/cancel", wizard.cancel, name="import.cancel"),
    path("import/<int:pk>/discard", wizard.discard, name="import.discard"),
    path("import/<int:pk>/refused.csv", wizard.refused, name="import.refused"),
    *export_urls(),
]
