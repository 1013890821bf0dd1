"""What every test stands on. The database comes from vinculo.config.cluster.pytest_plugin."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection


def pytest_configure(config: pytest.Config) -> None:
    """Serve static files from their sources: no test depends on a collected copy."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    # A GET that writes fails in every test.
    settings.MIDDLEWARE = [
        "tests.underway.UnderwayMiddleware",
        *settings.MIDDLEWARE,
        "vinculo.platform.readonly.ReadOnlyMiddleware",
    ]
    settings.ACCESS_FLUSH_SECONDS = 0  # who looked at what is written when a test asks for it
    settings.VINCULO_CONFIRM_RATE = 0  # all tests call from one address
    settings.WHITENOISE_USE_FINDERS = True
    settings.WHITENOISE_AUTOREFRESH = True
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def _nothing_is_known_beforehand() -> None:
    """What a process keeps in mind of the company's own rows is of the last test's database."""
    for known in (pipelines, pools, points, currency, custom, modules, terms):
        known.forget()
    modules.told(modules.ALL_ON.version)  # nothing is switched off in a new database
    for remembered in (elsewhere, origins, registers, standards):
        remembered.look_again()


@pytest.fixture(autouse=True)
def _journal_goes_with_the_rows(
    request: pytest.FixtureRequest, _django_db_helper: None
) -> Iterator[None]:
    """Empty the journal's table where Django is about to empty all others: it is none of Django's,
    and rows that it remembers would keep the next test from the rules a new installation begins with.
    """
    yield
    marker = request.node.get_closest_marker("django_db")
    if "transactional_db" in request.fixturenames or (marker and marker.kwargs.get("transaction")):
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE platform_change")


from tests.personas import people  # noqa: E402, F401
from vinculo.parties.registry import finding as registers  # noqa: E402
from vinculo.parties.registry import origins  # noqa: E402
from vinculo.parties.standardising import switching as standards  # noqa: E402
from vinculo.platform.custom import known as custom  # noqa: E402
from vinculo.platform.modules import known as modules  # noqa: E402
from vinculo.platform.terms import known as terms  # noqa: E402
from vinculo.products import currency  # noqa: E402
from vinculo.records.external import panel as elsewhere  # noqa: E402
from vinculo.sales.pipelines import known as pipelines  # noqa: E402
from vinculo.sales.pools import known as pools  # noqa: E402
from vinculo.sales.scoring.points import known as points  # noqa: E402
