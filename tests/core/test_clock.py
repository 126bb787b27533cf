"""The clock that is turned by hand, and moments as they are stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from rally_desktop.core.clock import ManualClock, from_micros, to_micros

EAST = timezone(timedelta(hours=5, minutes=45))


@given(st.datetimes(timezones=st.sampled_from([UTC, EAST])))
def test_moments_are_stored_to_the_microsecond(moment):
    """A moment of any zone comes back from storage as the same moment."""
    assert from_micros(to_micros(moment)) == moment


def test_a_manual_clock_stands_until_it_is_turned():
    """The clock of tests moves by exactly what it is turned."""
    start = datetime(2026, 6, 2, 9, tzinfo=UTC)
    clock = ManualClock(start)
    assert clock.now() == start
    clock.advance(days=1, minutes=5)
    assert clock.now() == start + timedelta(days=1, minutes=5)
