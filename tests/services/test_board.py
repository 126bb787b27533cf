"""The board shows the deals of a pipeline by stage, with sums, as the filter says."""

from __future__ import annotations

import pytest

from rally_desktop.services import board, deals
from rally_desktop.services.grid import Query


@pytest.fixture
def three(world):
    """Two deals in the first stage and one in the second."""
    ana = world.contact("Ana", last_name="Silva")
    made = [
        world.do(deals.create, {"name": name, "amount": amount, "contact_id": ana.id})
        for name, amount in (("Chairs", 100), ("Lamps", 50), ("Desks", None))
    ]
    second = world.ask(deals.stages)[1].name
    world.clock.advance(minutes=5)
    world.do(deals.move, made[2], second)
    return made


ALL = Query()


def _columns(world, query=ALL, **more):
    pipeline = world.ask(board.pipelines)[0]
    return world.ask(board.columns, pipeline, query, **more)


def test_each_stage_has_its_deals_and_its_sum(world, three):
    """All stages in order, also those where no deal is."""
    found = _columns(world)
    assert [column.stage.name for column in found] == [one.name for one in world.ask(deals.stages)]
    assert [(column.count, column.total) for column in found[:3]] == [(2, 150), (1, 0), (0, 0)]
    assert {card.contact for card in found[0].cards} == {"Ana Silva"}


def test_a_stage_is_weighed_by_the_odds_of_winning(world, three):
    """A hundred and fifty at ten per cent is fifteen."""
    first = _columns(world)[0]
    assert first.weighted == 150 * first.stage.probability / 100


def test_the_board_obeys_the_filter(world, three):
    """Words and conditions narrow cards, counts and sums alike."""
    (first, *_) = _columns(world, Query({"all": [{"field": "amount", "op": "ge", "value": 60}]}))
    assert (first.count, first.total, [card.name for card in first.cards]) == (1, 100, ["Chairs"])
    assert _columns(world, Query(text="lam"))[0].count == 1


def test_a_stage_shows_as_many_cards_as_are_asked_for(world, three):
    """The count is that of all, the cards are the newest."""
    first = _columns(world)[0].stage.name
    found = _columns(world, shown={first: 1})[0]
    assert (found.count, [card.name for card in found.cards]) == (2, ["Lamps"])
