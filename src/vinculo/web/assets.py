"""Which style sheets and scripts a page loads, in order; hashed and bundled for production."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

COMPONENTS = (
    "shell",
    "phone",
    "reach",
    "button",
    "chip",
    "card",
    "table",
    "table-plain",
    "merging",
    "list",
    "picking",
    "tabs",
    "form",
    "formula",
    "inline-edit",
    "cells",
    "reference",
    "dialog",
    "feedback",
    "timeline",
    "tasks",
    "palette",
    "pages",
    "quality",
    "forecast",
    "report",
    "entrance",
    "board",
    "calendar",
    "dragging",
    "layout-editor",
    "live",
    "touch",
)

# The order is the order of the cascade: tokens.css names the layers.
STYLES = (
    "css/tokens.css",
    "css/base.css",
    "css/layout.css",
    *(f"css/components/{name}.css" for name in COMPONENTS),
    "css/utilities.css",
    "css/print.css",
)
BUNDLE = "css/vinculo.css"

# What app.js imports: named, so that the browser fetches all at once and not step by step.
MODULE_NAMES = (
    "lib",
    "theme",
    "toast",
    "errors",
    "dialog",
    "confirm",
    "menu",
    "keys",
    "help",
    "palette",
    "panel",
    "selection",
    "long-press",
    "picking",
    "list-keys",
    "inline-edit",
    "reference",
    "suggest",
    "grid",
    "cell-edit",
    "cell-block",
    "cells",
    "composer",
    "filters",
    "columns",
    "drafts",
    "conditions",
    "offline",
    "drop",
    "mentions",
    "position",
    "task-keys",
    "board",
    "touch-move",
    "view-tabs",
    "layout-editor",
    "installing",
    "live-cards",
    "live",
    "waiting",
    "formula",
    "device",
)
MODULES = tuple(f"js/{name}.js" for name in MODULE_NAMES)


class AssetStorage(CompressedManifestStaticFilesStorage):
    """Static files with hashed names, module imports included, and the style sheets as one file."""

    # Only our own modules: a library's script may hold text that merely looks like an import.
    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]),
    )

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str, bool]]:
        """Write the bundle beside its parts, then hash and compress everything."""
        if not dry_run and all(path in paths for path in STYLES):
            self._write_bundle()
            paths = {**paths, BUNDLE: (self, BUNDLE)}
        yield from super().post_process(paths, dry_run, **options)

    def _write_bundle(self) -> None:
        parts = []
        for path in STYLES:
            with self.open(path) as part:
                parts.append(part.read().decode())
        if self.exists(BUNDLE):
            self.delete(BUNDLE)
        self.save(BUNDLE, ContentFile("\n".join(parts).encode()))


@cache
def stylesheet_urls() -> tuple[str, ...]:
    """The addresses to link, in order: one bundle where it was built, else every part."""
    hashed = getattr(staticfiles_storage, "hashed_files", None)
    if hashed and BUNDLE in hashed:
        return (staticfiles_storage.url(BUNDLE),)
    return tuple(staticfiles_storage.url(path) for path in STYLES)


@cache
def module_urls() -> tuple[str, ...]:
    """The addresses of the modules behind app.js, to be fetched ahead."""
    return tuple(staticfiles_storage.url(path) for path in MODULES)
