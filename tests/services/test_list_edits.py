"""Values of the office's own lists: records follow what is done to them."""

from __future__ import annotations

import pytest

from rally_desktop.core.errors import BadSettings, Refused
from rally_desktop.services import list_edits, lists, tasks


def found(world, value, name="lead_source"):
    """The value of a list that is called so."""
    return next(one for one in world.ask(list_edits.listed, name) if one.value == value)


def test_every_list_says_how_often_each_value_is_said(world):
    """On contacts, tasks, calls and meetings."""
    ana = world.contact(lead_source="Event")
    world.do(tasks.create, ana, title="Ring", due_at=None, type="Call")
    assert found(world, "Event").records == 1
    assert found(world, "Call", "task_type").records == 1
    assert all(world.ask(list_edits.listed, name) for name in list_edits.TITLES)


def test_records_follow_a_new_name_without_a_line(world):
    """Nothing about the contact changed, so no workflow starts by it."""
    ana, ben = world.contact(lead_source="Event"), world.contact(lead_source="Partner")
    lines = world.happened(ana)
    assert world.do(list_edits.rename, found(world, "Event").id, " Trade  fair ") == 1
    assert world.record(ana)["lead_source"] == "Trade fair"
    assert world.record(ben)["lead_source"] == "Partner"
    assert world.happened(ana) == lines
    assert world.ask(lists.of, "lead_source")[3] == "Trade fair"


@pytest.mark.parametrize("value", ["", "partner", "x" * 201])
def test_a_name_that_is_taken_or_none_is_refused(world, value):
    """Two values of one name could not be told apart."""
    with pytest.raises((Refused, BadSettings)):
        world.do(list_edits.rename, found(world, "Event").id, value)


def test_won_and_lost_stay(world):
    """They end a lead: they may be renamed, but neither archived nor merged away."""
    won, new = found(world, "Won", "lead_status"), found(world, "New", "lead_status")
    assert won.kept
    assert not new.kept
    for refused in (
        lambda: world.do(list_edits.archive, won.id),
        lambda: world.do(list_edits.merge, won.id, new.id),
    ):
        with pytest.raises(Refused, match="ends a lead"):
            refused()
    world.do(list_edits.rename, won.id, "Gained")
    assert found(world, "Gained", "lead_status").kept


def test_an_archived_value_is_not_offered_and_stays_on_records(world):
    """It stands last in the settings, and comes back to its place."""
    ana, value = world.contact(lead_source="Event"), found(world, "Event")
    world.do(list_edits.archive, value.id)
    assert "Event" not in world.ask(lists.of, "lead_source")
    assert world.record(ana)["lead_source"] == "Event"
    assert world.ask(list_edits.listed, "lead_source")[-1].archived
    world.do(list_edits.bring_back, value.id)
    assert world.ask(lists.of, "lead_source") == list(lists.DEFAULTS["lead_source"])


def test_the_last_value_of_a_list_cannot_be_archived(world):
    """A list that offers nothing is of no use."""
    *most, last = world.ask(list_edits.listed, "lead_type")
    for one in most:
        world.do(list_edits.archive, one.id)
    with pytest.raises(Refused, match="at least one"):
        world.do(list_edits.archive, last.id)


def test_values_are_put_in_order(world):
    """What is offered comes in the office's order."""
    world.do(list_edits.move, found(world, "Import").id, 0)
    number = world.do(list_edits.add, "lead_source", "Radio")
    world.do(list_edits.move, number, 1)
    assert world.ask(lists.of, "lead_source")[:3] == ["Import", "Radio", "Inbound"]


def test_two_values_become_one_and_are_parted_again(world):
    """Who said the other all along, or says another since, stays as it is."""
    ana, ben, cy = (world.contact(lead_source=s) for s in ("Event", "Partner", "Event"))
    event, partner = found(world, "Event"), found(world, "Partner")
    merged = world.do(list_edits.merge, event.id, partner.id)
    assert {world.record(one)["lead_source"] for one in (ana, ben, cy)} == {"Partner"}
    assert "Event" not in world.ask(lists.of, "lead_source")
    world.do(list_edits.rename, found(world, "Inbound").id, "Came in")
    assert world.do(list_edits.part, merged) == 2
    said = [world.record(one)["lead_source"] for one in (ana, ben, cy)]
    assert said == ["Event", "Partner", "Event"]
    assert "Event" in world.ask(lists.of, "lead_source")
