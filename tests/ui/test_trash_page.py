"""The trash page: what was deleted is found there, comes back, or goes for good."""

from __future__ import annotations

from array import array

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QPushButton

from rally_desktop.model.ref import Ref
from rally_desktop.services import entry, notes, records, trash
from rally_desktop.ui.pages.contacts import ContactsPage
from rally_desktop.ui.pages.trash import TrashPage

pytestmark = pytest.mark.slow


@pytest.fixture
def page(desk, qtbot):
    """The page, open and read."""

    def show():
        made = TrashPage(desk)
        qtbot.addWidget(made)
        made.resize(1100, 700)
        made.show()
        made.shown()
        settle(qtbot)
        return made

    return show


def settle(qtbot):
    """Wait until nothing is read or written any more."""
    from rally_desktop.ui import later

    qtbot.waitUntil(lambda: not later.busy())


def names(page):
    """What is listed."""
    return [row.name for row in page.table.rows()]


def answer(qtbot, page, words):
    """Press a button of the question that is open."""

    def boxes():
        return [box for box in page.findChildren(QMessageBox) if box.isVisible()]

    qtbot.waitUntil(lambda: bool(boxes()))
    [button] = [one for one in boxes()[0].findChildren(QPushButton) if one.text() == words]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    settle(qtbot)


@pytest.fixture
def deleted(world):
    """Ana, then a note on Ben, then Acme, in the trash."""
    ana, ben = world.contact("Ana", email="ana@example.org"), world.contact("Ben")
    note = world.do(notes.add, ben, "Prefers mornings")
    acme = world.company("Acme")
    world.do(records.delete, ana)
    world.clock.advance(minutes=5)
    world.do(notes.remove, note)
    world.clock.advance(minutes=5)
    world.do(records.delete, acme)
    return ana


def test_what_was_deleted_is_listed_the_latest_first(page, deleted):
    """Records and notes stand together, with what they are and where they were."""
    shown = page()
    assert names(shown) == ["Acme", "Prefers mornings", "Ana"]
    assert shown.head.line.text() == "3 things · deleted for good after 90 days"


def test_it_is_narrowed_by_kind_and_by_words(page, deleted, qtbot):
    """A kind and some letters leave what they mean."""
    shown = page()
    shown.open("note")
    settle(qtbot)
    assert names(shown) == ["Prefers mornings"]
    shown.open()
    QTest.keyClicks(shown.search, "an")
    qtbot.waitUntil(lambda: names(shown) == ["Ana"])


def test_one_thing_comes_back_with_a_double_click(page, deleted, world, desk, qtbot):
    """The record is restored, and the notice leads to it."""
    said = []
    desk.notices.posted.connect(said.append)
    shown = page()
    shown.table.choose(lambda row: row.name == "Ana")
    QTest.mouseClick(shown.deeds.restore_button, Qt.MouseButton.LeftButton)
    settle(qtbot)
    assert world.ask(entry.exists, deleted)
    assert (said[-1].text, said[-1].action[0]) == ("Ana is back in Contacts.", "Open")
    qtbot.waitUntil(lambda: names(shown) == ["Acme", "Prefers mornings"])


def test_a_note_comes_back_to_a_record_that_is_in_the_trash_itself(page, world, desk, qtbot):
    """The notice says so, and leads nowhere."""
    said = []
    desk.notices.posted.connect(said.append)
    ben = world.contact("Ben")
    world.do(notes.remove, world.do(notes.add, ben, "Prefers mornings"))
    world.do(records.delete, ben)
    shown = page()
    shown.table.choose(lambda row: row.kind == "note")
    QTest.keyClick(shown.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(said))
    assert said[0].text == "The note is back on Ben, who is in the trash."
    assert said[0].action is None


def test_a_contact_whose_address_is_taken_comes_back_without_it(page, deleted, world, qtbot):
    """It says who has the address, and offers to merge or to do without."""
    other = world.contact("Anna", email="ana@example.org")
    shown = page()
    shown.table.choose(lambda row: row.name == "Ana")
    QTest.mouseClick(shown.deeds.restore_button, Qt.MouseButton.LeftButton)
    answer(qtbot, shown, "Restore without the address")
    assert world.record(deleted)["email"] == ""
    assert world.record(other)["email"] == "ana@example.org"


def test_what_is_deleted_for_good_is_gone(page, deleted, world, qtbot):
    """All that is selected goes once somebody said so twice."""
    shown = page()
    shown.table.selectAll()
    QTest.mouseClick(shown.deeds.delete_button, Qt.MouseButton.LeftButton)
    answer(qtbot, shown, "Delete for good")
    assert world.ask(trash.count) == 0
    assert world.rows("select id from contact where first_name = 'Ana'") == []
    assert world.ask(lambda work: work.find(Ref("contact", deleted.id))) is None
    qtbot.waitUntil(lambda: shown.empty.isVisible())


def test_a_long_trash_is_read_a_page_at_a_time(page, world, monkeypatch, qtbot):
    """Scrolling to the end reads on; all of it can be meant at once."""
    monkeypatch.setattr(trash, "PAGE", 30)
    monkeypatch.setitem(getattr(trash.listed, "__kwdefaults__"), "limit", 30)  # noqa: B009
    for number in range(45):
        world.do(records.delete, world.contact(f"Ana {number}"))
        world.clock.advance(seconds=1)
    shown = page()
    assert len(names(shown)) == 30
    shown.table.scrollToBottom()
    qtbot.waitUntil(lambda: len(names(shown)) == 45)
    assert names(shown) == [f"Ana {number}" for number in reversed(range(45))]


def test_the_notice_of_a_deletion_leads_to_the_trash(desk, world, qtbot):
    """Beside Undo stands the way to look at what was deleted."""
    said, wanted = [], []
    desk.notices.posted.connect(said.append)
    desk.wanted.connect(lambda *what: wanted.append(what))
    ana = world.contact("Ana")
    shown = ContactsPage(desk)
    qtbot.addWidget(shown)
    shown.show()
    shown.shown()
    shown.deeds.delete(array("q", [ana.id]), "Ana")
    qtbot.waitUntil(lambda: bool(said))
    assert (said[0].text, said[0].action[0], said[0].also[0]) == (
        "Ana deleted.", "Undo", "Show in trash",
    )  # fmt: skip
    said[0].also[1]()
    assert wanted == [("trash", ("contact",))]
