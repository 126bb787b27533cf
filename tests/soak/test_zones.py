"""All zones there are, minute by quarter of an hour, over twelve years of clock changes."""

from __future__ import annotations

from zoneinfo import available_timezones

import pytest

from tests.engine.clock_changes import hold


@pytest.mark.parametrize("name", sorted(available_timezones()))
def test_no_day_is_missed_or_doubled(name):
    """Each local day has its time once, in order; only what never was on the wall moves."""
    hold(name, 2024, 2035, every=15)
