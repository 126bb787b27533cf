"""Protected workflows: what needs the password, and what wrong ones lead to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rally_desktop.core.errors import Refused
from rally_desktop.engine import publishing
from rally_desktop.model.graph import Graph, Step, Trigger
from rally_desktop.services import protection, workflows
from rally_desktop.services.protection import Guarded, Protected

WORD = "open sesame"
CALL = Graph(
    "Call",
    triggers=(Trigger("t1", "record_created"),),
    start="a",
    steps={"a": Step("a", "create_task", {"task": "Call"})},
)


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    """Passwords that are tried in no time."""
    monkeypatch.setattr(protection, "COST", protection.Cost(1, 1, 64))


@pytest.fixture
def number(world):
    """A workflow with a password that was not entered in this program."""
    made = world.do(workflows.create, CALL)
    world.do(protection.protect, made, WORD)
    world.ask(protection.lock, made)
    return made


def wrong(world, number, times=1):
    """Try wrong passwords, and return what came of the last."""
    return [world.do(protection.unlock, number, "abracadabra") for _ in range(times)][-1]


@pytest.mark.parametrize(
    "change",
    [
        lambda work, number: workflows.save_draft(work, number, CALL.with_(name="Mine")),
        lambda work, number: publishing.publish(work, number),
        lambda work, number: workflows.delete(work, number),
        lambda work, number: protection.protect(work, number, "another word"),
        lambda work, number: protection.unprotect(work, number),
    ],
)
def test_nothing_is_changed_without_the_password(world, number, change):
    """Saving, publishing, deleting and the password itself are refused, and go with it."""
    with pytest.raises(Protected):
        world.do(change, number)
    assert world.do(protection.unlock, number, WORD).right
    world.do(change, number)


def test_looking_stopping_and_pausing_need_no_password(world, number):
    """Whoever sees something go wrong can end it."""
    world.do(protection.unlock, number, WORD)
    world.do(publishing.publish, number)
    world.ask(protection.lock, number)
    assert world.ask(workflows.draft, number).graph.name == "Call"
    world.do(workflows.pause, number, "Too many letters.")
    world.do(workflows.unpublish, number)


def test_it_is_asked_for_again_ten_minutes_after_the_last_change(world, number, clock):
    """Each change begins the ten minutes anew."""
    world.do(protection.unlock, number, WORD)
    clock.advance(minutes=9)
    world.do(workflows.save_draft, number, CALL)
    clock.advance(minutes=9)
    assert world.ask(protection.of, number) == Guarded(True, True)
    clock.advance(minutes=1)
    assert world.ask(protection.of, number) == Guarded(True, False)


def test_five_wrong_passwords_make_a_pause_that_grows(world, number, clock):
    """Not even the right one is looked at meanwhile; after it the next wrong one waits longer."""
    assert wrong(world, number, 4).left == 1
    paused = wrong(world, number)
    assert paused.until - clock.now() == timedelta(minutes=5)
    assert not world.do(protection.unlock, number, WORD).right
    clock.advance(minutes=5)
    assert wrong(world, number).until - clock.now() == timedelta(minutes=10)
    clock.advance(minutes=10)
    assert world.do(protection.unlock, number, WORD).right
    world.ask(protection.lock, number)
    assert wrong(world, number).left == 4


def test_what_came_of_a_wrong_password_is_said(world, number, clock):
    """How many tries are left, then how long to wait."""
    said = [wrong(world, number).said(clock.now()) for _ in range(5)]
    assert said[0] == "That is not the password. There are 4 more tries before a pause."
    assert said[3] == "That is not the password. There is one more try before a pause."
    assert said[4] == "Too many wrong passwords. Try again in 5 minutes."


def test_a_clock_that_was_put_back_locks_nobody_out_for_long(world, number, clock):
    """A pause that would end beyond the longest there is is not believed."""
    wrong(world, number, 5)
    clock.advance(days=-30)
    assert world.do(protection.unlock, number, WORD).right


def test_the_password_itself_is_kept_nowhere(world, number):
    """Only what it derives to is in the database, each time with another salt."""
    first = world.rows("select value from setting where name like 'password/%'")
    assert WORD not in str(first)
    world.do(protection.unlock, number, WORD)
    world.do(protection.protect, number, WORD)
    assert world.rows("select value from setting where name like 'password/%'") != first


@pytest.mark.parametrize("word", ["short", "x" * 201])
def test_a_password_has_a_sensible_length(world, word):
    """Too short and too long ones are refused with the numbers."""
    number = world.do(workflows.create, CALL)
    with pytest.raises(Refused, match="8 to 200"):
        world.do(protection.protect, number, word)


def test_the_same_letters_are_the_same_password(world, number):
    """A keyboard may write é as one sign or as two."""
    world.do(protection.unlock, number, WORD)
    world.do(protection.protect, number, "Caf\u00e9 au lait")
    world.ask(protection.lock, number)
    assert world.do(protection.unlock, number, "Cafe\u0301 au lait").right


def test_without_a_password_everything_goes(world):
    """Nothing is asked, and there is nothing to take away."""
    number = world.do(workflows.create, CALL)
    assert world.ask(protection.of, number) == Guarded()
    assert world.do(protection.unlock, number, "whatever").right
    world.do(protection.unprotect, number)
    world.do(workflows.save_draft, number, CALL)


def test_trying_a_password_is_dear():
    """Each try takes 64 MiB and three passes over them."""
    assert protection.Cost() == (3, 4, 64 * 1024)
