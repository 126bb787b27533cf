"""What happens to the people inside: the stop matrix, and the events that stop or wake a run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rally_desktop.core.errors import Refused
from rally_desktop.engine import matrix
from rally_desktop.engine.publishing import publish, unpublish
from rally_desktop.engine.reasons import REASONS
from rally_desktop.model.graph import Rules, Step, Trigger
from rally_desktop.services import calls, deals, messages, records, templates

pytestmark = pytest.mark.slow

WAIT = Step("wait", "wait", {"amount": 5, "unit": "days"})
TAG = Step("tag", "add_tag", {"tag": "Seen"})


def sequence(world, **graph):
    """Publish a sequence of one long wait, and let Ana into it."""
    graph.setdefault("purpose", "sequence")
    number = world.publish(WAIT, TAG, **graph)
    ana = world.contact("Ana", email="ana@example.org", owner_id=world.user("Maria"))
    world.tick()
    return number, ana


def state(world):
    """Return where the one run is, and why."""
    (row,) = world.rows("select state, reason from run")
    return tuple(row)


def tasks_of(world):
    """Return the titles of all tasks, the oldest first."""
    return [title for (title,) in world.rows("select title from task order by id")]


HAPPENS = {
    "reply": ("email_received", {}, "stopped"),
    "text_back": ("sms_received", {}, "paused"),
    "stop_word": ("sms_received", {"stop": True}, "stopped"),
    "call_back": ("call_logged", {"direction": "in", "outcome": "No answer"}, "paused"),
    "meeting_planned": ("meeting_planned", {}, "stopped"),
    "hard_bounce": ("email_bounced", {"hard": True}, "paused"),
    "unsubscribed": ("email_unsubscribed", {}, "stopped"),
    "written_by_hand": ("email_sent", {}, "paused"),
}


@pytest.mark.parametrize("told", HAPPENS)
def test_a_sequence_answers_to_what_people_do(world, told):
    """Each event of the matrix stops or pauses a sequence, and is the reason why."""
    _, ana = sequence(world)
    kind, detail, expected = HAPPENS[told]
    world.say(ana, kind, **detail)
    world.tick()
    assert state(world) == (expected, told)


@pytest.mark.parametrize("told", HAPPENS)
def test_other_workflows_go_on(world, told):
    """What stops a sequence does nothing to a workflow that did not ask for it."""
    _, ana = sequence(world, purpose="workflow")
    kind, detail, _ = HAPPENS[told]
    world.say(ana, kind, **detail)
    world.tick()
    assert state(world) == ("active", "")


@pytest.mark.parametrize(
    ("purpose", "stops", "expected"),
    [
        ("workflow", {"reply": "stop"}, ("stopped", "reply")),
        ("workflow", {"reply": "pause"}, ("paused", "reply")),
        ("sequence", {"reply": "pause"}, ("paused", "reply")),
        ("sequence", {"reply": "go_on"}, ("active", "")),
    ],
)
def test_settings_override_the_matrix(world, purpose, stops, expected):
    """A workflow says for each event whether it stops, pauses or goes on."""
    _, ana = sequence(world, purpose=purpose, settings=Rules(stops=stops))
    world.do(messages.receive, ana, sender="ana@example.org", subject="Re", text="Yes")
    world.tick()
    assert state(world) == expected


def test_every_event_of_the_matrix_is_a_reason():
    """Whatever stopped or paused a run, the history says it in a sentence."""
    assert set(matrix.EVENTS) <= REASONS.keys()
    assert set(matrix.ASKED) | set(matrix.PAUSES) <= set(matrix.EVENTS)


def test_the_contact_of_a_won_deal_leaves(world):
    """Ana's deal is won: she leaves the sequence; one that only moves on keeps her in."""
    _, ana = sequence(world)
    roof = world.deal(contact_id=ana.id)
    world.do(deals.move, roof, "Proposal")
    world.tick()
    assert state(world) == ("active", "")
    world.do(deals.move, roof, "Closed Won")
    world.tick()
    assert state(world) == ("stopped", "deal_won")


def test_a_call_that_we_make_does_not_pause(world):
    """Only a call from them is an answer."""
    _, ana = sequence(world)
    world.do(calls.log, ana, direction="out", outcome="Reached")
    world.tick()
    assert state(world) == ("active", "")


def test_an_answer_is_a_task_for_the_owner_once(world):
    """Ana is in two sequences and answers by SMS: both pause, and Maria has one task."""
    _, ref = sequence(world)
    world.publish(WAIT, TAG, purpose="sequence", trigger="tag_added",
                  trigger_settings={"tags": ["Go"]})  # fmt: skip
    world.do(records.add_tag, ref, "Go")
    world.tick()
    world.say(ref, "sms_received", text="Call me")
    world.tick()
    assert world.rows("select count(*) from run where state = 'paused'") == [(2,)]
    assert tasks_of(world) == [matrix.ASKED["text_back"]]
    (row,) = world.rows("select assignee_id, record_id from task")
    assert tuple(row) == (world.record(ref)["owner_id"], ref.id)


def test_a_dead_address_is_marked_and_to_be_found_anew(world):
    """A hard bounce pauses, marks the address invalid and asks for the new one."""
    _, ana = sequence(world)
    world.say(ana, "email_bounced", hard=True)
    world.tick()
    assert world.record(ana)["email_invalid"]
    assert tasks_of(world) == ["Find the new e-mail address"]


def test_an_address_that_was_corrected_is_not_marked_for_the_one_before(world):
    """A mail to the old one may come back days later; the new one can be written to."""
    _, ana = sequence(world)
    world.do(records.set_fields, ana, {"email": "new@example.org"})
    world.say(ana, "email_bounced", hard=True, address="old@example.org")
    world.tick()
    assert not world.record(ana)["email_invalid"]


def test_the_third_soft_bounce_in_a_week_pauses(world):
    """Two that pass are nothing; a third within seven days is."""
    _, ana = sequence(world, settings=Rules())
    world.say(ana, "email_bounced")
    world.turn(days=4)
    world.say(ana, "email_bounced")
    world.tick()
    assert state(world) == ("active", "")
    world.say(ana, "email_bounced")
    world.tick()
    assert state(world) == ("paused", "soft_bounces")


def test_old_soft_bounces_do_not_count(world):
    """What came back more than seven days ago is forgotten."""
    ana = world.contact("Ana")
    world.say(ana, "email_bounced")
    world.say(ana, "email_bounced")
    world.turn(days=8)
    world.publish(WAIT, TAG, purpose="sequence", trigger="tag_added",
                  trigger_settings={"tags": ["Go"]})  # fmt: skip
    world.do(records.add_tag, ana, "Go")
    world.tick()
    world.say(ana, "email_bounced")
    world.tick()
    assert state(world) == ("active", "")


def test_a_letter_by_hand_pauses_for_three_days(world):
    """Maria writes to Ana herself: the sequence rests for three days and goes on by itself."""
    _, ana = sequence(world)
    world.say(ana, "email_sent", subject="Hello")
    world.tick()
    assert state(world) == ("paused", "written_by_hand")
    (until,) = world.ask(lambda work: work.connection.exec_driver_sql(
        "select resume_at - since from run").one())  # fmt: skip
    assert until == timedelta(days=3) / timedelta(microseconds=1)
    world.turn(days=3, hours=1)
    assert state(world) == ("active", "")


def test_a_message_of_a_workflow_is_not_by_hand(world):
    """What another workflow sends Ana has a run behind it, and pauses nothing."""
    world.mailbox()
    world.do(templates.save, "News", subject="News", text="All of it")
    _, ana = sequence(world)
    world.publish(Step("news", "send_email", {"template": "News"}), trigger="tag_added",
                  trigger_settings={"tags": ["Go"]})  # fmt: skip
    world.do(records.add_tag, ana, "Go")
    world.tick()
    world.tick()
    assert world.happened(ana)[-1] == "email_sent"
    assert world.rows("select state from run order by id") == [("active",), ("done",)]


def test_an_answer_outlasts_a_pause_for_a_time(world):
    """Paused for three days already, a run that is answered rests until somebody ends it."""
    _, ana = sequence(world)
    world.say(ana, "email_sent")
    world.say(ana, "sms_received")
    world.tick()
    assert state(world) == ("paused", "text_back")
    assert world.rows("select resume_at from run") == [(None,)]


def test_a_paused_sequence_still_stops_on_a_reply(world):
    """A reply ends a run that rests, and nothing is sent when it would have gone on."""
    _, ana = sequence(world)
    world.say(ana, "email_sent")
    world.tick()
    world.say(ana, "email_received")
    world.tick()
    assert state(world) == ("stopped", "reply")


@pytest.mark.parametrize(
    ("returns", "due"),
    [
        ("2026-06-19", datetime(2026, 6, 22, 9, tzinfo=UTC)),  # a Friday: Monday
        ("2026-06-15", datetime(2026, 6, 16, 9, tzinfo=UTC)),
        ("2026-06-03", datetime(2026, 6, 7, 9, tzinfo=UTC)),  # before it was due anyway
        ("soon", datetime(2026, 6, 7, 9, tzinfo=UTC)),
        (None, datetime(2026, 6, 7, 9, tzinfo=UTC)),
    ],
)
def test_an_absence_moves_the_next_step(world, returns, due):
    """An automatic reply stops nothing; the next step comes the business day after the return."""
    _, ana = sequence(world)
    world.say(ana, "email_received", automatic=True, returns=returns)
    world.tick()
    assert state(world) == ("active", "")
    found = world.ask(lambda work: work.connection.exec_driver_sql(
        "select r.due_at, v.until from run r join visit v on v.run_id = r.id").one())  # fmt: skip
    assert {datetime.fromtimestamp(each / 1e6, UTC) for each in found} == {due}


def test_stop_actions_run_once(world):
    """Two replies at once: the sequence stops once, and says goodbye once."""
    note = Step("bye", "add_tag", {"tag": "Left"})
    world.publish(WAIT, note, purpose="sequence", stop_start="bye")
    ana = world.contact("Ana")
    world.tick()
    world.say(ana, "email_received")
    world.say(ana, "email_received")
    world.tick()
    assert world.happened(ana).count("tag_added") == 1
    assert [one for one in world.visits() if one[0] == "bye"] == [("bye", "done", "")]


def test_a_trigger_may_stop_a_run(world):
    """A workflow that stops on a tag stops on that tag and on no other."""
    stops = (Trigger("s", "tag_added", {"tags": ["Enough"]}),)
    _, ana = sequence(world, purpose="workflow", stop_on=stops)
    world.do(records.add_tag, ana, "More")
    world.tick()
    assert state(world) == ("active", "")
    world.do(records.add_tag, ana, "enough")
    world.tick()
    assert state(world) == ("stopped", "stopped")


def test_a_reply_while_a_workflow_is_held_is_not_forgotten(world):
    """Held, nobody moves; once it is published again whoever replied meanwhile is stopped."""
    number, ana = sequence(world)
    world.do(unpublish, number)
    world.say(ana, "email_received")
    world.tick()
    assert state(world) == ("active", "")
    world.do(publish, number)
    world.tick()
    assert state(world) == ("stopped", "reply")
    assert world.record(ana)["tags"] == frozenset()


def test_what_was_awaited_may_come_while_a_workflow_is_held(world):
    """Who waits for a tag and gets it during a hold goes on at once when it is over."""
    until = {"what": "a tag", "tags": ["Paid"], "amount": 30, "unit": "days"}
    step = Step("until", "wait_until", until, {"happened": "tag"})
    number = world.publish(step, TAG)
    ana = world.contact()
    world.tick()
    world.do(unpublish, number)
    world.do(records.add_tag, ana, "Paid")
    world.tick()
    assert world.run_states() == ["active"]
    world.do(publish, number)
    world.tick()
    assert world.record(ana)["tags"] == {"Paid", "Seen"}


def test_who_was_deleted_is_neither_stopped_nor_paused(world):
    """A reply of somebody in the trash changes nothing, and holds nobody else up."""
    bye = Step("bye", "add_tag", {"tag": "Left"})
    stops = {"stop_on": (Trigger("s", "tag_added", {"tags": ["Enough"]}),), "stop_start": "bye"}
    world.publish(WAIT, TAG, bye, purpose="sequence", **stops)
    ana, ben = world.contact("Ana"), world.contact("Ben")
    world.tick()
    world.do(records.add_tag, ana, "Enough")
    for ref in (ana, ben):
        world.do(records.delete, ana) if ref == ana else None
        world.say(ref, "email_received")
    world.tick()
    assert sorted(world.run_states()) == ["active", "stopped"]
    world.turn(days=6)
    assert sorted(world.run_states()) == ["cancelled", "stopped"]


def test_an_unknown_event_is_not_published(world):
    """A setting for an event that nobody knows is an error, and so is a filter as an event."""
    settings = Rules(stops={"full_moon": "stop"})
    with pytest.raises(Refused, match="full_moon"):
        world.publish(WAIT, settings=settings)
    vip = {"filter": {"field": "tags", "op": "contains", "value": "VIP"}}
    with pytest.raises(Refused, match="Stop When"):
        world.publish(WAIT, stop_on=(Trigger("s", "starts_to_match", vip),))


def test_a_workflow_may_mind_an_absence_alone(world):
    """A workflow that says to go on after an automatic reply waits for the return too."""
    settings = Rules(stops={"automatic_reply": "go_on"})
    _, ana = sequence(world, purpose="workflow", settings=settings)
    world.say(ana, "email_received", automatic=True, returns="2026-06-15")
    world.turn(days=6)
    assert state(world) == ("active", "")


def test_a_reply_in_the_same_breath_stops_who_entered_before_it(world):
    """The engine was off while Ana was added and then replied: she enters, and is stopped."""
    world.publish(WAIT, TAG, purpose="sequence")
    ana, ben = world.contact("Ana"), world.contact("Ben")
    world.say(ana, "email_received")
    world.tick()
    assert world.rows("select record_id, state from run order by record_id") == [
        (ana.id, "stopped"), (ben.id, "active"),
    ]  # fmt: skip
