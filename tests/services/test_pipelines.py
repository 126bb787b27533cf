"""Pipelines and stages: deals follow what is done to them."""

from __future__ import annotations

import pytest

from rally_desktop.core.errors import Refused
from rally_desktop.services import board, deals, pipelines


def sales(world):
    """The number of the pipeline that every office begins with."""
    return world.ask(pipelines.listed)[0].id


def stage(world, name):
    """A stage of the first pipeline."""
    return next(one for one in world.ask(pipelines.steps, sales(world)) if one.name == name)


def names(world, number=0):
    """The stages of a pipeline in their order."""
    return [one.name for one in world.ask(pipelines.steps, number or sales(world))]


def test_a_pipeline_is_added_renamed_and_put_first(world):
    """New deals begin in the first one, and its deals follow its name."""
    number = world.do(pipelines.add, "Partners")
    deal = world.deal(pipeline="Partners")
    assert world.do(pipelines.rename, number, "Resellers") == 1
    world.do(pipelines.move, number, 0)
    assert [(one.name, one.deals) for one in world.ask(pipelines.listed)] == [
        ("Resellers", 1), ("Sales", 0),
    ]  # fmt: skip
    assert world.record(deal)["pipeline"] == "Resellers"
    assert world.record(world.deal())["pipeline"] == "Resellers"
    assert world.ask(board.pipelines) == ("Resellers", "Sales")


def test_a_pipeline_with_deals_or_the_last_one_stays(world):
    """Taken away is one without deals, and it comes back with its stages."""
    with pytest.raises(Refused, match="needs one pipeline"):
        world.do(pipelines.remove, sales(world))
    number = world.do(pipelines.add, "Partners")
    gone = world.do(pipelines.remove, number)
    assert [one.name for one in world.ask(pipelines.listed)] == ["Sales"]
    world.do(pipelines.restore, gone)
    assert names(world, number) == ["New", "Won", "Lost"]
    world.deal(pipeline="Partners")
    with pytest.raises(Refused, match="has 1 deals"):
        world.do(pipelines.remove, number)


def test_a_new_stage_stands_before_the_ends(world):
    """With the odds of the one before it."""
    number = world.do(pipelines.add_stage, sales(world), "Contract")
    assert names(world)[-3:] == ["Contract", "Closed Won", "Closed Lost"]
    assert stage(world, "Contract").probability == 80
    world.do(pipelines.move_stage, number, 0)
    assert names(world)[0] == "Contract"
    with pytest.raises(Refused, match="already"):
        world.do(pipelines.add_stage, sales(world), "contract")


def test_deals_follow_a_stage_of_their_pipeline_alone(world):
    """A stage of the same name in another pipeline stays; no line is written."""
    world.do(pipelines.add, "Partners")
    ours, theirs = world.deal(), world.deal(pipeline="Partners")
    assert stage(world, "New").shared
    assert world.do(pipelines.rename_stage, stage(world, "New").id, "Fresh") == 1
    assert world.record(ours)["stage"] == "Fresh"
    assert world.record(theirs)["stage"] == "New"
    assert world.happened(ours) == ["created"]


def test_a_stage_has_odds_an_outcome_and_a_colour(world):
    """Won is certain, lost is nothing."""
    number = stage(world, "Proposal").id
    world.do(pipelines.set_stage, number, {"probability": 65, "colour": "talk"})
    found = stage(world, "Proposal")
    assert (found.probability, found.outcome, found.colour) == (65, "open", "talk")
    assert {one.colour for one in world.ask(deals.stages)} == {"", "talk", "record", "bad"}
    world.do(pipelines.set_stage, number, {"outcome": "won"})
    assert (stage(world, "Proposal").probability, stage(world, "Proposal").outcome) == (100, "won")
    for wrong in ({"probability": 101}, {"colour": "#ff0000"}):
        with pytest.raises(Refused):
            world.do(pipelines.set_stage, number, wrong)


def test_the_last_open_stage_stays_open(world):
    """Deals have to begin somewhere."""
    number = world.do(pipelines.add, "Short")
    new, won, _ = world.ask(pipelines.steps, number)
    with pytest.raises(Refused, match="one open stage"):
        world.do(pipelines.set_stage, new.id, {"outcome": "lost"})
    with pytest.raises(Refused, match="one open stage"):
        world.do(pipelines.remove_stage, new.id, won.id)


def test_a_stage_goes_by_moving_its_deals_and_comes_back(world):
    """Whoever was moved on since stays where it is; the timelines say where deals went."""
    moved, stays = world.deal("A"), world.deal("B")
    world.do(pipelines.move_stage, stage(world, "New").id, 1)
    gone = world.do(pipelines.remove_stage, stage(world, "New").id, stage(world, "Qualified").id)
    assert "New" not in names(world)
    assert world.record(moved)["stage"] == "Qualified"
    assert world.happened(moved)[-1] == "stage_moved"
    world.do(deals.move, stays, "Proposal")
    world.do(pipelines.restore_stage, gone)
    assert names(world)[:2] == ["Qualified", "New"]
    assert [world.record(one)["stage"] for one in (moved, stays)] == ["New", "Proposal"]
