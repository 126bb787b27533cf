"""When something is due: the wall clock of the person concerned, also while clocks change."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rally_desktop.core.days import in_zone, plus_days, plus_months
from rally_desktop.core.errors import Refused
from rally_desktop.engine import clockwork
from rally_desktop.engine.nodes.flow.wait import Wait
from rally_desktop.model.graph import Hours, Step
from rally_desktop.services import calendar, settings
from rally_desktop.services.calendar import Calendar

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


# -- whose clock ---------------------------------------------------------------------------


def test_a_zone_is_the_contacts_the_companys_the_phones_or_the_offices(world):
    """Each one stands in for the one before it that says nothing."""
    there, silent = world.company(time_zone="Asia/Tokyo"), world.company("Plain")
    at = {"company_id": there.id, "phone": "+49 30 1234", "time_zone": ""}
    assert world.ask(clockwork.zone_of, {**at, "time_zone": "Europe/Rome"}).key == "Europe/Rome"
    assert world.ask(clockwork.zone_of, at).key == "Asia/Tokyo"
    assert world.ask(clockwork.zone_of, {**at, "company_id": silent.id}).key == "Europe/Berlin"
    assert world.ask(clockwork.zone_of, {"phone": "+1 212 555 0100"}).key == "Europe/London"
    assert world.ask(clockwork.zone_of, {"mobile": "+33 6", "phone": "+49 30"}).key == (
        "Europe/Paris"
    )


def test_a_deal_lives_where_its_contact_does(world):
    """A deal has no clock of its own."""
    ana = world.contact(time_zone="America/Lima")
    roof = world.record(world.deal(contact_id=ana.id))
    assert world.ask(clockwork.zone_of, roof).key == "America/Lima"


# -- business days, months -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        ((2026, 6, 5, 9), 1, (2026, 6, 8, 9)),  # Friday and a day is Monday
        ((2026, 6, 6, 9), 1, (2026, 6, 8, 9)),
        ((2026, 6, 5, 9), 5, (2026, 6, 15, 9)),  # over a holiday on Friday the 12th
        ((2026, 6, 15, 9), -1, (2026, 6, 11, 9)),
        ((2026, 6, 6, 9), 0, (2026, 6, 6, 9)),
        ((2026, 3, 27, 9), 1, (2026, 3, 30, 9)),  # over a change of the clocks
    ],
)
def test_business_days_leave_out_what_the_office_does(world, start, count, expected):
    """Weekends and holidays do not count, and the time of day is kept."""
    world.do(calendar.save, Calendar(holidays=(date(2026, 6, 12),)))
    moment = local(PARIS, *start)
    found = world.ask(clockwork.plus_business_days, moment, count, PARIS)
    assert found == local(PARIS, *expected)
    assert not world.ask(clockwork.is_business_day, date(2026, 6, 12))


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ((2026, 1, 31, 9), 1, (2026, 2, 28, 9)),
        ((2028, 1, 31, 9), 1, (2028, 2, 29, 9)),
        ((2026, 10, 31, 9), 4, (2027, 2, 28, 9)),
        ((2026, 3, 31, 9), -13, (2025, 2, 28, 9)),
        ((2026, 2, 28, 2, 30), 1, (2026, 3, 28, 2, 30)),
        ((2026, 2, 28, 9), 1, (2026, 3, 28, 9)),
    ],
)
def test_a_month_keeps_the_day_or_takes_the_last(start, months, expected):
    """31 January and a month is 28 February, at the same time of day."""
    assert plus_months(local(PARIS, *start), months, PARIS) == local(PARIS, *expected)


@pytest.mark.parametrize(
    ("settings_", "rule", "expected"),
    [
        ({"amount": 90, "unit": "minutes"}, "90 minutes", (2026, 1, 31, 10, 30)),
        ({"amount": 1, "unit": "months"}, "1 month", (2026, 2, 28, 9)),
        ({"amount": 1, "unit": "business days"}, "1 business day", (2026, 2, 2, 9)),
        ({"amount": 8, "unit": "weeks"}, "8 weeks", (2026, 3, 28, 9)),
    ],
)
def test_a_wait_says_its_rule_its_zone_and_its_end(world, settings_, rule, expected):
    """The visit keeps what was asked for, whose clock it was, and the moment in UTC."""
    start = local(PARIS, 2026, 1, 31, 9)
    world.clock.advance(seconds=(start - world.clock.now()).total_seconds())
    world.publish(Step("wait", "wait", settings_))
    world.contact(time_zone="Europe/Paris")

    world.tick()

    (row,) = world.rows("select detail from visit")
    until = local(PARIS, *expected).isoformat()
    assert json.loads(row[0]) == {"rule": rule, "zone": "Europe/Paris", "until": until}


# -- hours ---------------------------------------------------------------------------------

OFFICE, NIGHT = Hours(), Hours((0, 1, 2, 3, 4, 5, 6), "22:00", "06:00")
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize(
    ("zone", "now", "hours", "expected"),
    [
        (TOKYO, (2026, 6, 6, 18, 13), [OFFICE], (2026, 6, 8, 9)),  # Saturday: Monday
        (TOKYO, (2026, 6, 8, 10), [OFFICE], (2026, 6, 8, 10)),  # inside: at once
        (TOKYO, (2026, 6, 8, 17), [OFFICE], (2026, 6, 9, 9)),  # the end is outside
        (PARIS, (2026, 6, 8, 12), [NIGHT], (2026, 6, 8, 22)),
        (PARIS, (2026, 6, 8, 3), [NIGHT], (2026, 6, 8, 3)),  # still yesterday's night
        (PARIS, (2026, 6, 8, 6), [NIGHT], (2026, 6, 8, 22)),
        # Friday's night ends on Saturday morning; Sunday's day has none.
        (PARIS, (2026, 6, 6, 5), [Hours((4,), "22:00", "06:00")], (2026, 6, 6, 5)),
        (PARIS, (2026, 6, 6, 7), [Hours((4,), "22:00", "06:00")], (2026, 6, 12, 22)),
        (PARIS, (2026, 6, 5, 12), [OFFICE, NIGHT, Hours((0,), "00:00", "00:00")], None),
        (PARIS, (2026, 6, 5, 12), [Hours((4, 0), "15:00", "18:00"), OFFICE], (2026, 6, 5, 15)),
        (PARIS, (2026, 6, 5, 17), [Hours((4, 0), "15:00", "18:00"), OFFICE], (2026, 6, 8, 15)),
        (PARIS, (2026, 6, 5, 12), [Hours((6,), "00:00", "00:00")], (2026, 6, 7, 0)),  # all Sunday
        (PARIS, (2026, 3, 28, 23), [Hours((6,), "02:00", "05:00")], (2026, 3, 29, 3)),  # a gap
        (PARIS, (2026, 3, 28, 23), [Hours((6,), "02:10", "02:50")], (2026, 4, 5, 2, 10)),
        (PARIS, (2026, 6, 5, 12), [], (2026, 6, 5, 12)),
        (PARIS, (2026, 6, 5, 12), [Hours(())], None),
    ],
)
def test_the_next_opening(zone, now, hours, expected):
    """It is the first moment inside all the hours; where there is none, that is said."""
    moment = local(zone, *now)
    if expected is None:
        with pytest.raises(Refused, match="no time at which"):
            clockwork.next_opening(moment, zone, hours)
        return
    assert clockwork.next_opening(moment, zone, hours) == local(zone, *expected)


def test_a_jitter_is_the_same_for_a_run_and_step():
    """It is spread over a quarter of an hour, and no second try draws another."""
    drawn = [clockwork.jitter(run, "mail") for run in range(500)]
    assert drawn == [clockwork.jitter(run, "mail") for run in range(500)]
    assert timedelta(0) <= min(drawn) < timedelta(minutes=1)
    assert timedelta(minutes=14) < max(drawn) <= timedelta(minutes=15)
    assert clockwork.jitter(7, "mail") != clockwork.jitter(7, "text")
