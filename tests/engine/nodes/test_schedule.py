"""On a schedule: daily, weekly, monthly, for whoever matches."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rally_desktop.core.errors import BadSettings
from rally_desktop.engine.nodes.triggers.schedule import Schedule
from rally_desktop.model.graph import Rules, Step
from rally_desktop.services import contacts, settings

PARIS, TOKYO = ZoneInfo("Europe/Paris"), ZoneInfo("Asia/Tokyo")
ALWAYS = Rules(again="every_event", late="run")
WEEK = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
MONDAYS = {"every": "week", "weekdays": ["Monday"]}


def said(moments, zone):
    """Return moments as one reads them on a wall."""
    return [f"{moment.astimezone(zone):%a %d %b %H:%M}" for moment in moments]


@pytest.mark.parametrize(
    ("schedule", "zone", "now", "expected"),
    [
        ({"every": "week", "weekdays": WEEK}, TOKYO, (2026, 6, 6, 18, 13), "Mon 08 Jun 09:00"),
        ({"every": "week", "weekdays": WEEK}, TOKYO, (2026, 6, 8, 8, 59), "Mon 08 Jun 09:00"),
        ({"every": "week", "weekdays": WEEK}, TOKYO, (2026, 6, 8, 9), "Tue 09 Jun 09:00"),
        ({"every": "day", "at": "02:30"}, PARIS, (2026, 3, 28, 12), "Sun 29 Mar 03:00"),
        ({"every": "month", "day": 31}, PARIS, (2026, 1, 31, 9), "Sat 28 Feb 09:00"),
        ({"every": "month", "day": 1}, PARIS, (2026, 12, 31, 9), "Fri 01 Jan 09:00"),
        ({"every": "month", "day": 29}, PARIS, (2028, 2, 1, 9), "Tue 29 Feb 09:00"),
    ],
)
def test_the_next_time(schedule, zone, now, expected):
    """It is the first one after now, on the clock of the office."""
    now = datetime(*now, tzinfo=zone)
    assert said(Schedule.load(schedule).next_five(now, zone)[:1], zone) == [expected]


def test_the_form_shows_the_next_five():
    """A month that is too short has it on its last day."""
    five = Schedule.load({"every": "month", "day": 31}).next_five(
        datetime(2026, 1, 31, 12, tzinfo=PARIS), PARIS
    )
    days = ["28 Feb", "31 Mar", "30 Apr", "31 May", "30 Jun"]
    assert [one[4:10] for one in said(five, PARIS)] == days


def test_its_form_says_the_next_times(world):
    """In the office's own zone, whatever the computer's."""
    world.do(settings.put, "time_zone", "Europe/Paris")
    world.leap(datetime(2026, 7, 3, 8, tzinfo=UTC))
    weekly = Schedule.load({"every": "week", "weekdays": ["Monday"], "at": "09:00"})
    expected = "Mon 6 Jul 09:00, Mon 13 Jul 09:00, Mon 20 Jul 09:00, Mon 27 Jul 09:00"
    assert world.ask(weekly.preview, "contact") == f"Next: {expected}, Mon 3 Aug 09:00"


def watch(world, trigger, **graph):
    """Publish a workflow that goes by a schedule of Paris."""
    world.do(settings.put, "time_zone", "Europe/Paris")
    number = world.publish(
        Step("end", "end"), trigger="schedule", trigger_settings=trigger, settings=ALWAYS, **graph
    )
    world.tick()
    return number


def started(world):
    """Return when runs started, and how many at once."""
    query = "select started_at, count(*) from run group by started_at order by started_at"
    return [
        (f"{datetime.fromtimestamp(at / 1e6, UTC).astimezone(PARIS):%a %d %b %H:%M}", count)
        for at, count in world.rows(query)
    ]


def test_every_monday_whoever_matches_enters(world):
    """All who match at that moment start a run each; who does not match leaves no trace."""
    leads = {"field": "lifecycle_stage", "op": "is", "value": "Lead"}
    watch(world, MONDAYS, audience=leads)
    world.contact("Ana", lifecycle_stage="Lead")
    bo = world.contact("Bo", lifecycle_stage="Lead")
    world.contact("Cy", lifecycle_stage="Customer")
    world.turn(days=7)
    world.do(contacts.delete, bo)
    world.turn(days=7)
    assert started(world) == [("Mon 08 Jun 09:00", 2), ("Mon 15 Jun 09:00", 1)]
    assert world.refusals() == []


def test_a_computer_that_was_off_starts_once_for_the_last_time(world):
    """Of three Mondays the last one counts, once."""
    watch(world, MONDAYS)
    world.contact()
    world.leap(world.clock.now() + timedelta(days=22))
    world.turn(hours=2)
    assert len(world.run_states()) == 1
    ((cause,),) = world.rows("select cause from run")
    last = datetime(2026, 6, 22, 9, tzinfo=PARIS)
    assert cause == f"schedule:t:{int(last.timestamp() * 1e6)}"


def test_publishing_does_not_call_back_what_has_been(world):
    """A schedule begins with the next time after it was published."""
    world.contact()
    watch(world, {"every": "day", "at": "10:59"})  # it is eleven in Paris
    assert started(world) == []
    world.turn(days=1)
    assert started(world) == [("Wed 03 Jun 10:59", 1)]


def test_an_audience_may_ask_by_which_trigger_one_enters(world):
    """Where that cannot be asked of the database, everybody is asked."""
    graph = {"audience": {"field": "entered_by", "op": "is", "value": "t"}}
    watch(world, MONDAYS, **graph)
    world.contact()
    world.turn(days=7)
    assert started(world) == [("Mon 08 Jun 09:00", 1)]


def test_a_week_needs_a_day():
    """Without one there is nothing to wait for."""
    with pytest.raises(BadSettings, match="weekdays is required"):
        Schedule.load({"every": "week"})


@pytest.mark.parametrize(
    ("schedule", "sentence"),
    [
        ({}, "Every day at 09:00"),
        ({"every": "month", "day": 31}, "On day 31 of every month at 09:00"),
        ({"every": "week", "weekdays": WEEK[:2]}, "Every Monday and Tuesday at 09:00"),
    ],
)
def test_it_is_said_in_a_sentence(schedule, sentence):
    """On which days, and when."""
    assert Schedule.load(schedule).sentence() == sentence
