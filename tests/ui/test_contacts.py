"""The contacts page, worked by mouse and keys on a real office."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from shiboken6 import delete

from rally_desktop.model.ref import Ref
from rally_desktop.services import contacts, notes, records, timeline
from rally_desktop.ui.pages.contacts import ContactsPage

pytestmark = pytest.mark.slow

Key = Qt.Key
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def page(desk, qtbot):
    """The page, shown, in an office without contacts unless the test added some first."""
    shown = ContactsPage(desk)
    shown.resize(1280, 800)
    shown.show()
    shown.shown()
    shown.activateWindow()
    qtbot.waitUntil(lambda: shown.grid.model.loaded)
    yield shown
    delete(shown)


@pytest.fixture
def ana(world):
    """Ana, known before the page opens."""
    return world.contact("Ana", last_name="Silva", email="ana@example.com", city="Porto")


@pytest.fixture
def ana_shown(ana, page, qtbot):
    """The page with Ana's card open."""
    qtbot.waitUntil(lambda: page.card.card is not None and page.card.card.ref == ana)
    return page


def _press(qtbot, key, modifiers=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(QApplication.focusWidget(), key, modifiers)


def _open_dialog(qtbot, page):
    qtbot.keyClick(page, Key.Key_N, CONTROL)
    qtbot.waitUntil(lambda: page.dialog is not None and page.dialog.isVisible())
    return page.dialog


def test_an_empty_office_says_what_to_do_first(page, qtbot):
    """Without contacts the page offers to add one, and the button opens the dialog."""
    assert page.grid.empty.heading.text() == "No contacts yet"
    qtbot.mouseClick(page.grid.empty.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.dialog is not None and page.dialog.isVisible())
    page.dialog.reject()


def test_a_contact_is_added_by_keys_alone(page, world, qtbot):
    """Ctrl+N, typing, Tab and Enter add a contact, which is then the one that is shown."""
    dialog = _open_dialog(qtbot, page)
    for words in ("Ada", "Abel", "ada@example.com"):
        qtbot.keyClicks(QApplication.focusWidget(), words)
        _press(qtbot, Key.Key_Tab)
    _press(qtbot, Key.Key_Tab)
    qtbot.keyClicks(QApplication.focusWidget(), "Hill Dental")
    qtbot.keyClick(dialog, Key.Key_Return)
    qtbot.waitUntil(lambda: page.card.name.whole() == "Ada Abel")
    assert page.dialog is None
    assert page.card.subtitle.whole() == "Hill Dental"
    assert world.record(page.card.ref)["email"] == "ada@example.com"


def test_a_known_address_is_said_while_one_types(ana, page, qtbot):
    """The dialog names who has an address already, adds nobody, and leads there."""
    dialog = _open_dialog(qtbot, page)
    qtbot.keyClicks(dialog.editors["email"].widget, "ANA@example.com")
    qtbot.waitUntil(lambda: dialog.twin_button.isVisible())
    assert dialog.problems["email"].text() == "Ana Silva has this address already."
    qtbot.mouseClick(dialog.twin_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.dialog is None and page.card.ref == ana)


@pytest.mark.parametrize(("name", "typed"), [("email", "not an address"), ("phone", "5")])
def test_a_contact_that_lacks_something_is_not_added(page, world, qtbot, name, typed):
    """A bad address or nothing to call a person by is said at its field; nothing is saved."""
    dialog = _open_dialog(qtbot, page)
    qtbot.keyClicks(dialog.editors[name].widget, typed)
    qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    said = dialog.problems["email" if name == "email" else "first_name"]
    assert said.isVisible()
    assert dialog.isVisible()
    assert world.rows("select count(*) from contact")[0][0] == 0
    dialog.reject()


def test_typing_narrows_and_esc_widens_again(ana, world, page, qtbot):
    """Ctrl+F, some letters: only who matches; Esc: everybody; the count says how many."""
    world.contact("Ben")
    qtbot.keyClick(page, Key.Key_F, CONTROL)
    assert page.bar.search.hasFocus()
    qtbot.keyClicks(page.bar.search, "silv")
    qtbot.waitUntil(lambda: page.count.text() == "1 match")
    _press(qtbot, Key.Key_Escape)
    qtbot.waitUntil(lambda: page.count.text() == "2 contacts")


def test_a_field_is_edited_in_place(ana_shown, ana, world, qtbot):
    """A double click opens a field, Enter saves it, and the timeline has the line."""
    row = ana_shown.card.rows["title"]
    qtbot.mouseDClick(row, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(row.editor.widget, "Dentist")
    qtbot.keyClick(row.editor.widget, Key.Key_Return)
    qtbot.waitUntil(lambda: row.value_label.whole() == "Dentist" and row.editor is None)
    assert world.record(ana)["title"] == "Dentist"
    lines = ana_shown.timeline.view.lines
    said = "Job title set to ‘Dentist’"
    qtbot.waitUntil(lambda: bool(lines.lines) and lines.lines[0].text == said)


def test_esc_leaves_a_field_as_it_was(ana_shown, ana, world, qtbot):
    """F2 edits the field that has the focus; Esc takes the typing back."""
    row = ana_shown.card.rows["city"]
    row.setFocus()
    qtbot.keyClick(row, Key.Key_F2)
    qtbot.keyClicks(row.editor.widget, "Lisbon")
    qtbot.keyClick(row.editor.widget, Key.Key_Escape)
    assert row.editor is None
    assert row.value_label.whole() == "Porto"
    assert world.record(ana)["city"] == "Porto"


def test_a_value_that_is_refused_stays_to_be_corrected(ana_shown, world, qtbot):
    """An address that somebody has is refused under the field, and what was typed stays."""
    world.contact("Ben", email="ben@example.com")
    row = ana_shown.card.rows["email"]
    row.edit()
    row.editor.widget.setText("ben@example.com")
    qtbot.keyClick(row.editor.widget, Key.Key_Return)
    qtbot.waitUntil(lambda: row.problem.isVisible())
    assert "already has the address" in row.problem.text()
    assert row.editor.widget.text() == "ben@example.com"
    qtbot.keyClick(row.editor.widget, Key.Key_Escape)


def test_leaving_for_another_contact_saves_to_the_right_one(ana_shown, ana, world, qtbot):
    """A field that is open while another contact is chosen is saved to its own contact."""
    ben = world.contact("Ben")
    row = ana_shown.card.rows["title"]
    row.edit()
    row.editor.widget.setText("Dentist")
    ana_shown.card.show_ref(ben)
    qtbot.waitUntil(lambda: world.record(ana)["title"] == "Dentist")
    assert world.record(ben)["title"] == ""


def test_tags_are_added_and_taken_off(ana_shown, ana, world, qtbot):
    """Enter in the box adds a tag; the cross takes it off."""
    tags = ana_shown.card.tags
    qtbot.keyClicks(tags.box, "VIP")
    qtbot.keyClick(tags.box, Key.Key_Return)
    qtbot.waitUntil(lambda: tags.tags() == ("VIP",))
    assert world.record(ana)["tags"] == {"VIP"}
    qtbot.mouseClick(tags._chips[0].cross, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tags.tags() == ())


def test_the_timeline_goes_on_by_itself(ana_shown, ana, store, qtbot):
    """What another thread writes appears at the top without anything being pressed."""
    thread = threading.Thread(target=store.write, args=(notes.add, ana, "From the engine"))
    thread.start()
    thread.join()
    lines = ana_shown.timeline.view.lines
    qtbot.waitUntil(lambda: lines.lines[0].body == "From the engine")
    assert len(lines.lines) == 2


def test_a_note_is_logged_by_keys(ana_shown, ana, world, qtbot):
    """Ctrl+Shift+N opens the box, Ctrl+Enter keeps the note."""
    qtbot.keyClick(ana_shown, Key.Key_N, CONTROL | SHIFT)
    box = ana_shown.timeline.composer.form.first
    assert box.hasFocus()
    qtbot.keyClicks(box, "Rang twice")
    qtbot.keyClick(box, Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: not ana_shown.timeline.composer.isVisible())
    assert world.ask(timeline.lines, ana)[0].body == "Rang twice"


def test_deleting_can_be_undone(ana_shown, ana, desk, world, qtbot):
    """Delete takes the contact away and offers to undo, which brings it back."""
    told = []
    desk.notices.posted.connect(told.append)
    ana_shown.grid.table.setFocus()
    qtbot.keyClick(ana_shown.grid.table, Key.Key_Delete)
    qtbot.waitUntil(lambda: ana_shown.count.text() == "0 contacts")
    qtbot.waitUntil(lambda: ana_shown.card.ref is None and bool(told))
    assert told[-1].text == "Ana Silva deleted."
    told[-1].action[1]()
    qtbot.waitUntil(lambda: ana_shown.card.ref == ana)
    assert world.record(ana)["deleted_at"] is None


def test_a_contact_is_opened_from_elsewhere(ana, world, page, qtbot):
    """Another page can bring a contact to the front by its Ref."""
    ben = world.contact("Ben")
    page.open(ben)
    qtbot.waitUntil(lambda: page.card.ref == ben)


def test_what_the_filter_hides_can_be_shown(ana, world, desk, page, qtbot):
    """Opening a contact that the filter leaves out says so and offers to show it."""
    told = []
    desk.notices.posted.connect(told.append)
    page.bar.fill({"all": [{"field": "city", "op": "is", "value": "Nowhere"}]})
    qtbot.waitUntil(lambda: page.count.text() == "0 matches")
    page.open(ana)
    qtbot.waitUntil(lambda: bool(told))
    told[-1].action[1]()
    qtbot.waitUntil(lambda: page.card.ref == ana)


def test_columns_and_order_are_remembered(page, desk, qtbot):
    """Another page with the same preferences begins with the chosen columns and order."""
    page.grid.columns.show(["name", "city"])
    page.grid.columns.sort("city", down=True)
    again = ContactsPage(desk)
    qtbot.addWidget(again)
    assert again.grid.columns.visible_keys() == ["name", "city"]
    assert again.grid.model.query.sort == "city"
    assert again.grid.model.query.down


def test_what_somebody_else_deletes_goes_from_the_list(ana_shown, ana, store, qtbot):
    """A contact deleted on another thread leaves the grid by itself, without an error."""
    store.write(records.delete, Ref("contact", ana.id))
    qtbot.waitUntil(lambda: ana_shown.count.text() == "0 contacts")
    qtbot.waitUntil(lambda: ana_shown.card.ref is None)


def test_an_edit_that_leaves_the_filter_keeps_the_card(ana_shown, ana, qtbot):
    """A contact that no longer matches after an edit goes from the list, but not from view."""
    ana_shown.bar.fill({"all": [{"field": "city", "op": "is", "value": "Porto"}]})
    qtbot.waitUntil(lambda: ana_shown.count.text() == "1 match")
    row = ana_shown.card.rows["city"]
    row.edit()
    row.editor.widget.setText("Lisbon")
    qtbot.keyClick(row.editor.widget, Key.Key_Return)
    qtbot.waitUntil(lambda: ana_shown.count.text() == "0 matches")
    qtbot.waitUntil(lambda: row.value_label.whole() == "Lisbon")
    assert ana_shown.card.ref == ana
    assert ana_shown.card.isVisible()


def test_a_contact_another_desk_adds_appears(ana_shown, store, qtbot):
    """A contact added on another thread is listed, and the one on screen stays."""
    shown = ana_shown.card.ref
    store.write(contacts.create, {"first_name": "Ben"})
    qtbot.waitUntil(lambda: ana_shown.count.text() == "2 contacts")
    assert ana_shown.grid.current() == shown
