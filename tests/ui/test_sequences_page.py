"""The list of sequences: its figures, what is looked for, and what there is without any."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from rally_desktop.engine.recipes.outreach import Outreach
from rally_desktop.model.graph import Graph
from rally_desktop.services import workflows
from rally_desktop.ui import later
from rally_desktop.ui.pages.sequence_editor import SequenceEditor
from rally_desktop.ui.pages.sequences import SequencesPage

pytestmark = pytest.mark.slow

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(qtbot, desk):
    """The page, on screen, its list read."""
    made = SequencesPage(desk)
    qtbot.addWidget(made)
    made.resize(1100, 600)
    made.show()
    made.shown()
    qtbot.waitUntil(made.empty.isVisible)
    return made


def names(page):
    """What the list shows."""
    return [row.name for row in page.table.rows()]


def cell(page, title):
    """What the first row says in a column."""
    place = next(at for at, column in enumerate(page.columns()) if column.title == title)
    return page.table.model().index(0, place).data()


def test_without_sequences_the_recipe_is_one_click_away(qtbot, page, world):
    """The button of the empty page adds the recipe with its templates and opens it as a list."""
    assert page.new_button.isVisible()
    qtbot.mouseClick(page.empty.button, LEFT)
    qtbot.waitUntil(lambda: page.editor is not None and page.editor.stored is not None)
    assert isinstance(page.editor, SequenceEditor)
    assert len(page.editor.steps.line.rows) == 3
    assert [row.purpose for row in world.ask(workflows.listed)] == ["sequence"]


def test_a_new_sequence_asks_what_comes_first(qtbot, page, world):
    """It is exclusive, people enter it once and by hand, and it has no step yet."""
    qtbot.mouseClick(page.new_button, LEFT)
    qtbot.waitUntil(lambda: page.editor is not None and page.editor.stored is not None)
    assert page.editor.steps.adding.words.text() == "What comes first?"
    (row,) = world.ask(workflows.listed)
    rules = world.ask(workflows.draft, row.id).graph.settings
    assert (row.name, rules.exclusive, rules.again) == ("New sequence", True, "never")


def test_only_sequences_are_listed_and_found_by_name(qtbot, page, world):
    """A workflow has a page of its own; some letters leave what is meant, or say it is none."""
    world.do(workflows.create, Graph(name="Welcome"))
    for name in ("Écrire en été", "Outreach"):
        world.do(workflows.create, Outreach.graph().with_(name=name))
    qtbot.waitUntil(lambda: len(names(page)) == 2)
    page.search.setText("écrire EN")
    assert names(page) == ["Écrire en été"]
    qtbot.keyClicks(page.search, "zzz")
    assert page.nothing.isVisible()
    qtbot.mouseClick(page.nothing.button, LEFT)
    assert len(names(page)) == 2


def test_figures_that_are_not_counted_are_no_zeros(qtbot, page, world):
    """Without a public address nobody knows who opened anything, and the list says so."""
    world.do(workflows.create, Outreach.graph())
    qtbot.waitUntil(lambda: bool(names(page)) and not later.busy())
    assert (cell(page, "Sent"), cell(page, "Opened"), cell(page, "Reply rate")) == ("0", "–", "–")


def test_a_sequence_that_is_opened_elsewhere_is_shown_here(qtbot, desk, window, world):
    """Whoever knows but a number, as a run does, comes to the page that is for it."""
    number = world.do(workflows.create, Outreach.graph())
    desk.go("workflows", number)
    qtbot.waitUntil(lambda: isinstance(window.page(), SequencesPage))
    editor = window.page().editor
    qtbot.waitUntil(lambda: editor.stored is not None and not later.busy())
    assert editor.workflow_id == number


def test_a_sequence_is_copied_from_its_menu(qtbot, page, world):
    """Duplicate opens a draft with the same steps and says that nobody enters it yet."""
    told = []
    page.desk.notices.posted.connect(told.append)
    world.do(workflows.create, Outreach.graph())
    qtbot.waitUntil(lambda: bool(names(page)) and not later.busy())
    where = page.table.visualRect(page.table.model().index(0, 0)).center()
    page.table.customContextMenuRequested.emit(where)
    menu = page.findChild(QMenu)
    next(one for one in menu.actions() if one.text() == "Duplicate").trigger()
    qtbot.waitUntil(lambda: page.editor is not None and page.editor.stored is not None)
    assert page.editor.draft.own.name == "Copy of Outreach in a week"
    assert told[-1].text == "This is the copy. Nobody enters it until it is published."
    menu.close()
