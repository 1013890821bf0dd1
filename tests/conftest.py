"""What every test stands on. The database comes from vinculo.config.cluster.pytest_plugin."""

from __future__ import annotations

import pytest
from django.conf import settings


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


from tests.personas import people  # noqa: E402, F401
