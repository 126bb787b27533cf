"""One person's data in a dialog: handed over, or erased once the name was typed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from rally_desktop.engine import erasing
from rally_desktop.services import entry, notes, records
from rally_desktop.ui import later
from rally_desktop.ui.pages.contacts import ContactsPage
from rally_desktop.ui.pages.person_dialog import PersonDialog
from rally_desktop.ui.widgets.finder import Finder
from rally_desktop.ui.widgets.finder_search import FinderSearch
from rally_desktop.ui.widgets.plain_label import PlainLabel

pytestmark = pytest.mark.slow


@pytest.fixture
def ana(world):
    """Ana, of whom there is a note and a deal."""
    ref = world.contact("Ana", last_name="Silva", email="ana@example.org")
    world.do(notes.add, ref, "Prefers mornings")
    world.deal("New roof", contact_id=ref.id)
    return ref


def opened(desk, ref, qtbot):
    """The dialog about a person, read."""
    made = PersonDialog(desk, ref)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: bool(made.title.text()))
    return made


def test_it_says_what_goes_and_what_stays(desk, ana, qtbot):
    """What there is of the person is counted before anything is done."""
    shown = opened(desk, ana, qtbot)
    assert shown.goes.text() == (
        "The record of Ana Silva, 2 lines of the timeline, 1 note: all of it goes, for good."
    )
    assert shown.also.text() == "1 deal left without the person."


@pytest.mark.parametrize("look", ["light", "dark"])
def test_all_its_words_can_be_read(desk, ana, qtbot, look):
    """Nothing is cut off, however many lines they need."""
    desk.theme.wish(look)
    shown = opened(desk, ana, qtbot)
    shown.also.setText("One more line.\n" * 6)
    labels = [one for one in shown.findChildren(PlainLabel) if one.isVisible()]
    qtbot.waitUntil(lambda: all(one.height() >= one.heightForWidth(one.width()) for one in labels))
    assert len(labels) > 6


def test_it_is_among_the_pictures_of_the_contacts(desk, ana, qtbot):
    """The scene opens the window about whoever is on the card."""
    page = ContactsPage(desk)
    qtbot.addWidget(page)
    page.show()
    page.shown()
    qtbot.waitUntil(lambda: page.card.ref == ana)
    page.scenes()["person_data"]()
    (shown,) = page.findChildren(PersonDialog)
    qtbot.waitUntil(lambda: shown.title.text() == "Ana Silva")
    shown.reject()


def test_nothing_is_erased_before_the_name_is_typed(desk, ana, world, qtbot):
    """Half a name does nothing; the whole one, in any case of letters, erases."""
    shown = opened(desk, ana, qtbot)
    QTest.keyClicks(shown.name, "ana sil")
    assert not shown.erase_button.isEnabled()
    QTest.keyClick(shown.name, Qt.Key.Key_Return)
    QTest.keyClicks(shown.name, "va")
    QTest.mouseClick(shown.erase_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not shown.isVisible())
    assert not world.ask(entry.exists, ana)
    assert world.rows("select id from note") == []


def test_the_file_is_written_from_the_dialog(desk, ana, tmp_path, qtbot):
    """The export is where one said, and a notice leads to it."""
    said = []
    desk.notices.posted.connect(said.append)
    shown = opened(desk, ana, qtbot)
    shown.export(str(tmp_path / "ana.zip"))
    qtbot.waitUntil(lambda: bool(said))
    assert (tmp_path / "ana.zip").stat().st_size > 1000
    assert said[0].text == "All data is in ‘ana.zip’."


def test_who_is_in_the_trash_can_be_erased_but_not_exported(desk, ana, world, qtbot):
    """The button says what to do first."""
    world.do(records.delete, ana)
    shown = opened(desk, ana, qtbot)
    assert not shown.export_button.isEnabled()
    assert "Restore" in shown.export_button.toolTip()


def test_what_was_looked_for_is_forgotten_with_a_person(desk, ana, world, qtbot):
    """The finder offers no search any more in which the name may stand."""
    over = QWidget()
    qtbot.addWidget(over)
    asks = FinderSearch(desk, Finder(desk.theme, over))
    asks._remember("Silva")
    erasing.erase(world.store, ana)
    qtbot.waitUntil(
        lambda: desk.preferences.get("finder.texts", {}) == {desk.background.office: []}
    )


def test_a_card_leads_to_the_data_and_to_the_trash(desk, ana, qtbot):
    """The ‘⋯’ of a contact offers both; what was undoable there is forgotten with the person."""
    wanted = []
    desk.wanted.connect(lambda *what: wanted.append(what))
    page = ContactsPage(desk)
    qtbot.addWidget(page)
    page.show()
    page.shown()
    page.open(ana)
    qtbot.waitUntil(lambda: page.card.ref == ana and not later.busy())
    offered = {one.text(): one for one in page.card_menu.button.menu().actions()}
    offered["Show the trash"].trigger()
    assert wanted == [("trash", ("contact",))]
    page.grid.history.add("E-mail of Ana changed.", lambda: None)
    offered["This person’s data…"].trigger()
    [dialog] = page.window().findChildren(PersonDialog)
    qtbot.waitUntil(lambda: bool(dialog.title.text()))
    QTest.keyClicks(dialog.name, "Ana Silva\r")
    qtbot.waitUntil(lambda: page.grid.history.last() == "")
