"""Who is stale already when a workflow is published, and who of them enters."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rally_desktop.engine import backlog
from rally_desktop.engine.publishing import publish
from rally_desktop.model.graph import Graph, Rules, Step, Trigger
from rally_desktop.services import calls, workflows

pytestmark = pytest.mark.slow

LEADS = {"where": "Lifecycle stage", "lifecycle_stages": ["Lead"], "days": 7}
HILL = {"field": "city", "op": "is", "value": "Hill"}


def graph(**stale):
    """Return a workflow for leads that nobody has talked to."""
    return Graph(
        name="Stale leads", triggers=(Trigger("t", "stale", {**LEADS, **stale}),), audience=HILL,
        steps={"end": Step("end", "end")}, start="end", settings=Rules(again="every_event"),
    )  # fmt: skip


@pytest.fixture
def leads(world):
    """Five leads, added three days apart, and two people who are none of ours."""
    made = []
    for number in range(5):
        made.append(world.contact(f"Lead {number}", lifecycle_stage="Lead", city="Hill"))
        world.clock.advance(days=3)
    world.contact("Customer", lifecycle_stage="Customer", city="Hill")
    world.contact("Elsewhere", lifecycle_stage="Lead", city="Vale")
    return made


@pytest.mark.parametrize(
    ("stale", "expected"),
    [
        ({}, [0, 1, 2]),  # silent for 15, 12, 9, 6 and 3 days
        ({"days": 3}, [0, 1, 2, 3, 4]),
        ({"condition": "between", "days": 7, "until": 12}, [1, 2]),
        ({"condition": "exactly", "days": 9}, [2]),
        ({"days": 30}, []),
    ],
)
def test_who_is_stale_already_is_known_before_publishing(world, leads, stale, expected):
    """Those in the stages who match the audience, the longest first."""
    found = world.ask(backlog.due_already, graph(**stale))
    assert [one.ref for one in found] == [leads[number] for number in expected]


def switch_on(world, choose, an_hour=None):
    """Publish, and let in whoever was chosen of those who are stale already."""
    number = world.do(workflows.create, graph())
    world.do(publish, number)
    found = world.ask(backlog.due_already, graph(), number)
    world.do(backlog.enrol, number, choose(found), an_hour)
    world.tick()
    return number


@pytest.mark.parametrize(
    ("choose", "entered"),
    [(lambda found: [], []), (lambda found: found, [0, 1, 2]), (lambda found: found[1:2], [1])],
    ids=["none", "all", "some"],
)
def test_only_who_was_chosen_enters(world, leads, choose, entered):
    """None, all or some; the others only once they have gone stale anew."""
    switch_on(world, choose)
    assert world.rows("select record_id from run") == [(leads[number].id,) for number in entered]
    world.turn(days=2)  # the fourth goes stale by itself
    assert len(world.run_states()) == len(entered) + 1


def test_so_many_an_hour(world, leads):
    """They come one after the other, and who was called meanwhile does not come."""
    switch_on(world, lambda found: found, an_hour=2)
    assert len(world.run_states()) == 1
    world.turn(minutes=31)
    assert len(world.run_states()) == 2
    world.do(calls.log, leads[2], direction="out", outcome="Reached")
    world.turn(hours=2)
    assert len(world.run_states()) == 2
    assert world.refusals() == ["episode_over"]


def test_an_episode_that_was_let_in_by_hand_is_not_fired_for_again(world, leads):
    """The same silence starts one run, whoever started it."""
    switch_on(world, lambda found: found)
    world.leap(world.clock.now() + timedelta(hours=1))
    world.do(lambda work: work.connection.exec_driver_sql("update watermark set until = 0"))
    world.turn(hours=1)
    found = world.rows("select record_id, count(*) from run group by record_id")
    assert all(count == 1 for _, count in found)


def test_other_triggers_have_nobody_waiting(world, leads):
    """Nobody is due already for a schedule or an event."""
    other = graph().with_(
        triggers=(Trigger("s", "schedule"), Trigger("c", "record_created")), audience=None
    )
    assert world.ask(backlog.due_already, other) == []
