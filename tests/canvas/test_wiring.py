"""Pulling, re-plugging and cutting connectors with the mouse, and the same by keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QToolTip

from rally_desktop.canvas.plan import Slot, Spot
from tests.canvas.flows import CHAIN, OPEN, SPLIT, graph, step

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
LOOSE = graph(step("a", next="b"), step("b"), step("x", next="y"), step("y"))


def card(key):
    """A step on the sheet."""
    return Spot("step", key)


# -- ports -------------------------------------------------------------------------------------


def test_ports_appear_where_one_points(bench):
    """A card that is pointed at shows a port for each exit; others show none."""
    made = bench()
    made.hover("if")
    ports = [h for h in (i.handle for i in made.view.flow.handles._items) if h.kind == "port"]
    assert [port.place.exit for port in ports] == ["yes", "else"]
    made.hover(QPoint(20, 500))
    assert made.view.flow.handles._items == []


def test_a_port_is_met_within_twelve_pixels(bench):
    """The target is larger than the dot; the pointer shows it."""
    made = bench()
    made.view.go_to(1.0, QPointF(0, 400), glide=False)
    made.hover("y")
    made.hover(made.handle("y", "port") + QPoint(8, 8))
    assert made.view.viewport().cursor().shape() is Qt.CursorShape.CrossCursor
    assert "Drag" in made.hands.tip.text


def test_a_connector_pulled_out_of_a_port_leads_where_it_is_dropped(bench):
    """Dropped on a loose step it connects, and the step is selected."""
    made = bench(LOOSE)
    made.pull("b", "x")
    assert made.path() == ["a", "b", "x", "y"]
    assert made.selected == card("x")
    assert made.draft.stack.undoText() == "Connect Mail to Mail"


def test_a_connector_pulled_out_of_a_full_port_is_led_elsewhere(bench):
    """The old one turns red on the way; what hung only on it hangs loose, and that is said."""
    made = bench(CHAIN)
    made.hover("a")
    end = made.carry(made.handle("a", "port"), "c")
    assert made.view.flow.stage.wires[made.plus("a")].stroke.colour == "bad"
    made.release(end)
    assert made.path() == ["a", "c", "z"]
    assert "b" in made.graph.steps
    assert made.said[-1] == "Connected Mail to Mail. 1 step hangs loose now."


def test_what_hangs_loose_moves_nothing_that_it_leads_back_to(bench):
    """A step that lost its way in stands to the right, what it leads to stays where it was."""
    made = bench()
    before = made.view.flow.plan.boxes[card("m")]
    made.editor.connecting.cut([made.plus("if", "else")])
    boxes = made.view.flow.plan.boxes
    assert boxes[card("n")].x > before.x + before.width
    assert abs(boxes[card("m")].x - boxes[card("y")].x) < 1


def test_while_pulling_cards_that_cannot_follow_are_faint(bench):
    """What leads here, and the trigger, are dim; all others are lifted."""
    made = bench()
    made.hover("y")
    made.carry(made.handle("y", "port"), QPoint(60, 600))
    flow = made.view.flow
    assert flow.faint == {card("a"), card("if"), card("y"), Spot("trigger", "t1")}
    assert flow.lifted == {card("n"), card("m"), card("z")}
    made.key(Qt.Key.Key_Escape)
    assert (flow.faint, flow.lifted) == (frozenset(), frozenset())


def test_a_circle_is_refused_with_the_reason(bench):
    """Beside the pointer and, let go, in the line that is read out."""
    made = bench()
    made.hover("m")
    end = made.carry(made.handle("m", "port"), "a")
    assert "circle" in QToolTip.text()
    made.release(end)
    assert made.graph is SPLIT
    assert "circle" in made.said[-1]


def test_a_trigger_has_no_input(bench):
    """A connector dropped on it stays as it was, and one is told."""
    made = bench()
    made.pull("y", Spot("trigger", "t1"))
    assert made.graph is SPLIT
    assert made.said[-1].startswith("A trigger has no input")


def test_a_connector_dropped_on_the_ground_asks_what_shall_follow(bench):
    """The quick add opens there, without what cannot come; the choice is wired in."""
    made = bench(OPEN)
    made.pull("if", QPoint(200, 800), name="else")
    popup = made.editor.quick_add
    assert popup.isVisible()
    made.bot.keyClicks(popup.search, "task")
    made.bot.keyClick(popup.search, Qt.Key.Key_Return)
    assert made.graph.steps["if"].exits == {"yes": "y", "else": "task1"}


def test_the_trigger_leads_elsewhere(bench):
    """Its port begins the connector to the first step."""
    made = bench(CHAIN)
    made.pull(Spot("trigger", "t1"), "b")
    assert made.graph.start == "b"


def test_a_plus_can_be_pulled_like_a_port(bench):
    """The '+' of an open end, dragged onto a step, connects to it."""
    made = bench(OPEN)
    made.drag(made.plus("if", "else"), "y")
    assert made.graph.steps["if"].exits == {"yes": "y", "else": "y"}


# -- ends --------------------------------------------------------------------------------------


def test_the_end_of_a_connector_is_plugged_in_elsewhere(bench):
    """Taken above its card and dropped on another, it leads there; the old one is dashed."""
    made = bench(CHAIN)
    made.hover("b")
    made.hover(made.handle("b", "tail"))
    end = made.carry(made.handle("b", "tail"), "c")
    assert made.view.flow.stage.wires[made.plus("a")].stroke.dashed
    made.release(end)
    assert made.path() == ["a", "c", "z"]
    made.key(Qt.Key.Key_Z, CTRL)
    assert made.graph is CHAIN


def test_an_end_dropped_on_the_ground_stays_where_it_was(bench):
    """It says what to do instead."""
    made = bench(CHAIN)
    made.pull("b", QPoint(60, 600), "tail")
    assert made.graph is CHAIN
    assert made.said[-1] == "Drop the end of a connector on a step."


def test_the_common_end_of_several_connectors_moves_them_all(bench):
    """Where paths meet, their end is one."""
    made = bench()
    made.pull("m", "z", "tail")
    assert {made.graph.steps[key].exits["next"] for key in "yn"} == {"z"}
    assert made.draft.stack.undoText() == "Connect 2 connectors to End"


# -- cutting -----------------------------------------------------------------------------------


def test_a_stroke_with_alt_cuts_what_it_crosses(bench):
    """The crossed connectors are red till the button is let go, then lead nowhere."""
    made = bench()
    start = made.at(made.plus("if", "yes"), -40, 0)
    end = made.at(made.plus("if", "else"), 40, 0)
    made.carry(start, end, ALT)
    assert made.editor.connecting._red is not None
    made.release(end, ALT)
    assert made.graph.steps["if"].exits == {}
    assert made.graph.steps.keys() == SPLIT.steps.keys()
    assert made.draft.stack.undoText() == "Cut 2 connectors"
    assert made.said[-1] == "Cut 2 connectors. 4 steps hang loose now."
    made.key(Qt.Key.Key_Z, CTRL)
    assert made.graph is SPLIT


def test_a_stroke_below_a_meeting_cuts_all_that_meet(bench):
    """Their common end is cut for each of them."""
    made = bench()
    at = made.at(Slot("meeting", before="m"))
    made.drag(at + QPoint(-40, 0), at + QPoint(40, 0), ALT)
    assert made.graph.entrances("m") == ()


def test_escape_lifts_the_knife(bench):
    """Nothing is cut."""
    made = bench()
    end = made.at(made.plus("a"), 60, 0)
    made.carry(made.at(made.plus("a"), -60, 0), end, ALT)
    made.key(Qt.Key.Key_Escape)
    made.release(end, ALT)
    assert made.graph is SPLIT


@pytest.mark.parametrize("zoom", [0.4, 1.5])
def test_a_stroke_cuts_at_any_zoom(bench, zoom):
    """From afar the connectors are hairlines, and are cut all the same."""
    made = bench(CHAIN)
    made.view.go_to(zoom, QPointF(0, 400), glide=False)
    end = made.at(made.plus("b"), 50, 0)
    made.carry(made.at(made.plus("b"), -50, 0), end, ALT)
    made.view.viewport().grab()
    made.release(end, ALT)
    assert made.path() == ["a", "b"]


# -- by keys -----------------------------------------------------------------------------------


def test_a_connector_is_led_elsewhere_by_keys(bench):
    """L, arrows, Enter on a selected step: its open end leads to what was chosen."""
    made = bench(LOOSE)
    made.editor.select(card("b"))
    made.key(Qt.Key.Key_L)
    assert "Enter" in made.said[-1]
    made.key(Qt.Key.Key_Return)
    assert made.path() == ["a", "b", "x", "y"]


def test_a_connector_is_cut_by_keys(bench):
    """X on a selected '+' cuts the connector that it sits on."""
    made = bench(CHAIN)
    made.editor.select(made.plus("a"))
    made.key(Qt.Key.Key_X)
    assert made.path() == ["a"]
    assert made.said[-1] == "Cut the connector below Mail. 3 steps hang loose now."


def test_in_a_locked_workflow_no_connector_is_cut_or_pulled(bench):
    """With Alt a drag on the ground selects, as ever; keys say why not."""
    made = bench(CHAIN)
    made.draft.lock("Read only.")
    made.drag(made.at("a", -200, 70), made.at("a", 200, 70), ALT)
    made.editor.select(made.plus("a"))
    made.key(Qt.Key.Key_X)
    assert (made.graph, made.said[-1]) == (CHAIN, "Read only.")
