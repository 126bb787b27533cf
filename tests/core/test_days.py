"""Days and times of a zone as moments."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rally_desktop.core.days import DAY, around_now, around_today, day_of, in_zone, plus_days

PARIS = ZoneInfo("Europe/Paris")
ZONES = ["Europe/Paris", "America/New_York", "Asia/Beirut", "Australia/Lord_Howe", "Pacific/Apia"]


@pytest.mark.parametrize(
    ("wall", "moment"),
    [
        ("2026-03-29T02:30", "2026-03-29T01:00"),  # skipped: the first instant after the gap
        ("2026-03-29T03:00", "2026-03-29T01:00"),
        ("2026-10-25T02:30", "2026-10-25T00:30"),  # comes twice: the first
        ("2026-06-01T12:00", "2026-06-01T10:00"),
    ],
)
def test_a_local_time_is_one_moment(wall, moment):
    """A skipped time is the first instant after the gap, a doubled one the first of the two."""
    assert in_zone(datetime.fromisoformat(wall), PARIS) == datetime.fromisoformat(f"{moment}Z")


def test_a_day_on_keeps_the_wall_clock():
    """One day from Saturday 09:00 is Sunday 09:00, also when the clocks change."""
    saturday = in_zone(datetime(2026, 3, 28, 9), PARIS)
    assert plus_days(saturday, 1, PARIS) == in_zone(datetime(2026, 3, 29, 9), PARIS)
    assert plus_days(saturday, 1, PARIS) - saturday == timedelta(hours=23)
    half_past_two = in_zone(datetime(2026, 3, 28, 2, 30), PARIS)
    assert plus_days(half_past_two, 1, PARIS) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_a_day_may_be_shorter_longer_or_missing():
    """A local day has 23 or 25 hours when the clocks change, none where it was left out."""
    assert _hours(date(2026, 3, 29), PARIS) == 23
    assert _hours(date(2026, 10, 25), PARIS) == 25
    assert _hours(date(2011, 12, 30), ZoneInfo("Pacific/Apia")) == 0


def _hours(day, zone):
    span = day_of(day, zone)
    assert span.low is not None
    assert span.high is not None
    return (span.high - span.low) / timedelta(hours=1)


@given(day=st.dates(date(2000, 1, 1), date(2037, 1, 1)), zone=st.sampled_from(ZONES))
def test_days_follow_each_other_without_gap(day, zone):
    """Where a local day ends, the next one begins."""
    there = ZoneInfo(zone)
    assert day_of(day, there).high == day_of(day + DAY, there).low


@given(wall=st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1)), zone=st.sampled_from(ZONES))
def test_a_time_that_exists_is_kept(wall, zone):
    """A local time comes back from its moment as it was, or as the first one after a gap."""
    back = in_zone(wall, ZoneInfo(zone)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert back == wall or (back > wall and back - wall <= DAY)


def test_last_days_are_counted_from_now_and_dates_from_today():
    """A moment lies in the last 7 days to the microsecond, a date if its day does."""
    now = datetime(2026, 6, 2, 22, 30, tzinfo=UTC)  # already the third in Paris
    span = around_now("in_last", 7, PARIS, now)
    assert span.holds(now)
    assert span.holds(now - 7 * DAY)
    assert not span.holds(now - 7 * DAY - timedelta(microseconds=1))
    dates = around_today("in_last", 1, PARIS, now)
    assert (dates.low, dates.high) == (
        datetime(2026, 6, 2, tzinfo=UTC),
        datetime(2026, 6, 4, tzinfo=UTC),
    )
    assert around_today("more_than_days_ago", 1, PARIS, now).high == dates.low
