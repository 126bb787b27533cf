"""People in the mailbox: looked at, added, ignored."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from rally_desktop.core.message import Mailbox
from rally_desktop.services import contacts, strangers
from rally_desktop.services.strangers import Meeting
from rally_desktop.ui.pages.ignored_dialog import IgnoredDialog
from rally_desktop.ui.pages.newcomers_dialog import NewcomersDialog


@pytest.fixture
def dialog(desk, world, qtbot):
    """The dialog, with Bo, Cy and Di, who wrote."""
    met = []
    for name in ("Bo Lind", "Cy Hall", "Di Hall"):
        address = f"{name[:2].lower()}@{name[3:].lower()}.example"
        met.append(Meeting(name, Mailbox(address, name), world.clock.now(), wrote=True))
    world.do(strangers.count, met, "inbox")
    made = NewcomersDialog(desk)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: len(made.table.rows()) == 3)
    return made


def test_who_is_chosen_is_added_and_taken_back(dialog, desk, world, qtbot):
    """A click and a button make a contact; the notice takes it back."""
    posted = []
    desk.notices.posted.connect(posted.append)
    dialog.table.choose(lambda one: one.name == "Bo Lind")
    qtbot.mouseClick(dialog.add, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(dialog.table.rows()) == 2)
    assert world.ask(contacts.with_email, "bo@lind.example") is not None
    qtbot.waitUntil(lambda: bool(posted))
    world.clock.advance(seconds=1)
    posted[-1].action[1]()
    qtbot.waitUntil(lambda: len(dialog.table.rows()) == 3)


def test_a_domain_is_ignored_and_heard_of_again(dialog, desk, world, qtbot):
    """Two people of one company go with their domain, and come back when it is taken out."""
    dialog.table.choose(lambda one: one.name == "Cy Hall")
    assert "@hall.example" in dialog.ignore_domain.text()
    qtbot.mouseClick(dialog.ignore_domain, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(dialog.table.rows()) == 1)
    listed = IgnoredDialog(desk)
    qtbot.addWidget(listed)
    listed.show()
    qtbot.waitUntil(lambda: len(listed.table.rows()) == 1)
    listed.table.selectRow(0)
    qtbot.mouseClick(listed.remove, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(dialog.table.rows()) == 3)


def test_enter_adds_a_pattern(desk, world, qtbot):
    """What is typed is ignored with Enter, and the dialog stays."""
    listed = IgnoredDialog(desk)
    qtbot.addWidget(listed)
    listed.show()
    qtbot.keyClicks(listed.field, "news*@*")
    qtbot.keyClick(listed.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [row[1] for row in listed.table.rows()] == ["news*@*"])
    assert listed.isVisible()
