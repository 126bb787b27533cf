"""Date reached: before, on and after a date of the record, once or every year."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rally_desktop.core.errors import Refused
from rally_desktop.engine.heart import Heart
from rally_desktop.engine.nodes.triggers.date_field import DateField
from rally_desktop.model.changes import RowAdded, RowChanged
from rally_desktop.model.graph import Rules, Step
from rally_desktop.services import contacts, deals, settings

pytestmark = pytest.mark.slow

PARIS = ZoneInfo("Europe/Paris")
ALWAYS = Rules(again="every_event", late="run")
BIRTHDAY = {"field": "custom.birthday", "yearly": True, "at": "09:00"}


@pytest.fixture
def world(world):
    """An office in Paris that knows birthdays."""
    world.do(settings.put, "time_zone", "Europe/Paris")
    own = {"record_kind": "contact", "name": "birthday", "label": "Birthday", "kind": "date"}
    made = {"id": 1, **own, "position": 1, "options": [], "archived": False}
    world.do(lambda work: work.change(RowAdded("custom_field", made)))
    return world


def watch(world, trigger, record="contact"):
    """Publish a workflow that goes by a date."""
    world.publish(
        Step("end", "end"), trigger="date_field", trigger_settings=trigger, record=record,
        settings=ALWAYS,
    )  # fmt: skip
    world.tick()


def started(world, zone=PARIS):
    """Return when each run started, on the wall clock of a zone."""
    found = world.rows("select started_at from run order by started_at, id")
    moments = (datetime.fromtimestamp(row[0] / 1e6, UTC).astimezone(zone) for row in found)
    return [f"{moment:%Y-%m-%d %H:%M}" for moment in moments]


def born(world, day, **values):
    """Add a contact with a birthday."""
    ana = world.contact(**values)
    own = {"custom": {"birthday": day}}
    world.do(lambda work: work.change(RowChanged("contact", ana.id, own)))
    return ana


def until(world, text):
    """Let the time pass up to a moment in UTC, everything in time on the way."""
    world.turn(seconds=(datetime.fromisoformat(text) - world.clock.now()).total_seconds())


def test_its_form_says_who_comes_next(world):
    """How many within 30 days, and when the first does."""
    kind = DateField.load(BIRTHDAY)
    assert world.ask(kind.preview, "contact") == "No date within the next 30 days."
    soon, later = (world.clock.now() + timedelta(days=days) for days in (3, 9))
    for day in (soon, later, soon + timedelta(days=90)):
        born(world, f"{day:1980-%m-%d}")
    first = f"{soon:%a} {soon.day} {soon:%b} 09:00"
    expected = f"2 within the next 30 days, the first on {first}."
    assert world.ask(kind.preview, "contact") == expected


@pytest.mark.parametrize(
    ("trigger", "expected"),
    [
        ({"when": "on"}, ["2026-06-20 09:00"]),
        ({"when": "on", "at": "14:30"}, ["2026-06-20 14:30"]),
        ({"when": "before", "amount": 7}, ["2026-06-13 09:00"]),
        ({"when": "after", "amount": 2, "at": ""}, ["2026-06-22 00:00"]),
        ({"when": "before", "amount": 3, "unit": "hours"}, ["2026-06-20 06:00"]),
        ({"when": "before", "amount": 30}, []),  # passed before the deal came to be
    ],
)
def test_it_starts_so_long_before_or_after(world, trigger, expected):
    """To the minute, on the wall clock of the place, and only once."""
    watch(world, {"field": "expected_close", **trigger}, "deal")
    world.deal(expected_close=datetime(2026, 6, 20, tzinfo=UTC))
    until(world, "2026-08-01T00:00Z")
    assert started(world) == expected


def test_a_moment_is_reckoned_from_its_own_time(world):
    """Two hours after a contact was added, and the day after at that time of day."""
    watch(world, {"field": "created_at", "when": "after", "amount": 2, "unit": "hours"})
    watch(world, {"field": "created_at", "when": "after", "amount": 1, "at": ""})
    world.contact()
    until(world, "2026-06-20T00:00Z")
    assert started(world) == ["2026-06-02 13:00", "2026-06-03 11:00"]


def test_the_time_of_day_is_that_of_the_record(world):
    """Nine o'clock in Sydney is the evening before in Lima."""
    watch(world, {**BIRTHDAY, "yearly": False})
    for zone in ("Australia/Sydney", "America/Lima"):
        born(world, "2026-06-20", time_zone=zone)
    until(world, "2026-08-01T00:00Z")
    assert started(world, ZoneInfo("UTC")) == ["2026-06-19 23:00", "2026-06-20 14:00"]


def test_a_birthday_comes_every_year(world):
    """29 February is 28 February where there is none."""
    watch(world, BIRTHDAY)
    born(world, "1996-02-29")
    born(world, "not a day")
    world.contact()
    for year in (2027, 2028, 2029):
        until(world, f"{year}-02-20T00:00Z")
        until(world, f"{year}-03-10T00:00Z")
    assert started(world) == ["2027-02-28 09:00", "2028-02-29 09:00", "2029-02-28 09:00"]


def test_new_year_and_the_days_before_are_found(world):
    """Three days before the first of January lies in the year before."""
    watch(world, {**BIRTHDAY, "when": "before", "amount": 3})
    born(world, "1960-01-01")
    until(world, "2027-01-10T00:00Z")
    assert started(world) == ["2026-12-29 09:00"]


@pytest.mark.parametrize(("yearly", "years"), [(True, 3.2), (False, 1)])
def test_a_computer_that_was_off_catches_up_once(world, yearly, years):
    """Of all the birthdays that went by, the last one starts one run."""
    watch(world, {**BIRTHDAY, "yearly": yearly})
    born(world, "1990-07-01" if yearly else "2026-07-01")
    world.leap(world.clock.now() + timedelta(days=365 * years))
    world.turn(minutes=5)
    assert len(started(world)) == 1


def test_a_date_that_moves_is_followed(world):
    """Put off, it starts at the new date; each date starts one run."""
    watch(world, {"field": "expected_close", "when": "on"}, "deal")
    roof = world.deal(expected_close=datetime(2026, 6, 20, tzinfo=UTC))
    until(world, "2026-06-19T00:00Z")
    world.do(deals.update, roof, {"expected_close": datetime(2026, 6, 25, tzinfo=UTC)})
    until(world, "2026-06-26T00:00Z")
    world.do(deals.update, roof, {"expected_close": datetime(2026, 6, 28, tzinfo=UTC)})
    until(world, "2026-07-26T00:00Z")
    assert started(world) == ["2026-06-25 09:00", "2026-06-28 09:00"]


def test_who_is_in_the_trash_is_left_out(world):
    """No birthday is kept for who was deleted."""
    watch(world, BIRTHDAY)
    ana = born(world, "1990-06-20")
    world.do(contacts.delete, ana)
    until(world, "2026-07-01T00:00Z")
    assert started(world) == []


def test_a_time_that_never_was_is_not_lost(world):
    """02:20 on the night of the change comes at three, although looks are quarters apart."""
    watch(world, {**BIRTHDAY, "yearly": False, "at": "02:20"})
    born(world, "2027-03-28")
    until(world, "2027-03-28T00:50Z")
    for _ in range(20):
        world.clock.advance(minutes=1)
        world.tick()
    assert started(world) == ["2027-03-28 03:00"]


def test_a_field_that_is_gone_is_named(world):
    """It cannot be published; where the field goes afterwards, the workflow is paused."""
    with pytest.raises(Refused, match=r"no field ‘custom\.party’"):
        watch(world, {**BIRTHDAY, "field": "custom.party"})
    watch(world, BIRTHDAY)
    world.do(lambda work: work.change(RowChanged("custom_field", 1, {"archived": True})))
    world.heart = Heart(world.store)  # the program was started anew
    world.leap(world.clock.now() + timedelta(hours=1))
    ((state, why),) = world.rows("select state, why from workflow where published_id is not null")
    assert state == "paused"
    assert "custom.birthday" in why


@pytest.mark.parametrize(
    ("trigger", "said"),
    [
        (BIRTHDAY, "Every year on birthday at 09:00"),
        ({"field": "expected_close", "when": "before", "amount": 1},
         "1 day before expected close at 09:00"),
        ({"field": "created_at", "when": "after", "amount": 2, "unit": "hours"},
         "2 hours after created at"),
    ],
)  # fmt: skip
def test_it_is_said_in_a_sentence(trigger, said):
    """How long before or after which date, and when."""
    assert DateField.load(trigger).sentence() == said
