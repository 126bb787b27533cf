"""The password of a workflow on its page: set, asked for, changed and taken away."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from rally_desktop.canvas.plan import Spot
from rally_desktop.services import protection, workflows
from rally_desktop.ui import later
from rally_desktop.ui.pages.password_dialog import PasswordDialog
from rally_desktop.ui.pages.workflow_editor import WorkflowEditor
from tests.ui.whole import SOUND, TASK

pytestmark = pytest.mark.slow

LEFT, KEY = Qt.MouseButton.LeftButton, Qt.Key
WORD = "open sesame"


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    """Passwords that are tried in no time."""
    monkeypatch.setattr(protection, "COST", protection.Cost(1, 1, 64))


@pytest.fixture
def page(desk, world, qtbot):
    """A protected workflow on its page."""
    number = world.do(workflows.create, SOUND)
    world.do(protection.protect, number, WORD)
    world.ask(protection.lock, number)
    editor = WorkflowEditor(desk, number)
    qtbot.addWidget(editor)
    editor.resize(1280, 800)
    with qtbot.waitActive(editor):
        editor.show()
        editor.activateWindow()
    qtbot.waitUntil(lambda: editor.stored is not None and not later.busy())
    return editor


def dialog(page):
    """The question that is open."""
    return page.findChild(PasswordDialog)


def enter(qtbot, page, word):
    """Type a password and press Enter."""
    asked = dialog(page)
    QTest.keyClicks(asked.password, word)
    QTest.keyClick(asked.password, KEY.Key_Return)
    qtbot.waitUntil(lambda: not later.busy())


def part(page):
    """The part of the panel about the password, unfolded."""
    whole = page.settings.whole
    whole.folds["protection"].open()
    return whole._parts["protection"]


def test_a_protected_workflow_opens_to_be_looked_at(page, qtbot):
    """A strip says why nothing can be changed, and offers to enter the password."""
    guard = page.settings.guard
    assert guard.strip.isVisible()
    qtbot.mouseClick(guard.strip.buttons[0], LEFT)
    enter(qtbot, page, WORD)
    qtbot.waitUntil(lambda: not guard.strip.isVisible())
    page.draft.edit("Rename", page.draft.graph.with_(name="Mine"))
    assert page.draft.graph.name == "Mine"


def test_trying_to_change_something_asks_for_the_password(page, qtbot):
    """Nothing is changed, and the question is there once, however often one tries."""
    page.canvas.select(None)
    page.canvas.select(Spot("step", "task1"))
    page.view.setFocus()
    for _ in range(2):
        qtbot.keyClick(page.view, KEY.Key_Delete)
        page.draft.edit("Rename", page.draft.graph.with_(name="Mine"))
    assert page.draft.graph == page.stored.graph
    assert len(page.findChildren(PasswordDialog)) == 1
    dialog(page).reject()


def test_a_wrong_password_is_told_and_can_be_tried_again(page, qtbot):
    """The question stays, and says how many tries are left."""
    page.settings.guard.ask()
    enter(qtbot, page, "abracadabra")
    asked = dialog(page)
    assert asked.wrong.text().startswith("That is not the password.")
    assert page.draft.locked
    asked.password.clear()
    enter(qtbot, page, WORD)
    assert not page.draft.locked


def test_a_password_is_taken_away_in_the_panel(page, world, qtbot):
    """Once it was entered, everybody can be let in again."""
    page.settings.guard.ask()
    enter(qtbot, page, WORD)
    qtbot.mouseClick(part(page).take_away, LEFT)
    qtbot.waitUntil(lambda: not page.settings.guard.state.protected)
    assert page.settings.whole._parts["protection"].summary(page.draft.graph) == "No password"


def test_lock_now_asks_again(page, qtbot):
    """Whoever leaves the desk need not wait for the ten minutes."""
    page.settings.guard.ask()
    enter(qtbot, page, WORD)
    qtbot.mouseClick(part(page).lock, LEFT)
    qtbot.waitUntil(lambda: bool(page.draft.locked))
    assert part(page).enter.isVisible()


def test_a_first_password_is_set_twice_the_same(open_whole, qtbot):
    """The button waits until both are the same; the workflow stays open to whoever set it."""
    page = open_whole()
    qtbot.mouseClick(part(page).new, LEFT)
    asked = dialog(page)
    QTest.keyClicks(asked.password, WORD)
    QTest.keyClicks(asked.again, "open")
    assert not asked.go.isEnabled()
    QTest.keyClicks(asked.again, " sesame")
    qtbot.mouseClick(asked.go, LEFT)
    qtbot.waitUntil(lambda: page.settings.guard.state.protected)
    assert not page.draft.locked
    page.draft.edit("Add", page.draft.graph.with_step(TASK))


def test_a_short_password_is_refused_in_the_dialog(open_whole, qtbot):
    """It says how long one must be."""
    page = open_whole()
    page.settings.guard.ask_new()
    asked = dialog(page)
    for line in (asked.password, asked.again):
        QTest.keyClicks(line, "short")
    qtbot.mouseClick(asked.go, LEFT)
    qtbot.waitUntil(lambda: "8 to 200" in asked.wrong.text())
    asked.reject()
