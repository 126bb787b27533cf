"""Deals: always in a stage that their pipeline has."""

from __future__ import annotations

import pytest

from rally_desktop.core.errors import BadSettings, Refused
from rally_desktop.services import deals, entry


@pytest.fixture
def two_lines(world):
    """An office with a second pipeline."""
    world.do(deals.add_pipeline, "Partners", [("New", 10, "open"), ("Signed", 100, "won")])
    return world


def test_a_deal_begins_at_the_beginning(world):
    """Where nothing is said, it is the first stage of the first pipeline."""
    found = world.record(world.deal())
    assert (found["pipeline"], found["stage"]) == ("Sales", "New")


def test_a_deal_may_begin_elsewhere(two_lines):
    """Pipeline and stage can be chosen."""
    found = two_lines.record(two_lines.deal(pipeline="Partners", stage="Signed"))
    assert (found["pipeline"], found["stage"]) == ("Partners", "Signed")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": ""}, "needs a name"),
        ({"stage": "Nowhere"}, "‘Sales’ has no stage ‘Nowhere’"),
        ({"stage": "Signed"}, "has no stage"),
        ({"pipeline": "Nowhere"}, "no such pipeline"),
    ],
)
def test_a_deal_that_cannot_be_is_refused(two_lines, values, said):
    """A deal without a name, or in a stage that is not there, is refused."""
    with pytest.raises(Refused, match=said):
        two_lines.deal(**values)


def test_an_amount_is_a_number_and_not_negative(world):
    """An amount comes as a number or as its text."""
    assert world.record(world.deal(amount="12.5"))["amount"] == 12.5
    for amount in (-1, "a lot", "inf"):
        with pytest.raises(BadSettings, match="Amount must be"):
            world.deal(amount=amount)


def test_a_move_is_on_the_timeline_and_says_so(world):
    """A move to another stage is one line; to the same stage it is none."""
    roof = world.deal()
    assert world.do(deals.move, roof, "Proposal") is True
    assert world.do(deals.move, roof, "Proposal") is False
    assert world.happened(roof) == ["created", "stage_moved"]


def test_nothing_moves_to_a_stage_that_is_not_there(two_lines):
    """A stage of another pipeline is as unknown as any."""
    with pytest.raises(Refused, match="‘Sales’ has no stage ‘Signed’"):
        two_lines.do(deals.move, two_lines.deal(), "Signed")


@pytest.mark.parametrize("update", [deals.update, entry.update])
def test_a_stage_set_as_a_field_moves_as_a_stage_does(world, update):
    """From a form, the card or a workflow: a stage that changes is a move."""
    roof = world.deal()
    assert world.do(update, roof, {"stage": "Closed Won", "amount": 5})
    assert world.happened(roof) == ["created", "updated", "stage_moved"]
    assert world.do(update, roof, {"stage": "Closed Won"}) is False
    with pytest.raises(Refused, match="has no stage"):
        world.do(update, roof, {"stage": "Nowhere"})


def test_a_deal_changes_its_pipeline_only_to_a_stage_of_it(two_lines):
    """A deal never stands in a stage that its pipeline does not have."""
    roof = two_lines.deal(stage="Proposal")
    with pytest.raises(Refused, match="‘Partners’ has no stage ‘Proposal’"):
        two_lines.do(deals.update, roof, {"pipeline": "Partners"})
    assert two_lines.do(deals.update, roof, {"pipeline": "Partners", "stage": "Signed"})
    found = two_lines.record(roof)
    assert (found["pipeline"], found["stage"]) == ("Partners", "Signed")


def test_stages_come_in_order(two_lines):
    """The stages of one pipeline, or of all, in the order they were made."""
    assert [stage.name for stage in two_lines.ask(deals.stages, "Partners")] == ["New", "Signed"]
    assert [stage.name for stage in two_lines.ask(deals.stages)][-3:] == [
        "Closed Lost", "New", "Signed",
    ]  # fmt: skip
