"""The steps of a sequence as a list: added, moved, timed by mouse and keys; shown on the canvas."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt

from rally_desktop.canvas.plan import Spot
from rally_desktop.engine import by_hand, publishing
from rally_desktop.engine.recipes.outreach import Outreach
from rally_desktop.model.graph import Place, Step
from rally_desktop.services import workflows
from rally_desktop.ui import later
from rally_desktop.ui.pages.sequence_editor import SequenceEditor

pytestmark = pytest.mark.slow

LEFT, KEY, ALT = Qt.MouseButton.LeftButton, Qt.Key, Qt.KeyboardModifier.AltModifier
OUTREACH = Outreach.graph()


@pytest.fixture
def open_sequence(desk, store, qtbot):
    """Open a sequence, as stored in a real office."""

    def make(graph=OUTREACH):
        editor = SequenceEditor(desk, store.write(workflows.create, graph))
        editor.view.motion = False
        qtbot.addWidget(editor)
        editor.resize(1200, 800)
        with qtbot.waitActive(editor):
            editor.show()
            editor.activateWindow()
        qtbot.waitUntil(lambda: editor.stored is not None and not later.busy())
        return editor

    return make


def titles(editor):
    """What the rows are called."""
    return [row.title.whole() for row in editor.steps.rows.steps]


def kinds(editor):
    """The kinds of the rows, by the list that the draft is now."""
    return [editor.draft.graph.steps[row.key].kind for row in editor.steps.line.rows]


def card_at(editor, place):
    """The middle of a row's card, on the screen."""
    card = editor.steps.rows.steps[place].card
    return card.mapToGlobal(card.rect().center())


def drag(qtbot, editor, place, to):
    """Drag a row over another one, with real moves of the mouse."""
    row, end = editor.steps.rows.steps[place], card_at(editor, to)
    end += QPoint(0, 12 if to > place else -12)
    begin = row.mapFromGlobal(card_at(editor, place))
    qtbot.mousePress(row, LEFT, pos=begin)
    for part in (4, 2, 1):
        where = row.mapFromGlobal(end)
        qtbot.mouseMove(row, begin + (where - begin) / part)
    assert editor.steps.rows.lifted == row.key
    qtbot.mouseRelease(row, LEFT, pos=row.mapFromGlobal(end))


def test_a_sequence_opens_as_a_list_with_the_days_of_its_steps(open_sequence):
    """Each row says what is done and on which day; the list is what one sees, not the canvas."""
    editor = open_sequence()
    assert titles(editor) == [
        "E-mail ‘Outreach, first letter’", "Call", "E-mail ‘Outreach, last letter’",
    ]  # fmt: skip
    days = [row.day.text() for row in editor.steps.rows.steps]
    assert days[0] == "Day 1"
    assert int(days[1].split()[1]) >= 4
    assert editor.steps.isVisible()
    assert not editor.sheet.isVisible()


def test_a_wait_is_changed_in_place_and_undone_as_one(open_sequence, qtbot):
    """Typing a number of days moves what follows, in the list and in the workflow."""
    editor = open_sequence()
    gap = editor.steps.rows.gaps[1]
    gap.unit.setCurrentText("days")
    days = editor.draft.graph
    gap.amount.setFocus()
    gap.amount.selectAll()
    qtbot.keyClicks(gap.amount, "12")
    assert editor.draft.graph.steps["pause"].settings == {"amount": 12, "unit": "days"}
    assert editor.steps.rows.steps[1].day.text() == "Day 13"
    assert gap.amount.hasFocus()
    editor.draft.undo()
    assert editor.draft.graph == days
    assert gap.amount.value() == 3


def test_without_a_wait_a_step_comes_at_once(open_sequence, qtbot):
    """Zero takes the wait out of the workflow, and a number puts one in."""
    editor = open_sequence()
    gap = editor.steps.rows.gaps[1]
    gap.amount.setValue(0)
    assert "pause" not in editor.draft.graph.steps
    assert gap.unit.isHidden()
    gap.amount.setValue(2)
    wait = editor.steps.line.rows[1].waits[0]
    assert editor.draft.graph.steps[wait].settings == {"amount": 2, "unit": "business days"}


def test_a_row_is_dragged_to_another_place(open_sequence, qtbot):
    """The call goes below the last letter; undo puts it back."""
    editor = open_sequence()
    drag(qtbot, editor, 1, 2)
    assert kinds(editor) == ["send_email", "send_email", "call_step"]
    assert titles(editor)[2] == "Call"
    editor.draft.undo()
    assert editor.draft.graph == OUTREACH


def test_escape_leaves_a_dragged_row_where_it_was(open_sequence, qtbot):
    """What was lifted is put down again, and nothing has changed."""
    editor = open_sequence()
    row = editor.steps.rows.steps[0]
    qtbot.mousePress(row, LEFT, pos=row.rect().center())
    qtbot.mouseMove(row, row.rect().center() + QPoint(0, 90))
    assert editor.steps.rows.lifted
    qtbot.keyClick(editor.steps.rows, KEY.Key_Escape)
    qtbot.mouseRelease(row, LEFT, pos=row.rect().center() + QPoint(0, 90))
    assert not editor.steps.rows.lifted
    assert editor.draft.graph == OUTREACH


def test_keys_choose_move_disable_and_remove_a_step(open_sequence, qtbot):
    """Everything is done without a mouse, by the keys of the canvas."""
    editor = open_sequence()
    rows = editor.steps.rows
    rows.setFocus()
    for key in (KEY.Key_Home, KEY.Key_Down):
        qtbot.keyClick(rows, key)
    assert editor.view.flow.selected == Spot("step", "call")
    qtbot.keyClick(rows, KEY.Key_Up, ALT)
    assert kinds(editor) == ["call_step", "send_email", "send_email"]
    qtbot.keyClick(rows, KEY.Key_D)
    assert editor.draft.graph.steps["call"].disabled
    qtbot.keyClick(rows, KEY.Key_Delete)
    assert kinds(editor) == ["send_email", "send_email"]
    assert rows.hasFocus()
    for _ in range(3):
        qtbot.keyClick(rows, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert editor.draft.graph == OUTREACH


def test_a_step_added_at_the_end_comes_two_business_days_later(open_sequence, qtbot):
    """A button below the rows adds it, and the cursor is in its first setting."""
    editor = open_sequence()
    qtbot.mouseClick(editor.steps.adding.buttons["send_sms"], LEFT)
    assert kinds(editor)[-1] == "send_sms"
    assert editor.steps.rows.gaps[-1].amount.value() == 2
    assert editor.steps.rows.chosen == "send_sms1"
    assert editor.draft.graph.steps["last"].exits == {"next": "wait1"}
    assert editor.settings.isAncestorOf(editor.window().focusWidget())


def test_a_step_is_added_between_two_others_by_name(open_sequence, qtbot):
    """The plus asks what comes there; the days of the others stay."""
    editor = open_sequence()
    before = [row.day.text() for row in editor.steps.rows.steps]
    qtbot.mouseClick(editor.steps.rows.gaps[1].add, LEFT)
    popup = editor.steps.hands._asker.popup
    qtbot.keyClicks(popup.search, "linkedin")
    qtbot.keyClick(popup.search, KEY.Key_Return)
    assert kinds(editor) == ["send_email", "linkedin_step", "call_step", "send_email"]
    days = [row.day.text() for row in editor.steps.rows.steps]
    assert [days[0], *days[2:]] == before


def test_a_sequence_that_branches_is_shown_on_the_canvas_and_says_why(open_sequence, qtbot):
    """The list cannot be chosen until the branch is undone."""
    forked = {"next": "rest", "timed_out": "end"}
    editor = open_sequence(OUTREACH.with_step(Step("call", "call_step", {"task": "Call"}, forked)))
    assert editor.sheet.isVisible()
    assert not editor.ways.buttons["list"].isEnabled()
    assert editor.why.whole() == "Shown on the canvas: it branches at ‘Call step’."


def test_both_views_show_the_same_step_and_the_same_change(open_sequence, qtbot):
    """What is chosen and edited in the list is so on the canvas, and back again."""
    editor = open_sequence()
    qtbot.mouseClick(editor.steps.rows.steps[1], LEFT)
    qtbot.mouseClick(editor.ways.buttons["canvas"], LEFT)
    assert editor.view.isVisible()
    assert editor.view.flow.selected == Spot("step", "call")
    editor.hands.do("switch")
    qtbot.mouseClick(editor.ways.buttons["list"], LEFT)
    assert editor.steps.rows.steps[1].words.whole().startswith("Disabled")


def test_what_is_wrong_with_a_step_stands_on_its_row(open_sequence, qtbot):
    """A new e-mail lacks its template, and says so where it is and in the head."""
    editor = open_sequence()
    qtbot.mouseClick(editor.steps.adding.buttons["send_email"], LEFT)
    qtbot.waitUntil(lambda: editor.steps.rows.steps[-1].problem.isVisible())
    assert editor.steps.rows.steps[-1].problem.whole() == "Template is required."
    assert "problem" in editor.head.chip.text()


def test_what_stops_it_and_exclusive_are_set_above_the_steps(open_sequence, qtbot):
    """A change there is one of the draft, and the folded card says it in a line."""
    editor = open_sequence()
    above = editor.steps.settings
    above.fold.open()
    box = above.stops.boxes["reply"]
    box.setCurrentIndex(box.findData("go_on"))
    above.exclusive.click()
    above.footer.click()
    qtbot.keyClicks(above.words, " here")
    rules = editor.draft.graph.settings
    assert (rules.stops, rules.exclusive) == ({"reply": "go_on"}, True)
    assert rules.footer == "Unsubscribe here"
    above.fold.open(False)
    assert above.fold.head._line.whole().endswith("they reply: go on · exclusive")


def test_a_locked_sequence_can_be_read_and_not_changed(open_sequence, qtbot):
    """Boxes and buttons are grey, a drag lifts nothing, a key says why."""
    editor = open_sequence()
    editor.draft.lock("Carla has it open.", "test")
    assert not editor.steps.rows.gaps[1].amount.isEnabled()
    assert not editor.steps.adding.isEnabled()
    qtbot.mouseClick(editor.steps.rows.steps[0], LEFT)
    qtbot.keyClick(editor.steps.rows, KEY.Key_Delete)
    assert editor.draft.graph == OUTREACH
    assert editor.said.whole() == "Carla has it open."


def test_people_stand_beside_the_steps(open_sequence, qtbot):
    """A section of its own takes the room of the steps, and what is wrong leads back to them."""
    editor = open_sequence(OUTREACH.with_step(Step("call", "call_step", {}, {"next": "rest"})))
    qtbot.mouseClick(editor.sections.buttons["people"], LEFT)
    assert editor.people.isVisible()
    assert not editor.body.isVisible()
    assert not editor.head.undo.isVisible()
    editor.problem_list.wanted.emit("call")
    assert editor.steps.isVisible()
    assert editor.steps.rows.chosen == "call"


def test_what_is_published_is_looked_at_on_the_canvas(open_sequence, store, qtbot):
    """The list is of the draft; going back to it shows the draft, which can be edited."""
    calls = Step("last", "call_step", {"task": "Call again"}, {"next": "end"})
    first = Step("first", "linkedin_step", {"task": "Invite"}, {"next": "pause"})
    editor = open_sequence(OUTREACH.with_step(calls).with_step(first))
    store.write(publishing.publish, editor.workflow_id)
    qtbot.waitUntil(editor.views.switch.buttons["published"].isEnabled)
    editor.steps.hands.put(0, 1)
    editor.views.show("published")
    qtbot.waitUntil(lambda: bool(editor.draft.locked) and not later.busy())
    assert editor.sheet.isVisible()
    qtbot.mouseClick(editor.ways.buttons["list"], LEFT)
    assert not editor.draft.locked
    assert kinds(editor) == ["call_step", "linkedin_step", "call_step"]


def test_find_looks_among_the_people_or_on_the_canvas(open_sequence, qtbot):
    """Ctrl+F searches what is shown; for the steps that is the canvas, which then is."""
    editor = open_sequence()
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.mouseClick(editor.sections.buttons["people"], LEFT)
    qtbot.keyClick(editor.people.table, KEY.Key_F, control)
    assert editor.people.search.hasFocus()
    qtbot.mouseClick(editor.sections.buttons["steps"], LEFT)
    qtbot.keyClick(editor.steps.rows, KEY.Key_F, control)
    assert editor.sheet.isVisible()
    assert editor.moving.bar.field.hasFocus()


def test_steps_are_copied_and_pasted_after_the_chosen_one(open_sequence, qtbot):
    """What is on the clipboard comes after a call as after anything else, and it stays a list."""
    editor, control = open_sequence(), Qt.KeyboardModifier.ControlModifier
    rows = editor.steps.rows
    editor.steps.hands.choose("first")
    rows.setFocus()
    qtbot.keyClick(rows, KEY.Key_C, control)
    editor.steps.hands.choose("call")
    qtbot.keyClick(rows, KEY.Key_V, control)
    assert kinds(editor) == ["send_email", "call_step", "send_email", "send_email"]
    qtbot.keyClick(rows, KEY.Key_X, control)
    assert kinds(editor) == ["send_email", "call_step", "send_email"]
    qtbot.keyClick(rows, KEY.Key_D, control)
    assert kinds(editor) == ["send_email", "call_step", "send_email", "send_email"]


def test_each_step_says_what_became_of_it(qtbot, desk, world):
    """The letter is done, one person waits for the call; a click on that number leads there."""
    world.mailbox()
    number = world.switch_on(Outreach)
    ana = world.contact("Ana", email="ana@example.org")
    world.do(by_hand.enrol, number, [ana])
    world.heart.tick()
    editor = SequenceEditor(desk, number)
    qtbot.addWidget(editor)
    editor.resize(1200, 800)
    editor.show()
    rows, gap = editor.steps.rows, lambda: editor.steps.rows.gaps[1].people
    qtbot.waitUntil(lambda: len(rows.gaps) == 3 and gap().isVisible())
    assert rows.steps[0].figures.text() == "1 done"
    qtbot.mouseClick(gap(), LEFT)
    qtbot.waitUntil(lambda: editor.people.isVisible() and len(editor.people.table.people.ids) == 1)
    assert editor.people.table.people.wanted.step == "pause"


def test_what_is_a_list_again_says_so(open_sequence, qtbot):
    """A branch turns to the canvas and says why; undone, the list is offered again."""
    editor = open_sequence()
    before = editor.draft.own
    paths = [{"name": "VIP", "exit": "vip", "filter": {"field": "city", "op": "is_known"}}]
    fork = Step("fork", "branch", {"paths": paths}, {"vip": "call", "else": "end"})
    editor.draft.edit("Branch", before.with_step(fork).connected(Place("pause"), "fork"))
    assert editor.why.whole() == "Shown on the canvas: it branches at ‘Branch’."
    assert "Undo" in editor.ways.buttons["list"].toolTip()
    editor.draft.undo()
    assert editor.why.whole() == "It can be shown as a list again."
    qtbot.mouseClick(editor.ways.buttons["list"], LEFT)
    assert editor.steps.isVisible()
    assert editor.why.whole() == ""
