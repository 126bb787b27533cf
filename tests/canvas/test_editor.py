"""Working on the canvas with mouse and keys."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from rally_desktop.canvas.plan import Slot, Spot
from rally_desktop.model.graph import Graph
from tests.canvas.flows import CHAIN, OPEN, SPLIT, graph, step

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
RIGHT = Qt.MouseButton.RightButton


def card(key):
    """A step on the sheet."""
    return Spot("step", key)


# -- selecting ---------------------------------------------------------------------------------


def test_a_click_selects_a_card_and_the_ground_lets_go(bench):
    """A click on a card selects it; a click beside everything selects nothing."""
    made = bench()
    made.click("y")
    assert made.selected == card("y")
    made.bot.mouseClick(made.view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, 400))
    assert made.selected is None


def test_arrow_keys_walk_along_the_connectors(bench):
    """Down, down, right, up: trigger, first step, into the branch beside, back to the branch."""
    made = bench()
    made.key(Qt.Key.Key_Home)
    seen = []
    for key in ("Down", "Down", "Down", "Right", "Up", "Down"):
        made.key(getattr(Qt.Key, f"Key_{key}"))
        seen.append(made.selected.id)
    assert seen == ["a", "if", "y", "n", "if", "n"]


def test_the_selected_card_stays_in_view(bench):
    """Walking down a long workflow moves the camera along."""
    steps = [step(f"s{n}", next=f"s{n + 1}") for n in range(30)] + [step("s30")]
    made = bench(graph(*steps))
    made.editor.select(card("s0"))
    for _ in range(29):
        made.key(Qt.Key.Key_Down)
    assert made.view.viewport().rect().contains(made.at("s29"))


def test_pointing_at_a_card_lifts_it_and_at_a_plus_lights_it(bench):
    """What is below the pointer can be seen to be."""
    made = bench()
    made.hover("y")
    assert made.view.flow.hovered == card("y")
    made.hover(made.plus("y"))
    assert made.view.flow.hot() == made.plus("y")


def test_enter_and_a_double_click_open_the_settings(bench):
    """Both say which card's settings are wanted."""
    made = bench()
    opened = []
    made.editor.opened.connect(opened.append)
    made.click("y")
    made.key(Qt.Key.Key_Return)
    made.bot.mouseDClick(made.view.viewport(), Qt.MouseButton.LeftButton, pos=made.at("n"))
    assert opened == [card("y"), card("n")]


# -- adding ------------------------------------------------------------------------------------


def test_a_click_on_a_plus_asks_and_enter_adds(bench):
    """Click on '+', type, Enter: the step is wired in there and selected."""
    made = bench()
    made.click(made.plus("y"))
    popup = made.editor.quick_add
    assert popup.isVisible()
    made.bot.keyClicks(popup.search, "task")
    made.bot.keyClick(popup.search, Qt.Key.Key_Return)
    assert made.path("yes")[:5] == ["a", "if", "y", "task1", "m"]
    assert made.selected == card("task1")
    assert made.draft.stack.undoText() == "Add Task"


def test_escape_leaves_the_quick_add_without_a_change(bench):
    """Esc closes the popup; the workflow is as it was."""
    made = bench()
    made.click(made.plus("y"))
    made.bot.keyClick(made.editor.quick_add.search, Qt.Key.Key_Escape)
    assert not made.editor.quick_add.isVisible()
    assert made.graph is SPLIT


def test_the_quick_add_offers_no_end_in_the_middle(bench):
    """On a connector that leads on, End is not in the list; on an open one it is."""
    made = bench(OPEN)
    middle = {each.kind for each in made.editor.offers_at(made.plus("a"))}
    open_end = {each.kind for each in made.editor.offers_at(made.plus("if", "else"))}
    assert open_end - middle == {"end"}


def test_adding_by_keyboard_alone(bench):
    """Down to the open '+', Enter, choose with the arrow, Enter: no mouse was needed."""
    made = bench(OPEN)
    made.editor.select(card("y"))
    made.key(Qt.Key.Key_Down)
    assert made.selected == made.plus("y")
    made.key(Qt.Key.Key_Return)
    made.bot.keyClick(made.editor.quick_add.search, Qt.Key.Key_Down)
    made.bot.keyClick(made.editor.quick_add.search, Qt.Key.Key_Return)
    assert made.graph.steps["y"].exits == {"next": "task1"}


def test_plus_and_n_add_after_the_selected_step(bench):
    """Both keys open the quick add below what is selected."""
    made = bench()
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_N):
        made.editor.select(card("y"))
        made.key(key)
        assert made.editor.quick_add.isVisible()
        made.editor.quick_add.hide()


def test_the_empty_trigger_card_asks_what_starts_the_workflow(bench):
    """A click on it offers the triggers; the chosen one takes its place."""
    made = bench(Graph("New"))
    made.click(Spot("trigger", ""))
    made.bot.keyClicks(made.editor.quick_add.search, "tagged")
    made.bot.keyClick(made.editor.quick_add.search, Qt.Key.Key_Return)
    assert [item.kind for item in made.graph.triggers] == ["tagged"]


def test_another_trigger_comes_beside_the_first(bench):
    """The '+' beside the triggers adds one more, joined by or."""
    made = bench()
    made.click(Slot("trigger"))
    made.bot.keyClick(made.editor.quick_add.search, Qt.Key.Key_Return)
    assert len(made.graph.triggers) == 2


# -- removing ----------------------------------------------------------------------------------


def test_delete_joins_the_neighbours(bench):
    """Del takes the step out; what led to it leads to what followed, which is selected."""
    made = bench(CHAIN)
    made.click("b")
    made.key(Qt.Key.Key_Delete)
    assert made.path() == ["a", "c", "z"]
    assert made.selected == card("c")
    assert made.draft.stack.undoText() == "Remove Wait"


def test_delete_takes_away_the_last_stop_step(bench):
    """With it goes the '+' above it; nothing is selected then."""
    made = bench(graph(step("a"), step("s")).with_(stop_start="s"))
    made.click("s")
    made.key(Qt.Key.Key_Delete)
    assert (made.graph.stop_start, set(made.graph.steps)) == (None, {"a"})
    assert made.selected is None


# -- moving ------------------------------------------------------------------------------------


def test_a_step_dragged_onto_a_connector_moves_there(bench):
    """The neighbours it leaves are joined; one undo puts it back."""
    made = bench(CHAIN)
    made.drag("b", made.plus("c"))
    assert made.path() == ["a", "c", "b", "z"]
    assert made.draft.stack.undoText() == "Move Wait below Mail"
    made.key(Qt.Key.Key_Z, CTRL)
    assert made.graph is CHAIN


def test_while_dragging_the_connector_lights_up_and_a_place_opens(bench):
    """Within 24 pixels of a connector one sees where the step would go."""
    made = bench(CHAIN)
    made.press(made.at("b"))
    made.move(made.at("b", 8, 0))
    made.move(made.at(made.plus("c"), 20, 0))
    assert made.view.flow.preview.slot == made.plus("c")
    made.move(made.at(made.plus("c"), 60, 0))
    assert made.view.flow.preview.slot is None
    made.key(Qt.Key.Key_Escape)
    made.release(made.at(made.plus("c"), 60, 0))
    assert made.graph is CHAIN


def test_escape_calls_a_drag_off(bench):
    """Esc while dragging: nothing has happened, also after letting go."""
    made = bench(CHAIN)
    made.press(made.at("b"))
    made.move(made.at("b", 8, 0))
    made.move(made.at(made.plus("c")))
    made.key(Qt.Key.Key_Escape)
    made.release(made.at(made.plus("c")))
    assert made.graph is CHAIN
    assert made.view.flow.faint == frozenset()


def test_a_tiny_drag_is_a_click(bench):
    """Less than four pixels is a click."""
    made = bench(CHAIN)
    at = made.at("b")
    made.press(at)
    made.move(at + QPoint(2, 1))
    made.release(at + QPoint(2, 1))
    assert (made.graph, made.selected) == (CHAIN, card("b"))


# -- the rest ----------------------------------------------------------------------------------


def test_undo_and_redo_by_key(bench):
    """Ctrl+Z takes back, Ctrl+Y and Ctrl+Shift+Z bring again."""
    made = bench(CHAIN)
    made.click("b")
    made.key(Qt.Key.Key_D)
    disabled = made.graph
    made.key(Qt.Key.Key_Z, CTRL)
    assert made.graph is CHAIN
    made.key(Qt.Key.Key_Y, CTRL)
    assert made.graph is disabled


def test_the_menu_offers_what_can_be_done_there(bench):
    """Right click on a step, a '+' and the ground: each its own commands."""
    made = bench()
    seen = []
    for what in ("y", made.plus("y")):
        made.view.hands.menu(made.view.pointer(made.at(what), Qt.KeyboardModifier.NoModifier))
        menu = made.view.findChildren(QMenu, "sheet_menu")[-1]
        seen.append([action.text().partition("\t")[0] for action in menu.actions()])
        menu.close()
    assert "Remove with all after it" in seen[0]
    assert {"Add a step here", "Cut this connector", "Paste"} <= set(seen[1])


def test_a_refresh_keeps_the_selection(bench):
    """New problems on the cards do not take the selection away."""
    made = bench()
    made.click("y")
    made.faces.problems = {"y": "Template is required."}
    made.editor.refresh()
    assert made.selected == card("y")
    assert made.view.flow.plan.boxes[card("y")].face.problem == "Template is required."


def test_adding_with_nothing_selected_adds_at_the_open_end(bench):
    """Without a selection the quick add opens where the first path ends."""
    made = bench(graph(step("a")))
    made.hands.do("add")
    made.editor.quick_add.list.wanted.emit(made.editor.offers_at(made.plus("a"))[0])
    assert made.graph.steps["a"].exits == {"next": "mail1"}
