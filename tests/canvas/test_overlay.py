"""What is laid over the sheet: numbers, heat, a path, marks; and how little is painted for it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF

from rally_desktop.canvas.look import SHADOW_ROOM
from rally_desktop.canvas.overlay import NOTHING, Overlay
from rally_desktop.canvas.plan import Slot, Spot
from rally_desktop.canvas.strokes import FAINT, TAKEN, THICKEST, THIN
from rally_desktop.model.graph import START, Place

pytestmark = pytest.mark.slow

LEFT = {Place(START): "09:00", Place("a", "next"): "09:00", Place("if", "yes"): "09:01"}


def card(made, key):
    """The item of a step's card."""
    return made.view.flow.stage.cards[Spot("step", key)]


def wire(made, source, name="next"):
    """The item of a connector."""
    return made.view.flow.stage.wires[Slot("connector", source, name)]


def test_only_cards_whose_number_changed_are_painted(bench):
    """Of newer numbers, the cards that show the same as before are left as they are."""
    made = bench()
    flow = made.view.flow
    flow.set_overlay(Overlay({"a": "9", "y": "4", "n": "5"}))
    before = flow.stage.painted
    flow.set_overlay(Overlay({"a": "9", "y": "5", "n": "5"}))
    assert flow.stage.painted - before == 1


def test_newer_numbers_are_shown_four_times_a_second(bench):
    """However many come, one is painted at once and the last of the rest a little later."""
    made = bench()
    flow = made.view.flow
    laid = []
    flow.laid.connect(laid.append)
    for number in range(40):
        flow.follow(Overlay({"a": str(number)}))
    assert len(laid) == 1
    made.bot.waitUntil(lambda: card(made, "a").state.count == "39")
    assert len(laid) == 2


def test_another_view_is_shown_at_once(bench):
    """What somebody asks for does not wait for the next quarter of a second."""
    made = bench()
    made.view.flow.follow(Overlay({"a": "1"}))
    made.view.flow.follow(Overlay({"a": "2"}))
    made.view.flow.set_overlay(NOTHING)
    assert card(made, "a").state.count == ""


def test_connectors_are_as_thick_as_many_went(bench):
    """The busiest connector is six pixels wide, an unused one as thin as ever, others between."""
    made = bench()
    heat = {Place("a", "next"): 1000, Place("if", "yes"): 30, Place("if", "else"): 0}
    made.view.flow.set_overlay(Overlay(heat=heat))
    widths = [wire(made, *at).stroke.width for at in (("a",), ("if", "yes"), ("if", "else"))]
    assert widths[0] == pytest.approx(THICKEST)
    assert THIN < widths[1] < THICKEST
    assert widths[2] == THIN


def test_where_connectors_meet_is_as_thick_as_all_of_them(bench):
    """The common piece above a step that several lead to counts everybody."""
    made = bench()
    made.view.flow.set_overlay(Overlay(heat={Place("y"): 500, Place("n"): 500}))
    common = made.view.flow.stage.wires[Slot("meeting", before="m")].stroke
    assert common.width > wire(made, "y").stroke.width


def test_a_path_stands_out_from_the_rest(bench):
    """Steps and connectors that one run passed are drawn in full, all others faintly."""
    made = bench()
    made.view.flow.set_overlay(Overlay(passed={"t1", "a", "if", "y"}, path=LEFT))
    assert wire(made, "if", "yes").stroke.width == TAKEN
    assert wire(made, "if", "yes").stroke.colour == "accent"
    assert wire(made, "if", "else").opacity() == FAINT
    assert card(made, "y").opacity() == 1.0
    assert card(made, "n").opacity() == pytest.approx(FAINT)


def test_a_path_says_when_it_was_taken(bench):
    """On each connector that was taken stands when that was."""
    made = bench()
    made.view.flow.set_overlay(Overlay(passed={"a", "if", "y"}, path=LEFT))
    assert made.view.flow.stage.pills[Slot("connector", "if", "yes")].text == "09:01"


def test_the_waiting_point_pulses_once(bench):
    """Where somebody waits a ring grows and fades, and does not come again by itself."""
    made = bench()
    made.view.motion = True
    items = len(made.view.flow.items())
    over = Overlay(waits="a", marks={"a": "here"})
    made.view.flow.set_overlay(over)
    assert len(made.view.flow.items()) == items + 1
    made.bot.waitUntil(lambda: len(made.view.flow.items()) == items)
    made.view.flow.set_overlay(replace(over, cards={"a": "1"}))
    assert len(made.view.flow.items()) == items


def test_nothing_pulses_where_less_motion_is_asked_for(bench):
    """With motion off the waiting point is marked, and that is all."""
    made = bench()
    items = len(made.view.flow.items())
    made.view.flow.set_overlay(Overlay(waits="a", marks={"a": "here"}))
    assert len(made.view.flow.items()) == items


def test_an_overlay_is_seen_from_afar(bench):
    """The far picture changes with the overlay: a failed step has a red edge there too."""
    made = bench()
    made.view.go_to(0.3, QPointF(0, 300), glide=False)
    before = made.view.grab().toImage()
    made.view.flow.set_overlay(Overlay(marks={"m": "failed"}))
    after = made.view.grab().toImage()
    made.view.flow.set_overlay(NOTHING)
    assert before != after
    assert made.view.grab().toImage() == before


def test_an_overlay_is_no_part_of_the_workflow(bench):
    """Laying values over the sheet neither changes the workflow nor can be undone."""
    made = bench()
    graph = made.graph
    made.view.flow.set_overlay(Overlay({"a": "1"}, marks={"a": "failed"}))
    assert made.graph is graph
    assert not made.draft.stack.canUndo()


def test_nothing_can_be_added_while_the_canvas_is_locked(bench):
    """A locked canvas shows no '+', and a click where one was opens nothing."""
    made = bench()
    at = made.at(made.plus("a"))
    made.draft.present(made.graph, "This version is published.")
    assert not made.view.flow.stage.pluses
    made.press(at)
    made.release(at)
    assert not made.editor.quick_add.isVisible()
    made.draft.present(None)
    assert made.view.flow.stage.pluses


@pytest.mark.parametrize(
    ("over", "x", "y", "colour"),
    [
        (Overlay(marks={"a": "failed"}), 100, 1, "bad"),
        (Overlay(marks={"a": "here"}), 100, 1, "accent"),
        (Overlay(marks={"a": "added"}), 100, 1, "ok"),
        (Overlay(marks={"a": "changed"}), 4, 4, "warn"),
        (Overlay(breakpoints={"a"}), -14, 36, "bad"),
        (Overlay(current="a"), 18, 36, "accent"),
    ],
)
def test_marks_have_their_place_and_colour(bench, over, x, y, colour):
    """A failed step has a red edge, a breakpoint is a dot at the left, and so on."""
    made = bench()
    made.view.zoom_to(1.0)
    made.view.sharpen()
    made.view.flow.set_overlay(over)
    picture = card(made, "a").pixmap().toImage()
    ratio = picture.devicePixelRatio()
    at = QPointF(x + SHADOW_ROOM, y + SHADOW_ROOM) * ratio
    painted = picture.pixelColor(round(at.x()), round(at.y()))
    assert painted.name() == made.view.look.colour(colour).name()


def test_a_removed_step_is_hatched(bench):
    """What is gone in another version is an outline filled with red lines."""
    made = bench()
    made.view.flow.set_overlay(Overlay(marks={"a": "removed"}))
    picture = card(made, "a").pixmap().toImage()
    row = {picture.pixelColor(x, 60).name() for x in range(120, 260)}
    assert len(row) > 1
