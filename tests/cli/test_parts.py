"""What a web process reads before anybody needs it."""

from __future__ import annotations

from django.conf import settings
from django.template import engines

from vinculo.cli.parts import warm_up


def test_every_template_is_read_ahead() -> None:
    loader = engines["django"].engine.template_loaders[0]
    loader.reset()
    warm_up()
    read = set(loader.get_template_cache)
    ours = {
        str(path.relative_to(folder))
        for folder in settings.SOURCE.glob("*/templates")
        for path in folder.rglob("*.html")
    }
    assert len(ours) > 100
    assert ours <= read
