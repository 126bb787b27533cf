"""How fast an account may send, and how often a person is written to."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rally_desktop.core.errors import Refused
from rally_desktop.model.graph import Hours
from rally_desktop.services import frequency, mail_accounts, pace
from rally_desktop.services.frequency import Limit

HOUR = timedelta(hours=1)
SERVER = {"host": "memory", "port": 25, "security": "none"}


def slots(world, limit, count):
    """Take places in an account's hour; return after how much time each is."""
    number = world.mailbox()

    def take(work):
        found = [pace.take_slot(work, number, limit) for _ in range(count)]
        return [(at or work.now) - work.now for at in found]

    return world.do(take)


def test_a_sixth_goes_at_once_and_the_rest_is_spread(world):
    """Of three hundred an hour, fifty need not wait; then there is one every 14.4 seconds."""
    found = slots(world, 300, 300)
    assert found[49] == timedelta()
    assert [found[50], found[51]] == [timedelta(seconds=14.4), timedelta(seconds=28.8)]


@pytest.mark.parametrize("limit", [1, 2, 5, 6, 7, 30, 300, 1_000])
def test_no_hour_gets_more_than_its_limit(world, limit):
    """Whichever hour one looks at, no more places are given away in it than allowed."""
    found = slots(world, limit, 3 * limit)
    assert found == sorted(found)
    assert max(sum(at <= one < at + HOUR for one in found) for at in found) <= limit


def test_without_a_limit_nobody_waits(world):
    """An account whose limit is 0 has a place for everybody."""
    assert set(slots(world, 0, 1_000)) == {timedelta()}
    assert world.ask(pace.room, 1, 0) is None


def test_places_are_shared_and_last(world):
    """A place that was taken is taken for every computer, also after a restart."""
    number = world.mailbox()
    assert world.do(pace.take_slot, number, 1) is None
    assert world.do(pace.take_slot, number, 1) == world.clock.now() + HOUR


@given(
    ages=st.lists(st.integers(0, 200), max_size=12),
    most=st.integers(1, 5),
    hours=st.integers(1, 190),
)
def test_there_is_room_exactly_when_one_more_keeps_the_limit(ages, most, hours):
    """At the moment that is named one more fits, and just before it does not."""
    now = datetime(2026, 6, 2, 9, tzinfo=UTC)
    moments = sorted(now - age * HOUR for age in ages)
    work = SimpleNamespace(now=now, memo={("written to", "email"): {1: moments}})
    free = frequency.room(work, 1, "email", [Limit(most, hours * HOUR)])

    def within(at):
        return sum(at - hours * HOUR < one <= at for one in moments)

    assert within(free or now) < most
    if free is not None:
        assert free > now
        assert within(free - timedelta(microseconds=1)) >= most


@pytest.mark.parametrize("limit", [-1, 1_000_001])
def test_a_limit_out_of_bounds_is_refused(world, limit):
    """The messages an hour are said to be wrong when the account is set up."""
    with pytest.raises(Refused):
        world.do(mail_accounts.add, "A", "a@x.org", hourly_limit=limit, **SERVER)


def test_an_account_keeps_its_hours(world):
    """Between which hours an account sends is kept with it."""
    hours = Hours((0, 1), "08:00", "12:00")
    world.do(mail_accounts.add, "A", "a@x.org", hours=hours, **SERVER)
    world.mailbox()
    assert [one.open_hours for one in world.ask(mail_accounts.accounts)] == [hours, None]
