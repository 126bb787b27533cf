"""Wait until something happens or a filter matches, but not for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rally_desktop.core.errors import BadSettings
from rally_desktop.engine.nodes.flow.wait_until import WaitUntil
from rally_desktop.model.graph import Rules, Step
from rally_desktop.services import companies, contacts, deals, messages, records, tasks

pytestmark = pytest.mark.slow

CUSTOMER = {"field": "lifecycle_stage", "op": "is", "value": "Customer"}
ON_HOLIDAY = {"sender": "a@b.c", "subject": "", "text": "Away"}


def wait(world, step, record="contact", **graph):
    """Publish a workflow that waits and then tells which way it went."""
    exits = {"happened": "yes", "timed_out": "no"}
    yes, no = (Step(name, "add_tag", {"tag": name}, {"next": "end"}) for name in ("yes", "no"))
    steps = (Step("wait", "wait_until", step, exits), yes, no, Step("end", "end"))
    world.publish(*steps, record=record, **graph)


def tags(world, ref):
    """Return which way the record went, as far as it has gone."""
    return "".join(sorted(world.record(ref)["tags"] & {"yes", "no"}))


@pytest.mark.parametrize(
    ("step", "act"),
    [
        ({"what": "a reply"}, lambda world, ref: world.do(messages.receive, ref, **ON_HOLIDAY)),
        ({"what": "a reply"}, lambda world, ref: world.say(ref, "sms_received")),
        ({"what": "an e-mail opened"}, lambda world, ref: world.say(ref, "email_opened")),
        ({"what": "a link clicked"}, lambda world, ref: world.say(ref, "link_clicked")),
        ({"what": "a meeting planned"}, lambda world, ref: world.say(ref, "meeting_planned")),
        ({"what": "a task done"},
         lambda world, ref: world.do(tasks.complete, world.do(tasks.create, ref, title="Call"))),
        ({"what": "a tag"}, lambda world, ref: world.do(records.add_tag, ref, "Any")),
        ({"what": "a tag", "tags": ["VIP"]},
         lambda world, ref: world.do(records.add_tag, ref, "vip")),
        ({"what": "another lifecycle stage"},
         lambda world, ref: world.do(contacts.update, ref, {"lifecycle_stage": "Qualified"})),
        ({"what": "another lifecycle stage", "lifecycle_stages": ["Customer"]},
         lambda world, ref: world.do(contacts.update, ref, {"lifecycle_stage": "Customer"})),
        ({"what": "a filter", "filter": CUSTOMER},
         lambda world, ref: world.do(contacts.update, ref, {"lifecycle_stage": "Customer"})),
    ],
)  # fmt: skip
def test_what_happens_ends_the_wait(world, step, act):
    """The run goes on at once, and the time-out does not come any more."""
    wait(world, {**step, "amount": 3})
    ana = world.contact()
    world.turn(days=1)
    assert tags(world, ana) == ""
    act(world, ana)
    world.tick()
    assert tags(world, ana) == "yes"
    world.turn(days=5)
    assert tags(world, ana) == "yes"


@pytest.mark.parametrize(
    ("step", "act"),
    [
        ({"what": "a reply"}, lambda world, ref: world.say(ref, "email_opened")),
        ({"what": "a reply"}, lambda world, ref: world.say(ref, "email_received", automatic=True)),
        ({"what": "a tag", "tags": ["VIP"]},
         lambda world, ref: world.do(records.add_tag, ref, "x")),
        ({"what": "another lifecycle stage", "lifecycle_stages": ["Customer"]},
         lambda world, ref: world.do(contacts.update, ref, {"lifecycle_stage": "Qualified"})),
        ({"what": "another lifecycle stage"},
         lambda world, ref: world.do(contacts.update, ref, {"city": "Porto"})),
        ({"what": "a filter", "filter": CUSTOMER},
         lambda world, ref: world.do(contacts.update, ref, {"lifecycle_stage": "Lead"})),
        ({"what": "a reply"}, lambda world, ref: world.say(world.contact("Bo"), "email_received")),
    ],
)  # fmt: skip
def test_anything_else_does_not(world, step, act):
    """After the time-out it leaves by the other exit."""
    wait(world, {**step, "amount": 3})
    ana = world.contact()
    world.turn(days=1)
    act(world, ana)
    world.turn(days=1)
    assert tags(world, ana) == ""
    world.turn(days=2)
    assert tags(world, ana) == "no"


def test_a_deals_stage_can_be_waited_for(world):
    """A move to a certain stage, of the deal itself."""
    wait(world, {"what": "another deal stage", "stages": ["Closed Won"]}, "deal")
    roof = world.deal()
    world.tick()
    world.do(deals.move, roof, "Proposal")
    world.tick()
    assert tags(world, roof) == ""
    world.do(deals.move, roof, "Closed Won")
    world.tick()
    assert tags(world, roof) == "yes"


def test_a_filter_that_matches_already_goes_on_at_once(world):
    """There is nothing to wait for."""
    wait(world, {"what": "a filter", "filter": CUSTOMER})
    ana = world.contact(lifecycle_stage="Customer")
    world.tick()
    assert tags(world, ana) == "yes"


def test_a_filter_on_days_is_looked_at_every_hour(world):
    """The clock makes it true; the visit stays one visit, however often it looks."""
    soon = {"field": "expected_close", "op": "in_next", "value": 5}
    wait(world, {"what": "a filter", "filter": soon, "amount": 30}, "deal")
    close = datetime(2026, 6, 10, tzinfo=UTC)
    roof = world.deal(expected_close=close)
    world.turn(days=2)
    assert tags(world, roof) == ""
    assert len(world.visits()) == 1
    world.turn(days=2)
    assert tags(world, roof) == "yes"
    ((at,),) = world.rows("select ended_at from run")
    turned = datetime(2026, 6, 4, 23, tzinfo=UTC)  # the fifth of June in London
    assert turned <= datetime.fromtimestamp(at / 1e6, UTC) <= turned + timedelta(hours=1)


def test_a_filter_on_another_record_is_looked_at_every_hour(world):
    """What happens to the company is not on the contact's timeline."""
    there = world.company()
    dentist = {"field": "company.industry", "op": "is", "value": "Dentist"}
    wait(world, {"what": "a filter", "filter": dentist})
    ana = world.contact(company_id=there.id)
    world.turn(hours=5)
    world.do(companies.update, there, {"industry": "Dentist"})
    world.turn(hours=2)
    assert tags(world, ana) == "yes"
    assert [step for step, *_ in world.visits()] == ["wait", "yes", "end"]


def test_a_filter_that_is_looked_at_times_out_too(world):
    """To the second, reckoned from when the wait began, on the wall clock of the place."""
    never = {"field": "company.industry", "op": "is", "value": "Dentist"}
    wait(world, {"what": "a filter", "filter": never, "amount": 1, "unit": "days"})
    ana = world.contact()
    begin = world.clock.now()
    world.turn(days=2)
    assert tags(world, ana) == "no"
    ((at,),) = world.rows("select ended_at from run")
    assert datetime.fromtimestamp(at / 1e6, UTC) == begin + timedelta(days=1)


def test_a_time_out_that_passed_while_away_asks_before_what_follows(world):
    """Looking again late does no harm; the step after a time-out that is long past may."""
    never = {"field": "company.industry", "op": "is", "value": "Dentist"}
    wait(world, {"what": "a filter", "filter": never, "amount": 2}, settings=Rules(late="ask"))
    ana = world.contact()
    world.tick()
    world.leap(world.clock.now() + timedelta(days=9))
    assert tags(world, ana) == ""
    assert world.visits()[-1] == ("no", "waiting", "late")
    assert world.run_states() == ["held"]


def test_a_filter_is_asked_for():
    """Waiting for a filter needs one."""
    with pytest.raises(BadSettings, match="filter is required"):
        WaitUntil.load({"what": "a filter"})


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ({}, "Wait until a reply, 7 days at most"),
        (
            {"what": "a tag", "tags": ["A", "B"], "amount": 1},
            "Wait until the tag A or B, 1 day at most",
        ),
        ({"what": "another deal stage"}, "Wait until another deal stage, 7 days at most"),
        ({"what": "a filter", "filter": CUSTOMER}, "Wait until a filter matches, 7 days at most"),
    ],
)
def test_it_is_said_in_a_sentence(step, said):
    """What is waited for, and how long at most."""
    assert WaitUntil.load(step).sentence() == said
