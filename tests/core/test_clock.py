"""The clock that is turned by hand, and moments as they are stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rally_desktop.core.clock import ManualClock, SharedClock, from_micros, to_micros

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


NOON = datetime(2026, 6, 2, 12, tzinfo=UTC)


class Computers:
    """A server's clock, and the counter and wall clock of a computer that asks it."""

    def __init__(self):
        self.server, self.counter, self.wall, self.asked = NOON, 100.0, 5_000.0, 0
        self.clock = SharedClock(self.ask, counter=lambda: self.counter, wall=lambda: self.wall)

    def ask(self):
        """Answer as the server does."""
        self.asked += 1
        return self.server

    def pass_(self, seconds):
        """Let time pass everywhere."""
        self.counter += seconds
        self.wall += seconds
        if self.server is not None:
            self.server += timedelta(seconds=seconds)


def test_a_shared_clock_asks_seldom_and_counts_between():
    """A hundred looks within half a minute are one question to the server."""
    here = Computers()
    for _ in range(100):
        here.pass_(0.25)
        assert here.clock.now() == here.server
    assert here.asked == 1


def test_turning_the_computers_own_clock_changes_nothing():
    """Somebody sets the laptop a year ahead: due times stay the server's."""
    here = Computers()
    here.wall += 365 * 86_400
    assert here.clock.now() == NOON


def test_a_computer_that_slept_asks_at_once():
    """While the lid was closed the counter stood still; the server knows the time."""
    here = Computers()
    here.wall += 7_200
    here.server += timedelta(hours=2)
    assert here.clock.now() == NOON + timedelta(hours=2)


@pytest.mark.parametrize(("back", "expected"), [(5, 0), (3_600, -3_600)])
def test_a_server_that_is_put_back_a_little_holds_time_still(back, expected):
    """A small correction never lets time run backwards; a real change is taken over."""
    here = Computers()
    here.pass_(31)
    before = here.clock.now()
    here.counter += 31
    here.wall += 31
    here.server -= timedelta(seconds=back)
    assert here.clock.now() == before + timedelta(seconds=expected)


def test_a_server_that_does_not_answer_is_counted_on_from():
    """The time goes on while the server is away."""
    here = Computers()
    here.server = None
    here.pass_(600)
    assert here.clock.now() == NOON + timedelta(seconds=600)
