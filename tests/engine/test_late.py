"""What came due while the engine was away: seen first, then asked, skipped or done."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from rally_desktop.core.clock import ManualClock
from rally_desktop.engine import guards, late
from rally_desktop.engine.nodes import step_kinds
from rally_desktop.engine.thread import EngineThread
from rally_desktop.model.graph import Rules, Step
from rally_desktop.services import outbox, safeguards, templates

WAIT = Step("wait", "wait", {"amount": 1, "unit": "days"})
TAG = Step("tag", "add_tag", {"tag": "Seen"})
MAIL = Step("mail", "send_email", {"template": "Welcome"})
FORK = Step(
    "fork", "branch",
    {"paths": [{"name": "A", "exit": "a", "filter": {"field": "city", "op": "is_empty"}}]},
    {"a": "mail", "else": "mail"},
)  # fmt: skip
PATIENCE = 8.0


@pytest.fixture
def writing(world):
    """An office that can write e-mails."""
    world.mailbox()
    world.do(templates.save, "Welcome", subject="Hello", text="Hi")
    return world


def came_back(world, *steps, hours, **rules):
    """Let Ana wait a day, and the program come back so many hours after that."""
    world.publish(*steps, settings=Rules(**rules))
    ana = world.contact(email=f"{hours}-{rules.get('late')}@example.org")
    world.tick()
    world.leap(world.clock.now() + timedelta(days=1, hours=hours))
    return ana


@pytest.mark.parametrize(("hours", "state"), [(3, "done"), (5, "held")])
def test_an_email_is_asked_about_after_four_hours(writing, hours, state):
    """A little late it goes out by itself; beyond that nobody gets it without a person's word."""
    came_back(writing, WAIT, MAIL, hours=hours)
    assert writing.run_states() == [state]
    assert len(writing.rows("select id from outbox")) == (state == "done")


def test_a_branch_before_it_makes_an_email_no_earlier(writing):
    """What is late stays so past the steps that are done on the way to it."""
    came_back(writing, WAIT, FORK, MAIL, hours=5)
    assert writing.run_states() == ["held"]
    assert writing.visits()[-1] == ("mail", "waiting", "late")


@pytest.mark.parametrize(("hours", "state"), [(23, "done"), (25, "held")])
def test_other_steps_are_asked_about_after_a_day(world, hours, state):
    """Steps on our own data may come a day late."""
    came_back(world, WAIT, TAG, hours=hours)
    assert world.run_states() == [state]


def test_the_policy_may_skip_or_run(world):
    """A workflow says for itself what becomes of its late steps."""
    ana = came_back(world, WAIT, TAG, hours=99, late="skip")
    assert world.visits()[-1] == ("tag", "skipped", "late")
    ben = came_back(world, WAIT, TAG, hours=99, late="run", again="every_event")
    assert (world.record(ana)["tags"], world.record(ben)["tags"]) == (set(), {"Seen"})


def test_the_office_says_what_workflows_do_not(world):
    """Without a word of the workflow the office's own policy counts."""
    world.do(safeguards.save, safeguards.Safeguards(late="skip"))
    came_back(world, WAIT, TAG, hours=99)
    assert world.visits()[-1] == ("tag", "skipped", "late")


def test_how_late_is_late_depends_on_the_kind():
    """E-mails four hours, SMS two, everything else a day."""
    hours = {key: kind.late_after / timedelta(hours=1) for key, kind in step_kinds().items()}
    assert (hours["send_email"], hours["send_sms"], hours["add_tag"]) == (4, 2, 24)


def test_what_came_due_is_counted(world):
    """How many runs, of which workflows, since when; what is due this minute is no news."""
    world.publish(WAIT, TAG)
    world.contact("Ana")
    world.contact("Ben")
    world.tick()
    due = world.clock.now() + timedelta(days=1)
    world.clock.advance(days=1)
    assert world.ask(late.came_due) is None
    world.clock.advance(hours=2)
    found = world.ask(late.came_due)
    assert found == late.CameDue(2, due, {"Test": 2})
    assert "2 runs came due since" in found.says()


def test_the_thread_shows_what_came_due_before_it_runs(world):
    """The first report after coming back tells of what is about to be done."""
    world.publish(WAIT, TAG)
    ana = world.contact()
    world.tick()
    world.clock.advance(days=1, hours=2)
    seen, tags = [], []
    told = threading.Event()

    def hear(report):
        if not seen and report.came_due:
            seen.append(report.came_due.count)
            tags.append(world.record(ana)["tags"])
            told.set()

    thread = EngineThread(world.store, lambda account: world.mail, hear)
    thread.start()
    try:
        assert told.wait(PATIENCE)
        assert thread.wait_until_idle(PATIENCE)
    finally:
        thread.stop(PATIENCE)
    assert (seen, tags) == ([1], [set()])
    assert world.record(ana)["tags"] == {"Seen"}


@pytest.mark.parametrize(
    ("wall", "counted", "meant", "slept"),
    [
        (2, 2, 2.0, False),
        (29, 2, 2.0, False),
        (3600, 2, 2.0, True),  # the counter stood still meanwhile
        (3600, 3600, 2.0, True),  # the counter went on
        (300, 300, None, False),  # it worked for that long
        (-3600, 2, 2.0, True),  # the clock was put back
    ],
)
def test_a_sleep_is_told_from_a_nap(wall, counted, meant, slept):
    """The clock against the counter, and a nap against what it was meant to be."""
    clock, count = ManualClock(datetime(2026, 6, 2, tzinfo=UTC)), [0.0]
    waking = late.Waking(clock, lambda: count[0])
    clock.advance(seconds=wall)
    count[0] += counted
    assert waking.slept(meant) is slept
    assert waking.slept(meant) is False


def test_a_message_in_hand_when_the_computer_slept_is_let_go(writing):
    """Its claim has run out meanwhile, so it is looked at anew before it goes anywhere."""
    writing.publish(MAIL)
    writing.contact(email="ana@example.org")
    writing.heart.tick()
    (account,) = writing.ask(outbox.waiting_accounts)
    (parcel,) = writing.do(outbox.claim, "token", 9, account, guards.at_hand_over).parcels
    writing.clock.advance(hours=8)
    assert not writing.do(outbox.advance, parcel, "claimed", "sending")
    assert writing.do(outbox.recover) == 1
    assert writing.rows("select state from outbox") == [("ready",)]
