"""Where the real files stand that some tests read."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"


def shared(*parts: str) -> Path:
    """A file of the shared data; the test is skipped, with its reason, where there is none."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"real data is absent: {'/'.join(parts)} is not beside the checkout")
    return path
