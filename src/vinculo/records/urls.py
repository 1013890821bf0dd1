"""The addresses of every record type, derived from the registry."""

from django.urls import URLPattern, path

from vinculo.records.entity import Entity
from vinculo.records.registry import entities
from vinculo.records.views import choices, doing, editing, lists, pages, searching


def entity_patterns(entity: Entity) -> list[URLPattern]:
    """The same addresses for each record type, under its path."""
    own = {"key": entity.key}
    base, one = entity.path, f"{entity.path}/<int:pk>"
    patterns = [
        path(base, lists.show, own, name=f"{entity.key}.list"),
        path(f"{base}/count", lists.count, own, name=f"{entity.key}.count"),
        path(f"{base}/filter", lists.filter_form, own, name=f"{entity.key}.filter"),
        path(f"{base}/choices", choices.choices, own, name=f"{entity.key}.choices"),
        path(one, pages.show, own, name=f"{entity.key}.record"),
        path(f"{one}/peek", pages.peek, own, name=f"{entity.key}.peek"),
        path(f"{one}/history", pages.history, own, name=f"{entity.key}.history"),
        path(f"{one}/edit", editing.edit, own, name=f"{entity.key}.edit"),
        path(f"{one}/field/<slug:name>", editing.field, own, name=f"{entity.key}.field"),
        path(f"{one}/delete", editing.delete, own, name=f"{entity.key}.delete"),
        path(f"{one}/do/<str:name>", doing.act, own, name=f"{entity.key}.do"),
    ]
    if entity.creatable:
        patterns.append(path(f"{base}/new", editing.new, own, name=f"{entity.key}.new"))
    return patterns


urlpatterns = [
    *[pattern for one in entities() for pattern in entity_patterns(one)],
    path("search", searching.search_page, name="search"),
    path("palette", searching.palette, name="palette"),
]
