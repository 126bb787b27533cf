"""Who enters a workflow, who waits before it, and who is refused, in the order of the rules."""

from __future__ import annotations

import pytest

from rally_desktop.engine import control
from rally_desktop.engine.publishing import publish
from rally_desktop.model.graph import Rules, Step
from rally_desktop.services import contacts, records, safeguards, templates, workflows
from rally_desktop.services.safeguards import Safeguards

pytestmark = pytest.mark.slow

WAIT = Step("wait", "wait", {"amount": 1, "unit": "days"})
SEEN = Step("seen", "add_tag", {"tag": "Seen"})
PORTO = {"field": "city", "op": "is", "value": "Porto"}
GO = {"trigger": "tag_added", "trigger_settings": {"tags": ["Go"]}}


def go(world, ref):
    """Let the trigger fire once more for a record."""
    world.do(records.add_tag, ref, "Go")
    world.tick()
    world.do(records.remove_tag, ref, "Go")


def test_restarting_ends_the_run_before(world):
    """Whoever comes again starts anew, and only the new run goes on."""
    world.publish(WAIT, SEEN, settings=Rules(again="every_event", inside="restart"), **GO)
    ana = world.contact()
    go(world, ana)
    world.turn(hours=12)
    go(world, ana)
    assert world.run_states() == ["cancelled", "active"]
    world.turn(hours=12)
    assert world.record(ana)["tags"] == frozenset()
    world.turn(hours=12)
    assert world.record(ana)["tags"] == {"Seen"}
    assert world.run_states() == ["cancelled", "done"]


def test_whoever_queues_enters_when_the_run_before_has_ended(world):
    """Three events while one run waits become runs one after the other, none of them lost."""
    world.publish(WAIT, settings=Rules(again="every_event", inside="queue"), **GO)
    ana = world.contact()
    for _ in range(3):
        go(world, ana)
    assert world.run_states() == ["active"]
    world.turn(days=1)
    assert world.run_states() == ["done", "active"]
    world.turn(days=1, hours=1)
    assert world.run_states() == ["done", "done", "active"]


def test_a_queue_is_ten_long(world):
    """Who would be the eleventh in the queue is refused and told why."""
    world.publish(WAIT, settings=Rules(again="every_event", inside="queue"), **GO)
    world.do(safeguards.save, Safeguards(runs_a_record_hour=0))
    ana = world.contact()
    for _ in range(12):
        go(world, ana)
    assert world.rows("select count(*) from enrolment") == [(10,)]
    assert world.refusals() == ["queue_full"]


def test_parallel_runs_are_side_by_side(world):
    """Each event has a run of its own."""
    world.publish(WAIT, settings=Rules(again="every_event", inside="parallel"), **GO)
    ana = world.contact()
    go(world, ana)
    go(world, ana)
    assert world.run_states() == ["active", "active"]


def test_a_person_is_in_one_exclusive_workflow_at_a_time(world):
    """The second exclusive one refuses her until the first has let her go."""
    rules = Rules(again="every_event", exclusive=True)
    world.publish(WAIT, settings=rules, **GO)
    world.publish(WAIT, settings=rules, trigger="tag_added", trigger_settings={"tags": ["Too"]})
    ana = world.contact()
    go(world, ana)
    world.do(records.add_tag, ana, "Too")
    world.tick()
    assert world.refusals() == ["exclusive"]
    world.turn(days=1)
    world.do(records.remove_tag, ana, "Too")
    world.do(records.add_tag, ana, "Too")
    world.tick()
    assert world.run_states() == ["done", "active"]


def test_sixty_enter_a_minute_and_the_rest_wait(world):
    """Nobody is refused: whoever is too many enters a minute later."""
    world.do(safeguards.save, Safeguards(enrolments_a_minute=5, enrolments_at_once=0))
    world.publish(SEEN)
    for number in range(12):
        world.contact(f"Ana {number}")
    world.tick()
    assert len(world.run_states()) == 5
    world.turn(minutes=1)
    assert len(world.run_states()) == 10
    world.turn(minutes=1)
    assert len(world.run_states()) == 12
    assert world.refusals() == []


def test_whoever_waits_for_a_turn_is_put_off_once(world):
    """A crowd is spread over the minutes that it takes, not put off again minute by minute."""
    world.do(safeguards.save, Safeguards(enrolments_a_minute=5, enrolments_at_once=0))
    world.publish(SEEN)
    for number in range(20):
        world.contact(f"Ana {number}")
    world.tick()
    due = world.rows("select due_at, count(*) from enrolment group by due_at order by due_at")
    assert [count for _, count in due] == [5, 5, 5]
    world.turn(minutes=3)
    assert world.run_states() == ["done"] * 20


def test_a_record_does_not_enter_again_and_again(world):
    """Ten runs an hour are the most that a record can have; then the workflow is paused."""
    world.publish(SEEN, settings=Rules(again="every_event"), **GO)
    ana = world.contact()
    for _ in range(12):
        go(world, ana)
    assert world.run_states() == ["done"] * 10
    assert world.refusals() == ["too_often"]
    (row,) = world.ask(workflows.listed)
    assert (row.state, "in circles" in row.why) == ("paused", True)


def test_what_circles_may_only_be_refused(world):
    """An office may choose that nobody else has to wait for the one record that circles."""
    world.do(safeguards.save, Safeguards(circles="refuse"))
    world.publish(SEEN, settings=Rules(again="every_event"), **GO)
    ana = world.contact()
    for _ in range(12):
        go(world, ana)
    assert world.run_states() == ["done"] * 10
    assert world.refusals() == ["too_often"] * 2


def test_the_same_cause_never_enrols_twice(world):
    """A line that is looked at again, as after a restored queue, starts nothing new."""
    world.publish(SEEN, settings=Rules(again="every_event", inside="parallel"))
    world.contact()
    world.tick()
    world.do(lambda work: work.connection.exec_driver_sql("insert into event_queue values (1)"))
    world.tick()
    assert world.run_states() == ["done"]


def test_a_workflow_unpublished_meanwhile_lets_nobody_in(world):
    """Whoever was put off learns that there is nothing to enter any more."""
    world.do(safeguards.save, Safeguards(enrolments_a_minute=1, enrolments_at_once=0))
    number = world.publish(SEEN)
    for name in ("Ana", "Ben"):
        world.contact(name)
    world.tick()
    world.do(workflows.unpublish, number)
    world.turn(minutes=2)
    assert world.run_states() == ["done"]
    assert world.refusals() == ["not_published"]


SUPPRESSED = "insert into suppression values ('email', 'ana@example.com', 'unsubscribed', 0)"
MAIL = Step("mail", "send_email", {"template": "Welcome"})


@pytest.mark.parametrize(("step", "expected"), [(MAIL, ["suppressed"]), (SEEN, [])])
def test_who_is_suppressed_does_not_enter_what_sends(world, step, expected):
    """A suppressed address is not even enrolled where people are written to; elsewhere it is."""
    world.mailbox()
    world.do(templates.save, "Welcome", subject="Hello", text="Hello")
    world.do(lambda work: work.connection.exec_driver_sql(SUPPRESSED))
    world.publish(step)
    world.contact(email="Ana@example.com")
    world.tick()
    assert world.refusals() == expected


def test_an_audience_may_ask_for_a_field_of_the_company(world):
    """A filter over what a record belongs to is asked when it enters."""
    world.publish(SEEN, audience={"field": "company.name", "op": "is", "value": "Hill Dental"})
    company = world.company()
    ana, ben = world.contact(company_id=company.id), world.contact("Ben")
    world.tick()
    assert (world.record(ana)["tags"], world.record(ben)["tags"]) == ({"Seen"}, frozenset())


def test_a_person_who_was_deleted_while_put_off_is_gone(world):
    """A record in the trash does not enter, whenever its turn comes."""
    world.do(safeguards.save, Safeguards(enrolments_a_minute=1, enrolments_at_once=0))
    world.publish(SEEN)
    world.contact("Ana")
    ben = world.contact("Ben")
    world.tick()
    world.do(contacts.delete, ben)
    world.turn(minutes=2)
    assert world.refusals() == ["gone"]


@pytest.mark.parametrize("inside", ["ignore", "restart", "queue", "parallel"])
def test_after_the_end_means_after_the_end(world, inside):
    """Whatever else is set, nobody enters while inside; afterwards the next event enrols."""
    world.publish(WAIT, settings=Rules(again="after_end", inside=inside), **GO)
    ana = world.contact()
    go(world, ana)
    go(world, ana)
    assert (world.run_states(), world.refusals()) == (["active"], ["already_active"])
    world.turn(days=1)
    assert world.run_states() == ["done"]
    go(world, ana)
    assert world.run_states() == ["done", "active"]


def test_the_first_of_many_reasons_is_the_one_that_is_given(world):
    """One obstacle after the other is taken out of Ana's way; the next one stands behind it."""
    world.mailbox()
    world.do(templates.save, "Welcome", subject="Hello", text="Hi")
    rules = Rules(again="never", exclusive=True)
    number = world.publish(WAIT, MAIL, settings=rules, audience=PORTO, **GO)
    world.publish(WAIT, settings=rules, trigger="tag_added", trigger_settings={"tags": ["Too"]})
    ana = world.contact(city="Porto", email="ana@example.com")
    go(world, ana)

    def every_event(work):
        graph = workflows.draft(work, number).graph
        anew = graph.with_(settings=Rules(again="every_event", exclusive=True))
        workflows.save_draft(work, number, anew)

    world.do(contacts.update, ana, {"city": "Rio", "do_not_contact": True})
    world.do(lambda work: work.connection.exec_driver_sql(SUPPRESSED))
    for clear in (
        lambda: world.do(contacts.update, ana, {"city": "Porto"}),
        lambda: world.do(lambda work: work.connection.exec_driver_sql("delete from suppression")),
        lambda: world.do(contacts.update, ana, {"do_not_contact": False}),
        lambda: (world.do(every_event), world.do(publish, number)),
        lambda: (world.do(control.stop, [1]), world.do(records.add_tag, ana, "Too"), world.tick()),
        lambda: None,
    ):
        world.clock.advance(minutes=1)
        go(world, ana)
        clear()

    assert world.refusals() == [
        "audience", "suppressed", "do_not_contact", "once", "already_active", "exclusive",
    ]  # fmt: skip
