"""The outline beside the canvas: the same workflow, selection and undo, all by keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QMenu, QWidget

from rally_desktop.canvas.outline_model import LINE
from rally_desktop.canvas.outline_tree import OutlineTree
from rally_desktop.canvas.overlay import Overlay
from rally_desktop.canvas.plan import Slot, Spot
from rally_desktop.canvas.reading import Line
from tests.canvas.flows import CHAIN, MAIL, OPEN, SPLIT, random_graph

pytestmark = pytest.mark.slow

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier
KEY = Qt.Key


@pytest.fixture
def beside(bench):
    """Make a canvas with its outline beside it."""

    def make(graph=SPLIT):
        made = bench(graph)
        window = QWidget()
        row = QHBoxLayout(window)
        made.tree = OutlineTree(made.editor, made.hands)
        row.addWidget(made.tree)
        row.addWidget(made.view)
        window.resize(1200, 800)
        made.show(window)
        window.activateWindow()
        made.tree.setFocus()
        return made

    return make


def rows(tree, parent=None):
    """The tree as nested lists of words."""
    parent = parent or QModelIndex()
    said = []
    for row in range(tree.lines.rowCount(parent)):
        index = tree.lines.index(row, 0, parent)
        said.append(index.data())
        if tree.lines.rowCount(index):
            said.append(rows(tree, index))
    return said


def lines(tree, parent=None):
    """The lines of the tree, depth first."""
    parent = parent or QModelIndex()
    for row in range(tree.lines.rowCount(parent)):
        index = tree.lines.index(row, 0, parent)
        assert tree.lines.parent(index) == parent
        yield index.data(LINE)
        yield from lines(tree, index)


def key(made, what, held=NONE):
    """Press a key in the outline."""
    made.bot.keyClick(made.tree, what, held)


def line_of(made):
    """The current line."""
    return made.tree.currentIndex().data(LINE)


def test_the_outline_shows_the_workflow_as_one_reads_it(beside):
    """Paths are numbered below their branch, and say where they go on."""
    made = beside()
    assert rows(made.tree) == [
        "Created", "Mail", "Branch",
        ["1. Yes", ["Mail", "→ goes on with 5 Mail"], "2. Else", ["Wait", "→ goes on with 5 Mail"]],
        "Mail", "End",
    ]  # fmt: skip


def test_what_is_chosen_in_one_is_chosen_in_the_other(beside):
    """Also several at once, and both ways."""
    made = beside()
    made.editor.select(Spot("step", "y"))
    assert line_of(made) == Line("step", "y")
    key(made, KEY.Key_Down, SHIFT)
    key(made, KEY.Key_Home)
    assert made.selected == Spot("trigger", "t1")
    key(made, KEY.Key_Down)
    key(made, KEY.Key_Down, SHIFT)
    assert made.view.flow.chosen == {Spot("step", "a"), Spot("step", "if")}
    made.editor.choose([Spot("step", "m"), Spot("step", "z")])
    chosen = {index.data(LINE).id for index in made.tree.selectionModel().selectedIndexes()}
    assert chosen == {"m", "z"}


def test_an_edit_takes_out_and_puts_in_only_what_differs(beside):
    """The tree is not made anew: one row comes for one step, and goes with undo."""
    made = beside()
    came, went = [], []
    made.tree.lines.rowsInserted.connect(lambda *at: came.append(at[1:]))
    made.tree.lines.rowsRemoved.connect(lambda *at: went.append(at[1:]))
    made.tree.lines.modelReset.connect(lambda: went.append("all"))
    made.editor.add(MAIL, made.plus("a"))
    assert (came, went) == ([(2, 2)], [])
    made.draft.undo()
    assert (came, went) == ([(2, 2)], [(2, 2)])


def test_what_was_folded_stays_folded(beside):
    """An edit elsewhere does not open a branch that was closed."""
    made = beside()
    made.editor.select(Spot("step", "if"))
    key(made, KEY.Key_Left)
    assert not made.tree.isExpanded(made.tree.currentIndex())
    made.editor.add(MAIL, made.plus("a"))
    made.draft.undo()
    assert not made.tree.isExpanded(made.tree.lines.index_of(Line("step", "if")))
    assert made.tree.isExpanded(made.tree.lines.index_of(Line("path", "if", "yes")))


def test_the_keys_of_the_canvas_work_on_lines(beside):
    """D disables, Del removes and connects, Ctrl+Z takes it back; the focus stays here."""
    made = beside(CHAIN)
    made.editor.select(Spot("step", "b"))
    key(made, KEY.Key_D)
    assert made.graph.steps["b"].disabled
    key(made, KEY.Key_Delete)
    assert made.path() == ["a", "c", "z"]
    key(made, KEY.Key_Z, CTRL)
    key(made, KEY.Key_Z, CTRL)
    assert made.graph == CHAIN
    assert made.tree.hasFocus()


def test_enter_on_an_open_end_asks_what_to_add_there(beside):
    """The new step stands on that path, and the outline has the focus again."""
    made = beside(OPEN)
    made.tree.setCurrentIndex(made.tree.lines.index_of(Line("open", "if", "else")))
    key(made, KEY.Key_Return)
    assert made.editor.quick_add.isVisible()
    made.bot.keyClicks(made.editor.quick_add.search, "task")
    made.bot.keyClick(made.editor.quick_add.search, KEY.Key_Return)
    assert made.graph.steps["if"].exits["else"] == "task1"
    assert line_of(made) == Line("step", "task1")
    assert made.tree.hasFocus()


def test_enter_on_a_reference_goes_to_the_step(beside):
    """From the end of a path one comes to where it goes on."""
    made = beside()
    made.tree.setCurrentIndex(made.tree.lines.index_of(Line("jump", "n", "next")))
    key(made, KEY.Key_Return)
    assert line_of(made) == Line("step", "m")


def test_f2_renames_a_step(beside):
    """What is typed is the title on the card; one undo takes it back."""
    made = beside(CHAIN)
    made.editor.select(Spot("step", "a"))
    key(made, KEY.Key_F2)
    field = made.tree.findChild(QLineEdit)
    field.selectAll()
    made.bot.keyClicks(field, "Welcome")
    made.bot.keyClick(field, KEY.Key_Return)
    made.bot.waitUntil(lambda: made.graph.steps["a"].title == "Welcome")
    made.draft.undo()
    assert made.graph == CHAIN


def test_lines_are_copied_pasted_and_moved_by_keys(beside):
    """Ctrl+C and Ctrl+V; Alt+Shift and an arrow swaps a step with the one beside it."""
    made = beside(CHAIN)
    made.editor.select(Spot("step", "a"))
    key(made, KEY.Key_C, CTRL)
    key(made, KEY.Key_V, CTRL)
    assert [made.graph.steps[each].kind for each in made.path()] == [
        "mail", "mail", "wait", "mail", "end",
    ]  # fmt: skip
    made.draft.undo()
    made.editor.select(Spot("step", "b"))
    key(made, KEY.Key_Up, ALT | SHIFT)
    assert made.path() == ["b", "a", "c", "z"]
    key(made, KEY.Key_Down, ALT | SHIFT)
    assert made.path() == ["a", "b", "c", "z"]


def drop(made, key_, row, parent):
    """Let a step go in the tree, as a drag would."""
    data = made.tree.lines.mimeData([made.tree.lines.index_of(Line("step", key_))])
    index = made.tree.lines.index_of(parent) if parent else QModelIndex()
    move = Qt.DropAction.MoveAction
    assert made.tree.lines.canDropMimeData(data, move, row, 0, index)
    made.tree.lines.dropMimeData(data, move, row, 0, index)


def test_a_line_dropped_between_others_moves_the_step(beside):
    """At the top of a path it comes first there; below a branch, after where its paths meet."""
    made = beside()
    drop(made, "a", 0, Line("path", "if", "else"))
    assert made.graph.steps["if"].exits["else"] == "a"
    made.draft.undo()
    drop(made, "a", 3, None)
    assert made.graph.steps["a"].exits == {"next": "m"}
    assert {made.graph.steps[x].exits["next"] for x in "yn"} == {"a"}


def test_a_branch_cannot_be_dropped_into_itself(beside):
    """Nor a step where it is already; the pointer says so before one lets go."""
    made = beside()
    lines_, move = made.tree.lines, Qt.DropAction.MoveAction
    data = lines_.mimeData([lines_.index_of(Line("step", "if"))])
    inside = lines_.index_of(Line("path", "if", "yes"))
    assert not lines_.canDropMimeData(data, move, 0, 0, inside)
    data = lines_.mimeData([lines_.index_of(Line("step", "y"))])
    assert not lines_.canDropMimeData(data, move, 0, 0, inside)


def test_the_trigger_comes_first_whatever_is_dropped(beside):
    """Above the trigger there is no place for a step."""
    made = beside()
    assert made.tree.lines.slot_at(0, QModelIndex()) is None
    assert made.tree.lines.slot_at(1, QModelIndex()) == Slot("connector", "start", "next")


def test_the_menu_of_a_line_is_that_of_its_card(beside):
    """Exactly what can be done there, with the keys."""
    made = beside()
    at = made.tree.visualRect(made.tree.lines.index_of(Line("step", "y"))).center()
    port = made.tree.viewport()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, port.mapToGlobal(at), NONE)
    QApplication.sendEvent(port, event)
    menu = made.view.findChild(QMenu, "sheet_menu")
    assert made.selected == Spot("step", "y")
    assert any(action.text().startswith("Disable") for action in menu.actions())
    menu.close()


def test_a_locked_workflow_is_read_only_in_the_outline(beside):
    """Nothing can be renamed or dragged."""
    made = beside()
    made.draft.lock("Somebody else has it.")
    flags = made.tree.lines.flags(made.tree.lines.index_of(Line("step", "y")))
    assert not flags & (Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsDragEnabled)


@pytest.mark.parametrize("seed", range(6))
def test_the_outline_follows_any_edits_and_undos(beside, seed):
    """After each of them the tree has exactly the lines of the workflow, in order."""
    made = beside(random_graph(40, seed))
    for number in range(12):
        slots = [slot for slot in made.view.flow.plan.pluses if slot.kind != "trigger"]
        if number % 4 == 3:
            made.draft.undo()
        elif number % 3 == 2:
            made.draft.edit("Remove", made.graph.removed_after(sorted(made.graph.steps)[number]))
        else:
            made.editor.add(MAIL, slots[(seed + number * 7) % len(slots)])
        assert list(lines(made.tree)) == list(made.editor.reading.lines())


def test_hidden_it_costs_nothing_and_shown_it_is_up_to_date(beside):
    """While another tab is in front the lines are left alone."""
    made = beside()
    made.tree.hide()
    made.editor.add(MAIL, made.plus("a"))
    assert Line("step", "mail1") not in list(lines(made.tree))
    made.tree.show()
    assert Line("step", "mail1") in list(lines(made.tree))


def test_who_scrolls_is_left_alone_while_numbers_change(beside):
    """Only another selection brings a line into view."""
    made = beside(random_graph(200, 1))
    made.editor.select(Spot("step", "s5"))
    bar = made.tree.verticalScrollBar()
    made.bot.waitUntil(lambda: bar.maximum() > 500 and not made.tree._reveal.isActive())
    bar.setValue(bar.maximum())
    made.view.flow.set_overlay(Overlay({"s5": "94"}))
    made.editor.refresh()
    assert not made.tree._reveal.isActive()
    assert "94" in made.tree.lines.index_of(Line("step", "s5")).data(
        Qt.ItemDataRole.AccessibleTextRole
    )
    made.editor.select(Spot("step", "s4"))
    assert made.tree._reveal.isActive()


def test_the_point_of_nothing_is_nowhere(beside):
    """A click below the last line chooses nothing new."""
    made = beside()
    before = made.selected
    made.bot.mouseClick(made.tree.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(50, 700))
    assert made.selected == before
