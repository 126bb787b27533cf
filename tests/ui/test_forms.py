"""Forms made from classes, filled in with keys and the mouse."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from rally_desktop.core import schema
from rally_desktop.core.errors import BadSettings
from rally_desktop.core.schema import Described
from rally_desktop.engine.nodes import step_kinds, trigger_kinds
from rally_desktop.engine.nodes.actions.create_task import CreateTask
from rally_desktop.engine.nodes.actions.send_email import SendEmail
from rally_desktop.engine.nodes.actions.update_field import UpdateField
from rally_desktop.engine.nodes.flow.branch import Branch
from rally_desktop.engine.nodes.flow.split import Split
from rally_desktop.engine.nodes.triggers.activity_completed import ActivityCompleted
from rally_desktop.engine.nodes.triggers.tag_added import TagAdded
from rally_desktop.model.fields import CustomField, fields_of
from rally_desktop.services import activities, calendar
from rally_desktop.ui.forms.editor import Offer
from rally_desktop.ui.forms.form import Form

pytestmark = pytest.mark.slow

KINDS = {**step_kinds(), **trigger_kinds()}
LISTS = {
    "template": ["Welcome", "Reminder", "Reminder by SMS"],
    "user": ["Admin", "Ana", "Ben"],
    "tag": ["Customer", "Newsletter"],
    "stage": ["New", "Qualified", "Proposal", "Closed Won"],
    "lifecycle_stage": ["Lead", "Customer"],
    "call_outcome": ["Reached", "No answer"],
    "task_type": ["To-do", "Call"],
    "pipeline": ["Sales"],
    "lead_status": ["New", "Contacted"],
    "workflow": ["Welcome"],
    "weekday": list(calendar.WEEKDAYS),
    "activity": list(activities.EVERY),
    "open_stage": ["New", "Proposal"],
}


class Sample(Described, frozen=True):
    """One of each kind of field."""

    name: Annotated[str, schema.Text("Name")]
    note: Annotated[str, schema.Text("Note", required=False, lines=3)] = ""
    count: Annotated[int, schema.Number("Count", least=1, most=9)] = 3
    budget: Annotated[float | None, schema.Number("Budget", required=False, unit="€")] = None
    polite: Annotated[bool, schema.YesNo("Be polite")] = True
    size: Annotated[Literal["S", "M", "L"], schema.Choice("Size")] = "M"
    day: Annotated[str, schema.Moment("Day")] = "2026-06-02"
    after: Annotated[timedelta, schema.Duration("After")] = timedelta(hours=36)
    at: Annotated[str, schema.TimeOfDay("At", required=False)] = ""


def make(qtbot, kind, stored=None, lists=LISTS):
    """Show a form, as the settings pane would."""
    form = Form(kind, stored or {}, Offer(lists))
    qtbot.addWidget(form)
    form.resize(360, 700)
    form.show()
    return form


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.key())
def test_a_form_gives_back_what_it_was_given(qtbot, kind):
    """A form filled from a kind's example returns that example, without a problem."""
    form = make(qtbot, kind, kind.example)
    assert form.problems() == {}
    assert form.value() == kind.load(kind.example)


def test_defaults_fill_an_empty_form(qtbot):
    """What the class says by default is what the form shows first."""
    form = make(qtbot, CreateTask)
    assert form.stored()["due_in"] == "P1D"
    assert form.problems() == {"task": "is required"}


def test_every_kind_of_field_survives_the_form(qtbot):
    """A text, number, yes or no, choice, day and length come back as they went in."""
    full = Sample(
        name="Ana", note="One\nTwo", count=7, budget=12.5, polite=False, size="L",
        day="2026-12-24", after=timedelta(minutes=90), at="17:05",
    )  # fmt: skip
    assert make(qtbot, Sample, full.dump()).value() == full


def test_an_empty_number_stays_empty(qtbot):
    """A number that need not be given is None until somebody gives one."""
    form = make(qtbot, Sample, {"name": "Ana"})
    assert form.value().budget is None
    form.editor("budget").focusProxy().selectAll()
    QTest.keyClicks(form.editor("budget").focusProxy(), "250")
    assert form.value().budget == 250


def test_a_problem_is_shown_in_its_place_once_somebody_was_there(qtbot):
    """An empty form does not scold; emptying a required field says so below it."""
    form = make(qtbot, CreateTask)
    assert not form.row("task").wrong.isVisible()
    line = form.editor("task").focusProxy()
    QTest.keyClicks(line, "A")
    QTest.keyClick(line, Qt.Key.Key_Backspace)
    assert form.row("task").wrong.text() == "Title is required."
    assert form.row("task").wrong.isVisible()


def test_asking_for_all_problems_goes_to_the_first(qtbot):
    """Before publishing every problem is shown, and the cursor stands where the first is."""
    form = make(qtbot, CreateTask)
    form.show_problems()
    assert form.row("task").wrong.isVisible()
    qtbot.waitUntil(lambda: form.editor("task").focusProxy().hasFocus())
    with pytest.raises(BadSettings):
        form.value()


def test_tags_are_typed_as_chips(qtbot):
    """Enter adds a chip, in the list's own spelling; Backspace takes the last away."""
    form = make(qtbot, TagAdded)
    line = form.editor("tags").line
    for typed in ("newsletter", "Brand new"):
        QTest.keyClicks(line, typed)
        QTest.keyClick(line, Qt.Key.Key_Return)
    assert form.stored() == {"tags": ["Newsletter", "Brand new"]}
    QTest.keyClick(line, Qt.Key.Key_Backspace)
    assert form.value().tags == ("Newsletter",)


def test_what_the_list_does_not_know_any_more_is_kept_and_said(qtbot):
    """A template that was deleted stays in the form, with a word about it."""
    form = make(qtbot, SendEmail, {"template": "Old one"})
    assert form.stored()["template"] == "Old one"
    assert "is not in the list any more" in form.problems()["template"]


def test_a_field_that_does_not_apply_is_hidden_and_left_out(qtbot):
    """The call outcome is asked for calls only."""
    form = make(qtbot, ActivityCompleted, {"activity": "Call", "outcome": "Reached"})
    assert form.row("outcome").isVisible()
    form.editor("activity").box.setCurrentText("Task")
    assert not form.row("outcome").isVisible()
    assert "outcome" not in form.stored()


def test_a_time_of_day_may_be_left_out(qtbot):
    """Without the tick there is no time; with it there is the one that is shown."""
    form = make(qtbot, Sample, {"name": "Ana"})
    at = form.editor("at")
    assert (at.read(), at.box.isEnabled()) == ("", False)
    at.wanted.click()
    assert (form.stored()["at"], at.box.isEnabled()) == ("09:00", True)


def test_a_setting_may_matter_at_several_values(qtbot):
    """How much is asked for where something is added or taken away, and nowhere else."""
    form = make(qtbot, UpdateField, {"field": "score", "how": "add", "by": 5})
    assert form.row("by").isVisible()
    form.editor("how").box.setCurrentText("subtract")
    assert form.row("by").isVisible()
    form.editor("how").box.setCurrentText("clear")
    assert not form.row("by").isVisible()


def test_settings_of_an_earlier_program_are_shown_in_todays_words(qtbot):
    """An assignee named before there were other ways stays the assignee."""
    form = make(qtbot, CreateTask, {"task": "Call", "assignee": "Ana"})
    assert form.row("assignee").isVisible()
    assert (form.value().assign, form.value().assignee) == ("a user", "Ana")


def test_the_shares_of_a_split_must_make_a_whole(qtbot):
    """A third path takes what is left; even shares add up to a hundred whatever their number."""
    form = make(qtbot, Split, Split.example)
    shares = form.editor("paths")
    shares._rows[0].percent.setValue(30)
    assert form.problems() == {"paths": "must add up to 100 %, and now make 80 %"}
    qtbot.mouseClick(shares.add_button, Qt.MouseButton.LeftButton)
    assert [each["percent"] for each in shares.read()] == [30, 50, 20]
    assert form.problems() == {"paths": "each path needs a name"}
    shares._rows[2].name.setText("No letter")
    qtbot.mouseClick(shares.even_button, Qt.MouseButton.LeftButton)
    assert [path.percent for path in form.value().paths] == [34, 33, 33]
    qtbot.mouseClick(shares._rows[0].cross, Qt.MouseButton.LeftButton)
    assert [each["exit"] for each in shares.read()] == ["b", "path1"]
    assert not shares._rows[0].cross.isEnabled()


def test_paths_are_added_named_ordered_and_removed(qtbot):
    """A branch's paths keep their exits while they are renamed and moved."""
    form = make(qtbot, Branch, Branch.example)
    paths = form.editor("paths")
    qtbot.mouseClick(paths.add_button, Qt.MouseButton.LeftButton)
    second = paths.cards()[1]
    QTest.keyClicks(second.name, "Quiet")
    assert "needs a condition" in form.problems()["paths"]
    qtbot.mouseClick(second.up, Qt.MouseButton.LeftButton)
    assert [path["name"] for path in paths.read()] == ["Quiet", "Replied"]
    assert [path["exit"] for path in paths.read()] == ["path1", "replied"]
    qtbot.mouseClick(second.cross, Qt.MouseButton.LeftButton)
    assert form.value() == Branch.load(Branch.example)


def test_the_wheel_scrolls_past_a_field_that_nobody_is_at(qtbot):
    """Scrolling through a form changes nothing in it."""
    from PySide6.QtCore import QPoint, QPointF
    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QApplication

    form = make(qtbot, Sample, {"name": "Ana"})
    box = form.editor("count").box
    form.editor("name").setFocus()
    wheel = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(0, 0), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(box, wheel)
    assert form.value().count == 3


def test_every_editor_has_a_name_for_those_who_hear_the_screen(qtbot):
    """Each field's control carries the label as its accessible name."""
    form = make(qtbot, Sample)
    for setting in Sample.settings():
        editor = form.editor(setting.name)
        assert (editor.focusProxy() or editor).accessibleName() == setting.field.label


def test_typing_is_heard(qtbot):
    """The form says that it changed with every key."""
    form = make(qtbot, CreateTask)
    heard = []
    form.changed.connect(lambda: heard.append(form.stored()["task"]))
    QTest.keyClicks(form.editor("task").focusProxy(), "Hi")
    assert heard == ["H", "Hi"]


def test_fields_of_ones_own_are_offered():
    """An own date is a date to wait for, and every own field can be merged into a text."""
    own = (CustomField("renewal", "Renewal", "date"), CustomField("motto", "Motto", "text"))
    offer = Offer(record="deal", own_fields=fields_of("deal", own))
    assert ("Renewal", "custom.renewal") in offer.choices("date_field")
    merged = [each for each in offer.merge_fields() if each.group == "Own fields"]
    assert [(each.label, each.name) for each in merged] == [
        ("Renewal", "deal.custom.renewal"),
        ("Motto", "deal.custom.motto"),
    ]
