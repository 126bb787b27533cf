"""After the last contact: a set time, once until there is another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rally_desktop.engine.nodes.triggers.after_last_contact import AfterLastContact
from rally_desktop.model.graph import Rules, Step
from rally_desktop.services import calls, messages, notes

pytestmark = pytest.mark.slow

ALWAYS = Rules(again="every_event", late="run")


def watch(world, trigger, **graph):
    """Publish a workflow that follows up."""
    steps = graph.pop("steps", (Step("end", "end"),))
    world.publish(
        *steps, trigger="after_last_contact", trigger_settings=trigger,
        **{"settings": ALWAYS, **graph},
    )  # fmt: skip
    world.tick()


def started(world, zone="UTC"):
    """Return when each run started, on the wall clock of a zone."""
    found = world.rows("select started_at from run order by started_at, id")
    moments = (datetime.fromtimestamp(row[0] / 1e6, UTC) for row in found)
    return [f"{moment.astimezone(ZoneInfo(zone)):%d %b %H:%M}" for moment in moments]


def call(world, ref):
    """Log a call."""
    world.do(calls.log, ref, direction="out", outcome="Reached")


@pytest.mark.parametrize(
    ("trigger", "expected"),
    [
        ({"amount": 5, "unit": "hours"}, ["02 Jun 14:00"]),
        ({"amount": 3, "unit": "days"}, ["05 Jun 09:00"]),
        ({"amount": 2, "unit": "weeks"}, ["16 Jun 09:00"]),
        ({"counts": ["Meetings"]}, []),
    ],
)
def test_it_starts_so_long_after(world, trigger, expected):
    """To the second, and only for contact of a kind that counts."""
    watch(world, trigger)
    call(world, world.contact())
    world.turn(days=40)
    assert started(world) == expected


def test_who_was_never_in_touch_is_left_alone(world):
    """Being added, or a note about somebody, is no contact."""
    watch(world, {})
    world.do(notes.add, world.contact(), "Met at the fair")
    world.turn(days=20)
    assert started(world) == []


def test_contact_again_starts_the_time_anew(world):
    """It is the last contact that counts, and each one is followed up once."""
    watch(world, {"amount": 3})
    ana = world.contact()
    call(world, ana)
    world.turn(days=2)
    world.do(messages.receive, ana, sender="a@b.c", subject="", text="Hi")
    world.turn(days=10)
    call(world, ana)
    world.turn(days=10)
    assert started(world) == ["07 Jun 09:00", "17 Jun 09:00"]


def test_days_keep_the_time_of_day_of_the_place(world):
    """A week over the change of the clocks ends at the same time on the wall."""
    watch(world, {"amount": 1, "unit": "weeks"})
    world.turn(days=143)  # 23 October
    call(world, world.contact(time_zone="Europe/Paris"))
    world.turn(days=20)
    assert started(world, "Europe/Paris") == ["30 Oct 11:00"]


def test_contact_cancels_what_has_not_begun_to_act(world):
    """Whoever calls back is not followed up."""
    wait, tag = Step("wait", "wait", {"amount": 2}), Step("tag", "add_tag", {"tag": "chase"})
    watch(world, {"amount": 3}, steps=(wait, tag))
    ana = world.contact()
    call(world, ana)
    world.turn(days=4)
    call(world, ana)
    world.tick()
    assert world.run_states() == ["cancelled"]


def test_a_computer_that_was_off_catches_up_once(world):
    """The last contact is followed up once, however long it was off."""
    watch(world, {"amount": 3})
    call(world, world.contact())
    world.leap(world.clock.now() + timedelta(days=50))
    world.turn(minutes=5)
    assert len(started(world)) == 1


def test_a_company_is_in_touch_through_its_people(world):
    """A call with somebody who works there is contact with the company."""
    watch(world, {"amount": 1}, record="company")
    call(world, world.contact(company_id=world.company().id))
    world.turn(days=5)
    assert started(world) == ["03 Jun 09:00"]


def test_it_is_said_in_the_singular_for_one():
    """One day after, three days after."""
    said = [AfterLastContact(amount=number).sentence() for number in (1, 3)]
    assert said == ["1 day after the last contact", "3 days after the last contact"]
