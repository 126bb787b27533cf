"""Views of the canvas: the draft, what is published, what happens, one run, a rehearsal."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt

from rally_desktop.canvas.overlay import NOTHING
from rally_desktop.canvas.plan import Slot, Spot
from rally_desktop.canvas.strokes import FAINT
from rally_desktop.engine import publishing
from rally_desktop.model.graph import Graph, Place, Rules, Step, Trigger
from rally_desktop.services import contacts, templates, workflows
from rally_desktop.ui import later
from rally_desktop.ui.pages.run_letter import WrittenBox
from rally_desktop.ui.pages.workflow_counts import short
from rally_desktop.ui.pages.workflow_editor import WorkflowEditor

pytestmark = pytest.mark.slow

CUSTOMER = {"field": "lifecycle_stage", "op": "is", "value": "Customer"}
PATHS = {"paths": [{"name": "Customers", "exit": "yes", "filter": CUSTOMER}]}
WAITS = Graph(
    name="Waits",
    triggers=(Trigger("t1", "record_created"),),
    start="tag",
    steps={
        "tag": Step("tag", "add_tag", {"tag": "New"}, {"next": "who"}),
        "who": Step("who", "branch", PATHS, {"yes": "wait", "else": "mail"}),
        "wait": Step("wait", "wait", {"amount": 2, "unit": "days"}, {"next": "late"}),
        "late": Step("late", "add_tag", {"tag": "Late"}),
        "mail": Step("mail", "send_email", {"template": "Welcome"}),
    },
    settings=Rules(again="every_event", inside="parallel"),
)
SHORTER = WAITS.with_step(Step("wait", "wait", {"amount": 1, "unit": "days"}, {"next": "late"}))


@pytest.fixture
def number(world):
    """A published workflow, a changed draft of it, and three contacts who came through."""
    world.mailbox()
    world.do(templates.save, "Welcome", subject="Hello {{ contact.first_name }}", text="Welcome!")
    made = world.do(workflows.create, WAITS)
    world.do(workflows.put_version, made, WAITS)
    for name, stage in (("Ana", "Customer"), ("Ben", "Lead"), ("Carla", "Lead")):
        values = {"first_name": name, "email": f"{name}@example.com", "lifecycle_stage": stage}
        world.do(contacts.create, values)
    world.heart.tick()
    world.do(workflows.save_draft, made, SHORTER)
    return made


@pytest.fixture
def page(desk, number, qtbot):
    """The page of that workflow, read and on screen."""
    made = WorkflowEditor(desk, number)
    made.view.motion = False
    made.resize(1500, 1000)
    with qtbot.waitExposed(made):
        made.show()
    rest(qtbot)
    yield made
    rest(qtbot)
    made.close()
    made.deleteLater()


def rest(qtbot):
    """Wait until nothing is being read any more."""
    qtbot.waitUntil(lambda: not later.busy())


def look(page, qtbot, key):
    """Press the button of a view."""
    qtbot.mouseClick(page.views.switch.buttons[key], Qt.MouseButton.LeftButton)
    rest(qtbot)


def state(page, key):
    """What is true of a card."""
    return page.view.flow.state_of(Spot("step", key))


def test_the_published_version_is_shown_and_cannot_be_changed(page, qtbot):
    """What is published is on the canvas as it is in force, and an edit is refused with why."""
    look(page, qtbot, "published")
    assert page.draft.graph == WAITS
    assert "Version 1 is published" in page.draft.locked
    page.draft.edit("Rename", page.draft.own.with_(name="Other"))
    assert page.draft.own == SHORTER


def test_what_was_selected_stays_selected_in_another_view(page, qtbot):
    """A step that there is in both versions stays the chosen one."""
    page.canvas.select(Spot("step", "wait"))
    look(page, qtbot, "published")
    assert page.view.flow.selected == Spot("step", "wait")
    look(page, qtbot, "draft")
    assert page.view.flow.selected == Spot("step", "wait")


def test_editing_goes_on_where_it_was(page, qtbot):
    """Back at the draft it can be changed again, and nothing of it is lost."""
    look(page, qtbot, "published")
    qtbot.mouseClick(page.views.published.edit, Qt.MouseButton.LeftButton)
    assert page.draft.graph == SHORTER
    assert not page.draft.locked
    assert not page.views.published.bar.isVisible()


def test_looking_at_what_is_published_saves_nothing(page, qtbot, world, number):
    """A look at another version leaves the draft in the office as it was."""
    look(page, qtbot, "published")
    qtbot.wait(800)
    rest(qtbot)
    assert world.ask(workflows.draft, number).graph == SHORTER


def test_an_older_version_can_be_chosen(page, qtbot, world, number):
    """Each version is offered with its number, and the chosen one is shown."""
    world.do(publishing.publish, number)
    qtbot.waitUntil(lambda: page.views.published.picker.count() == 2)
    look(page, qtbot, "published")
    page.views.published.picker.choose(1)
    page.views.published.picker.picked.emit(1)
    rest(qtbot)
    assert page.draft.graph == WAITS


def test_live_numbers_lie_over_the_published_version(page, qtbot):
    """Each card says how many came, a wait how many are there, an exit its share."""
    look(page, qtbot, "live")
    assert page.draft.graph == WAITS
    assert state(page, "tag").count == "3"
    assert state(page, "wait").below == ("1 here", "flow")
    labels = page.view.flow.overlay.labels
    assert labels[Place("who", "yes")] == "1 (33 %)"
    assert page.view.flow.overlay.heat[Place("who", "else")] == 2


def test_live_numbers_follow_what_happens(page, qtbot, world):
    """Whoever comes while one looks is counted within seconds, and only what changed is painted."""
    look(page, qtbot, "live")
    painted = page.view.flow.stage.painted
    world.contact("Dev", lifecycle_stage="Customer")
    world.heart.tick()
    page.views.live.refresh()
    qtbot.waitUntil(lambda: state(page, "tag").count == "4")
    assert page.view.flow.stage.painted - painted <= 4  # trigger, tag, branch, wait


def test_a_click_on_a_step_lists_who_is_there(page, qtbot):
    """At the right stand the people at the selected step, and one click shows their path."""
    look(page, qtbot, "live")
    page.canvas.select(Spot("step", "wait"))
    rest(qtbot)
    people = page.views.live.people
    assert [row.record for row in people.table.rows()] == ["Ana"]
    people.table.selectRow(0)
    qtbot.mouseClick(people.run, Qt.MouseButton.LeftButton)
    rest(qtbot)
    assert page.views.current is page.views.run


def test_a_record_is_opened_from_the_list_of_people(page, qtbot, desk):
    """‘Open record’ goes to the page of its kind with that record."""
    went = []
    desk.wanted.connect(lambda *what: went.append(what))
    look(page, qtbot, "live")
    page.views.live.people.table.selectRow(0)
    qtbot.mouseClick(page.views.live.people.record, Qt.MouseButton.LeftButton)
    ((key, (ref,)),) = went
    assert (key, ref.kind) == ("contacts", "contact")


def test_people_inside_an_old_version_are_told(page, qtbot, world, number):
    """When a new version is out, those still in the old one are counted, and it can be shown."""
    world.do(workflows.put_version, number, SHORTER)
    rest(qtbot)
    look(page, qtbot, "live")
    page.views.live.picker.choose(2)
    page.views.live.refresh()
    rest(qtbot)
    assert page.views.live.elsewhere.text().strip() == "1 person is inside version 1"
    qtbot.mouseClick(page.views.live.elsewhere, Qt.MouseButton.LeftButton)
    rest(qtbot)
    assert page.draft.graph == WAITS


def test_a_run_is_shown_with_its_path(page, qtbot):
    """Steps passed are drawn in full, the rest faintly; where it waits is marked and selected."""
    page.views.show_run(1)
    rest(qtbot)
    over = page.view.flow.overlay
    assert over.passed >= {"t1", "tag", "who", "wait"}
    assert over.waits == "wait"
    assert state(page, "mail").faint
    assert page.view.flow.selected == Spot("step", "wait")
    wire = page.view.flow.stage.wires[Slot("connector", "who", "else")]
    assert wire.opacity() == FAINT


def test_keys_walk_along_a_run(page, qtbot):
    """The comma goes to the visit before, the full stop to the next one."""
    page.views.show_run(1)
    rest(qtbot)
    page.view.setFocus()
    qtbot.keyClick(page.view, Qt.Key.Key_Comma)
    assert page.view.flow.selected == Spot("step", "who")
    assert page.views.run.place.text() == "2 of 3"
    qtbot.keyClick(page.view, Qt.Key.Key_Period)
    assert page.view.flow.selected == Spot("step", "wait")


def test_a_run_tells_the_message_it_wrote(page, qtbot):
    """At a step that writes, the message stands there word for word."""
    page.views.show_run(2)
    rest(qtbot)
    page.canvas.select(Spot("step", "mail"))
    (box,) = page.views.run.detail.widget().findChildren(WrittenBox)
    assert box.subject.text() == "Hello Ben"


def test_somebody_is_found_by_name(page, qtbot):
    """‘Show path of …’ lists those who came through and shows the one that is chosen."""
    look(page, qtbot, "live")
    finder = page.views.live.finder
    finder.ask()
    finder.popup.search.setText("carla")
    rest(qtbot)
    qtbot.keyClick(finder.popup.search, Qt.Key.Key_Return)
    rest(qtbot)
    assert page.views.run.row.record == "Carla"
    finder.popup.hide()


def test_closing_a_run_goes_back_to_where_one_was(page, qtbot):
    """After ‘Close’ the view from before is there, and no button for the run any more."""
    look(page, qtbot, "live")
    page.views.show_run(1)
    rest(qtbot)
    qtbot.mouseClick(page.views.run.close, Qt.MouseButton.LeftButton)
    rest(qtbot)
    assert page.views.current is page.views.live
    assert not page.views.switch.buttons["run"].isVisible()


def test_a_rehearsal_counts_on_the_cards_of_the_draft(page, qtbot):
    """The draft on screen is tried on a copy, and what came of it stands on its cards."""
    look(page, qtbot, "rehearsal")
    assert page.draft.graph == SHORTER
    qtbot.mouseClick(page.views.rehearsal.choices.run, Qt.MouseButton.LeftButton)
    rest(qtbot)
    assert page.views.rehearsal.found.entered == 3
    assert state(page, "tag").count == "3"
    assert "3 entered" in page.views.rehearsal.findings.words.text()


def test_a_rehearsal_changes_nothing(page, qtbot, world):
    """No run begins, no message is written, no tag is added."""
    before = [world.rows(f"select count(*) from {name}") for name in ("run", "outbox", "visit")]
    look(page, qtbot, "rehearsal")
    page.views.rehearsal.start()
    rest(qtbot)
    after = [world.rows(f"select count(*) from {name}") for name in ("run", "outbox", "visit")]
    assert after == before


def test_a_rehearsal_can_be_cancelled(page, qtbot):
    """Cancelling stops the job, says so, and leaves no numbers behind."""
    look(page, qtbot, "rehearsal")
    rehearsal = page.views.rehearsal
    rehearsal.start()
    qtbot.waitUntil(lambda: rehearsal.running)
    rehearsal.cancel()
    rest(qtbot)
    assert not rehearsal.running
    assert rehearsal.found is None
    assert page.view.flow.overlay is NOTHING


def test_a_finding_leads_to_its_step(page, qtbot):
    """A click on a line that is about a step selects that step."""
    look(page, qtbot, "rehearsal")
    rehearsal = page.views.rehearsal
    rehearsal.findings.wanted.emit("mail")
    assert page.view.flow.selected == Spot("step", "mail")


def test_a_rehearsal_of_one_record_needs_one(page, qtbot):
    """With ‘One record alone’ there is nothing to rehearse until somebody is chosen."""
    look(page, qtbot, "rehearsal")
    choices = page.views.rehearsal.choices
    choices.whom.setCurrentIndex(choices.whom.findData("one"))
    assert not choices.run.isEnabled()
    choices.look()
    rest(qtbot)
    choices.choose(choices.popup.found_in(0).value)
    assert choices.run.isEnabled()


def test_old_findings_go_when_the_draft_changes(page, qtbot):
    """After an edit the numbers of the rehearsal before it are not shown any more."""
    look(page, qtbot, "rehearsal")
    page.views.rehearsal.start()
    rest(qtbot)
    look(page, qtbot, "draft")
    page.draft.edit("Rename", page.draft.own.with_(name="Other"))
    look(page, qtbot, "rehearsal")
    assert page.views.rehearsal.found is None


def test_the_ground_says_what_is_not_real(page, qtbot):
    """In a rehearsal the ground is hatched, in every other view it is dotted."""
    look(page, qtbot, "rehearsal")
    corner = QRect(0, 0, 60, 60)
    hatched = page.view.grab(corner).toImage()
    look(page, qtbot, "draft")
    assert page.view.grab(corner).toImage() != hatched


def test_views_are_reached_by_keys(page, qtbot):
    """Alt and a digit shows a view, without a mouse."""
    page.view.setFocus()
    qtbot.keyClick(page.view, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    rest(qtbot)
    assert page.views.current is page.views.live
    qtbot.keyClick(page.view, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert page.views.current is page.views.draft


@pytest.mark.parametrize(
    ("count", "said"), [(7, "7"), (9_999, "9,999"), (10_150, "10.1k"), (2_300_000, "2.3m")]
)
def test_counts_fit_into_a_pill(count, said):
    """Large counts are said in a few letters."""
    assert short(count) == said


def test_the_palette_goes_while_nothing_can_be_added(page, qtbot):
    """Beside what cannot be changed there is no palette; the outline is there if it is wanted."""
    look(page, qtbot, "published")
    assert not page.left.isVisible()
    page.hands.do("outline")
    assert page.left.isVisible()
    look(page, qtbot, "draft")
    assert page.left.currentIndex() == 0
    assert page.left.isVisible()


def test_those_in_review_are_told_at_the_trigger(page, qtbot, world, number):
    """Whoever waits to be let in stands at no step yet, and is counted where they came in."""
    reviewed = WAITS.with_(settings=Rules(again="every_event", inside="parallel", review=True))
    world.do(workflows.put_version, number, reviewed)
    world.contact("Dev")
    world.heart.tick()
    qtbot.waitUntil(lambda: page.views.live.picker.count() == 2)
    page.views.live.picker.choose(2)
    look(page, qtbot, "live")
    trigger = page.view.flow.state_of(Spot("trigger", "t1"))
    assert trigger.below == ("1 in review", "warn")


def test_what_is_not_published_cannot_be_looked_at(desk, store, qtbot):
    """Before anything is published only the draft and its rehearsal are offered."""
    made = WorkflowEditor(desk, store.write(workflows.create, WAITS))
    qtbot.addWidget(made)
    rest(qtbot)
    buttons = made.views.switch.buttons
    assert [key for key, one in buttons.items() if one.isEnabled()] == ["draft", "run", "rehearsal"]
    assert not buttons["run"].isVisible()
    assert buttons["live"].toolTip() == "Nothing is published yet"


def test_leaving_the_page_stops_its_rehearsal(desk, number, qtbot):
    """A page that is closed while it rehearses leaves nothing behind that goes on."""
    made = WorkflowEditor(desk, number)
    rest(qtbot)
    made.views.show("rehearsal")
    made.views.rehearsal.choices.days.setValue(366)
    made.views.rehearsal.start()
    qtbot.waitUntil(lambda: made.views.rehearsal.running)
    stopped = made.views.rehearsal._stop
    made.deleteLater()
    qtbot.waitUntil(stopped.is_set)
    rest(qtbot)
