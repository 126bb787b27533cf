"""Many records at once from the grid: chosen, changed, stopped, taken back; and the menu."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication
from shiboken6 import delete

from rally_desktop.model.graph import Step
from rally_desktop.services import bulk
from rally_desktop.ui.pages.contacts import ContactsPage

pytestmark = pytest.mark.slow

Key = Qt.Key
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def people(world, monkeypatch):
    """Six contacts, two a batch."""
    monkeypatch.setattr(bulk, "BATCH", 2)
    world.user("Maria")
    return [world.contact(f"P{n}", score=n) for n in range(6)]


@pytest.fixture
def page(desk, people, qtbot):
    """The page of contacts, all six chosen."""
    made = ContactsPage(desk)
    made.resize(1400, 800)
    made.show()
    made.shown()
    made.activateWindow()
    qtbot.waitUntil(lambda: made.grid.model.loaded and bool(made.grid.edit.field("phone")))
    made.told = []
    desk.notices.posted.connect(made.told.append)
    qtbot.keyClick(made.grid.table, Key.Key_A, CONTROL)
    yield made
    delete(made)


def _dialog(page, qtbot):
    qtbot.waitUntil(lambda: page.deeds.dialog is not None and page.deeds.dialog.isVisible())
    return page.deeds.dialog


def _all(world, people, name):
    return [world.record(ref)[name] for ref in people]


def test_a_field_is_set_in_all_that_are_chosen_and_taken_back(page, people, world, qtbot):
    """The bar leads to a window with a field and a value; one undo puts six old values back."""
    assert page.bulk_bar.words.text() == "6 chosen"
    qtbot.mouseClick(page.bulk_bar.buttons["field"], Qt.MouseButton.LeftButton)
    dialog = _dialog(page, qtbot)
    dialog.box.setCurrentText("Score")
    qtbot.keyClicks(dialog.editor.widget, "90")
    qtbot.keyClick(dialog.editor.widget, Key.Key_Return)
    qtbot.waitUntil(lambda: bool(page.told))
    assert page.told[0].text == "Score set in 6 contacts."
    assert _all(world, people, "score") == [90] * 6
    page.told[0].action[1]()
    qtbot.waitUntil(lambda: len(page.told) == 2)
    assert page.told[1].text == "Undone in 6 records."
    assert _all(world, people, "score") == list(range(6))


def test_a_value_that_does_not_fit_is_said_before_anything_changes(page, people, world, qtbot):
    """It is tried on the first record; the window stays and says why."""
    page.deeds.set_field("score")
    dialog = _dialog(page, qtbot)
    qtbot.keyClicks(dialog.editor.widget, "900")
    qtbot.mouseClick(dialog.does_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog.problem.isVisible)
    assert "Score" in dialog.problem.text()
    assert _all(world, people, "score") == list(range(6))
    dialog.reject()


def test_tags_are_put_on_and_taken_off(page, people, world, qtbot):
    """A new tag is added to all, and then taken off all."""
    for does, button in ((page.deeds.add_tag, "Add tag"), (page.deeds.remove_tag, "Remove tag")):
        page.told.clear()
        does()
        dialog = _dialog(page, qtbot)
        assert dialog.does_button.text() == button
        dialog.value = lambda: "Fair"
        qtbot.mouseClick(dialog.does_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: bool(page.told) and page.deeds.dialog is None)
    assert all(tags == frozenset() for tags in _all(world, people, "tags"))
    assert page.told[0].text == "‘Fair’ removed from 6 contacts."


def test_stopping_keeps_what_is_done_and_offers_to_undo_it(page, people, world, qtbot, monkeypatch):
    """Stopped during the first batch, two records are changed, and both can be taken back."""
    batch = bulk._batch
    monkeypatch.setattr(bulk, "_batch", lambda *args: (page.work.call_off(), batch(*args))[1])
    page.deeds.set_field("score")
    dialog = _dialog(page, qtbot)
    qtbot.keyClicks(dialog.editor.widget, "90")
    qtbot.mouseClick(dialog.does_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(page.told))
    assert "Stopped after 2 of 6." in page.told[0].text
    assert _all(world, people, "score") == [90, 90, 2, 3, 4, 5]
    page.told[0].action[1]()
    qtbot.waitUntil(lambda: _all(world, people, "score") == list(range(6)))


def test_the_chosen_are_enrolled_after_saying_what_that_means(page, people, world, qtbot):
    """The window says how many would enter; then all are let in at the next beat."""
    world.publish(Step("tag", "add_tag", {"tag": "In"}), trigger="by_hand")
    page.deeds.enrol()
    dialog = _dialog(page, qtbot)
    qtbot.waitUntil(lambda: dialog.head.text() == "6 of 6 enter")
    qtbot.mouseClick(dialog.does_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(page.told))
    assert page.told[0].text == "‘Test’ takes in 6 contacts."
    world.heart.tick()
    assert all(tags == {"In"} for tags in _all(world, people, "tags"))


def test_deleting_many_is_undone_in_one_go(page, people, world, qtbot):
    """Delete takes all six; Ctrl+Z brings them back."""
    qtbot.keyClick(page.grid.table, Key.Key_Delete)
    qtbot.waitUntil(lambda: bool(page.told) and page.grid.model.rowCount() == 0)
    page.grid.history.undo_last()
    qtbot.waitUntil(lambda: page.grid.model.rowCount() == 6)


def test_the_bar_is_there_while_several_are_chosen(page, qtbot):
    """One record has no bar; two have, and it offers to choose all of them."""
    page.grid.table.pick(0)
    assert page.bulk_bar.isHidden()
    qtbot.keyClick(page.grid.table, Key.Key_Down, SHIFT)
    assert page.bulk_bar.isVisible()
    qtbot.mouseClick(page.bulk_bar.all_button, Qt.MouseButton.LeftButton)
    assert page.grid.table.selected_count() == 6
    qtbot.mouseClick(page.bulk_bar.none_button, Qt.MouseButton.LeftButton)
    assert page.grid.table.selected_count() == 1


@pytest.mark.parametrize("way", ["menu key", "shift f10", "pointer"])
def test_the_menu_opens_by_keys_and_by_pointer(page, qtbot, way):
    """It names the cell that would be edited and how many records are chosen."""
    table = page.grid.table
    if way == "pointer":
        where = QPoint(60, 60)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, table.mapToGlobal(where))
        QApplication.sendEvent(table.viewport(), event)
    else:
        qtbot.keyClick(table, *((Key.Key_Menu,) if way == "menu key" else (Key.Key_F10, SHIFT)))
    words = [action.text() for action in page.grid_menu.shown.actions()]
    assert {"Edit ‘Name’", "6 contacts", "Set a field…", "Delete", "Copy rows"} <= set(words)
    page.grid_menu.shown.close()
    assert page.grid_menu.shown is None
