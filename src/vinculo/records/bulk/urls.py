"""The addresses of bulk changes, under each record type's path."""

from django.urls import URLPattern, path

from vinculo.records.bulk import cells, views
from vinculo.records.entity import Entity
from vinculo.records.views import rows


def bulk_patterns(entity: Entity) -> list[URLPattern]:
    """Change, delete and export of selected rows; a block of cells."""
    own, base = {"key": entity.key}, entity.path
    return [
        path(f"{base}/bulk/edit", views.edit, own, name=f"{entity.key}.bulk_edit"),
        path(f"{base}/bulk/delete", views.delete, own, name=f"{entity.key}.bulk_delete"),
        path(f"{base}/bulk/export.csv", views.export, own, name=f"{entity.key}.bulk_export"),
        path(f"{base}/<int:pk>/row", rows.row, own, name=f"{entity.key}.row"),
        path(f"{base}/cells", cells.block, own, name=f"{entity.key}.cells"),
    ]


urlpatterns = [path("bulk/<int:pk>", views.show, name="bulk.show")]
