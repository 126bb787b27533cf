"""The canvas page: opened, edited, saved by itself, checked, published."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from rally_desktop.canvas.plan import Slot, Spot
from rally_desktop.engine import publishing
from rally_desktop.model.graph import Graph, Step, Trigger
from rally_desktop.services import workflows
from rally_desktop.ui import later
from rally_desktop.ui.pages.workflow_editor import WorkflowEditor
from rally_desktop.ui.pages.workflow_faces import KindCatalogue, step_face
from rally_desktop.ui.pages.workflow_preview import Preview
from rally_desktop.ui.pages.workflow_problems import PROBLEM

pytestmark = pytest.mark.slow

LEFT, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
SOUND = Graph(
    "Call new contacts",
    triggers=(Trigger("t1", "record_created"),),
    start="wait1",
    steps={
        "wait1": Step("wait1", "wait", {"amount": 2, "unit": "days"}, {"next": "task1"}),
        "task1": Step("task1", "create_task", {"task": "Call back"}),
    },
)


@pytest.fixture
def open_editor(desk, store, qtbot):
    """Open a workflow on the canvas, as stored in a real office."""

    def make(graph=SOUND):
        number = store.write(workflows.create, graph)
        editor = WorkflowEditor(desk, number)
        editor.view.motion = False
        qtbot.addWidget(editor)
        editor.resize(1400, 900)
        with qtbot.waitExposed(editor):
            editor.show()
        qtbot.waitUntil(lambda: editor.stored is not None and not later.busy())
        return editor

    return make


def saved(store, editor):
    """The draft as the office has it."""
    return store.read(workflows.draft, editor.workflow_id).graph


def settle(qtbot, editor):
    """Wait until everything is saved and checked."""
    qtbot.waitUntil(
        lambda: (
            not (editor.saving.soon.isActive() or editor._check_soon.isActive() or later.busy())
        ),
    )


def test_a_workflow_opens_with_its_steps_and_without_problems(open_editor):
    """Cards say what steps do; nothing is wrong, and nothing is saved by opening."""
    editor = open_editor()
    boxes = editor.view.flow.plan.boxes
    assert boxes[Spot("step", "wait1")].face.title == "Wait 2 days"
    assert boxes[Spot("step", "task1")].face.title == "Create task"
    assert editor.head.name.text() == "Call new contacts"
    assert (editor.head.chip.text(), editor.head.saved.text()) == ("Draft", "")


def test_settings_edited_in_the_form_are_saved_and_undone_as_one(open_editor, store, qtbot):
    """Typing changes the card, is saved by itself, and one undo takes it all back."""
    editor = open_editor()
    editor.canvas.select(Spot("step", "task1"))
    field = editor.settings.form.editor("task").focusProxy()
    qtbot.keyClicks(field, " soon")
    assert editor.draft.graph.steps["task1"].settings["task"] == "Call back soon"
    assert "Call back soon" in editor.view.flow.plan.boxes[Spot("step", "task1")].face.subtitle
    settle(qtbot, editor)
    assert saved(store, editor) == editor.draft.graph
    editor.draft.undo()
    assert editor.draft.graph == SOUND
    assert editor.settings.form.stored()["task"] == "Call back"


def test_the_undo_button_says_what_it_takes_back(open_editor, qtbot):
    """Its tip names the change; pressing it undoes it, redo brings it again."""
    editor = open_editor()
    editor.canvas.select(Spot("step", "wait1"))
    editor.hands.do("switch")
    assert editor.head.undo.toolTip().startswith("Undo disable Wait 2 days")
    qtbot.mouseClick(editor.head.undo, LEFT)
    assert editor.draft.graph == SOUND
    qtbot.mouseClick(editor.head.redo, LEFT)
    assert editor.draft.graph.steps["wait1"].disabled


def test_a_step_that_lacks_something_says_so_on_card_list_and_head(open_editor, qtbot):
    """A new e-mail needs a template: its card, the list and the head show the problem."""
    editor = open_editor()
    offer = next(x for x in KindCatalogue().steps("contact") if x.kind == "send_email")
    editor.canvas.add(offer, Slot("connector", "wait1", "next"))
    settle(qtbot, editor)
    face = editor.view.flow.plan.boxes[Spot("step", "send_email1")].face
    assert (face.problem, face.severity) == ("Template is required.", "error")
    assert editor.problem_list.list.item(0).text() == "Send e-mail: Template is required."
    assert "Template is required." in editor.problem_list.list.item(0).toolTip()
    assert editor.head.chip.text() == "1 problem"


def test_a_click_on_a_problem_selects_its_step(open_editor, qtbot):
    """The list below the canvas leads to where something is wrong."""
    editor = open_editor(SOUND.with_step(Step("task1", "create_task", {})))
    port, rows = editor.problem_list.list.viewport(), editor.problem_list.list
    at = rows.visualItemRect(rows.item(0)).center()
    qtbot.mouseClick(port, LEFT, pos=at)
    assert editor.view.flow.selected == Spot("step", "task1")


def test_a_problem_is_put_right_by_one_click_and_undone_by_another(open_editor, qtbot):
    """Where the program knows what to do, words in the row do it, as one edit."""
    loose = SOUND.with_step(Step("loose", "add_tag", {"tag": "x"}))
    editor = open_editor(loose)
    settle(qtbot, editor)
    rows = editor.problem_list.list
    item = rows.item(0)
    assert item.data(PROBLEM).fix.label == "Remove it and what follows it"
    at = rows.row_painter.fix_rect(rows.visualItemRect(item), item.data(PROBLEM)).center()
    qtbot.mouseClick(rows.viewport(), LEFT, pos=at)
    assert editor.draft.graph == SOUND
    settle(qtbot, editor)
    assert not editor.problem_list.isVisible()
    qtbot.mouseClick(editor.head.undo, LEFT)
    assert editor.draft.graph == loose


def test_publishing_a_sound_workflow(open_editor, store, qtbot):
    """One press publishes what is on screen, also what was typed just now."""
    editor = open_editor()
    editor.head.name.selectAll()
    qtbot.keyClicks(editor.head.name, "Greet")
    qtbot.mouseClick(editor.head.publish_button, LEFT)
    qtbot.waitUntil(lambda: editor.head.chip.text() == "Published")
    assert store.read(workflows.draft, editor.workflow_id).published.name == "Greet"
    assert not editor.head.publish_button.isEnabled()


def test_editing_after_publishing_says_that_the_draft_differs(open_editor, store, qtbot):
    """What is published stays; the head says that there is something newer."""
    editor = open_editor()
    store.write(publishing.publish, editor.workflow_id)
    editor.load()
    settle(qtbot, editor)
    editor.canvas.select(Spot("step", "wait1"))
    editor.hands.do("switch")
    assert editor.head.chip.text() == "Published, draft differs"
    assert editor.head.publish_button.isEnabled()


def test_a_narrow_head_says_less_and_cuts_nothing_off(open_editor, store, qtbot):
    """Words go before anything is cut off; what a button does is still said."""
    editor = open_editor()
    store.write(publishing.publish, editor.workflow_id)
    editor.load()
    settle(qtbot, editor)
    editor.draft.edit("Rename", SOUND.with_(name="Call"))
    settle(qtbot, editor)
    head, said = editor.head, []
    editor.setMinimumSize(700, 500)  # as the window has one, whatever is in it
    for width in (1400, 840, 780):
        editor.resize(width, 700)
        said.append((head.chip.text(), head.publish_button.text().strip()))
        assert head.minimumSizeHint().width() <= head.width() == width
    assert said[0] == ("Published, draft differs", "Publish changes")
    assert said[1:] == [("Draft differs", "Publish"), ("Draft differs", "")]
    assert head.publish_button.toolTip() == head.publish_button.accessibleName()


def test_leaving_saves_what_was_changed_last(open_editor, store, qtbot):
    """Going back to the list does not wait for the pause in typing."""
    editor = open_editor()
    qtbot.keyClicks(editor.head.name, "!")
    with qtbot.waitSignal(editor.closed):
        qtbot.mouseClick(editor.head.back, LEFT)
    settle(qtbot, editor)
    assert saved(store, editor).name == "Call new contacts!"


def test_the_palette_adds_after_the_selected_step(open_editor, qtbot):
    """Search in the palette, Enter: the step comes after what is selected."""
    editor = open_editor()
    editor.canvas.select(Spot("step", "wait1"))
    qtbot.keyClicks(editor.palette_list.search, "tag")
    qtbot.keyClick(editor.palette_list.search, Qt.Key.Key_Return)
    assert editor.draft.graph.steps["wait1"].exits == {"next": "add_tag1"}


def test_a_new_branch_has_a_yes_path_and_else(open_editor, qtbot):
    """What followed goes on under ‘Yes’; ‘Else’ is open to be continued."""
    editor = open_editor()
    offer = next(x for x in KindCatalogue().steps("contact") if x.kind == "branch")
    editor.canvas.add(offer, Slot("connector", "wait1", "next"))
    labels = [item.text for item in editor.view.flow.plan.labels]
    assert labels == ["Yes", "Else"]
    assert editor.draft.graph.steps["branch1"].exits == {"yes": "task1"}


def test_a_path_for_failures_is_offered_and_only_then_drawn(open_editor, qtbot):
    """A step that can fail shows one way on until somebody asks for the other."""
    assert step_face(Step("m", "send_email", {"template": "Hi"})).exits == (("next", ""),)
    failing = Step("m", "send_email", {"template": "Hi"}, {"failed": "t"})
    assert [name for name, _ in step_face(failing).exits] == ["next", "failed"]


def test_the_audience_is_edited_with_the_trigger(open_editor, qtbot):
    """A condition added there is part of the workflow and said on the trigger's card."""
    editor = open_editor()
    editor.canvas.select(Spot("trigger", "t1"))
    rows = editor.settings.audience.rows
    rows.fill({"all": [{"field": "lead_source", "op": "is", "value": "Web form"}]})
    assert editor.draft.graph.audience["all"][0]["value"] == "Web form"
    face = editor.view.flow.plan.boxes[Spot("trigger", "t1")].face
    assert face.subtitle == "Lead source is ‘Web form’"
    editor.draft.undo()
    assert editor.draft.graph.audience is None
    assert rows.filter() is None


def test_undo_works_from_the_sheet_by_key(open_editor, qtbot):
    """Ctrl+Z on the sheet takes back an edit made in the form."""
    editor = open_editor()
    editor.canvas.select(Spot("step", "wait1"))
    editor.settings.form.editor("amount").fill(5)
    editor.settings.form.changed.emit()
    assert editor.draft.graph.steps["wait1"].settings["amount"] == 5
    qtbot.keyClick(editor.view, Qt.Key.Key_Z, CTRL)
    assert editor.draft.graph == SOUND


def test_without_a_selection_the_workflow_itself_is_shown(open_editor, qtbot):
    """Who may enter again is set there, and can be undone."""
    editor = open_editor()
    whole = editor.settings.whole
    again = whole.entering.again
    again.setCurrentIndex(again.findData("never"))
    assert editor.draft.graph.settings.again == "never"
    assert whole.entering.days.isHidden()
    editor.draft.undo()
    assert editor.draft.graph == SOUND


def test_the_page_turns_dark_with_the_rest(open_editor, desk):
    """Another look of the program is taken over by the sheet."""
    editor = open_editor()
    desk.theme.wish("dark")
    assert editor.view.look.scheme == "dark"
    desk.theme.wish("light")


def test_a_schedule_says_live_when_it_is_next(open_editor, qtbot):
    """Below its form stand its next five times; another time of day shows others, undo too."""
    every_day = Trigger("t1", "schedule", {"every": "day", "at": "09:00"})
    editor = open_editor(SOUND.with_(triggers=(every_day,)))
    editor.canvas.select(Spot("trigger", "t1"))
    qtbot.waitUntil(lambda: bool(editor.settings.findChildren(Preview)))
    line = editor.settings.findChildren(Preview)[-1]
    qtbot.waitUntil(lambda: line.text().count("09:00") == 5)
    editor.settings.form.editor("at").fill("14:30")
    editor.settings.form.editor("at").changed.emit()
    qtbot.waitUntil(lambda: line.text().count("14:30") == 5)
    editor.draft.undo()
    qtbot.waitUntil(lambda: line.text().count("09:00") == 5)


def test_what_has_nothing_to_say_ahead_shows_no_line(open_editor):
    """A trigger that waits for an event cannot know when it comes."""
    editor = open_editor()
    editor.canvas.select(Spot("trigger", "t1"))
    assert editor.settings.findChildren(Preview) == []
