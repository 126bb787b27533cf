"""When something is due: the wall clock of the person concerned, also while clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rally_desktop.core.days import in_zone, plus_days
from rally_desktop.engine import clockwork
from rally_desktop.engine.nodes.flow.wait import Wait
from rally_desktop.model.graph import Step
from rally_desktop.services import settings

PARIS, BERLIN = ZoneInfo("Europe/Paris"), ZoneInfo("Europe/Berlin")
# Half-hour shifts, shifts at midnight, a day that never was, whole and odd offsets.
ZONES = [
    ZoneInfo(name)
    for name in (
        "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia",
        "America/Sao_Paulo", "Asia/Kathmandu", "Africa/Casablanca", "America/St_Johns", "UTC",
        "Pacific/Kwajalein", "Asia/Gaza", "America/Scoresbysund",
    )
]  # fmt: skip


def local(zone, *when):
    """A local time as an instant."""
    return datetime(*when, tzinfo=zone).astimezone(UTC)


def utc(*when):
    """A moment in UTC."""
    return datetime(*when, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "days", "zone", "expected"),
    [
        # Semantics, section 7.
        (local(PARIS, 2026, 3, 28, 2, 30), 1, PARIS, utc(2026, 3, 29, 1)),
        (local(PARIS, 2026, 3, 28, 9), 1, PARIS, local(PARIS, 2026, 3, 29, 9)),
        (local(PARIS, 2026, 10, 24, 9), 1, PARIS, local(PARIS, 2026, 10, 25, 9)),
        (local(PARIS, 2026, 10, 24, 2, 30), 1, PARIS, utc(2026, 10, 25, 0, 30)),
        # Pinned examples of the engine.
        (local(BERLIN, 2027, 3, 27, 9), 1, BERLIN, utc(2027, 3, 28, 7)),
        (local(BERLIN, 2027, 10, 30, 2, 30), 1, BERLIN, utc(2027, 10, 31, 0, 30)),
        # A week over a change, a day of half an hour, a day that never was, no days at all.
        (local(PARIS, 2026, 3, 25, 9), 7, PARIS, local(PARIS, 2026, 4, 1, 9)),
        (local(ZONES[2], 2026, 10, 3, 2, 15), 1, ZONES[2], utc(2026, 10, 3, 15, 30)),
        (local(ZONES[3], 2011, 12, 29, 12), 1, ZONES[3], utc(2011, 12, 30, 10)),
        (utc(2026, 10, 25, 1, 30), 0, PARIS, utc(2026, 10, 25, 0, 30)),
    ],
)
def test_days_keep_the_time_of_day(moment, days, zone, expected):
    """The same local time some days later; after a gap, its first instant; of two, the first."""
    assert plus_days(moment, days, zone) == expected


@pytest.mark.parametrize(
    ("start", "hour"), [((2026, 3, 28, 9), 10), ((2026, 10, 24, 9), 8), ((2026, 6, 1, 9), 9)]
)
def test_hours_are_elapsed_time(world, start, hour):
    """Twenty-four hours are twenty-four hours, whatever the wall clock shows then."""
    world.do(settings.put, "time_zone", "Europe/Paris")
    begin = local(PARIS, *start)
    world.clock.advance(seconds=(begin - world.clock.now()).total_seconds())
    world.publish(Step("wait", "wait", {"amount": 24, "unit": "hours"}))
    world.contact()

    world.tick()

    assert world.heart.next_due() == begin + timedelta(hours=24)
    assert world.heart.next_due().astimezone(PARIS).hour == hour


def test_a_gap_is_followed_by_its_first_instant():
    """02:30 in the night when clocks jump from two to three is three o'clock."""
    assert in_zone(datetime(2027, 3, 28, 2, 30), BERLIN) == utc(2027, 3, 28, 1)


def changes(zone, first=2005, last=2034):
    """The days around which the clocks of a zone change."""
    day, end = utc(first, 1, 1), utc(last, 1, 1)
    found = []
    while day < end:
        after = day + timedelta(days=1)
        if day.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            found.append(day)
        day = after
    return found or [utc(2026, 6, 1)]


CHANGES = {zone.key: changes(zone) for zone in ZONES}


@st.composite
def near_a_change(draw):
    """A zone, a moment within three days of a change of its clocks, and a number of days."""
    zone = draw(st.sampled_from(ZONES))
    moment = draw(st.sampled_from(CHANGES[zone.key])) + timedelta(
        minutes=draw(st.integers(-3 * 1440, 3 * 1440))
    )
    return zone, moment, draw(st.integers(0, 5))


@given(near_a_change())
@example((ZONES[3], utc(2011, 12, 29, 23, 59), 1))
def test_waits_are_bounded_over_every_change(case):
    """Days are as long as days can be, the local time is kept or was skipped, and order holds."""
    zone, moment, days = case
    due = plus_days(moment, days, zone)
    shift = abs(due - moment - timedelta(days=days))
    assert shift <= (timedelta(days=1) if zone.key.startswith("Pacific/") else timedelta(hours=3))
    wanted = (moment.astimezone(zone) + timedelta(days=days)).replace(tzinfo=None)
    got = due.astimezone(zone).replace(tzinfo=None)
    if got != wanted:
        just_before = (due - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
        assert just_before < wanted < got
    assert plus_days(moment, days + 1, zone) > due


@pytest.mark.parametrize(
    ("own", "office", "expected"),
    [
        ("Asia/Tokyo", "Europe/Paris", "Asia/Tokyo"),
        ("", "Europe/Paris", "Europe/Paris"),
        ("Mars/Olympus", "Europe/Paris", "Europe/Paris"),
        ("../../etc/passwd", "Europe/Paris", "Europe/Paris"),
        ("", "Nowhere", "UTC"),
    ],
)
def test_the_zone_is_the_contacts_else_the_offices(world, own, office, expected):
    """A zone that does not exist is as none; an office without one lives in UTC."""
    world.do(settings.put, "time_zone", office)
    zone = world.ask(clockwork.zone_of, {"time_zone": own})
    assert zone.key == expected
    assert world.ask(clockwork.zone_of, {}).key == (office if office != "Nowhere" else "UTC")


def test_a_wait_lives_where_the_contact_does(world):
    """One day later for a contact in Sydney is one day later in Sydney."""
    world.clock.advance(days=121)  # the first of October, two days before the clocks change
    world.publish(Step("wait", "wait", {"amount": 1, "unit": "weeks"}))
    world.contact(time_zone="Australia/Sydney")
    world.tick()
    assert world.heart.next_due() == world.clock.now() + timedelta(days=7, hours=-1)


@pytest.mark.parametrize(
    ("amount", "unit", "said"),
    [(1, "days", "Wait 1 day"), (2, "weeks", "Wait 2 weeks"), (1, "hours", "Wait 1 hour"),
     (30, "minutes", "Wait 30 minutes")],
)  # fmt: skip
def test_a_wait_is_said_in_the_singular_for_one(amount, unit, said):
    """One day, two weeks."""
    assert Wait(amount=amount, unit=unit).sentence() == said
