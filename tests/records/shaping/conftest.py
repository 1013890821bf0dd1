"""What a test before saved, and was taken back, is forgotten as another request forgets it."""

from __future__ import annotations

import pytest

from vinculo.platform.custom import known


@pytest.fixture(autouse=True)
def fresh() -> None:
    """Read what is known of fields and layouts anew."""
    known.forget()
