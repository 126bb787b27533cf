"""A week of new leads for three people who take turns, one of whom is on holiday."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from rally_desktop.engine.publishing import publish
from rally_desktop.model.graph import Step
from rally_desktop.services import users, workflows

pytestmark = pytest.mark.slow

TEAM = ("Ana", "Ben", "Carla")


def leads(world, count):
    """Let leads come in over a day, and return how many each person got of them."""
    refs = []
    for number in range(count):
        refs.append(world.contact(f"Lead {number}"))
        world.turn(hours=24 / count)
    names = {user.id: user.name for user in world.ask(users.listed)}
    return Counter(names[world.record(ref)["owner_id"]] for ref in refs)


def assign(world, *pool):
    """Publish «every new contact gets an owner from the pool, in turn», or change the pool."""
    settings = {"assign": "round robin", "pool": list(pool)}
    if not world.rows("select id from workflow"):
        return world.publish(Step("owner", "assign_owner", settings))
    graph = world.ask(workflows.draft, 1).graph.with_settings("owner", settings)
    world.do(workflows.save_draft, 1, graph)
    return world.do(publish, 1)


def test_a_week_of_leads_is_shared_evenly_also_around_a_holiday(world):
    """Nine leads a day: three each, then five or four while Ben is away, then three again."""
    people = {name: world.user(name) for name in TEAM}
    assign(world, *TEAM)

    assert leads(world, 9) == dict.fromkeys(TEAM, 3)

    world.do(users.set_away, people["Ben"], world.clock.now() + timedelta(days=2))
    away = leads(world, 9) + leads(world, 9)
    assert away == {"Ana": 9, "Carla": 9}

    assert leads(world, 9) == dict.fromkeys(TEAM, 3)


def test_whoever_joins_on_thursday_is_not_buried(world):
    """Dora joins after three days; from then on all four get as many."""
    for name in TEAM:
        world.user(name)
    assign(world, *TEAM)
    for _ in range(3):
        leads(world, 9)

    world.user("Dora")
    assign(world, *TEAM, "Dora")

    assert leads(world, 12) == dict.fromkeys((*TEAM, "Dora"), 3)


def test_a_lead_that_has_an_owner_keeps_it(world):
    """A lead that Maria brought stays hers, and takes nobody's turn."""
    maria = world.user("Maria")
    for name in TEAM:
        world.user(name)
    assign(world, *TEAM)
    hers = world.contact("Hers", owner_id=maria)

    assert leads(world, 3) == dict.fromkeys(TEAM, 1)
    assert world.record(hers)["owner_id"] == maria
    assert ("owner", "skipped", "unchanged") in world.visits()
