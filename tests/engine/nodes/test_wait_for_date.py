"""Wait until a date: of the record, or a fixed day."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from rally_desktop.core.errors import BadSettings
from rally_desktop.engine.nodes.flow.wait_for_date import WaitForDate
from rally_desktop.model.graph import Step
from rally_desktop.services import contacts, settings

pytestmark = pytest.mark.slow

CLOSE = {"until": "a date of the record", "field": "expected_close"}
DAY = {"until": "a fixed day"}


def wait(world, step, **deal):
    """Let a deal come by a wait, and return what the visit says."""
    world.do(settings.put, "time_zone", "Europe/Paris")
    tag = Step("tag", "add_tag", {"tag": "went on"})
    failed = Step("failed", "add_tag", {"tag": "failed"})
    exits = {"next": "tag", "failed": "failed"}
    world.publish(
        Step("wait", "wait_for_date", step, exits), tag, Step("end", "end"), failed, record="deal"
    )
    ref = world.deal(**deal)
    world.tick()
    ((outcome, reason, detail, until),) = world.rows(
        "select outcome, reason, detail, until from visit where step = 'wait'"
    )
    until = until and f"{datetime.fromtimestamp(until / 1e6, UTC):%Y-%m-%d %H:%M}"
    return outcome, reason, until, world.record(ref)["tags"], json.loads(detail or "{}")


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (CLOSE, "2026-06-20 07:00"),
        ({**CLOSE, "when": "before", "amount": 7, "at": "14:00"}, "2026-06-13 12:00"),
        ({**CLOSE, "when": "after", "amount": 6, "unit": "hours"}, "2026-06-20 13:00"),
        ({**DAY, "day": "2026-12-24", "at": "18:00"}, "2026-12-24 17:00"),
        ({**DAY, "day": "2026-12-24", "when": "before", "amount": 2}, "2026-12-22 08:00"),
    ],
)
def test_it_waits_until_then(world, step, expected):
    """On the wall clock of the place, over changes of the clocks, and the visit says so."""
    found = wait(world, step, expected_close=datetime(2026, 6, 20, tzinfo=UTC))
    outcome, _, until, tags, detail = found
    assert (outcome, until, tags) == ("waiting", expected, frozenset())
    assert detail["zone"] == "Europe/Paris"
    assert detail["until"].startswith(expected.replace(" ", "T"))
    assert detail["rule"]


@pytest.mark.parametrize(
    ("passed", "outcome", "reason", "until", "tags"),
    [
        ("go on", "done", "", None, {"went on"}),
        ("skip", "skipped", "date_passed", None, {"went on"}),
        ("next year", "waiting", "", "2027-05-20 07:00", set()),
        ("end", "done", "", None, set()),
    ],
)
def test_a_date_that_has_passed(world, passed, outcome, reason, until, tags):
    """It goes on, skips the step, waits for next year, or ends the run."""
    close = datetime(2026, 5, 20, tzinfo=UTC)
    found = wait(world, {**CLOSE, "passed": passed}, expected_close=close)
    assert found[:4] == (outcome, reason, until, tags)
    assert world.run_states() == ["active" if until else "done"]


def test_next_year_may_be_some_years_on(world):
    """29 February of long ago is the 28th that comes next."""
    close = datetime(2020, 2, 29, tzinfo=UTC)
    found = wait(world, {**CLOSE, "passed": "next year"}, expected_close=close)
    assert found[2] == "2027-02-28 08:00"


@pytest.mark.parametrize(
    ("empty", "outcome", "reason", "tags"),
    [("failed", "failed", "no_date", {"failed"}), ("go on", "done", "", {"went on"})],
)
def test_a_date_that_is_empty(world, empty, outcome, reason, tags):
    """It leaves by the exit for failures, or goes on."""
    assert wait(world, {**CLOSE, "empty": empty})[:4] == (outcome, reason, None, tags)


def test_the_date_is_that_of_the_place_where_the_contact_lives(world):
    """Nine o'clock in Sydney."""
    step = {"until": "a fixed day", "day": "2026-06-20"}
    world.publish(Step("wait", "wait_for_date", step))
    ana = world.contact(time_zone="Australia/Sydney")
    world.tick()
    assert world.heart.next_due() == datetime(2026, 6, 19, 23, tzinfo=UTC)
    world.do(contacts.update, ana, {"time_zone": "Europe/Paris"})
    world.turn(days=18)
    assert world.run_states() == ["done"]


@pytest.mark.parametrize(
    ("settings_", "where"), [(DAY, "day"), ({"until": CLOSE["until"]}, "field")]
)
def test_it_asks_what_to_wait_for(settings_, where):
    """A field, or a day."""
    with pytest.raises(BadSettings, match=f"{where} is required"):
        WaitForDate.load(settings_)


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (CLOSE, "Wait until expected close at 09:00"),
        (
            {**CLOSE, "when": "before", "amount": 1},
            "Wait until 1 day before expected close at 09:00",
        ),
        ({**DAY, "day": "2026-12-24"}, "Wait until 24 December 2026 at 09:00"),
    ],
)
def test_it_is_said_in_a_sentence(step, said):
    """Until when."""
    assert WaitForDate.load(step).sentence() == said
