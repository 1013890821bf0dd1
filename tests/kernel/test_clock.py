"""The clock is aware, can be held still, and goes on afterwards."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from vinculo.kernel import clock


def test_now_is_aware_and_moves() -> None:
    assert clock.now().tzinfo is UTC
    assert abs(datetime.now(UTC) - clock.now()) < timedelta(seconds=5)


def test_frozen_holds_and_releases_even_nested_or_failing() -> None:
    noon = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=1)))
    with clock.frozen(noon) as held:
        assert clock.now() == noon == held
        with pytest.raises(RuntimeError), clock.frozen(noon + timedelta(days=1)):
            raise RuntimeError
        assert clock.now() == noon
    assert clock.now() > noon


def test_an_instant_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"), clock.frozen(datetime(2026, 1, 1)):
        pass
