"""The list of all tasks: found, ordered, changed in place, ticked off by the dozen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from shiboken6 import delete

from rally_desktop.services import grid, tasks
from rally_desktop.services.grid import Query
from rally_desktop.ui.pages.tasks import TasksPage

pytestmark = pytest.mark.slow


@pytest.fixture
def page(desk, qtbot, world, clock):
    """Open the list on three open tasks about Ana."""
    ana = world.contact(first_name="Ana", last_name="Alvarez")
    for hours, title in ((1, "Call"), (50, "Write"), (-30, "Send the offer")):
        world.do(tasks.create, ana, title=title, due_at=clock.now() + _hours(hours))
    made = TasksPage(desk)
    made.resize(1180, 700)
    made.show()
    made.shown()
    made.activateWindow()
    qtbot.waitUntil(lambda: made.grid.model.loaded and made.grid.model.rowCount() == 3)
    yield made
    delete(made)


def _hours(count):
    return timedelta(hours=count)


def _titles(page):
    model = page.grid.model
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def _settled(page, qtbot, *titles):
    qtbot.waitUntil(lambda: _titles(page) == list(titles))


def _open(world):
    open_ = {"all": [{"field": "done", "op": "is", "value": False}]}
    return list(world.ask(grid.ids, "task", Query(open_, sort="due_at")))


def test_all_tasks_stand_in_the_order_of_their_days(page, qtbot):
    """The list begins with the open tasks, the most urgent first, and says what each is about."""
    _settled(page, qtbot, "Send the offer", "Call", "Write")
    assert page.grid.model.index(0, 1).data() == "Ana Alvarez"
    assert page.count.text() == "3 matches"


def test_space_ticks_off_and_ctrl_z_takes_it_back(page, qtbot, world):
    """A task is done by the space bar, leaves the list of open ones, and comes back by Ctrl+Z."""
    _settled(page, qtbot, "Send the offer", "Call", "Write")
    qtbot.waitUntil(lambda: page.grid.table.current_id() is not None)
    qtbot.keyClick(page.grid.table, Qt.Key.Key_Space)
    _settled(page, qtbot, "Call", "Write")
    qtbot.waitUntil(lambda: bool(page.grid.history.last()))
    qtbot.keyClick(page.grid.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    _settled(page, qtbot, "Send the offer", "Call", "Write")
    assert len(_open(world)) == 3


def test_all_chosen_tasks_are_put_off_and_brought_back_at_once(page, qtbot, world):
    """Everything chosen is put off by a week in one deed, and one undo brings all of it back."""
    _settled(page, qtbot, "Send the offer", "Call", "Write")
    before = {one: world.ask(tasks.one, one).due_at for one in _open(world)}
    page.grid.table.selectAll()
    page.deeds.put_off(7)
    qtbot.waitUntil(lambda: bool(page.grid.history.last()))
    later = {one: world.ask(tasks.one, one).due_at for one in before}
    assert len({due.date() for due in later.values()}) == 1
    page.grid.history.undo_last()
    qtbot.waitUntil(lambda: {one: world.ask(tasks.one, one).due_at for one in before} == before)


def test_a_task_is_changed_in_its_cell(page, qtbot, world):
    """F2 changes what a task is called, where it stands."""
    _settled(page, qtbot, "Send the offer", "Call", "Write")
    page.grid.table.go_to(1, 0)
    qtbot.waitUntil(lambda: page.grid.edit.field("title") is not None)
    qtbot.waitUntil(lambda: page.grid.model.row_at(1) is not None)
    qtbot.keyClick(page.grid.table, Qt.Key.Key_F2)
    qtbot.waitUntil(lambda: page.grid.edit.editor is not None)
    editor = page.grid.edit.editor.widget
    editor.setText("Call at noon")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    _settled(page, qtbot, "Send the offer", "Call at noon", "Write")


def test_a_done_task_is_found_by_its_state(page, qtbot, world):
    """Asked for what is done, the list shows what is done and nothing else."""
    world.do(tasks.complete, _open(world)[0])
    _settled(page, qtbot, "Call", "Write")
    page.bar.chips["done"].choose(["Done"])
    _settled(page, qtbot, "Send the offer")
