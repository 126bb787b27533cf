"""The page of duplicates, driven by mouse and keys: side by side, chosen, merged, parted."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from shiboken6 import delete

from rally_desktop.services import contacts, duplicates, merge_records
from rally_desktop.ui import later
from rally_desktop.ui.pages.companies import CompaniesPage
from rally_desktop.ui.pages.contacts import ContactsPage
from rally_desktop.ui.pages.duplicates import DuplicatesPage
from rally_desktop.ui.widgets.merge_model import STAYS

pytestmark = pytest.mark.slow

LEFT, KEY = Qt.MouseButton.LeftButton, Qt.Key
NUMBER = "+351 912 345 678"


@pytest.fixture
def show(desk, qtbot):
    """Open a page in a window of its own."""
    made = []

    def open_page(kind=DuplicatesPage, *what):
        page = kind(desk)
        made.append(page)
        page.resize(1280, 800)
        with qtbot.waitActive(page):
            page.show()
            page.activateWindow()
        page.shown()
        page.open(*what)
        qtbot.waitUntil(lambda: not later.busy())
        return page

    yield open_page
    for page in made:
        delete(page)


@pytest.fixture
def told(desk):
    """What was told in passing."""
    found = []
    desk.notices.posted.connect(found.append)
    return found


@pytest.fixture
def two(world):
    """Ana, known twice: each says what the other does not."""
    ana = world.contact("Ana", last_name="Silva", phone=NUMBER, city="Porto")
    anna = world.contact("Anna", last_name="Silva", phone=NUMBER, email="ana@example.com")
    return ana, anna


def _settled(qtbot):
    qtbot.waitUntil(lambda: not later.busy())


def _line(page, label):
    lines = page.sides.table.lines.rows
    return next(n for n, row in enumerate(lines) if row.cells[0].words == label)


def _becomes(page, label):
    return page.sides.table.lines.rows[_line(page, label)].cells[-1].words


def test_what_looks_alike_stands_side_by_side(show, qtbot, two):
    """The two are found with the reason, what differs stands out, and what comes of it is shown."""
    page = show(DuplicatesPage, "contact")
    assert page.table.current().names == ("Ana Silva", "Anna Silva")
    assert page.sides.why.text() == "Sure: the same number."
    marked = [row.cells[0].words for row in page.sides.table.lines.rows if row.cells[0].differs]
    assert marked == ["First name"]
    assert [_becomes(page, one) for one in ("E-mail", "City")] == ["ana@example.com", "Porto"]
    assert "1 line of the timeline" in page.sides.moves.text()


def test_arrows_and_clicks_choose(show, qtbot, world, two):
    """Down to the first name, right to Anna; a click on the other card: that one stays."""
    page = show(DuplicatesPage, "contact")
    table = page.sides.table
    table.setFocus()
    for key in (KEY.Key_Down, KEY.Key_Right):
        qtbot.keyClick(table, key)
    qtbot.waitUntil(lambda: _becomes(page, STAYS) == "Anna Silva")
    cell = table.visualRect(table.model().index(0, 2))
    qtbot.mouseClick(table.viewport(), LEFT, pos=cell.center())
    qtbot.waitUntil(lambda: page.sides.sides.kept == two[1])
    qtbot.mouseClick(page.sides.merge_button, LEFT)
    qtbot.waitUntil(lambda: not page.table.rows())
    found = world.record(two[1])
    assert (found["first_name"], found["city"]) == ("Anna", "Porto")


def test_a_merge_is_undone_from_its_notice(show, qtbot, world, two, told):
    """Ctrl+Enter merges; undone, the group is on the list again, with both as they were."""
    page = show(DuplicatesPage, "contact")
    qtbot.keyClick(page.table, KEY.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(told))
    told[0].action[1]()
    qtbot.waitUntil(lambda: len(page.table.rows()) == 1)
    assert world.record(two[1])["deleted_at"] is None


def test_not_the_same_is_remembered_and_forgotten(show, qtbot, world, two, told):
    """Who was called different is gone from the list; undone, they are there again."""
    page = show(DuplicatesPage, "contact")
    qtbot.mouseClick(page.sides.apart_button, LEFT)
    qtbot.waitUntil(lambda: bool(told))
    assert page.empty.heading.text() == "No duplicates"
    assert world.ask(duplicates.find, "contact").count == 0
    told[0].action[1]()
    qtbot.waitUntil(lambda: len(page.table.rows()) == 1)


def test_a_merge_is_undone_days_later(show, qtbot, world, clock, two):
    """It is listed with who and when, and the button parts the two."""
    world.do(merge_records.merge, *two)
    clock.advance(days=9)
    page = show(DuplicatesPage, "contact")
    qtbot.mouseClick(page.views.buttons["past"], LEFT)
    qtbot.waitUntil(lambda: page.past.undo_button.isEnabled())
    qtbot.mouseClick(page.past.undo_button, LEFT)
    qtbot.waitUntil(lambda: not page.past.undo_button.isEnabled())
    assert page.past.table.rows()[0].undone
    assert world.record(two[1])["email"] == "ana@example.com"


def test_all_safe_ones_are_merged_after_a_look(show, qtbot, world):
    """Ben twice is safe, Eva and Finn on one number are not: they stay on the list."""
    for first, last, number in (("Ben", "Berger", "1"), ("Eva", "Ek", "2"), ("Finn", "Fox", "2")):
        for _ in range(1 + (first == "Ben")):
            world.contact(first, last_name=last, phone=f"+351 912 000 00{number}")
    page = show(DuplicatesPage, "contact")
    qtbot.mouseClick(page.safe_button, LEFT)
    assert [group.names[0] for group in page.dialog.table.rows()] == ["Ben Berger"]
    qtbot.mouseClick(page.dialog.merge_button, LEFT)
    qtbot.waitUntil(lambda: len(page.table.rows()) == 1)
    assert page.table.rows()[0].names == ("Eva Ek", "Finn Fox")
    assert len(world.ask(merge_records.latest, "contact")) == 1


def test_a_colleague_who_was_quicker_is_named(show, qtbot, world, two, told):
    """The same pair was merged meanwhile: the second is told, and the next group is shown."""
    page = show(DuplicatesPage, "contact")
    page.sides.table.setFocus()
    world.store.user_id = world.user("Maria")
    world.do(merge_records.merge, *two)
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].text.startswith("Maria has merged Anna Silva with Ana Silva already")
    qtbot.waitUntil(lambda: not page.table.rows())


def test_chosen_rows_are_merged_from_the_grid(show, qtbot, world, desk, two):
    """‘Merge…’ in the menu of two chosen rows brings these two side by side."""
    page, gone = show(ContactsPage), []
    desk.wanted.connect(lambda *what: gone.append(what))
    qtbot.waitUntil(lambda: page.grid.model.loaded)
    page.grid.table.selectAll()
    actions = {action.text(): action for action in page.grid_menu.menu().actions()}
    actions["Merge…"].trigger()
    ((key, what),) = gone
    shown = show(DuplicatesPage, *what)
    assert (key, shown.sides.why.text()) == ("duplicates", "Chosen by you.")
    assert set(shown.sides.refs) == set(two)


def test_a_number_that_is_there_already_is_said_while_one_types(show, qtbot, world, two):
    """The dialog names Ana and leads to her; one may add the contact anyway."""
    page = show(ContactsPage)
    page.new_record()
    qtbot.waitUntil(lambda: page.dialog is not None and page.dialog.isVisible())
    qtbot.keyClicks(page.dialog.editors["phone"].widget, "912 345 678")
    line = page.dialog.likes
    qtbot.waitUntil(lambda: line.isVisible())
    assert line.words.text() == "Looks like Ana Silva: the same number."
    assert page.dialog.save_button.text() == "Add anyway"
    qtbot.mouseClick(line.show_button, LEFT)
    qtbot.waitUntil(lambda: page.card.ref == two[0])


def test_a_domain_on_a_card_is_compared_too(show, qtbot, world):
    """Typing another company's domain on the card names it; Esc takes both away."""
    hill = world.company("Hill Dental", domain="hill.example")
    page = show(CompaniesPage, world.company("Harbour Law"))
    qtbot.waitUntil(lambda: page.card.ref not in (None, hill) and "domain" in page.card.rows)
    page.card.more.setChecked(True)
    row = page.card.rows["domain"]
    row.edit()
    qtbot.keyClicks(row.editor.widget, "www.hill.example")
    qtbot.waitUntil(lambda: row._below is not None and row._below.isVisible())
    assert row._below.words.text() == "Looks like Hill Dental: the same domain."
    qtbot.keyClick(row.editor.widget, KEY.Key_Escape)
    assert row._below is None


def test_a_record_that_went_leaves_no_ghost(show, qtbot, world, two):
    """One of the two is deleted elsewhere: the group goes from the list by itself."""
    page = show(DuplicatesPage, "contact")
    world.do(contacts.delete, two[0])
    qtbot.waitUntil(lambda: not page.table.rows())
    assert page.empty.heading.text() == "No duplicates"
