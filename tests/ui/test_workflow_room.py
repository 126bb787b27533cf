"""The room at the left of the sheet, in wide windows and narrow ones."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from rally_desktop.canvas.plan import Spot
from rally_desktop.services import workflows
from rally_desktop.ui.widgets.filter_row import FilterRow
from tests.ui.drafting import FLOW, rest, shown

pytestmark = pytest.mark.slow

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(desk, store, qtbot):
    """A workflow on the canvas page."""
    return shown(desk, store.write(workflows.create, FLOW), qtbot)


def test_the_palette_gives_its_room_to_the_sheet_by_a_key(page, desk, qtbot):
    """The sheet is wider by as much, it stays so for the next workflow, and the key undoes it."""
    before = page.view.width()
    qtbot.keyClick(page.view, Qt.Key.Key_B, CTRL)
    qtbot.waitUntil(lambda: page.view.width() > before + 200)
    assert not page.left.isVisible()
    assert not shown(desk, page.workflow_id, qtbot).left.isVisible()
    qtbot.keyClick(page.view, Qt.Key.Key_B, CTRL)
    assert page.left.isVisible()


def test_a_narrow_page_leaves_the_room_to_the_sheet(page, qtbot):
    """There is a sheet to work on; the outline comes when it is asked for."""
    page.resize(900, 600)
    qtbot.waitUntil(lambda: not page.left.isVisible())
    qtbot.waitUntil(lambda: page.view.width() > 480)
    page.hands.do("outline")
    assert page.moving.outline.tree.isVisible()
    page.hands.do("palette")
    page.resize(1280, 800)
    assert not page.left.isVisible()
    rest(qtbot)


def test_the_head_stands_still_while_it_is_said_that_it_is_saved(page, qtbot):
    """What is said at the left of the head does not push the views aside."""
    before = page.views.switch.geometry()
    page.head.saved.setText("Saving …")
    page.head.layout().activate()
    assert page.views.switch.geometry() == before


def test_a_long_name_is_read_from_its_beginning(page):
    """However narrow the head is, one sees how the name begins."""
    page.head.show_name("Long name " * 20)
    page.resize(1000, 800)
    page.head.layout().activate()
    assert page.head.name.cursorPosition() == 0


def test_the_foot_forgets_what_was_said_of_another_view(page, qtbot):
    """Back in the draft nothing says any more that it cannot be changed."""
    page.views.show("rehearsal")
    page.view.setFocus()
    qtbot.keyClick(page.view, Qt.Key.Key_N)
    assert "rehearsal" in page.said.whole()
    page.views.show("draft")
    assert page.said.whole() == ""


def test_the_foot_says_two_lines_whole_and_ends_longer_ones(page, qtbot):
    """What says what to do can be read on a narrow sheet; the tip has what is longer still."""
    page.said.resize(190, page.said.height())
    words = "There are no steps in that. Copy some steps first."
    page.said.setText(words)
    assert (page.said.text(), page.said.toolTip()) == (words, "")
    page.said.setText(words * 9)
    assert page.said.text().endswith("…")
    assert words in page.said.toolTip()


def test_while_problems_are_looked_for_it_is_not_said_that_nothing_can_be_mended(page, qtbot):
    """Right after a change one is asked to wait a moment."""
    page.canvas.select(Spot("step", "task1"))
    page.view.setFocus()
    qtbot.keyClick(page.view, Qt.Key.Key_D)
    qtbot.keyClick(page.view, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    assert page.said.whole().endswith("Try again in a moment.")


def test_one_can_type_on_while_the_look_changes(page, desk, qtbot):
    """At dusk the computer goes dark: the cursor stays where one writes."""
    page.canvas.select(Spot("step", "task1"))
    field = page.settings.form.editor("task").focusProxy()
    field.setFocus()
    qtbot.keyClicks(field, " x")
    desk.theme.wish("dark")
    qtbot.keyClicks(QApplication.focusWidget(), "y")
    assert page.draft.graph.steps["task1"].settings["task"] == "Call back xy"


def test_a_condition_is_whole_from_the_first_moment(page):
    """In the panel its two lines have their room before anything has been counted."""
    only = {"field": "first_name", "op": "is", "value": "Ana"}
    page.draft.edit("Ask for a name", page.draft.graph.with_(audience=only))
    page.settings.show_target(None)
    row = page.settings.findChild(FilterRow)
    page.settings.grab()
    assert row.height() >= row.sizeHint().height()
