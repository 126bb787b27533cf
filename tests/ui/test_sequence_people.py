"""The people in a sequence on screen: listed, narrowed, paused and removed, with a way back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from rally_desktop.engine import by_hand, control, cookbook
from rally_desktop.engine.recipes.outreach import Outreach
from rally_desktop.ui.pages.contacts import ContactsPage
from rally_desktop.ui.pages.today import TodayPage
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.sequence_people import SequencePeople
from rally_desktop.ui.widgets.sequence_people_model import NAME, NEXT, WHEN, WHY

pytestmark = pytest.mark.slow

NAMES = ("Ana", "Ben", "Carla")


@pytest.fixture
def number(world):
    """A sequence that wrote to Ana, Ben and Carla, who wait for their call."""
    world.mailbox()
    made, owner = world.switch_on(Outreach), world.user("Nora")
    refs = [world.contact(name, email=f"{name}@example.org", owner_id=owner) for name in NAMES]
    world.do(by_hand.enrol, made, refs)
    world.heart.tick()
    return made


@pytest.fixture
def people(qtbot, desk, number):
    """The list of them, on screen."""
    made = SequencePeople(desk, number)
    qtbot.addWidget(made)
    made.resize(1100, 420)
    made.show()
    qtbot.waitUntil(lambda: shown(made) == list(NAMES))
    return made


def shown(people, column=NAME):
    """What stands in a column, from top to bottom."""
    model = people.table.people
    return [model.index(row, column).data() for row in range(model.rowCount())]


@pytest.fixture
def told(desk):
    """What the program says at the foot of the window."""
    said = []
    desk.notices.posted.connect(said.append)
    return said


def choose(people, *rows):
    """Click a row; further ones with Ctrl."""
    table = people.table
    for number, row in enumerate(rows):
        keys = Qt.KeyboardModifier.ControlModifier if number else Qt.KeyboardModifier.NoModifier
        where = table.visualRect(table.people.index(row, NAME)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, keys, where)


def states(world):
    """The states of the runs, in the order of the people."""
    return [row[0] for row in world.rows("select state from run order by id")]


def test_a_line_says_what_comes_next_and_when(people):
    """Three wait for their call, each with the moment at which it comes."""
    assert set(shown(people, NEXT)) == {"Call"}
    assert all(shown(people, WHEN))
    assert people.bar.words.text() == "3 people"


def test_a_pause_of_some_is_taken_back(people, world, qtbot):
    """Two are paused by a button, say why, and go on again by Ctrl+Z, when they would have."""
    before = shown(people, WHEN)
    choose(people, 0, 1)
    qtbot.mouseClick(people.bar.pause, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown(people, WHY).count("Somebody paused it.") == 2)
    assert people.table.chosen_count() == 2
    QTest.keyClick(people.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: shown(people, WHEN) == before)
    assert states(world) == ["active"] * 3


def test_the_paused_can_be_listed_alone(people, world, qtbot):
    """Narrowed to the paused only Ana is left, and nobody where there is none."""
    world.do(control.pause, [people.table.people.ids[0]])
    people.groups.setCurrentIndex(people.groups.findData("resting"))
    qtbot.waitUntil(lambda: shown(people) == ["Ana"])
    QTest.keyClicks(people.search, "zz")
    qtbot.waitUntil(people.empty.isVisible)
    qtbot.mouseClick(people.empty.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(shown(people)) == 3)


def test_a_skip_is_taken_back_until_the_next_step_comes(people, world, qtbot):
    """Who is sent past the wait gets the call in a moment; undone, the wait goes on as it was."""
    before = shown(people, WHEN)
    choose(people, 0)
    qtbot.mouseClick(people.bar.skip, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "In a moment" in shown(people, WHEN))
    QTest.keyClick(people.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: shown(people, WHEN) == before)
    qtbot.mouseClick(people.bar.skip, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "In a moment" in shown(people, WHEN))
    world.clock.advance(minutes=1)
    world.heart.tick()
    assert world.rows("select count(*) from task")[0][0] == 1


def test_who_was_removed_can_be_kept_by_undo(people, world, qtbot, told):
    """Delete asks nothing: Undo keeps two who are leaving; another one has left a moment later."""
    choose(people, 1, 2)
    QTest.keyClick(people.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: shown(people, NEXT).count("Leaves the sequence") == 2)
    assert told[-1].text == "2 people removed."
    told[-1].action[1]()
    qtbot.waitUntil(lambda: told[-1].text == "2 people back where they were.")
    qtbot.waitUntil(lambda: "Leaves the sequence" not in shown(people, NEXT))
    choose(people, 2)
    QTest.keyClick(people.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: "Leaves the sequence" in shown(people, NEXT))
    world.clock.advance(minutes=1)
    world.heart.tick()
    assert states(world) == ["active", "active", "stopped"]


def test_an_empty_sequence_says_how_people_come_in(qtbot, desk, world):
    """Where nobody is, a sentence and a way to the contacts stand instead of an empty table."""
    made = SequencePeople(desk, world.switch_on(Outreach))
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(made.empty.isVisible)
    gone = []
    desk.wanted.connect(lambda *way: gone.append(way))
    qtbot.mouseClick(made.empty.button, Qt.MouseButton.LeftButton)
    assert gone


def test_who_is_inside_is_shown_in_the_list_of_contacts(qtbot, window, desk, number, world):
    """One click leads to the contacts narrowed to those in the sequence, to export or edit them."""
    world.contact("Dora")
    people = SequencePeople(desk, number)
    qtbot.addWidget(people)
    people.show()
    qtbot.waitUntil(lambda: shown(people) == list(NAMES))
    qtbot.waitUntil(lambda: people.groups.currentText() == "Everybody inside · 3")
    qtbot.mouseClick(people.listed, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: isinstance(window.page(), ContactsPage))
    grid = window.page().grid
    qtbot.waitUntil(lambda: grid.model.loaded and grid.model.rowCount() == 3)


def test_a_draft_says_that_it_has_to_be_published_first(qtbot, desk, world):
    """Nobody can be enrolled in it yet, and the empty list says what is missing."""
    made = SequencePeople(desk, world.do(cookbook.install, Outreach))
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made.empty.isVisible() and "Publish" in made.empty.words.text())


def test_today_has_the_words_of_the_call(desk, number, world, qtbot):
    """Once the call of a sequence is due, the day says whom to call and what to say."""
    world.clock.advance(days=3)
    world.heart.tick()
    page = TodayPage(desk)
    qtbot.addWidget(page)
    page.show()
    page.shown()
    qtbot.waitUntil(lambda: bool(page.parts))
    said = [label.text() for label in page.findChildren(PlainLabel)]
    assert {"Call Ana", "Call Ben", "Call Carla"} <= set(said)
    assert said.count("Did my letter arrive? Offer ten minutes next week.") == 3
