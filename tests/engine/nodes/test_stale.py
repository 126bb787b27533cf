"""Stale: nothing happened with a record for some days (semantics, section 4)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rally_desktop.core.errors import BadSettings, Refused
from rally_desktop.engine.nodes.triggers.stale import Stale
from rally_desktop.model.graph import Rules, Step
from rally_desktop.services import (
    calls,
    contacts,
    deals,
    messages,
    notes,
    records,
    safeguards,
    tasks,
    templates,
)

pytestmark = pytest.mark.slow

LEADS = {"where": "Lifecycle stage", "lifecycle_stages": ["Lead"], "days": 7}
PROPOSALS = {"where": "Deal stage", "stages": ["New", "Proposal"], "days": 7}
ANY_TIME = Rules(again="every_event")


def watch(world, stale=LEADS, *steps, **graph):
    """Publish a workflow that starts when a record has gone stale."""
    record = "deal" if stale["where"] == "Deal stage" else "contact"
    graph = {"settings": ANY_TIME, "record": record, **graph}
    steps = steps or (Step("end", "end"),)
    number = world.publish(*steps, trigger="stale", trigger_settings=stale, **graph)
    world.tick()
    return number


def started(world):
    """Return how many days after the beginning each run started."""
    begin = world.began
    found = world.rows("select started_at from run order by started_at, id")
    return [(row[0] / 1e6 - begin) / 86_400 for row in found]


@pytest.fixture
def world(world):
    """An office that remembers when it began."""
    world.began = world.clock.now().timestamp()
    return world


def test_a_lead_that_is_left_alone_goes_stale_once(world):
    """It starts to the second when the days are over, and not again while nothing happens."""
    watch(world)
    world.contact(lifecycle_stage="Lead")
    world.turn(days=30)
    assert started(world) == [7]


@pytest.mark.parametrize(
    "act",
    [
        lambda world, ana: world.do(calls.log, ana, direction="out", outcome="Reached"),
        lambda world, ana: world.do(messages.receive, ana, sender="a@b.c", subject="", text="Hi"),
        lambda world, ana: world.do(tasks.complete, world.do(tasks.create, ana, title="Call")),
        lambda world, ana: world.say(ana, "email_sent"),
        lambda world, ana: world.say(ana, "meeting_completed"),
        lambda world, ana: (
            world.do(contacts.update, ana, {"lifecycle_stage": "Lead"})
            if world.do(contacts.update, ana, {"lifecycle_stage": "Customer"})
            else None
        ),
    ],
    ids=["call", "reply", "task", "mail", "meeting", "stage"],
)
def test_what_counts_begins_a_new_episode(world, act):
    """The days are counted from it, and another silence starts another run."""
    watch(world)
    ana = world.contact(lifecycle_stage="Lead")
    world.turn(days=5)
    act(world, ana)
    world.turn(days=20)
    act(world, ana)
    world.turn(days=20)
    assert started(world) == [12, 32]


@pytest.mark.parametrize(
    "act",
    [
        lambda world, ana: world.do(notes.add, ana, "Nice person"),
        lambda world, ana: world.do(contacts.update, ana, {"city": "Porto"}),
        lambda world, ana: world.do(contacts.update, ana, {"lead_status": "Contacted"}),
        lambda world, ana: world.do(records.add_tag, ana, "vip"),
        lambda world, ana: world.do(tasks.create, ana, title="Call"),
    ],
    ids=["note", "field", "status", "tag", "new task"],
)
def test_what_does_not_count_changes_nothing(world, act):
    """Notes, fields, tags and what is only planned are no activity."""
    watch(world)
    ana = world.contact(lifecycle_stage="Lead")
    world.turn(days=5)
    act(world, ana)
    world.turn(days=20)
    assert started(world) == [7]


def test_only_what_is_ticked_counts(world):
    """A call is no activity where only meetings are."""
    watch(world, {**LEADS, "counts": ["Meetings"]})
    ana = world.contact(lifecycle_stage="Lead")
    world.turn(days=5)
    world.do(calls.log, ana, direction="out", outcome="Reached")
    world.turn(days=20)
    assert started(world) == [7]


def mailing(world, **settings):
    """Publish a workflow that writes to stale leads."""
    world.mailbox()
    world.do(templates.save, "Still there?", subject="Hello", text="Hi")
    mail = Step("mail", "send_email", {"template": "Still there?"})
    return watch(world, {**LEADS, **settings}, mail)


def test_its_own_messages_do_not_count_but_those_of_others_do(world):
    """A workflow's mail does not end the silence it was sent for; another workflow's does."""
    mailing(world)
    ana = world.contact(email="ana@example.org", lifecycle_stage="Lead")
    world.turn(days=30)
    assert started(world) == [7]
    assert "email_sent" in world.happened(ana)

    watch(world, {**LEADS, "days": 20})  # to it, the mail on day 7 is an activity
    world.turn(days=30)
    assert started(world) == [7]


def test_only_the_chosen_stages_are_looked_at(world):
    """A customer is not a stale lead, nor is who has become one."""
    watch(world)
    world.contact(lifecycle_stage="Customer")
    ana = world.contact("Bo", lifecycle_stage="Lead")
    world.turn(days=3)
    world.do(contacts.update, ana, {"lifecycle_stage": "Customer"})
    world.turn(days=30)
    assert started(world) == []


def test_a_deal_that_waits_in_its_stage_is_stale(world):
    """Moving on is activity; won, it is not stale any more."""
    watch(world, PROPOSALS)
    roof, barn = world.deal(), world.deal("Barn")
    world.turn(days=6)
    world.do(deals.move, roof, "Proposal")
    world.do(deals.move, barn, "Closed Won")
    world.turn(days=30)
    assert started(world) == [13]


def test_what_is_said_to_a_deals_contact_counts_for_the_deal(world):
    """A deal is not stale while its contact writes."""
    watch(world, PROPOSALS)
    ana = world.contact()
    world.deal(contact_id=ana.id)
    world.turn(days=5)
    world.do(messages.receive, ana, sender="a@b.c", subject="", text="Hi")
    world.turn(days=30)
    assert started(world) == [12]


def test_who_comes_into_a_stage_where_moving_does_not_count_is_seen(world):
    """Silent for long when it comes into the stage, a deal is stale there at once."""
    watch(world, {**PROPOSALS, "stages": ["Proposal"], "counts": ["Calls"]})
    roof = world.deal()
    world.turn(days=10)
    world.do(deals.move, roof, "Proposal")
    world.turn(days=10)
    (day,) = started(world)
    assert 10 <= day < 10.001


@pytest.mark.parametrize(
    ("settings", "back_after", "expected"),
    [
        ({"condition": "exactly"}, 7.5, [7.5]),  # back inside the day: in time
        ({"condition": "exactly"}, 9, [9]),  # missed, and asked about
        ({"condition": "between", "until": 9}, 9.5, [9.5]),
        ({"condition": "between", "until": 9}, 10.5, []),  # never after it
        ({"condition": "at least"}, 40, [40]),
    ],
)
def test_a_computer_that_was_off_catches_up_once(world, settings, back_after, expected):
    """What was due meanwhile starts when it is back, where its time has not gone by."""
    watch(world, {**LEADS, **settings})
    world.contact(lifecycle_stage="Lead")
    world.leap(world.clock.now() + timedelta(days=back_after))
    world.turn(days=20)
    assert started(world) == expected


@pytest.mark.parametrize(
    ("late", "outcome", "state"),
    [("ask", "waiting", "held"), ("skip", "skipped", "done"), ("run", "done", "done")],
)
def test_a_missed_day_goes_by_the_late_policy(world, late, outcome, state):
    """Exactly seven days cannot be met any more: the visit says so, and the policy decides."""
    step = Step("tag", "add_tag", {"tag": "stale"})
    rules = Rules(again="every_event", late=late)
    watch(world, {**LEADS, "condition": "exactly"}, step, settings=rules)
    world.contact(lifecycle_stage="Lead")
    world.leap(world.clock.now() + timedelta(days=9))
    reason = "" if late == "run" else "missed_window"
    assert world.visits() == [("tag", outcome, reason)]
    assert world.run_states() == [state]


def test_within_its_day_it_is_in_time(world):
    """Exactly seven days is all of the eighth day long, also for an e-mail."""
    mailing(world, condition="exactly")
    world.contact(email="ana@example.org", lifecycle_stage="Lead")
    world.leap(world.clock.now() + timedelta(days=7, hours=20))
    assert world.visits() == [("mail", "done", "")]


# -- the end of an episode -----------------------------------------------------------------


@pytest.mark.parametrize("steps", ["wait first", "act first"])
def test_activity_cancels_a_run_that_has_not_begun_to_act(world, steps):
    """Whoever was only waited for is left in peace; what has begun goes on."""
    wait, tag = Step("wait", "wait", {"amount": 2}), Step("tag", "add_tag", {"tag": "stale"})
    watch(world, LEADS, *((wait, tag) if steps == "wait first" else (tag, wait)))
    ana = world.contact(lifecycle_stage="Lead")
    world.turn(days=8)
    world.do(calls.log, ana, direction="in", outcome="Reached")
    world.tick()
    assert world.run_states() == (["cancelled"] if steps == "wait first" else ["active"])
    assert (world.record(ana)["tags"] == {"stale"}) is (steps == "act first")


def test_a_deal_that_moves_is_no_word_with_its_contact(world):
    """What happens to somebody's deal does not end the silence with the person."""
    watch(world, LEADS, Step("wait", "wait", {"amount": 2}))
    ana = world.contact(lifecycle_stage="Lead")
    roof = world.deal(contact_id=ana.id)
    world.turn(days=8)
    world.do(deals.move, roof, "Proposal")
    world.tick()
    assert world.run_states() == ["active"]


@pytest.mark.parametrize(
    ("field", "value", "state"),
    [("lifecycle_stage", "Customer", "cancelled"), ("city", "Porto", "in_review")],
)
def test_leaving_the_stages_ends_what_waits_for_review(world, field, value, state):
    """Nobody has to look at what is over."""
    rules = Rules(again="every_event", review=True)
    watch(world, {**LEADS, "counts": ["Calls"]}, settings=rules)
    ana = world.contact(lifecycle_stage="Lead")
    world.turn(days=8)
    assert world.run_states() == ["in_review"]
    world.do(contacts.update, ana, {field: value})
    world.tick()
    assert world.run_states() == [state]


def test_what_waits_for_its_turn_is_looked_at_again(world):
    """Put off because many came at once, a record that was called meanwhile does not enter."""
    world.do(safeguards.save, safeguards.Safeguards(enrolments_a_minute=1, enrolments_at_once=0))
    watch(world)
    both = [world.contact(name, lifecycle_stage="Lead") for name in ("Ana", "Bo")]
    world.leap(world.clock.now() + timedelta(days=7))
    assert len(started(world)) == 1
    for one in both:
        world.do(calls.log, one, direction="out", outcome="Reached")
    world.turn(minutes=10)
    assert len(started(world)) == 1
    assert world.refusals() == ["episode_over"]


# -- settings ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"lifecycle_stages": []}, "lifecycle_stages"),
        ({"where": "Lead status", "lead_statuses": ["Contacted", "Lost"]}, "lead_statuses"),
        ({"where": "Deal stage", "stages": ["Closed Won"]}, "stages"),
        ({"condition": "between", "until": 3}, "until"),
        ({"days": 0}, "days"),
        ({"counts": []}, "counts"),
        ({"counts": ["Notes"]}, "counts"),
    ],
)
def test_settings_that_cannot_be_are_refused(wrong, where):
    """At least one stage that is not an end, two days in order, something that counts."""
    with pytest.raises(BadSettings) as caught:
        Stale.load({**LEADS, **wrong})
    assert where in caught.value.problems


def test_an_end_of_any_name_is_refused_on_publishing(world):
    """What the office itself calls won is no stage to be stale in."""
    world.do(deals.add_pipeline, "Grants", [("Asked", 10, "open"), ("Granted", 100, "won")])
    with pytest.raises(Refused, match="cannot be ‘Granted’"):
        watch(world, {**PROPOSALS, "stages": ["Granted"]})


def test_a_stage_of_deals_is_not_for_contacts(world):
    """The trigger says of which records it is."""
    with pytest.raises(Refused, match="not for a contact"):
        watch(world, PROPOSALS, record="contact")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "When nothing happened for 7 days or more in Lead"),
        ({"condition": "exactly"}, "When nothing happened for 7 days in Lead"),
        ({"condition": "between"}, "When nothing happened for 7 to 14 days in Lead"),
    ],
)
def test_it_is_said_in_a_sentence(settings, said):
    """For how long, and where."""
    assert Stale.load({**LEADS, **settings}).sentence() == said
