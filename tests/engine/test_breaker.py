"""The circuit breaker: too many failures pause a workflow, and one word lets it go on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rally_desktop.core.errors import Refused
from rally_desktop.engine.heart import Heart
from rally_desktop.model.graph import Step
from rally_desktop.services import contacts, safeguards, workflows

pytestmark = pytest.mark.slow

TELL = Step("tell", "notify", {"text": "Hi", "user": ""})  # fails where nobody owns the record
TAG = Step("tag", "add_tag", {"tag": "Seen"})


@pytest.fixture(autouse=True)
def in_crowds(world):
    """Let as many enter at once as a test needs."""
    limits = safeguards.Safeguards(enrolments_at_once=0, enrolments_a_minute=0)
    world.do(safeguards.save, limits)


def enter(world, count, **values):
    """Let so many contacts enter, all in one batch."""
    for number in range(count):
        world.contact(f"C{number}", **values)
    world.tick()


def state(world, number):
    """Return a workflow's state and why."""
    draft = world.ask(workflows.draft, number)
    return draft.state, draft.why


def test_five_failures_pause_a_workflow(world):
    """Four are borne; with the fifth it is paused, says why, and the admins hear of it."""
    number = world.publish(TELL)
    enter(world, 4)
    assert state(world, number) == ("published", "")
    enter(world, 1)
    paused, why = state(world, number)
    assert paused == "paused"
    assert why.startswith("5 of its last 5 steps failed, the last one because: The record has no")
    told = world.rows("select text from notification join user_account u on u.id = user_id")
    assert told == [(f"‘Test’ was paused. {why}",)]


def test_a_fifth_of_many_is_needed(world):
    """Nine failures among fifty steps are borne; the tenth is a fifth of them."""
    maria = world.user("Maria")
    number = world.publish(TELL)
    enter(world, 45, owner_id=maria)
    enter(world, 9)
    assert state(world, number)[0] == "published"
    enter(world, 1)
    assert state(world, number)[0] == "paused"


def test_what_went_well_since_counts(world):
    """Old failures are forgotten once fifty steps have gone well."""
    maria = world.user("Maria")
    number = world.publish(TELL)
    enter(world, 4)
    enter(world, 60, owner_id=maria)
    enter(world, 4)
    assert state(world, number)[0] == "published"
    assert world.rows("select health from workflow") == [("." * 46 + "xxxx",)]


def test_the_ring_outlives_the_engine(world):
    """Failures before a restart count together with those after it."""
    number = world.publish(TELL)
    enter(world, 3)
    world.heart = Heart(world.store)
    enter(world, 2)
    assert state(world, number)[0] == "paused"


def test_what_works_writes_nothing(world):
    """A workflow without failures has no ring to write."""
    world.publish(TAG)
    enter(world, 9)
    assert world.rows("select health from workflow") == [("",)]


def test_resuming_lets_it_go_on_and_forgets_the_failures(world):
    """One word is enough; what was held meanwhile moves on, and it takes five anew."""
    number = world.publish(TELL, TAG)
    enter(world, 5)
    ben = world.contact("Ben", owner_id=world.user("Maria"))
    world.tick()
    world.do(workflows.resume, number)
    world.turn(minutes=1)
    assert state(world, number) == ("published", "")
    assert world.rows("select health from workflow") == [("",)]
    world.do(contacts.update, ben, {"city": "Porto"})
    enter(world, 4)
    assert state(world, number)[0] == "published"
    with pytest.raises(Refused, match="is not paused"):
        world.do(workflows.resume, number)


def test_it_can_be_switched_off(world):
    """Nought failures mean that none pause it."""
    world.do(safeguards.save, safeguards.Safeguards(failures=0, enrolments_at_once=0))
    number = world.publish(TELL)
    enter(world, 20)
    assert state(world, number)[0] == "published"


def test_a_paused_workflow_moves_nobody(world):
    """Whoever is inside stands still until it is resumed."""
    wait = Step("wait", "wait", {"amount": 1, "unit": "days"})
    number = world.publish(wait, TAG)
    enter(world, 1)
    world.do(workflows.pause, number, "A look is needed.")
    world.leap(world.clock.now() + timedelta(days=1, hours=2))
    assert world.run_states() == ["active"]
    world.do(workflows.resume, number)
    world.tick()
    assert world.run_states() == ["done"]
