"""Into a workflow and out of it, by a step of another one."""

from __future__ import annotations

import pytest

from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.engine import doors
from rally_desktop.engine.publishing import publish
from rally_desktop.model.graph import Graph, Rules, Step, Trigger
from rally_desktop.services import contacts, records, workflows

pytestmark = pytest.mark.slow


def sequence(world, name="Nurture", record="contact", **graph):
    """Publish a workflow that whoever is let in waits in for a week."""
    whole = Graph(
        name=name, record=record, triggers=(Trigger("t", "by_hand"),), start="wait",
        steps={"wait": Step("wait", "wait", {"amount": 7, "unit": "days"})}, **graph,
    )  # fmt: skip
    number = world.do(workflows.create, whole)
    world.do(publish, number)
    return number


def on(world, tag, kind, record="contact", **settings):
    """Publish: whoever gets the tag passes this step."""
    return world.publish(
        Step("it", kind, {"sequence": "Nurture", **settings}),
        trigger="tag_added", trigger_settings={"tags": [tag]}, record=record,
        settings=Rules(again="every_event"),
    )  # fmt: skip


def tag(world, ref, name):
    """Give a record a tag anew."""
    world.do(records.remove_tag, ref, name)
    world.do(records.add_tag, ref, name)
    world.tick()


def inside(world, number):
    """Return the states of the runs of a workflow, the oldest first."""
    found = world.rows(f"select state, reason from run where workflow_id = {number} order by id")
    return [tuple(row) for row in found]


def test_a_step_enrols_once_and_the_policy_of_the_sequence_holds(world):
    """The second tag finds Ana inside already; the sequence says so, the step has done its part."""
    number = sequence(world)
    on(world, "In", "enrol_in_sequence")
    ana = world.contact()
    tag(world, ana, "In")
    tag(world, ana, "In")
    assert inside(world, number) == [("active", "")]
    assert world.refusals() == ["already_active"]


def test_who_was_in_once_does_not_enter_again_where_that_is_the_rule(world):
    """«Never again» also holds for whoever a step enrols."""
    number = sequence(world, settings=Rules(again="never"))
    on(world, "In", "enrol_in_sequence")
    ana = world.contact()
    tag(world, ana, "In")
    world.turn(days=8)
    tag(world, ana, "In")
    assert (inside(world, number), world.refusals()) == ([("done", "")], ["once"])


def test_the_audience_of_the_sequence_holds(world):
    """Whoever it is not for is not let in by a step either."""
    number = sequence(world, audience={"field": "city", "op": "is", "value": "Porto"})
    on(world, "In", "enrol_in_sequence")
    tag(world, world.contact(city="Rio"), "In")
    assert (inside(world, number), world.refusals()) == ([], ["audience"])


def test_two_workflows_that_enrol_into_each_other_stop(world):
    """Ping enrols into Pong and Pong into Ping: the chain that led there is refused."""
    for name, other in (("Ping", "Pong"), ("Pong", "Ping")):
        whole = Graph(
            name=name, triggers=(Trigger("t", "tag_added", {"tags": [name]}),), start="it",
            steps={"it": Step("it", "end")}, settings=Rules(again="every_event"),
        )  # fmt: skip
        number = world.do(workflows.create, whole)
        world.do(publish, number)
        step = Step("it", "enrol_in_sequence", {"sequence": other})
        world.do(workflows.save_draft, number, whole.with_step(step))
    for number in (1, 2):
        world.do(workflows.put_version, number, world.ask(workflows.draft, number).graph)
    tag(world, world.contact(), "Ping")
    assert len(world.run_states()) == 2
    assert world.refusals() == ["loop_guard"]


def test_a_step_takes_the_record_out(world):
    """The run ends where it stands, with the reason, and its wait is closed."""
    number = sequence(world)
    on(world, "In", "enrol_in_sequence")
    on(world, "Out", "remove_from_sequence")
    ana = world.contact()
    tag(world, ana, "In")
    tag(world, ana, "Out")
    assert inside(world, number) == [("cancelled", "removed")]
    assert ("wait", "stopped", "removed") in world.visits()
    world.turn(days=8)
    assert inside(world, number) == [("cancelled", "removed")]
    assert world.rows("select * from enrolment") == []


def test_out_and_in_again_starts_the_sequence_anew(world):
    """One run takes Ana out and enrols her again: the old run ends before the new one begins."""
    number = sequence(world, settings=Rules(again="every_event"))
    on(world, "In", "enrol_in_sequence")
    again = {"sequence": "Nurture"}
    world.publish(
        Step("out", "remove_from_sequence", again), Step("in", "enrol_in_sequence", again),
        trigger="tag_added", trigger_settings={"tags": ["Again"]},
    )  # fmt: skip
    ana = world.contact()
    tag(world, ana, "In")
    tag(world, ana, "Again")
    assert inside(world, number) == [("cancelled", "removed"), ("active", "")]


def test_in_and_out_again_enrols_nobody(world):
    """Whoever is shown out while waiting at the door does not enter."""
    number = sequence(world)
    both = {"sequence": "Nurture"}
    world.publish(Step("in", "enrol_in_sequence", both), Step("out", "remove_from_sequence", both))
    world.contact()
    world.tick()
    world.turn(days=1)
    assert (inside(world, number), world.rows("select * from enrolment")) == ([], [])


def test_whoever_is_not_inside_is_left_alone(world):
    """Taking out who is not in is done, and nothing happens."""
    sequence(world)
    on(world, "Out", "remove_from_sequence")
    tag(world, world.contact(), "Out")
    assert world.visits() == [("it", "done", "")]


@pytest.mark.parametrize("kind", ["enrol_in_sequence", "remove_from_sequence"])
def test_a_deal_means_its_contact(world, kind):
    """Of a deal the contact is meant where the sequence is for contacts; without one it fails."""
    number = sequence(world)
    on(world, "Go", kind, record="deal")
    ana = world.contact()
    tag(world, world.deal(contact_id=ana.id), "Go")
    assert inside(world, number) == ([("active", "")] if kind == "enrol_in_sequence" else [])
    tag(world, world.deal(), "Go")
    assert world.visits()[-1] == ("it", "failed", "wrong_record")


def test_an_unpublished_sequence_takes_nobody(world):
    """A sequence that was unpublished meanwhile is a failure with its reason."""
    sequence(world)
    on(world, "In", "enrol_in_sequence")
    with world.store.engine.begin() as connection:
        connection.exec_driver_sql("update workflow set state = 'draft' where name = 'Nurture'")
    tag(world, world.contact(), "In")
    assert world.visits() == [("it", "failed", "not_published")]


def test_a_name_is_needed_that_only_one_workflow_has(world):
    """Two workflows of one name cannot be told apart, and an unknown one is not there."""
    sequence(world)
    sequence(world)
    with pytest.raises(Refused, match="Several workflows"):
        world.ask(doors.named, "Nurture")
    with pytest.raises(NotFound, match="no published workflow called ‘Other’"):
        world.ask(lambda work: doors.named(work, "Other", published=True))


def test_whoever_is_deleted_meanwhile_does_not_enter(world):
    """Between the step and the door the contact went to the trash."""
    number = sequence(world)
    ana = world.contact()
    world.do(doors.let_in, number, ana, "run:1:1", "by_step")
    world.do(contacts.delete, ana)
    world.tick()
    assert (inside(world, number), world.refusals()) == ([], ["gone"])
