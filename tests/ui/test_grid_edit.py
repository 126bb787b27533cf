"""Editing a cell of the grid in its place."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox
from shiboken6 import delete

from rally_desktop.services import contacts, records
from rally_desktop.ui.widgets.grid import RecordGrid

pytestmark = pytest.mark.slow

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def people(world):
    """Ana, Ben and Cem, in that order."""
    world.user("Maria")
    return [world.contact(name, phone="1", score=5) for name in ("Ana", "Ben", "Cem")]


@pytest.fixture
def grid(desk, people, qtbot):
    """The three in a grid that shows what is edited here."""
    made = RecordGrid(desk, "contact")
    made.resize(1000, 400)
    made.show()
    made.activateWindow()
    made.columns.show(["name", "phone", "score", "lifecycle_stage", "tags", "owner_id",
                       "last_activity_at"])  # fmt: skip
    made.start()
    ready = lambda: made.model.loaded and made.edit.field("phone") and made.model.row_at(0)  # noqa: E731
    qtbot.waitUntil(lambda: bool(ready()))
    yield made
    delete(made)


def _at(grid, row, key):
    keys = [column.key for column in grid.model.columns]
    grid.table.go_to(row, keys.index(key))
    grid.table.setFocus()


def _box(grid):
    return grid.edit.editor.widget


def test_a_letter_begins_the_edit_and_enter_saves_and_goes_down(grid, people, world, qtbot):
    """What one types replaces the value; Enter saves it and stands on the next record."""
    _at(grid, 0, "phone")
    qtbot.keyClick(grid.table, "0")
    qtbot.keyClicks(_box(grid), "123")
    qtbot.keyClick(_box(grid), Key.Key_Return)
    qtbot.waitUntil(lambda: grid.edit.editor is None)
    assert world.record(people[0])["phone"] == "0123"
    assert (grid.table.currentIndex().row(), grid.table.currentIndex().column()) == (1, 1)


def test_f2_edits_what_is_there_and_tab_goes_right(grid, people, world, qtbot):
    """F2 selects the value; Tab saves it and stands on the next column."""
    _at(grid, 1, "phone")
    qtbot.keyClick(grid.table, Key.Key_F2)
    assert _box(grid).selectedText() == "1"
    qtbot.keyClicks(_box(grid), "77")
    qtbot.keyClick(_box(grid), Key.Key_Tab)
    qtbot.waitUntil(lambda: grid.table.currentIndex().column() == 2)
    assert world.record(people[1])["phone"] == "77"


def test_esc_leaves_the_cell_as_it_was(grid, people, world, qtbot):
    """Nothing is written, and the keys are the grid's again."""
    _at(grid, 0, "phone")
    qtbot.keyClicks(grid.table, "9")
    qtbot.keyClick(_box(grid), Key.Key_Escape)
    assert grid.edit.editor is None
    assert grid.table.hasFocus()
    assert world.record(people[0])["phone"] == "1"


def test_what_does_not_fit_is_said_at_the_cell(grid, people, world, qtbot):
    """The editor stays with what was typed, and the reason stands below it."""
    _at(grid, 0, "score")
    qtbot.keyClick(grid.table, "1")
    qtbot.keyClicks(_box(grid), "01")
    qtbot.keyClick(_box(grid), Key.Key_Return)
    qtbot.waitUntil(grid.edit.problem.isVisible)
    assert "Score" in grid.edit.problem.text()
    assert _box(grid).text() == "101"
    assert world.record(people[0])["score"] == 5


def test_a_list_is_picked_from(grid, people, world, qtbot):
    """A stage is chosen by its first letter in a list."""
    _at(grid, 0, "lifecycle_stage")
    qtbot.keyClick(grid.table, "c")
    box = _box(grid)
    assert isinstance(box, QComboBox)
    assert box.currentText() == "Customer"
    box.hidePopup()
    qtbot.keyClick(box, Key.Key_Return)
    qtbot.waitUntil(lambda: world.record(people[0])["lifecycle_stage"] == "Customer")


def test_a_name_is_edited_by_f2_and_searched_by_letters(grid, people, world, qtbot):
    """In the column of names, letters look for somebody and F2 edits."""
    _at(grid, 0, "name")
    with qtbot.waitSignal(grid.typed):
        qtbot.keyClick(grid.table, "s")
    qtbot.keyClick(grid.table, Key.Key_F2)
    qtbot.keyClicks(_box(grid), "Ana Ruiz")
    qtbot.keyClick(_box(grid), Key.Key_Return)
    qtbot.waitUntil(lambda: world.record(people[0])["last_name"] == "Ruiz")


def test_an_edit_is_taken_back_by_its_notice_and_by_ctrl_z(grid, desk, people, world, qtbot):
    """Undo puts the old value back, unless it was changed since."""
    told = []
    desk.notices.posted.connect(told.append)
    for row, text in ((0, "VIP, New"), (1, "Old")):
        _at(grid, row, "tags")
        qtbot.keyClick(grid.table, Key.Key_F2)
        qtbot.keyClicks(_box(grid), text)
        qtbot.keyClick(_box(grid), Key.Key_Return)
        qtbot.waitUntil(lambda row=row: len(told) == row + 1)
    qtbot.keyClick(grid.table, Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: world.record(people[1])["tags"] == frozenset())
    world.do(records.remove_tag, people[0], "New")
    told[0].action[1]()
    qtbot.waitUntil(lambda: told[-1].tone == "warn")
    assert world.record(people[0])["tags"] == frozenset()


def test_the_editor_stays_with_its_record_while_others_come_and_go(grid, people, world, qtbot):
    """News from elsewhere moves the editor along with the row, and what is typed stays."""
    _at(grid, 1, "phone")
    qtbot.keyClick(grid.table, "5")
    top = _box(grid).y()
    world.do(records.delete, people[0])
    qtbot.waitUntil(lambda: grid.model.rowCount() == 2 and _box(grid).y() < top)
    assert _box(grid).text() == "5"
    qtbot.keyClick(_box(grid), Key.Key_Return)
    qtbot.waitUntil(lambda: world.record(people[1])["phone"] == "5")


def test_what_only_the_program_sets_is_not_edited(grid, qtbot):
    """On such a column F2 leads to the card, and letters to the search."""
    _at(grid, 0, "last_activity_at")
    with qtbot.waitSignals([grid.edit_wanted, grid.typed]):
        qtbot.keyClick(grid.table, Key.Key_F2)
        qtbot.keyClick(grid.table, "s")
    assert grid.edit.editor is None


def test_an_address_somebody_has_is_refused_in_place(grid, people, world, qtbot):
    """Two contacts never get one address by an edit."""
    world.do(contacts.update, people[2], {"email": "cem@example.com"})
    grid.columns.show(["name", "email"])
    qtbot.waitUntil(lambda: grid.model.row_at(0) is not None)
    _at(grid, 0, "email")
    qtbot.keyClicks(grid.table, "c")
    qtbot.keyClicks(_box(grid), "em@example.com")
    qtbot.keyClick(_box(grid), Key.Key_Tab)
    qtbot.waitUntil(grid.edit.problem.isVisible)
    assert "Cem already has" in grid.edit.problem.text()
