"""What a screen reader finds on the canvas."""

from __future__ import annotations

import gc
from weakref import ref

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QMenu

from rally_desktop.canvas.accessible import Voice
from rally_desktop.canvas.outline_tree import OutlineTree
from rally_desktop.canvas.plan import Slot, Spot
from rally_desktop.model.graph import Frame, Note, Step
from tests.canvas.conftest import Bench
from tests.canvas.flows import CHAIN, MAIL, OPEN, SPLIT, random_graph
from tests.canvas.test_outline_tree import lines

pytestmark = pytest.mark.slow

KEY = Qt.Key
NAME = QAccessible.Text.Name


@pytest.fixture
def read_aloud(bench):
    """Make a canvas that somebody listens to."""

    def make(graph=SPLIT):
        made = bench(graph)
        made.voice = Voice(made.editor, made.hands)
        made.view.setFocus()
        return made

    return make


def sheet(made):
    """The canvas as a screen reader gets it."""
    return QAccessible.queryAccessibleInterface(made.view)


def children(made):
    """Everything on the canvas."""
    top = sheet(made)
    return [top.child(place) for place in range(top.childCount())]


def names(made, *roles):
    """What is said of everything with these roles."""
    wanted = roles or (QAccessible.Role.ListItem,)
    return [each.text(NAME) for each in children(made) if each.role() in wanted]


@pytest.fixture
def heard(monkeypatch):
    """What Qt is told for screen readers."""
    told = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(QAccessible, "updateAccessibility", told.append)
    return told


def test_the_canvas_is_a_list_of_steps_with_their_sentences(read_aloud):
    """Each says its number, what it does and what comes next."""
    made = read_aloud(CHAIN)
    top = sheet(made)
    assert (top.role(), top.text(NAME)) == (QAccessible.Role.List, "Workflow Test, 4 steps")
    assert names(made) == [
        "Trigger, Created",
        "Step 1 of 4, Mail, next: Wait",
        "Step 2 of 4, Wait, next: Mail",
        "Step 3 of 4, Mail, next: End",
        "Step 4 of 4, End",
    ]


def test_every_plus_is_a_button_that_says_where_it_inserts(read_aloud):
    """Each stands right after the step that it follows; connectors are not there."""
    made = read_aloud(OPEN)
    assert names(made, QAccessible.Role.Button) == [
        "Add another trigger",
        "Insert a step after the trigger",
        "Insert a step after Mail",
        "Insert a step after Branch, on the path Yes",
        "Insert a step after Wait",
        "Insert a step after Branch, on the path Else",
    ]


@pytest.mark.parametrize("seed", range(8))
def test_the_accessible_tree_equals_the_outline(read_aloud, seed):
    """The same cards in the same order, and a button for every '+' on the sheet."""
    graph = random_graph(60, seed)
    notes = (Note("n1", "Ask Ana", graph.start or ""), Note("n2", "All of it"))
    frames = (Frame("f1", "All", tuple(graph.steps)),)
    graph = graph.with_step(Step("bye", "end")).with_(stop_start="bye")
    made = read_aloud(graph.with_(notes=notes, frames=frames))
    outline = OutlineTree(made.editor, made.hands, made.view)
    outline.lines.show(made.voice.speaker)
    listed = [line.target for line in lines(outline)]
    targets = [each.target for each in children(made)]
    spots = [target for target in targets if isinstance(target, Spot)]
    assert spots == [target for target in listed if isinstance(target, Spot)]
    slots = {target for target in targets if isinstance(target, Slot)}
    assert slots == set(made.view.flow.plan.pluses)
    assert slots >= {target for target in listed if isinstance(target, Slot)}


def test_an_item_is_where_its_card_is_and_knows_its_list(read_aloud):
    """Rectangle on the screen, place in the list, and what is below a point."""
    made = read_aloud()
    place = made.voice.place_of(Spot("step", "m"))
    item = sheet(made).child(place)
    at = made.view.viewport().mapToGlobal(made.at("m"))
    assert item.rect().contains(at)
    assert sheet(made).indexOfChild(item) == place
    assert sheet(made).childAt(at.x(), at.y()) is item
    assert item.parent() is sheet(made)


def test_what_is_selected_has_the_focus(read_aloud, heard):
    """Walking by keys tells the screen reader each card."""
    made = read_aloud()
    made.key(KEY.Key_Home)
    made.key(KEY.Key_Down)
    item = made.voice.item(Spot("step", "a"))
    focus = [event for event in heard if event.type() == QAccessible.Event.Focus]
    assert focus[-1].accessibleInterface() is item
    assert (item.state().focused, item.state().selected) == (1, 1)
    assert sheet(made).focusChild() is item


def test_everything_that_is_said_is_announced(read_aloud, heard):
    """What happened by a key, and why something was refused."""
    made = read_aloud()
    made.editor.add(MAIL, made.plus("a"))
    said = [event.message() for event in heard if hasattr(event, "message")]
    assert "Added Mail." in said


def test_pressing_an_item_does_what_enter_does(read_aloud):
    """A card opens its settings, a '+' the quick add; the menu is that of the card."""
    made = read_aloud()
    opened = []
    made.editor.opened.connect(opened.append)
    item = made.voice.item(Spot("step", "y"))
    item.actionInterface().doAction("Press")
    assert opened == [Spot("step", "y")]
    made.voice.item(made.plus("y")).actionInterface().doAction("Press")
    assert made.editor.quick_add.isVisible()
    made.editor.quick_add.hide()
    item.actionInterface().doAction("ShowMenu")
    assert made.selected == Spot("step", "y")
    made.view.findChild(QMenu, "sheet_menu").close()


def test_what_is_gone_is_forgotten_and_what_comes_is_there(read_aloud):
    """Ids that were given out for removed cards lead nowhere any more."""
    made = read_aloud(CHAIN)
    numbers = {item.target: QAccessible.uniqueId(item) for item in children(made)}
    made.editor.select(Spot("step", "b"))
    made.hands.do("remove")
    assert QAccessible.accessibleInterface(numbers[Spot("step", "b")]) is None
    assert QAccessible.accessibleInterface(numbers[Spot("step", "c")]) is not None
    assert names(made)[2] == "Step 2 of 3, Mail, next: End"
    made.draft.undo()
    assert len(names(made)) == 5


def test_a_locked_workflow_has_no_buttons_and_says_why(read_aloud):
    """What cannot be done is not offered."""
    made = read_aloud()
    assert names(made, QAccessible.Role.Button)
    made.draft.lock("Somebody else has it.")
    assert names(made, QAccessible.Role.Button) == []
    assert sheet(made).text(QAccessible.Text.Description) == "Somebody else has it."


def test_far_cards_are_there_too_and_are_out_of_view(read_aloud):
    """Of a large workflow every step can be found, though few are drawn."""
    made = read_aloud(random_graph(800, 3))
    items = [each for each in children(made) if each.role() == QAccessible.Role.ListItem]
    assert len(items) == len(made.view.flow.plan.boxes)
    assert sum(not each.state().offscreen for each in items) < len(items) / 4


def test_a_canvas_that_is_gone_is_kept_by_nobody(qtbot):
    """What Qt keeps for screen readers lets go of the workflow."""
    made = Bench(qtbot, SPLIT)
    made.draft.setParent(made.view)
    made.voice = Voice(made.editor, made.hands)
    assert children(made)
    kept = ref(made.voice)
    shiboken6.delete(made.view)
    del made
    gc.collect()
    assert kept() is None


def test_nothing_is_left_over_when_the_canvas_goes(qtbot):
    """Qt forgets every item with the view; asking for one finds nothing."""
    made = Bench(qtbot, SPLIT)
    made.voice = Voice(made.editor, made.hands)
    numbers = [QAccessible.uniqueId(item) for item in children(made)]
    items = made.voice._items
    assert len(items) == len(numbers)
    shiboken6.delete(made.view)
    gc.collect()
    assert not items
    assert all(QAccessible.accessibleInterface(number) is None for number in numbers)
