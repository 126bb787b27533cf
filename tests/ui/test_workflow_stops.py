"""What stops a workflow's runs, and when its messages go out, set by mouse and by keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton

from rally_desktop.canvas.plan import Spot
from rally_desktop.model.graph import Hours, Rules, Step, Trigger
from rally_desktop.services import records
from tests.ui.whole import KEY, SOUND, checked, pick, rules

pytestmark = pytest.mark.slow

LEFT = Qt.MouseButton.LeftButton


# -- stopping ----------------------------------------------------------------------------------


def test_an_event_that_stops_runs_is_added(open_whole, qtbot):
    """It goes to Stop When, under an id that no trigger has."""
    tagged = SOUND.with_(triggers=(Trigger("tag_added1", "tag_added", {"tags": ["New"]}),))
    editor = open_whole("stop_when", graph=tagged)
    qtbot.mouseClick(editor.settings.whole.stop_when.events.add, LEFT)
    popup = editor.settings._asker.popup
    qtbot.keyClicks(popup.search, "tag added")
    qtbot.keyClick(popup.search, KEY.Key_Return)
    assert [one.id for one in editor.draft.graph.stop_on] == ["tag_added2"]
    assert editor.draft.graph.triggers == tagged.triggers


def test_only_events_are_offered_to_stop_a_run(open_whole):
    """Neither the clock nor a filter nor a hand is an event."""
    kinds = {offer.kind for offer in open_whole().settings.whole.stop_when.events.offers()}
    assert kinds >= {"tag_added", "email_replied", "lead_status_changed"}
    assert kinds.isdisjoint({"schedule", "starts_to_match", "by_hand", "stale", "date_field"})


def test_a_condition_that_stops_runs_is_said_in_the_heading(open_whole, qtbot):
    """The filter of Stop When is edited as rows."""
    editor = open_whole("stop_when")
    stop_when = editor.settings.whole.stop_when
    qtbot.mouseClick(stop_when.filter.rows.add_button, LEFT)
    stop_when.filter.rows.fill({"all": [{"field": "score", "op": "gt", "value": 75}]})
    assert editor.draft.graph.stop_when == {"all": [{"field": "score", "op": "gt", "value": 75}]}
    assert "75" in editor.settings.whole.folds["stop_when"].head.accessibleDescription()


def test_what_an_event_does_is_chosen_and_made_usual_again(open_whole, qtbot):
    """Only what is not usual is kept in the workflow."""
    editor = open_whole("stops", graph=SOUND.with_(purpose="sequence"))
    stops = editor.settings.whole.stops
    pick(qtbot, stops.boxes["text_back"], "stop")
    assert rules(editor).stops == {"text_back": "stop"}
    pick(qtbot, stops.boxes["text_back"], "pause")
    assert rules(editor).stops == {}
    pick(qtbot, stops.boxes["reply"], "go_on")
    qtbot.mouseClick(stops.reset, LEFT)
    assert rules(editor).stops == {}


def test_a_first_stop_action_begins_their_chain(open_whole, qtbot):
    """It is drawn below its own head, and its settings are shown."""
    editor = open_whole("stop_actions")
    qtbot.mouseClick(editor.settings.whole.stop_actions.add, LEFT)
    popup = editor.settings._asker.popup
    qtbot.keyClicks(popup.search, "add tag")
    qtbot.keyClick(popup.search, KEY.Key_Return)
    assert editor.draft.graph.stop_start == "add_tag1"
    assert editor.view.flow.selected == Spot("step", "add_tag1")
    assert "When stopped" in [word for word, _ in editor.view.flow.plan.words]
    assert editor.settings.form is not None


def test_another_stop_action_follows_the_last(open_whole, qtbot):
    """The list says them in order; a click shows one on the canvas."""
    tag = Step("tag", "add_tag", {"tag": "Stopped"})
    editor = open_whole("stop_actions", graph=SOUND.with_step(tag).with_(stop_start="tag"))
    actions = editor.settings.whole.stop_actions
    actions.put(next(offer for offer in actions.offers() if offer.kind == "create_note"))
    assert editor.draft.graph.steps["tag"].exits == {"next": "create_note1"}
    editor.canvas.select(None)
    lines = editor.settings.whole.stop_actions.findChildren(QAbstractButton)
    line = next(line for line in lines if line.accessibleName() == "1. Add tag")
    qtbot.mouseClick(line, LEFT)
    assert editor.view.flow.selected == Spot("step", "tag")


# -- messages ----------------------------------------------------------------------------------


def test_messages_keep_to_days_and_hours(open_whole, qtbot):
    """A tick brings the working week; a click takes Friday out; another tick all of it."""
    editor = open_whole("messages")
    messages = editor.settings.whole.messages
    qtbot.keyClick(messages.limited, KEY.Key_Space)
    assert rules(editor).hours == Hours()
    qtbot.mouseClick(messages.hours.days[4], LEFT)
    assert rules(editor).hours == Hours((0, 1, 2, 3))
    qtbot.keyClick(messages.limited, KEY.Key_Space)
    assert rules(editor).hours is None
    assert not messages.hours.isVisible()


def test_hours_may_go_over_midnight_and_say_so(open_whole, qtbot):
    """An end before the beginning means the next day."""
    night = SOUND.with_(settings=Rules(hours=Hours((0, 1), "22:00", "07:00")))
    messages = open_whole("messages", graph=night).settings.whole.messages
    qtbot.keyClick(messages.hours.closes, KEY.Key_Down)
    assert messages.hours.hint.text() == "Over midnight, until 06:00 of the next day."


def test_hours_on_no_day_are_a_problem_with_a_way_out(open_whole, qtbot):
    """The part says it where it is set, marks its heading, and mends it with a click."""
    never = SOUND.with_(settings=Rules(hours=Hours(())))
    editor = open_whole("messages", graph=never)
    checked(qtbot, editor)
    fold = editor.settings.whole.folds["messages"]
    assert editor.problem_list.list.item(0).text().startswith("Messages: Its hours never open")
    mend = fold.problems.findChild(QAbstractButton)
    assert mend.accessibleName() == "Send at any hour"
    qtbot.mouseClick(mend, LEFT)
    assert rules(editor).hours is None
    checked(qtbot, editor)
    assert fold.problems.count() == 0


def test_pace_and_late_policy_are_set_and_given_back_to_the_office(open_whole, qtbot):
    """Nought, and «as the office has set», are no rule of the workflow's own."""
    editor = open_whole("messages")
    messages = editor.settings.whole.messages
    qtbot.keyClick(messages.most, KEY.Key_Up)
    pick(qtbot, messages.late, "skip")
    assert (rules(editor).sends_an_hour, rules(editor).late) == (1, "skip")
    qtbot.keyClick(messages.most, KEY.Key_Down)
    pick(qtbot, messages.late, "")
    assert rules(editor) == Rules()


def test_an_account_that_is_gone_stays_in_sight(open_whole, qtbot):
    """It is shown and told as a problem; the office's own choice is one key away."""
    editor = open_whole("messages", graph=SOUND.with_(settings=Rules(account="old")))
    account = editor.settings.whole.messages.account
    assert account.currentText() == "old"
    pick(qtbot, account, "")
    assert rules(editor).account == ""


def test_what_is_set_in_the_panel_is_what_the_engine_does(open_whole, world, qtbot):
    """An event and a Stop Action chosen there end a run that waits, and do what was said."""
    waiting = Step("wait1", "wait", {"amount": 2, "unit": "days"}, {"next": "task1"})
    graph = SOUND.with_step(waiting).with_(start="wait1")
    editor = open_whole("stop_when", "stop_actions", graph=graph)
    whole = editor.settings.whole
    offers = {offer.kind: offer for offer in whole.stop_when.events.offers()}
    whole.stop_when.events.put(offers["tag_added"])
    whole.stop_when.events.entries["tag_added1"].form.editor("tags").fill(["Lost"])
    offers = {offer.kind: offer for offer in whole.stop_actions.offers()}
    whole.stop_actions.put(offers["create_note"])
    editor.settings.form.editor("text").fill("Gone.")
    qtbot.mouseClick(editor.head.publish_button, LEFT)
    qtbot.waitUntil(lambda: editor.head.chip.text() == "Published")
    ana = world.contact()
    world.heart.tick()
    world.do(records.add_tag, ana, "Lost")
    world.heart.tick()
    assert world.run_states() == ["stopped"]
    assert "note_added" in world.happened(ana)
