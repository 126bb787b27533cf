"""The list of workflows, by mouse and keys, on a real office."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QMessageBox

from rally_desktop.engine import publishing
from rally_desktop.engine.heart import Heart
from rally_desktop.model.graph import Graph, Step, Trigger
from rally_desktop.services import templates, workflows
from rally_desktop.ui import later
from rally_desktop.ui.pages.workflows import WorkflowsPage

pytestmark = pytest.mark.slow

LEFT = Qt.MouseButton.LeftButton
WELCOME = Graph(
    name="Welcome",
    triggers=(Trigger("t1", "record_created"),),
    start="a",
    steps={
        "a": Step("a", "add_tag", {"tag": "New"}, {"next": "w"}),
        "w": Step("w", "wait", {"amount": 2, "unit": "days"}, {"next": "z"}),
        "z": Step("z", "add_tag", {"tag": "Late"}),
    },
)


@pytest.fixture
def page(qtbot, desk):
    """The page, on screen, its list read."""
    made = WorkflowsPage(desk)
    qtbot.addWidget(made)
    made.resize(1000, 600)
    made.show()
    made.shown()
    qtbot.waitUntil(lambda: made.empty.isVisible())
    return made


@pytest.fixture
def welcome(qtbot, page, world):
    """A workflow in the list, chosen."""
    number = world.do(workflows.create, WELCOME)
    qtbot.waitUntil(lambda: bool(page.table.rows()))
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Home)
    page.table.choose(lambda row: row.id == number)
    return number


def notices_of(desk):
    """Return a list that fills with what is told."""
    told = []
    desk.notices.posted.connect(told.append)
    return told


def test_an_empty_page_says_what_to_do_first(page):
    """Without workflows the page says what one is and offers to make one."""
    assert page.empty.button.text() == "New workflow"
    assert not page.new_button.isVisible()


def test_a_workflow_made_anywhere_appears_by_itself(qtbot, page, world):
    """The list reads itself anew when a workflow is written."""
    world.do(workflows.create, WELCOME)
    qtbot.waitUntil(lambda: [row.name for row in page.table.rows()] == ["Welcome"])
    assert page.head.line.text() == "1 in all, 0 published"


def test_the_first_workflow_is_made_with_one_click(qtbot, page, world):
    """New workflow makes a draft with a name of its own and opens it on the canvas."""
    qtbot.mouseClick(page.empty.button, LEFT)
    qtbot.waitUntil(lambda: page.editor is not None)
    assert [row.name for row in world.ask(workflows.listed)] == ["New workflow"]


def test_publish_and_unpublish(qtbot, page, world, welcome, desk):
    """The same button publishes a draft and takes a published one out of service."""
    told = notices_of(desk)
    qtbot.mouseClick(page.publish_button, LEFT)
    qtbot.waitUntil(lambda: page.table.rows()[0].state == "published")
    qtbot.waitUntil(lambda: bool(told))
    assert told[-1].text == "Published ‘Welcome’ as version 1."
    qtbot.waitUntil(lambda: page.publish_button.accessibleName() == "Unpublish")
    qtbot.mouseClick(page.publish_button, LEFT)
    qtbot.waitUntil(lambda: page.table.rows()[0].state == "draft")


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("Cancel", "published"),
        ("Hold", "draft"),
        ("Let finish", "finishing"),
        ("Stop all", "draft"),
    ],
)
def test_unpublishing_asks_where_people_are_inside(
    qtbot, page, world, welcome, store, answer, state
):
    """The page says how many are inside and where; they are held, finish, stop, or all stays."""
    world.do(publishing.publish, welcome)
    world.contact("Ana")
    Heart(store).tick()
    qtbot.waitUntil(lambda: page.table.current().open_runs == 1)
    qtbot.waitUntil(lambda: page.publish_button.accessibleName() == "Unpublish")
    qtbot.mouseClick(page.publish_button, LEFT)
    qtbot.waitUntil(lambda: bool(page.findChildren(QMessageBox)))
    (box,) = page.findChildren(QMessageBox)
    assert "The one record inside (1 at ‘" in box.informativeText()
    button = next(each for each in box.buttons() if each.text() == answer)
    qtbot.mouseClick(button, LEFT)
    qtbot.waitUntil(lambda: world.ask(workflows.draft, welcome).state == state)
    assert world.run_states() == ["stopped" if answer == "Stop all" else "active"]


def test_one_click_resumes_a_paused_workflow(qtbot, page, world, welcome):
    """The button of a workflow that was paused lets it go on."""
    world.do(publishing.publish, welcome)
    world.do(workflows.pause, welcome, "Too much failed.")
    qtbot.waitUntil(lambda: page.publish_button.accessibleName() == "Resume")
    qtbot.mouseClick(page.publish_button, LEFT)
    qtbot.waitUntil(lambda: world.ask(workflows.draft, welcome).state == "published")


def test_a_deleted_workflow_comes_back_by_undo(qtbot, page, world, welcome, desk):
    """Delete takes the workflow off the list at once; Undo in the notice puts it back."""
    told = notices_of(desk)
    QTest.keyClick(page.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: page.table.rows() == [] and bool(told))
    words, undo = told[-1].action
    undo()
    qtbot.waitUntil(lambda: len(page.table.rows()) == 1)
    assert words == "Undo"


def test_enter_and_double_click_open_the_canvas(qtbot, page, welcome):
    """Enter on a workflow opens it; going back shows the list again."""
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.editor is not None and page.editor.isVisible())
    page.open()
    qtbot.waitUntil(lambda: page.table.isVisible() and not later.busy())
    where = page.table.visualRect(page.table.model().index(0, 0)).center()
    qtbot.mouseClick(page.table.viewport(), LEFT, pos=where)
    qtbot.mouseDClick(page.table.viewport(), LEFT, pos=where)
    qtbot.waitUntil(lambda: page.editor is not None and page.editor.isVisible())


def test_a_click_on_a_heading_sorts(qtbot, page, world):
    """The list sorts by a column, and the other way with the second click."""
    for name in ("Beta", "Alpha", "Gamma"):
        world.do(workflows.create, Graph(name=name))
    qtbot.waitUntil(lambda: len(page.table.rows()) == 3)
    header = page.table.horizontalHeader().viewport()
    for _ in range(2):
        qtbot.mouseClick(header, LEFT, pos=QPoint(30, 12))
    assert [row.name for row in page.table.rows()] == ["Gamma", "Beta", "Alpha"]


def test_the_last_edit_is_saved_when_one_goes_back_to_the_list(qtbot, page, world, welcome):
    """What was typed a moment before leaving the canvas is in the draft afterwards."""
    page.open(welcome)
    qtbot.waitUntil(lambda: page.editor.stored is not None)
    draft = page.editor.draft
    draft.edit("Rename", draft.graph.with_(name="Renamed at the last moment"))
    page.editor.leave()
    kept = "Renamed at the last moment"
    qtbot.waitUntil(lambda: world.ask(workflows.draft, welcome).graph.name == kept)


def test_a_recipe_becomes_a_draft_with_its_templates(qtbot, page, world):
    """One click on a recipe opens it on the canvas; the templates it needs are there."""
    qtbot.mouseClick(page.recipe_button, LEFT)
    menu = page.findChild(QMenu)
    names = [action.text() for action in menu.actions()]
    assert names == ["Deal won", "Stale leads", "Welcome inbound leads"]

    menu.actions()[2].trigger()
    menu.close()

    qtbot.waitUntil(lambda: page.editor is not None and page.editor.stored is not None)
    assert len(page.editor.draft.graph.steps) == 6
    assert {one.name for one in world.ask(templates.listed)} == {"Welcome", "Reminder"}
