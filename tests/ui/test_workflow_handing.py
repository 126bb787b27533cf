"""What the canvas asks of the office: people, names that are missing, workflows dropped in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl

from rally_desktop.canvas import parcel
from rally_desktop.canvas.plan import Spot
from rally_desktop.engine import publishing
from rally_desktop.engine.heart import Heart
from rally_desktop.model.graph import Frame, Note, Step
from rally_desktop.services import workflows
from tests.ui.drafting import FLOW, rest, save, shown, stored

pytestmark = pytest.mark.slow

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
MAIL = Step("mail1", "send_email", {"template": "Welcome"})
FRAMED = FLOW.with_(frames=(Frame("group1", "Call", ("wait1", "task1")),))


@pytest.fixture
def page(desk, store, qtbot):
    """A workflow with a group, opened by one person."""
    return shown(desk, store.write(workflows.create, FRAMED), qtbot)


def told_by(desk):
    """What is told at the foot of the window."""
    told = []
    desk.notices.posted.connect(lambda notice: told.append(notice.text))
    return told


def test_who_waits_at_what_is_removed_is_told(page, world, store, qtbot):
    """Shift+Del asks at once, and adds how many people are there when it is known."""
    world.do(publishing.publish, page.workflow_id)
    world.contact("Ana")
    world.contact("Ben")
    Heart(store).tick()
    page.canvas.select(Spot("step", "wait1"))
    qtbot.keyClick(page.view, Qt.Key.Key_Delete, SHIFT)
    question = page.canvas.question
    assert "and the 1 step after it" in question.text.text()
    qtbot.waitUntil(lambda: question.more.text().startswith("2 people are there now."))


def test_names_that_are_missing_here_are_told_after_pasting(page, qtbot, qapp):
    """The steps are pasted, and what this office does not have is said in place."""
    qapp.clipboard().setText(parcel.text_of(FLOW.with_(steps={"mail1": MAIL}, start="mail1")))
    page.canvas.select(Spot("step", "task1"))
    qtbot.keyClick(page.view, Qt.Key.Key_V, CTRL)
    qtbot.waitUntil(lambda: "‘Welcome’ does not exist" in page.said.text())
    assert page.said.text().startswith("Pasted Send e-mail.")
    rest(qtbot)
    face = page.view.flow.plan.boxes[Spot("step", "mail1")].face
    qtbot.waitUntil(lambda: face.problems == 1 or bool(page.problems))
    qapp.clipboard().clear()


def test_folded_groups_are_remembered_for_this_person(page, desk, store, qtbot):
    """The workflow opens again as it was left, and its history knows nothing of it."""
    page.canvas.folding.toggle("group1")
    again = shown(desk, page.workflow_id, qtbot)
    assert Spot("frame", "group1") in again.view.flow.plan.boxes
    assert again.draft.stack.count() == 0
    page.canvas.folding.toggle("group1")
    assert desk.preferences.get("folded_groups") == {}


def test_a_problem_in_a_folded_group_is_shown_by_unfolding_it(page):
    """A click in the list of problems leads to the step, wherever it is."""
    page.canvas.folding.toggle("group1")
    page._show_problem("task1")
    assert page.view.flow.selected == Spot("step", "task1")
    assert page.settings.spot == Spot("step", "task1")


def test_a_workflow_dropped_in_opens_on_its_own(page, desk, store, qtbot):
    """It is a draft of its own; the one on screen stays as it is."""
    went = []
    desk.wanted.connect(lambda key, what: went.append((key, what)))
    told = told_by(desk)
    page.canvas.bringer.wanted_new.emit(json.dumps(FLOW.dump()))
    qtbot.waitUntil(lambda: bool(told))
    ((key, (number,)),) = went
    assert (key, store.read(workflows.draft, number).graph.name) == ("workflows", FLOW.name)
    assert page.draft.graph == FRAMED


def test_what_is_no_workflow_is_told_and_not_added(page, desk, store, qtbot):
    """Rubbish ends in a notice."""
    told = told_by(desk)
    before = len(store.read(workflows.listed))
    for text in ("{", "[]", '{"steps": 7}', '{"steps": [], "nodes": []}'):
        page.canvas.bringer.wanted_new.emit(text)
        rest(qtbot)
    assert len(told) == 4
    assert len(store.read(workflows.listed)) == before


def test_notes_and_groups_leave_the_settings_with_the_whole_workflow(page):
    """They have none of their own."""
    page.draft.edit("Note", page.draft.graph.with_(notes=(Note("t1", "Hi"),)))
    for spot in (Spot("note", "t1"), Spot("frame", "group1")):
        page.canvas.select(spot)
        assert page.settings.item is None
        assert page.settings.whole is not None


def test_the_steps_of_a_workflow_file_are_pasted_at_the_end(page, qtbot, qapp):
    """Copied in the file manager, pasted on the canvas: the documentation's own example."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(Path("docs/howto/follow-up.rally.json").absolute()))])
    qapp.clipboard().setMimeData(data)
    page.canvas.select(Spot("step", "task1"))
    qtbot.keyClick(page.view, Qt.Key.Key_V, CTRL)
    assert len(page.draft.graph.steps) == 9
    assert page.draft.graph.steps["task1"].exits
    assert page.draft.stack.undoText() == "Paste 7 steps"
    qapp.clipboard().clear()
    rest(qtbot)


def test_a_step_of_another_program_is_kept_and_forbids_publishing(page, store, qtbot, qapp):
    """What is not known here is shown as it is, saved as it is, and said to be an error."""
    odd = Step("odd", "from_tomorrow", {"depth": [1, {"x": None}]}, title="Later")
    qapp.clipboard().setText(parcel.text_of(FLOW.with_(steps={"odd": odd}, start="odd")))
    page.canvas.select(Spot("step", "task1"))
    qtbot.keyClick(page.view, Qt.Key.Key_V, CTRL)
    qapp.clipboard().clear()
    qtbot.waitUntil(lambda: any(one.step == "odd" for one in page.problems))
    assert next(one for one in page.problems if one.step == "odd").severity == "error"
    save(page, qtbot)
    assert stored(store, page).steps["odd"].settings == odd.settings
