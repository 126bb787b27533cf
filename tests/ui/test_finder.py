"""The finder: pages, commands, records, notes and e-mails by some letters, with keys alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from shiboken6 import delete

from rally_desktop.model.graph import Graph
from rally_desktop.services import notes, workflows
from rally_desktop.ui.widgets.finder import Entry, Finder, ranked
from rally_desktop.ui.widgets.finder_lines import ENTRY
from rally_desktop.ui.widgets.finder_search import TEXTS

pytestmark = pytest.mark.slow

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def finder(qtbot, window):
    """The finder of a window, open."""
    window.finder.open()
    return window.finder


def typed(qtbot, finder, text):
    """Type and wait for what the office has."""
    finder.search.clear()
    QTest.keyClicks(finder.search, text)
    qtbot.waitUntil(lambda: not finder._awaited)
    return listed(finder)


def listed(finder):
    """Return the headings with what stands below each."""
    found = {}
    for row in range(finder.lines.rowCount()):
        here = finder.lines.index(row, 0)
        if (entry := here.data(ENTRY)) is None:
            found[here.data()] = below = []
        else:
            below.append(entry[0].title)
    return found


def press(finder, key, modifiers=Qt.KeyboardModifier.NoModifier):
    """Press a key where one types."""
    QTest.keyClick(finder.search, key, modifiers)


def test_a_page_is_found_by_a_few_letters(qtbot, window):
    """Ctrl+K, a few letters and Enter lead to a page; the finder is gone then."""
    QTest.keyClick(window, Qt.Key.Key_K, CTRL)
    assert window.finder.isVisible()
    QTest.keyClicks(window.finder.search, "run")
    press(window.finder, Qt.Key.Key_Return)
    assert window.page() is window._pages["runs"]
    assert not window.finder.isVisible()


def test_the_box_in_the_rail_opens_the_same(qtbot, window):
    """A click on the box opens the finder, and a letter typed there is the first of a search."""
    qtbot.mouseClick(window.rail.finder, Qt.MouseButton.LeftButton)
    assert window.finder.isVisible()
    window.finder.leave()
    window.rail.finder.setFocus()
    QTest.keyClicks(window.rail.finder, "s")
    assert window.finder.search.text() == "s"


def test_the_arrows_walk_round_and_esc_closes(qtbot, window, finder):
    """Down moves on past headings, from the last to the first; Esc leaves all as it was."""
    before, first = window.page(), finder.list.currentIndex().row()
    for _ in range(len(finder.lines._rows)):
        press(finder, Qt.Key.Key_Down)
    assert finder.list.currentIndex().row() == first == 1
    press(finder, Qt.Key.Key_Up)
    assert finder.list.currentIndex().row() == finder.lines._rows[-1]
    press(finder, Qt.Key.Key_Escape)
    assert not finder.isVisible()
    assert window.page() is before


def test_a_click_beside_it_closes_it_and_one_within_does_not(qtbot, window, finder):
    """The page below is at hand again at once."""
    qtbot.mouseClick(finder, Qt.MouseButton.LeftButton)
    assert finder.isVisible()
    qtbot.mouseClick(window.foot, Qt.MouseButton.LeftButton)
    assert not finder.isVisible()


def test_what_is_not_found_says_what_to_try(qtbot, finder):
    """Letters that nothing has leave advice, signs alone another; Enter does nothing."""
    assert typed(qtbot, finder, "xyzzyq") == {}
    assert finder.nothing.isVisible()
    assert "Try fewer letters" in finder.nothing.text()
    press(finder, Qt.Key.Key_Return)
    assert finder.isVisible()
    typed(qtbot, finder, "?!")
    assert finder.nothing.text().startswith("Type letters")


def test_the_best_page_comes_first():
    """A beginning goes before a word within, a word before letters strewn about."""
    names = ("Drain two logs", "Go to workflows", "Workflows", "Contacts")
    entries = [Entry(name, "x", lambda: None) for name in names]
    found = [entry.title for entry in ranked(entries, "wo")]
    assert found == ["Workflows", "Go to workflows", "Drain two logs"]


def test_everything_of_a_name_is_listed_under_its_heading(qtbot, finder, world):
    """Contacts, companies, deals and notes with their counts, then what else is called so."""
    ana = world.contact("Ana", last_name="Silva")
    world.company("Silva Dental")
    world.deal("Roof for Silva")
    world.do(notes.add, ana, "Silva likes tea.")
    assert typed(qtbot, finder, "silva") == {
        "Contacts · 1": ["Ana Silva"],
        "Companies · 1": ["Silva Dental"],
        "Deals · 1": ["Roof for Silva"],
        "Notes · 1": ["Ana Silva"],
    }


def test_enter_waits_for_what_was_typed_last(qtbot, window, finder, world):
    """Whoever types fast and presses Enter at once gets what the whole text found."""
    world.contact("Ana")
    wanted = world.contact("Anastasia")
    typed(qtbot, finder, "an")
    QTest.keyClicks(finder.search, "astasia")
    press(finder, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not finder.isVisible())
    page = window._pages["contacts"]
    qtbot.waitUntil(lambda: page.card.ref == wanted)


def test_ctrl_enter_leads_to_the_note_on_the_timeline(qtbot, window, finder, world):
    """The record opens with its timeline at the note, however many came after it."""
    ana = world.contact("Ana")
    world.do(notes.add, ana, "She wants the price list.")
    for number in range(70):
        world.do(notes.add, ana, f"Call {number}")
    typed(qtbot, finder, "price list")
    press(finder, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: "contacts" in window._pages)
    page = window._pages["contacts"]
    view = page.timeline.view
    qtbot.waitUntil(lambda: view.currentIndex().isValid() and view.currentIndex().row() > 5)
    qtbot.waitUntil(lambda: page.card.ref == ana)
    assert view.lines.lines[view.currentIndex().row()].body == "She wants the price list."
    assert view.viewport().rect().contains(view.visualRect(view.currentIndex()))


def test_all_of_a_kind_are_shown_on_their_page(qtbot, window, finder, world):
    """With more than fit, the last line hands the text to the page; any spelling finds them."""
    for number in range(7):
        world.contact(f"Ana{number}", last_name="Müller")
    below = typed(qtbot, finder, "mueller")["Contacts · 7"]
    assert below[-1] == "Show all in Contacts"
    press(finder, Qt.Key.Key_Up)
    press(finder, Qt.Key.Key_Return)
    page = window._pages["contacts"]
    qtbot.waitUntil(lambda: page.count.text() == "7 matches")
    assert page.bar.text() == "mueller"


def test_more_of_what_no_page_lists_is_shown_in_place(qtbot, finder, world):
    """Notes, and names that are only similar, unfold in the finder, the cursor on the next one."""
    ana = world.contact("Ana")
    for number in range(7):
        world.do(notes.add, ana, f"Tea number {number}")
    below = typed(qtbot, finder, "tea")["Notes · 7"]
    assert below == ["Ana"] * 5 + ["Show more notes"]
    press(finder, Qt.Key.Key_Up)
    press(finder, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: listed(finder) == {"Notes · 7": ["Ana"] * 7})
    assert finder.list.currentIndex().row() == 6


def test_what_was_opened_and_looked_for_comes_back(qtbot, window, finder, world):
    """The empty finder offers both again, until one has the searches forgotten."""
    world.contact("Ana", last_name="Silva")
    typed(qtbot, finder, "silva")
    press(finder, Qt.Key.Key_Return)
    finder.open()
    qtbot.waitUntil(lambda: "Opened lately" in listed(finder))
    assert listed(finder)["Opened lately"] == ["Ana Silva"]
    assert listed(finder)["Looked for lately"] == ["silva", "Forget what was looked for"]
    for _ in range(2):
        press(finder, Qt.Key.Key_Down)
    press(finder, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Looked for lately" not in listed(finder))
    assert finder.isVisible()


def test_a_workflow_is_found_by_its_name(qtbot, window, finder, world):
    """Enter opens it on the canvas."""
    number = world.do(workflows.create, Graph(name="Birthday greetings"))
    assert typed(qtbot, finder, "birth") == {"Workflows": ["Birthday greetings"]}
    press(finder, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.page() is window._pages.get("workflows"))
    qtbot.waitUntil(lambda: window.page().editor is not None)
    assert window.page().editor.workflow_id == number


def test_whom_one_looked_for_is_forgotten_with_the_person(qtbot, desk, finder, world):
    """Once somebody is erased this computer keeps no text that was looked for."""
    world.contact("Ana", last_name="Silva")
    typed(qtbot, finder, "silva")
    press(finder, Qt.Key.Key_Return)
    assert desk.preferences.get(TEXTS)[desk.background.office] == ["silva"]
    desk.background.changed.emit(frozenset({"erasure"}))
    assert desk.preferences.get(TEXTS)[desk.background.office] == []


def test_a_finder_that_goes_with_its_window_takes_no_keys(window, theme):
    """What it meant to do in a moment is not done once it is gone."""
    finder = Finder(theme, window)
    finder.open()
    window.setFocus()
    assert not finder.search.hasFocus()
    delete(finder)
    QApplication.processEvents()
