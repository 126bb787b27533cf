"""Selecting several cards, and moving the sheet by the mouse."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from rally_desktop.canvas.plan import Spot
from tests.canvas.flows import CHAIN, SPLIT, graph, step

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


def cards(*keys):
    """Steps on the sheet."""
    return {Spot("step", key) for key in keys}


def chosen(bench):
    """What is selected."""
    return bench.view.flow.chosen


def around(bench, *keys):
    """Two corners of the window with some cards between them."""
    plan = bench.view.flow.plan
    boxes = [plan.boxes[spot] for spot in cards(*keys)]
    return (
        bench.view.mapFromScene(min(box.x for box in boxes) - 12, min(box.y for box in boxes) - 6),
        bench.view.mapFromScene(
            max(box.x + box.width for box in boxes) + 12,
            max(box.y + box.height for box in boxes) + 6,
        ),
    )


# -- the rubber band ---------------------------------------------------------------------------


def test_a_rubber_band_selects_what_it_touches(bench):
    """Dragged over the ground, it selects live and says how many at the end."""
    made = bench()
    start, end = around(made, "y", "n")
    made.press(start)
    made.move(end)
    assert chosen(made) == cards("y", "n")
    made.release(end)
    assert (chosen(made), made.said[-1]) == (cards("y", "n"), "2 selected.")


def test_touching_a_corner_is_enough(bench):
    """A card need not lie in the band as a whole."""
    made = bench()
    start, _ = around(made, "y")
    made.drag(start, start + QPoint(30, 20))
    assert chosen(made) == cards("y")


def test_with_shift_the_band_adds(bench):
    """What was selected before stays selected."""
    made = bench()
    made.editor.select(Spot("step", "m"))
    made.drag(*around(made, "y", "n"), SHIFT)
    assert chosen(made) == cards("m", "y", "n")


def test_with_ctrl_the_band_turns_about(bench):
    """What was selected below it is not any more, the rest is."""
    made = bench()
    made.editor.choose([Spot("step", "y"), Spot("step", "m")])
    made.drag(*around(made, "y", "n"), CTRL)
    assert chosen(made) == cards("m", "n")


def test_escape_gives_back_what_was_selected(bench):
    """The band goes, and with it what it had selected."""
    made = bench()
    made.editor.select(Spot("step", "m"))
    end = made.carry(*around(made, "y", "n"))
    made.key(Qt.Key.Key_Escape)
    made.release(end)
    assert (chosen(made), made.selected) == (cards("m"), Spot("step", "m"))


def test_the_band_selects_from_afar_and_in_a_locked_workflow(bench):
    """Selecting changes nothing, so it is always allowed."""
    made = bench()
    made.draft.lock("Read only.")
    made.view.go_to(0.4, QPointF(0, 400), glide=False)
    end = made.carry(*around(made, "y", "n"))
    made.view.viewport().grab()
    made.release(end)
    assert chosen(made) == cards("y", "n")


def test_the_band_scrolls_at_the_border(bench):
    """Held near the border it reaches cards that were out of view."""
    steps = [step(f"s{n}", next=f"s{n + 1}") for n in range(20)] + [step("s20")]
    made = bench(graph(*steps))
    made.view.go_to(1.0, QPointF(0, 400), glide=False)
    end = made.carry(QPoint(300, 300), QPoint(600, made.view.viewport().height() - 4))
    before = len(chosen(made))
    for _ in range(60):
        made.view._edge.step()
    made.release(end)
    assert len(chosen(made)) > before + 3


def test_the_deeper_in_the_border_the_faster_it_scrolls(bench):
    """Right at the border, and outside, the sheet moves faster than 20 pixels inside."""
    made = bench()
    made.view.go_to(1.0, QPointF(0, 300), glide=False)
    height, seen = made.view.viewport().height(), []
    made.carry(QPoint(40, 300), QPoint(300, 400))
    for y in (height - 20, height - 2, height + 40):
        made.move(QPoint(300, y))
        before = made.view.verticalScrollBar().value()
        made.view._edge.step()
        seen.append(made.view.verticalScrollBar().value() - before)
    made.key(Qt.Key.Key_Escape)
    assert 0 < seen[0] < seen[1] < seen[2]


# -- one by one --------------------------------------------------------------------------------


def test_ctrl_and_a_click_add_and_take_away(bench):
    """A second click with Ctrl lets go again."""
    made = bench()
    port = made.view.viewport()
    made.click("y")
    for key in "nm":
        made.bot.mouseClick(port, LEFT, CTRL, made.at(key))
    assert chosen(made) == cards("y", "n", "m")
    made.bot.mouseClick(port, LEFT, CTRL, made.at("n"))
    assert chosen(made) == cards("y", "m")


def test_a_click_on_one_of_several_selects_it_alone(bench):
    """Pressing keeps them all, so that they can be dragged; letting go decides."""
    made = bench()
    made.editor.choose(cards("y", "n"))
    made.press(made.at("y"))
    assert chosen(made) == cards("y", "n")
    made.release(made.at("y"))
    assert chosen(made) == cards("y")


def test_ctrl_a_selects_everything(bench):
    """Triggers too; the count is said."""
    made = bench()
    made.key(Qt.Key.Key_A, CTRL)
    assert len(chosen(made)) == len(SPLIT.steps) + 1
    assert made.said[-1] == "7 selected."


def test_everything_after_and_before_a_step(bench):
    """Shift+Alt+Down takes all that can follow, Shift+Alt+Up all that can lead here."""
    made = bench()
    made.editor.select(Spot("step", "y"))
    made.key(Qt.Key.Key_Down, SHIFT | ALT)
    assert (chosen(made), made.said[-1]) == (cards("y", "m", "z"), "3 selected.")
    made.editor.select(Spot("step", "y"))
    made.key(Qt.Key.Key_Up, SHIFT | ALT)
    assert chosen(made) == cards("a", "if", "y")


def test_shift_and_arrows_select_more(bench):
    """Each arrow adds the card that it leads to."""
    made = bench()
    made.editor.select(Spot("step", "if"))
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Down):
        made.key(key, SHIFT)
    assert chosen(made) == cards("if", "y", "n", "m")
    assert (made.selected, made.said[-1]) == (Spot("step", "m"), "4 selected.")


# -- moving the sheet --------------------------------------------------------------------------


def test_the_right_button_moves_the_sheet_also_over_cards(bench):
    """Dragged, it pans, with a closed hand, and opens no menu."""
    made = bench()
    port, at = made.view.viewport(), made.at("y")
    before = made.view.mapToScene(QPoint(0, 0))
    made.bot.mousePress(port, RIGHT, pos=at)
    made._send_move(at + QPoint(8, 0), RIGHT, Qt.KeyboardModifier.NoModifier)
    made._send_move(at + QPoint(40, 30), RIGHT, Qt.KeyboardModifier.NoModifier)
    assert port.cursor().shape() is Qt.CursorShape.ClosedHandCursor
    made.bot.mouseRelease(port, RIGHT, pos=at + QPoint(40, 30))
    moved = (before - made.view.mapToScene(QPoint(0, 0))) * made.view.zoom
    assert (round(moved.x()), round(moved.y())) == (40, 30)
    assert made.view.findChildren(QMenu, "sheet_menu") == []


def test_a_click_of_the_right_button_opens_the_menu(bench):
    """Of what was clicked, which is selected."""
    made = bench()
    made.click("y", RIGHT)
    menu = made.view.findChildren(QMenu, "sheet_menu")[-1]
    assert menu.isVisible()
    assert made.selected == Spot("step", "y")
    menu.close()


def test_the_system_asking_for_a_menu_by_mouse_opens_no_second_one(bench):
    """The press and release of the button have answered already."""
    made = bench()
    at = made.at("y")
    port = made.view.viewport()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, port.mapToGlobal(at))
    QApplication.sendEvent(port, event)
    assert made.view.findChildren(QMenu, "sheet_menu") == []


def test_menus_hold_only_what_can_be_done(bench):
    """A step that was not placed by hand cannot be unpinned; one that was can."""
    made = bench(CHAIN.with_(layout={"z": (300.0, 300.0)}))

    def words(key):
        made.click(key, RIGHT)
        menu = made.view.findChildren(QMenu, "sheet_menu")[-1]
        every = [*menu.actions(), *(x for sub in menu.findChildren(QMenu) for x in sub.actions())]
        menu.close()
        return {action.text().partition("\t")[0] for action in every}

    assert "Unpin" not in words("b")
    assert "Unpin" in words("z")
    assert "Swap with the path to the left" not in words("b")


def test_the_menu_of_the_ground_names_what_is_undone_and_redone(bench):
    """Undo and redo say of what, and are not there while there is nothing to undo."""
    made = bench(CHAIN)

    def words():
        made.hands.offer(None, QPoint(0, 0))
        menu = made.view.findChildren(QMenu, "sheet_menu")[-1]
        menu.close()
        return [action.text().partition("\t")[0] for action in menu.actions()]

    assert not [one for one in words() if one.startswith(("Undo", "Redo", "Next problem"))]
    made.draft.edit("Add Mail & more", CHAIN.with_(name="New"))
    assert "Undo add Mail && more" in words()
    made.draft.undo()
    assert "Redo add Mail && more" in words()


def test_the_menu_of_a_locked_workflow_changes_nothing(bench):
    """It holds what one may do there: copy, select, look."""
    made = bench(CHAIN)
    made.draft.lock("It is looked at only.")
    made.click("b", RIGHT)
    menu = made.view.findChildren(QMenu, "sheet_menu")[-1]
    words = {action.text().partition("\t")[0] for action in menu.actions()}
    menu.close()
    assert "Copy" in words
    assert not words & {"Remove", "Cut", "Paste", "Add a step here", "Move"}


def test_space_pans_over_cards_and_is_not_a_drag(bench):
    """With Space held a press on a card takes hold of the sheet."""
    made = bench()
    made.bot.keyPress(made.view, Qt.Key.Key_Space)
    made.drag("y", made.at("y", 40, 40))
    made.bot.keyRelease(made.view, Qt.Key.Key_Space)
    assert made.graph is SPLIT


def test_leaving_the_sheet_puts_the_handles_away(bench):
    """Nothing stays lit when the pointer is elsewhere."""
    made = bench()
    made.hover("y")
    assert made.view.flow.handles._items
    QApplication.sendEvent(made.view, QEvent(QEvent.Type.Leave))
    assert not made.view.flow.handles._items
