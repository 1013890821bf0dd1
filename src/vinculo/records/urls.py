"""The addresses of every record type, derived from the registry."""

from django.urls import URLPattern, path

from vinculo.records.bulk.urls import bulk_patterns
from vinculo.records.bulk.urls import urlpatterns as bulk_urls
from vinculo.records.computed import views as computed
from vinculo.records.entity import Entity
from vinculo.records.layouts import views as layouts
from vinculo.records.registry import entities
from vinculo.records.saved import views as saved
from vinculo.records.views import (
    accesses,
    choices,
    doing,
    editing,
    filtering,
    lists,
    living,
    pages,
    revealing,
    searching,
    seeing,
    undoing,
)


def entity_patterns(entity: Entity) -> list[URLPattern]:
    """The same addresses for each record type, under its path."""
    own = {"key": entity.key}
    base, one = entity.path, f"{entity.path}/<int:pk>"
    view = f"{base}/views/<int:view_id>"
    patterns = [
        path(base, lists.show, own, name=f"{entity.key}.list"),
        path(f"{base}/count", lists.count, own, name=f"{entity.key}.count"),
        path(f"{base}/columns", lists.columns, own, name=f"{entity.key}.columns"),
        path(f"{base}/figures", lists.figures, own, name=f"{entity.key}.figures"),
        path(f"{base}/group", lists.group, own, name=f"{entity.key}.group"),
        path(f"{base}/filter", filtering.filter_form, own, name=f"{entity.key}.filter"),
        path(f"{base}/choices", choices.choices, own, name=f"{entity.key}.choices"),
        path(f"{base}/views/new", saved.new, own, name=f"{entity.key}.view_new"),
        path(f"{base}/views/order", saved.order, own, name=f"{entity.key}.view_order"),
        path(view, saved.show, own, name=f"{entity.key}.view"),
        path(f"{view}/edit", saved.edit, own, name=f"{entity.key}.view_edit"),
        path(f"{view}/save", saved.save, own, name=f"{entity.key}.view_save"),
        path(f"{view}/first", saved.first, own, name=f"{entity.key}.view_first"),
        path(f"{view}/delete", saved.delete, own, name=f"{entity.key}.view_delete"),
        path(f"{view}/favourite", saved.favourite_view, own, name=f"{entity.key}.view_favourite"),
        path(f"{one}/favourite", saved.favourite_record, own, name=f"{entity.key}.favourite"),
        path(one, pages.show, own, name=f"{entity.key}.record"),
        path(f"{one}/peek", pages.peek, own, name=f"{entity.key}.peek"),
        path(f"{one}/history", pages.history, own, name=f"{entity.key}.history"),
        path(f"{one}/who", seeing.who, own, name=f"{entity.key}.who"),
        path(f"{one}/edit", editing.edit, own, name=f"{entity.key}.edit"),
        path(f"{one}/field/<slug:name>", editing.field, own, name=f"{entity.key}.field"),
        path(f"{one}/how/<slug:name>", computed.how, own, name=f"{entity.key}.how"),
        path(f"{one}/reveal/<slug:name>", revealing.reveal, own, name=f"{entity.key}.reveal"),
        path(f"{one}/delete", editing.delete, own, name=f"{entity.key}.delete"),
        path(f"{one}/do/<str:name>", doing.act, own, name=f"{entity.key}.do"),
    ]
    if entity.board is not None:
        patterns.append(path(f"{base}/board", layouts.column, own, name=f"{entity.key}.board"))
    if entity.board is not None or entity.calendar is not None:
        patterns.append(path(f"{one}/move", layouts.move, own, name=f"{entity.key}.move"))
        patterns.append(path(f"{one}/card", layouts.card, own, name=f"{entity.key}.card"))
    if entity.creatable:
        patterns.append(path(f"{base}/new", editing.new, own, name=f"{entity.key}.new"))
    return patterns


urlpatterns = [
    *[pattern for one in entities() for pattern in entity_patterns(one)],
    *[pattern for one in entities() for pattern in bulk_patterns(one)],
    *bulk_urls,
    path("search", searching.search_page, name="search"),
    path("search/more", searching.search_more, name="search_more"),
    path("navigation", saved.navigation, name="navigation"),
    path("settings/accesses", accesses.index, name="settings_accesses"),
    path("settings/users/<int:user_id>/accesses.csv", accesses.report),
    path("undo", undoing.index, name="undo_list"),
    path("undo/<int:changeset_id>", undoing.show, name="undo_preview"),
    path("palette", searching.palette, name="palette"),
    path("palette/more", searching.palette_more, name="palette_more"),
    path("live", living.live, name="live"),
]
