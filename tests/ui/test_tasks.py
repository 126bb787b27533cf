"""A task from the card: written down whole, changed, deleted, and every step taken back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from shiboken6 import delete

from rally_desktop.core.errors import Refused
from rally_desktop.services import list_edits, tasks, timeline
from rally_desktop.ui.pages.timeline_pane import TimelinePane
from rally_desktop.ui.widgets.task_dialog import TaskDialog

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def told(desk):
    """Collect what is said in passing."""
    said = []
    desk.notices.posted.connect(said.append)
    return said


@pytest.fixture
def pane(desk, world, qtbot):
    """The timeline of Ana, who has one task."""
    ana = world.contact("Ana", last_name="Silva")
    world.do(tasks.create, ana, title="Ring back")
    made = TimelinePane(desk)
    made.resize(420, 700)
    made.show()
    made.show_ref(ana)
    qtbot.waitUntil(lambda: len(made.tasks.lines) == 1)
    yield made
    delete(made)


def _change(qtbot, line):
    """Open the window in which a task is changed, with the mouse."""
    QTest.mouseClick(line.edit_button, LEFT)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), TaskDialog))
    dialog = QApplication.activeModalWidget()
    qtbot.waitUntil(lambda: dialog.form.type.count() > 0)
    return dialog


def _undo(qtbot, told):
    qtbot.waitUntil(lambda: bool(told))
    words, does = told[-1].action
    assert words == "Undo"
    does()


def test_a_task_says_all_there_is_to_say(pane, world, qtbot):
    """Type and priority come from the office's own lists, the time and more about it besides."""
    world.do(list_edits.add, "task_priority", "At once")
    pane.composer.write("task")
    form = pane.composer.form
    qtbot.waitUntil(lambda: form.priority.count() == 4)
    qtbot.keyClicks(form.name, "Send the offer")
    form.priority.setCurrentText("At once")
    form.type.setCurrentText("E-mail")
    form.has_due.click()
    qtbot.keyClicks(form.text, "With the new prices")
    qtbot.keyClick(form.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(pane.tasks.lines) == 2)
    made = pane.tasks.lines[-1].shown[0]
    assert (made.type, made.priority, made.due_at) == ("E-mail", "At once", None)
    assert made.description == "With the new prices"


def test_a_task_is_changed_where_it_stands(pane, world, qtbot, told):
    """What was said before stands in the form; Undo brings it back."""
    dialog = _change(qtbot, pane.tasks.lines[0])
    assert (dialog.form.name.text(), dialog.form.has_due.isChecked()) == ("Ring back", False)
    dialog.form.name.clear()
    qtbot.mouseClick(dialog.save_button, LEFT)
    qtbot.waitUntil(lambda: dialog.problem.text() == "A task needs a title.")
    qtbot.keyClicks(dialog.form.name, "Write back")
    qtbot.keyClick(dialog.form.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: pane.tasks.lines[0].shown[0].title == "Write back")
    _undo(qtbot, told)
    qtbot.waitUntil(lambda: pane.tasks.lines[0].shown[0].title == "Ring back")


def test_a_task_that_was_done_by_mistake_is_to_be_done_after_all(pane, world, qtbot, told):
    """The timeline says both: nothing that was seen is unsaid."""
    QTest.mouseClick(pane.tasks.lines[0].buttons[""], LEFT)
    qtbot.waitUntil(lambda: pane.tasks.isHidden())
    _undo(qtbot, told)
    qtbot.waitUntil(lambda: len(pane.tasks.lines) == 1)
    said = [line.text for line in world.ask(timeline.lines, pane.ref)]
    assert said[:2] == ["To be done after all: Ring back", "Task done: Ring back"]


def test_a_task_is_deleted_and_brought_back(pane, world, qtbot, told):
    """Nobody has to say that it was done when it was not."""
    dialog = _change(qtbot, pane.tasks.lines[0])
    qtbot.mouseClick(dialog.delete_button, LEFT)
    qtbot.waitUntil(lambda: pane.tasks.isHidden())
    (line,) = world.ask(timeline.lines, pane.ref, limit=1)
    assert line.text == "Task deleted: Ring back"
    _undo(qtbot, told)
    qtbot.waitUntil(lambda: len(pane.tasks.lines) == 1)


def test_what_a_workflow_waits_for_is_neither_deleted_nor_taken_back(world):
    """The run has gone on, or would wait for ever."""
    number = world.do(tasks.create, world.contact(), title="Call", run_id=7)
    for deed in (tasks.drop, tasks.reopen):
        with pytest.raises(Refused, match="workflow"):
            world.do(deed, number)
