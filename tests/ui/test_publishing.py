"""Publishing: one click where nothing is to be asked, else one sheet, by mouse and by keys."""

from __future__ import annotations

import gc
from time import sleep
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from rally_desktop.canvas.plan import Spot
from rally_desktop.engine import backlog, publishing
from rally_desktop.engine.heart import Heart
from rally_desktop.model.graph import Graph, Step, Trigger
from rally_desktop.services import templates, workflows
from rally_desktop.ui import later
from rally_desktop.ui.pages import workflow_publishing
from rally_desktop.ui.pages.workflow_editor import WorkflowEditor
from rally_desktop.ui.pages.workflow_publishing import Count, PublishSheet
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
LEADS = {"where": "Lifecycle stage", "lifecycle_stages": ["Lead"], "days": 7}
STALE = Graph(
    name="Stale leads",
    triggers=(Trigger("t1", "stale", LEADS),),
    start="m",
    steps={"m": Step("m", "send_email", {"template": "Hello"})},
)
LOOKING_BACK = SimpleNamespace(looks_back=True)
BROKEN = WELCOME.with_step(Step("z", "add_tag", {}))
LOOSE = WELCOME.with_step(Step("loose", "add_tag", {"tag": "x"}))


@pytest.fixture
def editor(desk, world, qtbot):
    """Open a workflow on the canvas, as stored in a real office."""

    def make(graph, number=None):
        made = WorkflowEditor(desk, number or world.do(workflows.create, graph))
        made.view.motion = False
        qtbot.addWidget(made)
        made.resize(1400, 900)
        with qtbot.waitExposed(made):
            made.show()
        qtbot.waitUntil(lambda: made.stored is not None and not later.busy())
        return made

    return make


@pytest.fixture
def page(desk, world, qtbot):
    """The list of workflows with one of them chosen."""

    def make(graph):
        number = world.do(workflows.create, graph)
        made = WorkflowsPage(desk)
        qtbot.addWidget(made)
        made.resize(1000, 600)
        made.show()
        made.shown()
        qtbot.waitUntil(lambda: bool(made.table.rows()))
        made.table.choose(lambda row: row.id == number)
        return made, number

    return make


def sheet_of(qtbot, parent):
    """The sheet, once it is open and everything is counted."""
    qtbot.waitUntil(lambda: bool(parent.findChildren(PublishSheet)))
    (found,) = parent.findChildren(PublishSheet)
    qtbot.waitUntil(found.due.bar.isHidden if found.count.needed else found.isVisible)
    return found


def press_publish(qtbot, editor):
    """Press Publish on the canvas and return the sheet."""
    qtbot.mouseClick(editor.head.publish_button, LEFT)
    return sheet_of(qtbot, editor)


def state(world, editor):
    """How the workflow stands in the office."""
    return world.ask(workflows.draft, editor.workflow_id).state


def five_leads(world):
    """Five leads that nobody has talked to for 30 days, and a letter for them."""
    world.mailbox()
    world.do(templates.save, "Hello", subject="Hello", text="Hello")
    for number in range(5):
        world.contact(f"Lead {number}", email=f"l{number}@example.org", lifecycle_stage="Lead")
    world.clock.advance(days=30)


@pytest.fixture
def someone_inside(world, store):
    """A published workflow with a person waiting in it, its draft changed meanwhile."""
    number = world.do(workflows.create, WELCOME)
    world.do(publishing.publish, number)
    world.contact("Ana")
    Heart(store).tick()
    world.do(workflows.save_draft, number, WELCOME.with_step(Step("z", "add_tag", {"tag": "Old"})))
    return number


def test_an_error_forbids_publishing_and_a_click_leads_to_it(editor, world, qtbot):
    """Publish cannot be pressed; a click on the problem closes the sheet and selects the step."""
    made = editor(BROKEN)
    sheet = press_publish(qtbot, made)
    assert not sheet.publish_button.isEnabled()
    qtbot.mouseClick(sheet.shows[0], LEFT)
    qtbot.waitUntil(lambda: made.view.flow.selected == Spot("step", "z"))
    qtbot.waitUntil(lambda: not later.busy())
    assert state(world, made) == "draft"


def test_from_the_list_a_problem_opens_the_canvas_at_its_step(page, world, qtbot):
    """Where only the list is on screen, a click on the problem shows the step on the canvas."""
    made, _ = page(BROKEN)
    qtbot.mouseClick(made.publish_button, LEFT)
    sheet = sheet_of(qtbot, made)
    assert sheet.mends == []
    qtbot.mouseClick(sheet.shows[0], LEFT)
    qtbot.waitUntil(lambda: made.editor is not None and made.editor.stored is not None)
    qtbot.waitUntil(lambda: made.editor.view.flow.selected == Spot("step", "z"))


def test_a_warning_is_put_right_from_the_sheet_and_published(editor, world, qtbot):
    """One click mends it, as an edit that can be undone, and goes on with publishing."""
    made = editor(LOOSE)
    sheet = press_publish(qtbot, made)
    qtbot.mouseClick(sheet.mends[0], LEFT)
    qtbot.waitUntil(lambda: state(world, made) == "published")
    assert world.ask(workflows.draft, made.workflow_id).published == WELCOME
    made.draft.undo()
    assert made.draft.graph == LOOSE


@pytest.mark.parametrize(("way", "version"), [("stay", 1), ("move", 2), ("end", None)])
def test_what_becomes_of_those_inside_is_asked_with_numbers(
    editor, world, someone_inside, qtbot, way, version
):
    """They stay unless somebody says otherwise; what changed stands above the question."""
    made = editor(None, someone_inside)
    sheet = press_publish(qtbot, made)
    assert sheet.inside.ways["stay"].isChecked()
    assert sheet.inside.ways["move"].text().endswith("(1)")
    assert sheet.found.changes == ["Changed: Tag it “Late” → Tag it “Old”"]
    radio = sheet.inside.ways[way]
    qtbot.mouseClick(radio, LEFT, pos=radio.rect().center() - radio.rect().topRight() / 3)
    qtbot.mouseClick(sheet.publish_button, LEFT)
    qtbot.waitUntil(lambda: not later.busy())
    found = [one.version for one in world.ask(workflows.inside, someone_inside)]
    assert found == ([version] if version else [])


def test_the_sheet_is_worked_with_keys_alone(editor, world, someone_inside, qtbot):
    """Tab leads to the question, the arrow down to the next answer, Enter publishes."""
    made = editor(None, someone_inside)
    sheet = press_publish(qtbot, made)
    for _ in range(5):
        if not sheet.inside.isAncestorOf(sheet.focusWidget()):
            QTest.keyClick(sheet.focusWidget(), Qt.Key.Key_Tab)
    QTest.keyClick(sheet.focusWidget(), Qt.Key.Key_Down)
    assert sheet.inside.ways["move"].isChecked()
    QTest.keyClick(sheet.focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not later.busy())
    assert [one.version for one in world.ask(workflows.inside, someone_inside)] == [2]


def test_escape_leaves_everything_as_it_was(editor, world, someone_inside, qtbot):
    """Nothing is published, nobody moves."""
    made = editor(None, someone_inside)
    QTest.keyClick(press_publish(qtbot, made), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not later.busy())
    assert world.ask(workflows.draft, someone_inside).published_number == 1


@pytest.mark.parametrize(("choose", "entered"), [("none", 0), ("all", 5), ("some", 1)])
def test_who_is_due_already_enters_as_was_answered(editor, world, store, qtbot, choose, entered):
    """None unless somebody says so; all; or so many an hour, with the messages that makes."""
    five_leads(world)
    made = editor(STALE)
    sheet = press_publish(qtbot, made)
    assert sheet.due.words.text().startswith("5 records are due already")
    getattr(sheet.due, choose).setFocus()
    QTest.keyClick(sheet.focusWidget(), Qt.Key.Key_Space)
    if choose == "some":
        sheet.due.an_hour.selectAll()
        QTest.keyClicks(sheet.due.an_hour, "1")
    said = {"none": "", "all": "That makes up to 5 messages."}
    assert sheet.due.most.text() == said.get(choose, "That makes up to 5 messages, over 5 hours.")
    qtbot.mouseClick(sheet.publish_button, LEFT)
    qtbot.waitUntil(lambda: state(world, made) == "published" and not later.busy())
    Heart(store).tick()
    assert len(world.run_states()) == entered


def test_where_nobody_is_due_already_publishing_is_one_click(editor, world, qtbot, monkeypatch):
    """A trigger that looks back at an office without silent leads asks nothing."""
    monkeypatch.setattr(workflow_publishing, "AT_ONCE", 5)
    made = editor(STALE.with_(start="t", steps={"t": Step("t", "add_tag", {"tag": "x"})}))
    qtbot.mouseClick(made.head.publish_button, LEFT)
    qtbot.waitUntil(lambda: state(world, made) == "published")
    assert made.findChildren(PublishSheet) == []


def test_counting_shows_that_it_goes_on_and_can_be_stopped(editor, world, qtbot, monkeypatch):
    """A bar moves while it counts; ‘Do not count’ ends that, and then nobody of them enters."""
    five_leads(world)
    waited = []

    def slow(_work, _graph, _number, given_up):
        while not given_up():
            sleep(0.01)
        waited.append(given_up())
        return []

    monkeypatch.setattr(backlog, "due_already", slow)
    made = editor(STALE)
    qtbot.mouseClick(made.head.publish_button, LEFT)
    qtbot.waitUntil(lambda: bool(made.findChildren(PublishSheet)))
    (sheet,) = made.findChildren(PublishSheet)
    assert sheet.due.bar.isVisible()
    qtbot.mouseClick(sheet.due.stop, LEFT)
    qtbot.waitUntil(lambda: waited == [True])
    qtbot.mouseClick(sheet.publish_button, LEFT)
    qtbot.waitUntil(lambda: state(world, made) == "published")
    assert world.rows("select count(*) from enrolment") == [(0,)]


def test_what_somebody_changed_meanwhile_is_said_in_the_sheet(editor, world, someone_inside, qtbot):
    """The sheet stays open with the reason, and can be closed."""
    made = editor(None, someone_inside)
    sheet = press_publish(qtbot, made)
    world.do(workflows.save_draft, someone_inside, WELCOME.with_(name="Other"))
    qtbot.mouseClick(sheet.publish_button, LEFT)
    qtbot.waitUntil(lambda: "changed meanwhile" in sheet.wrong.text())
    assert sheet.publish_button.isEnabled()
    qtbot.mouseClick(sheet.cancel_button, LEFT)


def test_a_count_that_nobody_waits_for_fails_unheard(qtbot):
    """What goes wrong once it was given up is nobody's trouble, and is not logged as one."""
    gone = []

    async def read(*_):
        gone.append(True)
        raise OSError("The disk is gone.")

    counts = [Count(SimpleNamespace(background=SimpleNamespace(read=read)), LOOKING_BACK)]
    counts[0].give_up()
    qtbot.waitUntil(lambda: bool(gone) and counts[0]._task.done())
    counts.clear()
    gc.collect()
