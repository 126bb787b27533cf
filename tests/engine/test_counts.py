"""Counts on the canvas: entered = waiting + done + skipped + failed + stopped, whatever happens."""

from __future__ import annotations

import random

import pytest

from rally_desktop.engine import control
from rally_desktop.engine.publishing import publish, unpublish
from rally_desktop.model.graph import Rules, Step
from rally_desktop.services import contacts, runs, safeguards, workflows

pytestmark = pytest.mark.slow

FORK = Step(
    "fork", "branch",
    {"paths": [{"name": "P", "exit": "p", "filter": {"field": "city", "op": "is", "value": "P"}}]},
    {"p": "tell", "else": "tag"},
)  # fmt: skip
STEPS = (
    Step("wait", "wait", {"amount": 1, "unit": "days"}, {"next": "fork"}),
    FORK,
    Step("tell", "notify", {"text": "Hi", "user": ""}, {"next": "rest"}),
    Step("tag", "add_tag", {"tag": "T"}, {"next": "rest"}),
    Step("rest", "wait", {"amount": 2, "unit": "days"}, {"next": "end"}),
    Step("bye", "add_tag", {"tag": "Bye"}, {"next": "end"}),
    Step("end", "end"),
)


def happen(world, chance, number):
    """Let one thing happen, by chance: to people, to the clock, to the workflow."""
    some = [one for one in world.ask(runs.numbers) if chance.random() < 0.4]
    deed = chance.choice(
        ["enter", "turn", "retry", "stop", "pause", "resume", "skip", "jump", "leap", "delete",
         "release", "publish"]
    )  # fmt: skip
    match deed:
        case "enter":
            for _ in range(3):
                world.contact(city=chance.choice(["P", "F"]))
        case "turn":
            world.turn(days=chance.choice([1, 2, 9]))
        case "leap":
            world.clock.advance(days=3)
        case "jump":
            world.do(control.jump, some, chance.choice(["wait", "tag", "tell", "end"]))
        case "delete":
            for row in world.ask(runs.listed).rows[:1]:
                if row.record != runs.GONE:
                    world.do(contacts.delete, row.ref)
        case "publish":
            world.do(publish, number, chance.choice(["stay", "move", "end"]))
        case _:
            world.do(getattr(control, deed), some)
    world.tick()


def check(world):
    """Hold the counts against what the runs themselves say."""
    versions = [row[0] for row in world.rows("select id from workflow_version")]
    counted = [one for number in versions for one in world.ask(runs.counts, number).values()]
    waiting = "sum(case when outcome = 'waiting' then 1 else 0 end)"
    visits = world.rows(f"select count(*), coalesce({waiting}, 0) from visit")
    assert sum(one.entered for one in counted) == visits[0][0]
    inside = world.rows(
        "select count(*) from run where ended_at is null and exit is not null and seq > 0"
    )
    assert sum(one.waiting for one in counted) == visits[0][1] == inside[0][0]
    assert world.rows("select coalesce(sum(seq), 0) from run") == [(visits[0][0],)]
    for one in counted:
        assert sum(one.exits.values()) <= one.done + one.skipped + one.failed


@pytest.mark.parametrize("seed", range(5))
def test_counts_add_up_whatever_happens(world, seed):
    """Over stories of stops, jumps, retries, pauses, deletions and new versions, at every turn."""
    if world.store.engine.dialect.name == "postgresql" and seed:
        pytest.skip("one story there, since it is the same code")
    chance = random.Random(seed)
    world.do(safeguards.save, safeguards.Safeguards(failures=0))
    rules = Rules(again="every_event", review=seed % 4 == 3)
    number = world.publish(*STEPS, stop_start="bye", settings=rules)
    for _ in range(25):
        happen(world, chance, number)
        check(world)
    world.do(unpublish, number, "stop")
    check(world)
    assert world.ask(workflows.inside, number) == []
