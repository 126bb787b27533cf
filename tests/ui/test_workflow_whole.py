"""What holds for a workflow as a whole, set in its panel by mouse and by keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QWidget

from rally_desktop.canvas.plan import Spot
from rally_desktop.model.changes import RowAdded
from rally_desktop.model.graph import Graph, Rules, Trigger
from rally_desktop.services import workflows
from tests.ui.whole import KEY, SOUND, checked, pick, rules

pytestmark = pytest.mark.slow

LEFT = Qt.MouseButton.LeftButton


def make_field(work, **field):
    """Give the office a field of its own for contacts."""
    more = {"record_kind": "contact", "options": [], "position": 1, "archived": False}
    work.change(RowAdded("custom_field", {"id": work.new_id("custom_field"), **more, **field}))


# -- folding -----------------------------------------------------------------------------------


def test_a_part_folds_and_says_in_a_line_what_is_set(open_whole, qtbot):
    """A click opens it, Enter folds it again; folded, its summary is what it read aloud too."""
    fold = open_whole().settings.whole.folds["entering"]
    assert fold.head.accessibleDescription() == "Again after 30 days"
    qtbot.mouseClick(fold.head, LEFT)
    assert fold.body.isVisible()
    qtbot.keyClick(fold.head, KEY.Key_Return)
    assert not fold.body.isVisible()


def test_the_arrow_keys_open_and_fold_a_part(open_whole, qtbot):
    """The right arrow opens, the left one folds, as in any tree."""
    fold = open_whole().settings.whole.folds["messages"]
    qtbot.keyClick(fold.head, KEY.Key_Right)
    assert fold.is_open()
    qtbot.keyClick(fold.head, KEY.Key_Left)
    assert not fold.is_open()


def test_tab_leads_from_a_heading_into_its_part_and_on(open_whole, qtbot):
    """Keys reach the parts in the order in which they are seen."""
    whole = open_whole("about").settings.whole
    whole.folds["about"].head.setFocus()
    about = whole.about
    order = [about.record, about.purpose, about.description, whole.folds["triggers"].head]
    for part in order:
        qtbot.keyClick(QApplication.focusWidget(), KEY.Key_Tab)
        assert QApplication.focusWidget() is part


def test_nothing_flashes_up_while_the_panel_is_made(open_whole, qapp):
    """No piece of it is a window of its own for a moment, which would take the focus away."""

    class Windows(QObject):
        def eventFilter(self, watched, event):
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget):
                shown.extend([watched] if watched.isWindow() else [])
            return False

    audience = {"all": [{"any": [{"field": "city", "op": "is", "value": "Leeds"}]}]}
    shown, windows = [], Windows()
    qapp.installEventFilter(windows)
    editor = open_whole("about", graph=SOUND.with_(audience=audience))
    editor.canvas.select(Spot("step", "task1"))
    qapp.removeEventFilter(windows)
    assert shown == [editor]


def test_what_was_unfolded_stays_so_when_one_comes_back(open_whole):
    """Looking at a step in between changes nothing of it."""
    editor = open_whole("messages")
    editor.canvas.select(Spot("step", "task1"))
    editor.canvas.select(None)
    folds = editor.settings.whole.folds
    assert [key for key, fold in folds.items() if fold.is_open()] == ["messages"]


def test_every_control_has_a_name_that_can_be_read_aloud(open_whole):
    """Whoever hears the screen knows what each box, button and field is."""
    full = SOUND.with_(stop_on=(Trigger("t2", "tag_added", {"tags": ["Lost"]}),))
    whole = open_whole(graph=full).settings.whole
    for fold in whole.folds.values():
        fold.open()
    nameless = [
        part
        for kind in (QAbstractButton, QComboBox)
        for part in whole.findChildren(kind)
        if part.isVisible() and not (part.accessibleName() or getattr(part, "text", str)())
    ]
    assert nameless == []


# -- what starts it ----------------------------------------------------------------------------


def test_another_trigger_is_added_by_typing_its_name(open_whole, qtbot):
    """Click, type, Enter: it is there, unfolded, with the cursor in its first setting."""
    editor = open_whole("triggers")
    triggers = editor.settings.whole.triggers
    qtbot.mouseClick(triggers.add, LEFT)
    popup = editor.settings._asker.popup
    qtbot.keyClicks(popup.search, "tag added")
    qtbot.keyClick(popup.search, KEY.Key_Return)
    assert [one.kind for one in editor.draft.graph.triggers] == ["record_created", "tag_added"]
    entry = triggers.entries["tag_added1"]
    assert entry.fold.is_open()
    assert entry.isAncestorOf(QApplication.focusWidget())
    assert Spot("trigger", "tag_added1") in editor.view.flow.plan.boxes


def test_a_trigger_is_taken_away_and_brought_back(open_whole, qtbot):
    """The cross removes it; one undo puts it back where it was."""
    two = SOUND.with_trigger(Trigger("t2", "tag_added", {"tags": ["New"]}))
    editor = open_whole("triggers", graph=two)
    triggers = editor.settings.whole.triggers
    qtbot.mouseClick(triggers.entries["t1"].cross, LEFT)
    assert [one.id for one in editor.draft.graph.triggers] == ["t2"]
    editor.draft.undo()
    assert editor.draft.graph == two
    assert list(triggers.entries) == ["t1", "t2"]


def test_without_a_trigger_the_part_says_what_to_do(open_whole):
    """An empty list is no riddle."""
    triggers = open_whole("triggers", graph=Graph("New")).settings.whole.triggers
    assert triggers.none.isVisible()
    assert triggers.none.text() == "Nothing starts it yet: add a trigger."


def test_typing_in_a_triggers_form_is_one_change(open_whole, qtbot):
    """The letters of one setting are undone together, and the heading follows."""
    form = Trigger("t2", "form_submitted", {"form": "contact"})
    editor = open_whole("triggers", graph=SOUND.with_(triggers=(form,)))
    entry = editor.settings.whole.triggers.entries["t2"]
    entry.fold.open()
    field = entry.form.findChild(QLineEdit)
    field.setFocus()
    qtbot.keyClick(field, KEY.Key_End)
    qtbot.keyClicks(field, "-us")
    assert editor.draft.graph.triggers[0].settings["form"] == "contact-us"
    editor.draft.undo()
    assert editor.draft.graph.triggers == (form,)
    assert field.text() == "contact"


def test_the_audience_can_ask_for_a_field_of_the_offices_own(open_whole, store):
    """Custom fields are among those offered, and the card says the condition in words."""
    store.write(make_field, name="allergies", label="Allergies", kind="text")
    editor = open_whole("audience")
    rows = editor.settings.audience.rows
    rows.fill({"all": [{"field": "custom.allergies", "op": "is", "value": "nuts"}]})
    assert editor.settings.whole.folds["audience"].head.accessibleDescription() == (
        "Allergies is ‘nuts’"
    )


# -- entering ----------------------------------------------------------------------------------


def test_days_until_entering_again_are_typed_as_one_change(open_whole, qtbot):
    """What is typed into the box is undone in one step."""
    editor = open_whole("entering")
    days = editor.settings.whole.entering.days
    days.setFocus()
    days.selectAll()
    qtbot.keyClicks(days, "45")
    assert rules(editor).after_days == 45
    editor.draft.undo()
    assert editor.draft.graph == SOUND
    assert days.value() == 30


def test_who_is_inside_already_may_begin_anew(open_whole, qtbot):
    """The four ways are chosen in words; the arrow keys do."""
    editor = open_whole("entering")
    pick(qtbot, editor.settings.whole.entering.inside, "restart")
    assert rules(editor).inside == "restart"


def test_who_never_enters_again_is_not_asked_about_being_inside(open_whole, qtbot):
    """A question whose answer changes nothing is not put."""
    entering = open_whole("entering").settings.whole.entering
    pick(qtbot, entering.again, "never")
    assert not entering.inside.isVisible()
    assert not entering.days.isVisible()


def test_review_loops_and_settling_are_set(open_whole, qtbot):
    """Space ticks a box, the arrow up gives a minute."""
    editor = open_whole("entering")
    entering = editor.settings.whole.entering
    qtbot.keyClick(entering.review, KEY.Key_Space)
    qtbot.keyClick(entering.loops, KEY.Key_Space)
    qtbot.keyClick(entering.settle, KEY.Key_Up)
    assert rules(editor) == Rules(review=True, allow_loops=True, settle_minutes=1)


def test_only_sequences_are_asked_whether_they_are_exclusive(open_whole, qtbot):
    """Another purpose brings the question, and the usual answers of sequences."""
    editor = open_whole("about", "entering", "stops")
    whole = editor.settings.whole
    assert not whole.entering.exclusive.isVisible()
    pick(qtbot, whole.about.purpose, "sequence")
    assert whole.entering.exclusive.isVisible()
    assert whole.stops.boxes["reply"].currentText() == "Stop (usual)"


# -- problems ----------------------------------------------------------------------------------


def test_a_click_on_a_problem_of_the_whole_opens_its_part(open_whole, qtbot):
    """From a step back to the part in which it can be put right."""
    editor = open_whole(graph=SOUND.with_(settings=Rules(account="old")))
    checked(qtbot, editor)
    editor.canvas.select(Spot("step", "task1"))
    rows = editor.problem_list.list
    qtbot.mouseClick(rows.viewport(), LEFT, pos=rows.visualItemRect(rows.item(0)).center())
    assert editor.settings.whole.folds["messages"].is_open()


def test_a_stop_event_that_lacks_something_says_so_in_stop_when(open_whole, qtbot):
    """It has no card on the canvas: the panel is where it is told."""
    editor = open_whole(graph=SOUND.with_(stop_on=(Trigger("t2", "form_submitted", {}),)))
    checked(qtbot, editor)
    rows = editor.problem_list.list
    qtbot.mouseClick(rows.viewport(), LEFT, pos=rows.visualItemRect(rows.item(0)).center())
    whole = editor.settings.whole
    assert whole.folds["stop_when"].is_open()
    assert whole.stop_when.events.entries["t2"].form.row("form").told.isVisible()


def test_what_is_set_in_the_panel_is_what_is_saved(open_whole, store, qtbot):
    """The office has it a moment later, without a button."""
    editor = open_whole("entering")
    pick(qtbot, editor.settings.whole.entering.again, "every_event")
    checked(qtbot, editor)
    assert store.read(workflows.draft, editor.workflow_id).graph.settings.again == "every_event"


def test_a_workflow_is_described_in_words_as_one_change(open_whole, qtbot):
    """What is typed letter by letter is undone at once."""
    editor = open_whole("about")
    box = editor.settings.whole.about.description
    box.setFocus()
    qtbot.keyClicks(box, "Calls everybody who is new.")
    assert editor.draft.graph.description == "Calls everybody who is new."
    editor.draft.undo()
    assert (editor.draft.graph.description, box.toPlainText()) == ("", "")
