"""Lines and enrolments that wait: for their hour, or until a record has settled."""

from __future__ import annotations

import pytest

from rally_desktop.engine.publishing import unpublish
from rally_desktop.model.graph import Rules, Step
from rally_desktop.services import contacts, records, tasks

pytestmark = pytest.mark.slow

END = Step("end", "end")
SETTLES = Rules(settle_minutes=10, again="every_event")


def waiting(world):
    """Return how many enrolments wait."""
    return world.rows("select count(*) from enrolment")[0][0]


def test_a_record_settles_before_it_enters(world):
    """Ana is created and enters ten minutes later, not before."""
    world.publish(END, settings=SETTLES)
    world.contact("Ana")
    world.tick()
    world.turn(minutes=9)
    assert world.run_states() == []
    world.turn(minutes=2)
    assert world.run_states() == ["done"]
    assert waiting(world) == 0


def test_each_edit_begins_the_time_anew(world):
    """Somebody goes on filling Ana in: she enters ten minutes after the last edit."""
    world.publish(END, settings=SETTLES)
    ana = world.contact("Ana")
    world.tick()
    for city in ("Porto", "Faro", "Braga"):
        world.turn(minutes=8)
        world.do(contacts.update, ana, {"city": city})
        world.tick()
    world.turn(minutes=9)
    assert world.run_states() == []
    world.turn(minutes=2)
    assert world.run_states() == ["done"]


def test_what_is_no_edit_does_not_hold_it_up(world):
    """A task about Ana says nothing about whether she is filled in."""
    world.publish(END, settings=SETTLES)
    ana = world.contact("Ana")
    world.tick()
    world.turn(minutes=8)
    world.do(tasks.create, ana, title="Call")
    world.turn(minutes=3)
    assert world.run_states() == ["done"]


def test_a_record_settles_once_for_all_that_happens(world):
    """Three tags at once and one later are one enrolment, by the first cause."""
    world.publish(
        END, trigger="tag_added", trigger_settings={"tags": ["A", "B", "C", "D"]}, settings=SETTLES
    )
    ana = world.contact("Ana", tags=("A", "B", "C"))
    world.tick()
    assert waiting(world) == 1
    world.do(records.add_tag, ana, "D")
    world.tick()
    assert waiting(world) == 1
    world.turn(minutes=11)
    assert world.run_states() == ["done"]


def test_another_workflow_does_not_wait_with_it(world):
    """Only the workflow that settles waits; another one starts at once."""
    world.publish(END, settings=SETTLES)
    world.publish(Step("tag", "add_tag", {"tag": "Seen"}))
    world.contact("Ana")
    world.tick()
    assert world.run_states() == ["done"]
    assert waiting(world) == 1


def test_what_settles_for_a_workflow_out_of_service_is_refused(world):
    """Ten minutes later nobody enrols any more, and the verdict says so."""
    number = world.publish(END, settings=SETTLES)
    world.contact("Ana")
    world.tick()
    world.do(unpublish, number)
    world.turn(minutes=11)
    assert world.refusals() == ["not_published"]


@pytest.mark.parametrize("settle", [0, 10])
def test_a_deleted_record_may_be_what_it_is_about(world, settle):
    """Deleting Ana starts a workflow about deletions, by its audience, settled or not."""
    world.user("Maria")
    world.publish(
        Step("tell", "notify", {"user": "Maria", "text": "{{ contact.first_name }} went"}),
        trigger="record_deleted",
        audience={"field": "city", "op": "is", "value": "Porto"},
        settings=Rules(settle_minutes=settle),
    )
    ana, ben = world.contact("Ana", city="Porto"), world.contact("Ben", city="Faro")
    for ref in (ana, ben):
        world.do(contacts.delete, ref)
    world.tick()
    world.turn(minutes=11)
    assert world.rows("select text from notification") == [("Ana went",)]
    assert world.refusals() == ["audience"]
