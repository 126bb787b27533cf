"""Cells of a spreadsheet pasted onto the grid."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from shiboken6 import delete

from rally_desktop.ui.widgets.grid import RecordGrid

Key = Qt.Key
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def people(world):
    """Ana, Ben and Cem, in that order."""
    return [world.contact(name, phone="1", score=5) for name in ("Ana", "Ben", "Cem")]


@pytest.fixture
def grid(desk, people, qtbot):
    """The three with three columns; what is told is kept."""
    made = RecordGrid(desk, "contact")
    made.resize(900, 400)
    made.show()
    made.columns.show(["name", "phone", "score"])
    made.start()
    qtbot.waitUntil(lambda: made.model.loaded and made.model.row_at(0) is not None)
    made.told = []
    desk.notices.posted.connect(made.told.append)
    yield made
    delete(made)


def _paste(grid, qtbot, text, row=0, column=1):
    QGuiApplication.clipboard().setText(text)
    grid.table.go_to(row, column)
    qtbot.keyClick(grid.table, Key.Key_V, CONTROL)


def _dialog(grid, qtbot):
    qtbot.waitUntil(lambda: grid.paste.dialog is not None and grid.paste.dialog.isVisible())
    return grid.paste.dialog


def _all(world, people, name):
    return [world.record(ref)[name] for ref in people]


def test_a_block_is_shown_first_then_pasted_and_taken_back(grid, people, world, qtbot):
    """The window counts what changes and says what cannot; Ctrl+Z takes all of it back."""
    _paste(grid, qtbot, "7\t50\n8\t500\n1\t5\n9\t9")
    dialog = _dialog(grid, qtbot)
    assert dialog.words.text() == (
        "3 will change, 2 stay as they are, 1 cannot be pasted. "
        "2 have no place below or to the right and are left out."
    )
    assert _all(world, people, "phone") == ["1", "1", "1"]
    qtbot.mouseClick(dialog.paste_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(grid.told))
    assert (_all(world, people, "phone"), _all(world, people, "score")) == (
        ["7", "8", "1"],
        [50, 5, 5],
    )
    qtbot.keyClick(grid.table, Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: _all(world, people, "phone") == ["1", "1", "1"])


def test_one_cell_goes_in_at_once(grid, people, world, qtbot):
    """A single cell needs no window; its notice takes it back."""
    _paste(grid, qtbot, "42", column=2)
    qtbot.waitUntil(lambda: bool(grid.told))
    assert _all(world, people, "score") == [42, 5, 5]
    grid.told[0].action[1]()
    qtbot.waitUntil(lambda: _all(world, people, "score") == [5, 5, 5])


def test_one_line_fills_all_that_are_chosen(grid, people, world, qtbot):
    """One line pasted onto three chosen records goes to each of them."""
    QGuiApplication.clipboard().setText("33")
    grid.table.go_to(0, 2)
    for _ in range(2):
        qtbot.keyClick(grid.table, Key.Key_Down, SHIFT)
    qtbot.keyClick(grid.table, Key.Key_V, CONTROL)
    qtbot.mouseClick(_dialog(grid, qtbot).paste_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: _all(world, people, "score") == [33, 33, 33])


def test_rows_copied_here_and_pasted_back_change_nothing(grid, people, qtbot):
    """The line with the heads of the columns is known for what it is."""
    qtbot.keyClick(grid.table, Key.Key_A, CONTROL)
    qtbot.keyClick(grid.table, Key.Key_C, CONTROL)
    qtbot.waitUntil(lambda: bool(grid.told))
    grid.table.go_to(0, 0)
    qtbot.keyClick(grid.table, Key.Key_V, CONTROL)
    dialog = _dialog(grid, qtbot)
    assert dialog.words.text().startswith("0 will change, 9 stay")
    assert not dialog.paste_button.isEnabled()
    dialog.reject()


def test_nothing_on_the_clipboard_is_said(grid, people, qtbot):
    """An empty clipboard says what to do."""
    _paste(grid, qtbot, "")
    qtbot.waitUntil(lambda: bool(grid.told))
    assert grid.told[0].text == "There is nothing to paste. Copy some cells first."
