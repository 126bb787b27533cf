"""The keys of programs outside on the settings page."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox

from rally_desktop.model.graph import Step
from rally_desktop.services import api_keys
from rally_desktop.ui.pages.key_dialog import KeyDialog
from rally_desktop.ui.pages.settings import SettingsPage

pytestmark = pytest.mark.slow

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def section(desk, qtbot):
    """The section with the keys, on screen."""
    page = SettingsPage(desk)
    qtbot.addWidget(page)
    page.resize(1280, 820)
    page.show()
    page.open("API keys")
    return page.area.currentWidget()


def dialog_of(section, qtbot, kind):
    """Return the dialog that a button has opened."""
    qtbot.waitUntil(lambda: any(d.isVisible() for d in section.findChildren(kind)))
    return next(d for d in section.findChildren(kind) if d.isVisible())


def test_a_key_is_made_copied_once_and_listed(section, world, qtbot):
    """A name is enough; the key is on the clipboard, holds, and the table says what it may."""
    qtbot.waitUntil(section.empty.isVisible)
    qtbot.mouseClick(section.empty.button, LEFT)
    dialog = dialog_of(section, qtbot, KeyDialog)
    assert not dialog.make.isEnabled()
    qtbot.keyClicks(dialog.name, "Online shop")
    qtbot.keyClick(dialog.adds, Qt.Key.Key_Space)
    qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    qtbot.waitUntil(dialog.copy.isVisible)
    qtbot.mouseClick(dialog.copy, LEFT)
    key = world.ask(api_keys.holder, QGuiApplication.clipboard().text())
    assert (key.name, key.adds) == ("Online shop", True)
    qtbot.mouseClick(dialog.ready, LEFT)
    qtbot.waitUntil(section.table.isVisible)
    assert section.table.model().index(0, 2).data() == "Enrol, add contacts"


def test_a_name_that_is_taken_is_said_in_place(section, world, qtbot):
    """The window stays, says what is wrong, and makes no second key."""
    world.do(api_keys.make, "Shop")
    section.open_new()
    dialog = dialog_of(section, qtbot, KeyDialog)
    qtbot.keyClicks(dialog.name, "shop")
    qtbot.mouseClick(dialog.make, LEFT)
    qtbot.waitUntil(dialog.problem.isVisible)
    assert "belongs to another key" in dialog.problem.text()
    assert len(world.ask(api_keys.listed)) == 1
    dialog.reject()


def test_a_key_is_revoked_after_a_question_and_stays_listed(section, world, qtbot):
    """It opens nothing from then on, and the table says so; there is nothing more to revoke."""
    shown = world.do(api_keys.make, "Shop")
    section.refresh()
    qtbot.waitUntil(section.table.isVisible)
    section.table.selectRow(0)
    qtbot.mouseClick(section.revoke, LEFT)
    question = dialog_of(section, qtbot, QMessageBox)
    qtbot.mouseClick(question.buttons()[0], LEFT)
    qtbot.waitUntil(lambda: world.ask(api_keys.holder, shown) is None)
    qtbot.waitUntil(lambda: section.table.model().index(0, 5).data() == "Revoked")
    assert not section.revoke.isVisible()


def test_the_request_to_copy_names_the_chosen_sequence(section, world, qtbot):
    """Without a sequence it says what is missing; with one it is complete but for the key."""
    world.do(api_keys.make, "Shop")
    section.refresh()
    qtbot.waitUntil(section.example.none.isVisible)
    wait = Step("wait", "wait", {"amount": 9, "unit": "days"})
    number = world.publish(wait, trigger="by_hand", purpose="sequence")
    section.refresh()
    qtbot.waitUntil(section.example.copy.isVisible)
    qtbot.mouseClick(section.example.copy, LEFT)
    assert f"/v1/sequences/{number}/people" in QGuiApplication.clipboard().text()
