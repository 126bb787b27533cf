"""Enrolling from the screen: what it means is said first, then it is done and can be taken back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from shiboken6 import delete

from rally_desktop.engine.recipes.outreach import Outreach
from rally_desktop.ui.commands import workflows as commands
from rally_desktop.ui.pages.contacts import ContactsPage

pytestmark = pytest.mark.slow


@pytest.fixture
def number(world):
    """A sequence that nobody is in."""
    world.mailbox()
    return world.switch_on(Outreach)


@pytest.fixture
def page(desk, world, number, qtbot):
    """The page of three contacts: one can be written to, one has no address, one refused."""
    world.contact("Ana", email="ana@example.org")
    world.contact("Ben")
    world.contact("Carla", email="carla@example.org", do_not_contact=True)
    made = ContactsPage(desk)
    made.resize(1400, 800)
    made.show()
    made.shown()
    qtbot.waitUntil(lambda: made.grid.model.loaded and made.card.ref is not None)
    made.told = []
    desk.notices.posted.connect(made.told.append)
    yield made
    delete(made)


@pytest.fixture
def dialog(page, qtbot):
    """The window for all three of them, once it has found out what that would mean."""
    page.grid.table.selectAll()
    qtbot.mouseClick(page.bulk_bar.buttons["enrol"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.deeds.dialog is not None)
    made = page.deeds.dialog
    qtbot.waitUntil(lambda: made.does_button.isEnabled())
    return made


def test_it_says_who_is_left_out_and_why(dialog, qtbot, clock):
    """Two enter; the reasons stand in lines, and a line opens to the names behind it."""
    assert dialog.head.text() == "2 of 3 enter"
    left_out, silent = dialog.reasons
    assert left_out.head.text() == "1 · The contact is marked ‘do not contact’."
    assert silent.head.text() == "1 · The contact has no e-mail address."
    qtbot.mouseClick(left_out.head, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: left_out.names.count() == 1)
    assert left_out.names.item(0).text() == "Carla"
    said = [line.text() for line in dialog.lines]
    first = f"{clock.now().astimezone():%a 2 Jun %H:%M}"
    assert said[:2] == ["At most 2 e-mails.", f"The first goes out {first}."]
    dialog.reject()


def test_who_was_enrolled_is_taken_out_again(dialog, page, world, qtbot):
    """Those who may enter do so; Undo takes them out as long as nothing was sent."""
    qtbot.mouseClick(dialog.does_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(page.told))
    assert page.told[0].text == "‘Outreach in a week’ takes in 2 contacts."
    world.heart.tick()
    assert world.run_states() == ["active", "active"]
    page.told[0].action[1]()
    qtbot.waitUntil(lambda: len(page.told) == 2)
    assert world.run_states() == ["cancelled", "cancelled"]


def test_one_is_enrolled_from_the_card(page, qtbot):
    """The menu of the card asks for the one that it shows."""
    page.card_menu.enrol()
    qtbot.waitUntil(lambda: page.deeds.dialog is not None)
    assert page.deeds.dialog.windowTitle() == "Enrol 1 contact"
    qtbot.waitUntil(lambda: page.deeds.dialog.head.text() == "1 of 1 enters")
    page.deeds.dialog.reject()


def test_the_finder_leads_there(page, desk, qtbot):
    """The verb of the finder opens the window for whoever is chosen in the list."""
    desk.wanted.connect(lambda _, what: page.open(*what))
    commands.enrol(desk)
    qtbot.waitUntil(lambda: page.deeds.dialog is not None)
    page.deeds.dialog.reject()
