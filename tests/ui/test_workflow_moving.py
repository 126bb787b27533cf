"""Moving about on the canvas page: search, outline, problems, keys, without a mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from rally_desktop.canvas.key_sheet import KeySheet
from rally_desktop.canvas.plan import Spot
from rally_desktop.canvas.reading import Line
from rally_desktop.model.graph import Graph, Step, Trigger
from rally_desktop.services import templates, workflows
from rally_desktop.ui.pages.workflow_problems import PROBLEM
from tests.ui.whole import checked, opened

pytestmark = pytest.mark.slow

KEY, LEFT = Qt.Key, Qt.MouseButton.LeftButton
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT, NONE = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.NoModifier
GREET = Graph(
    "Greet",
    triggers=(Trigger("t1", "record_created"),),
    start="mail1",
    steps={
        "mail1": Step("mail1", "send_email", {"template": "Hello"}, {"next": "wait1"}),
        "wait1": Step("wait1", "wait", {"amount": 2, "unit": "days"}, {"next": "task1"}),
        "task1": Step("task1", "create_task", {"task": "Call back"}),
    },
)
FAULTY = GREET.with_step(Step("loose", "add_tag", {"tag": "x"})).with_step(
    Step("task1", "create_task", {})
)


@pytest.fixture
def page(desk, store, qtbot):
    """Open a workflow in an office that has one template."""

    def make(graph=GREET):
        store.write(
            templates.save, name="Hello", channel="email", subject="Welcome", text="Dear friend"
        )
        made = opened(desk, store, qtbot, (), graph)
        checked(qtbot, made)
        made.view.setFocus()
        return made

    return make


def press(qtbot, key, held=NONE):
    """Press a key where the focus is, or was before the window lost it to another."""
    pages = (each for each in QApplication.topLevelWidgets() if each.objectName() == "page")
    widget = QApplication.focusWidget() or next(pages).focusWidget()
    qtbot.keyClick(widget, key, held)


def typed(qtbot, text):
    """Type where the focus is."""
    qtbot.keyClicks(QApplication.focusWidget(), text)


def test_the_texts_of_templates_are_found(page, qtbot):
    """A word of the e-mail leads to the step that sends it."""
    made = page()
    press(qtbot, KEY.Key_F, CTRL)
    typed(qtbot, "friend")
    qtbot.waitUntil(lambda: made.moving.search.found == [Spot("step", "mail1")])
    press(qtbot, KEY.Key_Return)
    assert made.view.flow.selected == Spot("step", "mail1")
    press(qtbot, KEY.Key_Escape)
    assert made.view.hasFocus()


def test_f1_shows_the_keys_from_wherever_one_is(page, qtbot):
    """Also while typing in the settings; the button at the foot does the same."""
    made = page()
    made.canvas.select(Spot("step", "task1"))
    press(qtbot, KEY.Key_Return)
    press(qtbot, KEY.Key_F1)
    sheet = made.findChild(KeySheet)
    assert sheet.isVisible()
    sheet.close()
    qtbot.mouseClick(made.zoom_bar.buttons["keys"], LEFT)
    assert len(made.findChildren(KeySheet)) >= 1


def test_f6_goes_round_the_parts_of_the_page(page, qtbot):
    """Palette, sheet, settings, problems, head; with Shift the other way."""
    made = page(FAULTY)
    made.canvas.select(Spot("step", "task1"))
    parts = (made.head, made.left, made.view, made.right, made.problem_list)
    seen = []
    for held in (NONE,) * 5 + (SHIFT,):
        press(qtbot, KEY.Key_F6, held)
        here = QApplication.focusWidget()
        seen.append(next(n for n, x in enumerate(parts) if x is here or x.isAncestorOf(here)))
    assert seen == [3, 4, 0, 1, 2, 1]


def test_the_outline_is_a_key_away_and_shares_the_selection(page, qtbot):
    """Ctrl+Shift+O goes there with the same step selected, and back."""
    made = page()
    made.canvas.select(Spot("step", "wait1"), by_keys=True)
    press(qtbot, KEY.Key_O, CTRL | SHIFT)
    tree = made.moving.outline.tree
    assert tree.hasFocus()
    assert tree.lines.line_at(tree.currentIndex()) == Line("step", "wait1")
    press(qtbot, KEY.Key_Down)
    assert made.settings.spot == Spot("step", "task1")
    press(qtbot, KEY.Key_O, CTRL | SHIFT)
    assert made.view.hasFocus()


def test_what_is_typed_above_the_outline_is_added(page, qtbot):
    """It says before what Enter adds, and where."""
    made = page()
    made.left.setCurrentIndex(1)
    made.canvas.select(Spot("step", "wait1"))
    field = made.moving.outline.field
    field.setFocus()
    typed(qtbot, "add tag")
    assert made.moving.outline.hint.text() == "Enter adds ‘Add tag’ after Wait 2 days."
    press(qtbot, KEY.Key_Return)
    assert made.draft.graph.steps["wait1"].exits == {"next": "add_tag1"}
    assert field.text() == ""


def test_problems_are_counted_errors_first(page):
    """The head of the list says how many; warnings come after what keeps from publishing."""
    made = page(FAULTY)
    rows = made.problem_list.list
    worst = [rows.item(row).data(PROBLEM).severity for row in range(rows.count())]
    assert worst == sorted(worst)
    assert made.problem_list.head.text() == "1 problem, 2 warnings"


def test_the_problems_stay_folded_and_as_high_as_one_made_them(page, desk, qtbot):
    """Also when another workflow is opened."""
    made = page(FAULTY)
    listed = made.problem_list
    before = listed.list.height()
    qtbot.mousePress(listed.grip, LEFT, pos=QPoint(50, 2))
    qtbot.mouseMove(listed.grip, QPoint(50, -38))
    qtbot.mouseRelease(listed.grip, LEFT, pos=QPoint(50, 2))
    assert listed.list.height() > before + 20
    qtbot.mouseClick(listed.head, LEFT)
    assert not listed.list.isVisible()
    assert not desk.preferences.get("problems_open")
    assert desk.preferences.get("problems_height") == listed.list.height()


def test_alt_enter_puts_the_problem_of_a_step_right(page, qtbot):
    """F8 goes there, Alt+Enter mends it, Ctrl+Z takes it back."""
    made = page(FAULTY)
    said = []
    made.canvas.said.connect(said.append)
    while made.view.flow.selected != Spot("step", "loose"):
        press(qtbot, KEY.Key_F8)
    press(qtbot, KEY.Key_Return, ALT)
    assert "loose" not in made.draft.graph.steps
    assert said[-1] == "Remove it and what follows it: done."
    press(qtbot, KEY.Key_Z, CTRL)
    assert "loose" in made.draft.graph.steps
    qtbot.waitUntil(lambda: made.problem_list.is_current)
    made.canvas.select(Spot("trigger", "t1"), by_keys=True)
    press(qtbot, KEY.Key_Return, ALT)
    assert said[-1] == "There is nothing here that can be put right by itself."


def test_the_overview_and_the_wheel_are_as_one_wished_last_time(page, desk, qtbot):
    """Both are kept on this computer."""
    made = page()
    press(qtbot, KEY.Key_M)
    assert not made.minimap.wanted
    made.moving.wheel.trigger()
    assert made.view.wheel.zooms
    assert (desk.preferences.get("minimap"), desk.preferences.get("wheel_zooms")) == (False, True)


def test_what_was_chosen_in_the_settings_holds_when_one_comes_back(page, desk):
    """The canvas that stayed open follows it too."""
    made = page()
    made.hide()
    desk.preferences.put("wheel_zooms", True)
    desk.preferences.put("minimap", False)
    made.show()
    assert made.view.wheel.zooms
    assert made.moving.wheel.isChecked()
    assert not made.minimap.wanted


def test_ctrl_enter_publishes_from_the_sheet_and_never_from_a_field(page, qtbot):
    """Who types it in the settings by habit has published nothing."""
    made = page()
    made.canvas.select(Spot("step", "task1"), by_keys=True)
    press(qtbot, KEY.Key_Return)
    assert not made.view.hasFocus()
    pressed = []
    made.head.publish.connect(lambda: pressed.append(1))
    press(qtbot, KEY.Key_Return, CTRL)
    assert not pressed
    made.view.setFocus()
    press(qtbot, KEY.Key_Return, CTRL)
    assert pressed


def add(qtbot, made, text):
    """Add what comes next by typing."""
    press(qtbot, KEY.Key_N)
    assert made.canvas.quick_add.isVisible()
    qtbot.keyClicks(made.canvas.quick_add.search, text)
    qtbot.keyClick(made.canvas.quick_add.search, KEY.Key_Return)


def test_a_workflow_is_built_edited_and_published_by_keys_alone(page, store, qtbot):
    """Trigger, wait, task; what the task says is typed, the wait is moved, and it is published."""
    made = page(Graph("By keys"))
    press(qtbot, KEY.Key_Home)
    press(qtbot, KEY.Key_Return)
    qtbot.keyClicks(made.canvas.quick_add.search, "created")
    qtbot.keyClick(made.canvas.quick_add.search, KEY.Key_Return)
    add(qtbot, made, "create task")
    press(qtbot, KEY.Key_Return)
    typed(qtbot, "Call back")
    press(qtbot, KEY.Key_F6, SHIFT)
    assert made.view.hasFocus()
    add(qtbot, made, "wait")
    press(qtbot, KEY.Key_Up, CTRL | SHIFT)
    graph = made.draft.graph
    kinds = [
        graph.steps[key].kind for key in (graph.start, *graph.steps[graph.start].exits.values())
    ]
    assert kinds == ["wait", "create_task"]
    checked(qtbot, made)
    press(qtbot, KEY.Key_Return, CTRL)
    qtbot.waitUntil(lambda: made.head.chip.text() == "Published")
    published = store.read(workflows.draft, made.workflow_id).published
    tasks = [step for step in published.steps.values() if step.kind == "create_task"]
    assert tasks[0].settings["task"] == "Call back"


def test_a_whole_line_is_typed_above_the_outline(page, qtbot):
    """A wait and what follows it come in as one change."""
    made = page()
    made.left.setCurrentIndex(1)
    made.canvas.select(Spot("step", "task1"))
    made.moving.outline.field.setFocus()
    typed(qtbot, "wait 3 days then add tag")
    press(qtbot, KEY.Key_Return)
    tree = made.moving.outline.tree
    kinds = [made.draft.graph.steps[line.id].kind for line in tree.lines.speaker.reading.lines()
             if line.kind == "step"]  # fmt: skip
    assert kinds == ["send_email", "wait", "create_task", "wait", "add_tag"]
    made.draft.undo()
    assert made.draft.graph == GREET
