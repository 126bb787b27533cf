"""Where the arrow keys lead."""

from __future__ import annotations

from rally_desktop.canvas.neighbours import first, last, neighbour
from rally_desktop.canvas.plan import Slot, Spot, plan
from rally_desktop.model.graph import Frame, Note
from tests.canvas.flows import CHAIN, OPEN, SPLIT, PlainFaces

SPLIT_PLAN, OPEN_PLAN = plan(SPLIT, PlainFaces()), plan(OPEN, PlainFaces())


def card(key):
    """A step on the sheet."""
    return Spot("step", key)


def test_down_follows_the_first_path_and_up_comes_back():
    """Down leads to the next step, up to the one before, also over the trigger."""
    assert neighbour(SPLIT_PLAN, Spot("trigger", "t1"), "down") == card("a")
    assert neighbour(SPLIT_PLAN, card("if"), "down") == card("y")
    assert neighbour(SPLIT_PLAN, card("a"), "up") == Spot("trigger", "t1")


def test_down_remembers_the_path_used_last():
    """Coming up from one branch, down leads back into it."""
    used = {card("if"): card("n")}
    assert neighbour(SPLIT_PLAN, card("if"), "down", used=used) == card("n")


def test_left_and_right_change_the_branch():
    """Beside a step stands the one of the neighbouring branch."""
    assert neighbour(SPLIT_PLAN, card("y"), "right") == card("n")
    assert neighbour(SPLIT_PLAN, card("n"), "left") == card("y")


def test_an_open_end_is_a_stop():
    """Where nothing follows, down leads to the '+'."""
    slot = Slot("connector", "y", "next")
    assert neighbour(OPEN_PLAN, card("y"), "down") == slot
    assert neighbour(OPEN_PLAN, slot, "up") == card("y")


def test_through_stops_at_every_plus():
    """With Ctrl every '+' on the way is a stop, that of the meeting too."""
    here, seen = card("y"), []
    for _ in range(3):
        here = neighbour(SPLIT_PLAN, here, "down", through=True)
        seen.append(here)
    assert seen == [Slot("connector", "y", "next"), Slot("meeting", before="m"), card("m")]


def test_home_and_end_are_the_trigger_and_the_last_step():
    """The ends of the first path can be reached at once."""
    assert first(plan(CHAIN, PlainFaces())) == Spot("trigger", "t1")
    assert last(plan(CHAIN, PlainFaces())) == card("z")


def test_arrows_go_over_a_folded_frame():
    """A folded frame is one stop on the way, down and up."""
    workflow = CHAIN.with_(frames=(Frame("f", "Welcome", ("b", "c")),))
    folded = plan(workflow, PlainFaces(), frozenset({"f"}))
    frame = Spot("frame", "f")
    assert neighbour(folded, Spot("step", "a"), "down") == frame
    assert neighbour(folded, frame, "down") == Spot("step", "z")
    assert neighbour(folded, Spot("step", "z"), "up") == frame
    assert neighbour(folded, frame, "up") == Spot("step", "a")
    assert neighbour(folded, frame, "down", through=True) == Slot("connector", "c", "next")


def test_arrows_leave_a_note_sideways():
    """From a note the arrows lead to the cards beside it."""
    noted = plan(CHAIN.with_(notes=(Note("n", "Ask", "b", 24, 0),)), PlainFaces())
    assert neighbour(noted, Spot("note", "n"), "left") == Spot("step", "b")
    assert neighbour(noted, Spot("note", "n"), "down") is None
