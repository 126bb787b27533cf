"""How many came through a version of a workflow, and who stands where."""

from __future__ import annotations

import pytest

from rally_desktop.core.errors import NotFound
from rally_desktop.engine import publishing
from rally_desktop.model.graph import Graph, Rules, Step, Trigger
from rally_desktop.model.tables.workflow import OPEN_STATES
from rally_desktop.services import figures, runs, versions, workflows

CUSTOMER = {"field": "lifecycle_stage", "op": "is", "value": "Customer"}
PATHS = {"paths": [{"name": "Customers", "exit": "yes", "filter": CUSTOMER}]}
WAITS = Graph(
    name="Waits",
    triggers=(Trigger("t1", "record_created"),),
    start="tag",
    steps={
        "tag": Step("tag", "add_tag", {"tag": "New"}, {"next": "who"}),
        "who": Step("who", "branch", PATHS, {"yes": "wait"}),
        "wait": Step("wait", "wait", {"amount": 2, "unit": "days"}, {"next": "mail"}),
        "mail": Step("mail", "add_tag", {"tag": "Late"}),
    },
)


@pytest.fixture
def number(world):
    """A published workflow through which three contacts went, one of them a customer."""
    made = world.do(workflows.create, WAITS)
    world.do(publishing.publish, made)
    for name, stage in (("Ana", "Customer"), ("Ben", "Lead"), ("Carla", "Lead")):
        world.contact(name, lifecycle_stage=stage)
    world.tick()
    return made


def test_every_step_says_how_many_came_and_how_they_left(world, number):
    """Of three, one took the path for customers and two the other."""
    found = world.ask(figures.of_version, number, 1)
    assert found.steps["tag"].counts.entered == 3
    assert found.steps["who"].counts.exits == {"yes": 1, "else": 2}
    assert found.triggers == {"t1": 3}


def test_those_who_wait_are_here(world, number):
    """Who waits at a step is counted there until they go on."""
    assert world.ask(figures.of_version, number, 1).steps["wait"].here == 1
    world.turn(days=3)
    assert world.ask(figures.of_version, number, 1).steps["wait"].here == 0


def test_only_what_came_since_is_counted(world, clock, number):
    """Of a week ago nothing is left in the figures of today; who waits is still here."""
    clock.advance(days=1)
    found = world.ask(figures.of_version, number, 1, clock.now())
    assert "tag" not in found.steps
    assert found.steps["wait"].here == 1
    assert found.triggers == {}


def test_people_inside_another_version_are_told_apart(world, number):
    """After a new version is published, whoever is inside the old one is counted elsewhere."""
    world.do(workflows.save_draft, number, WAITS.with_(name="Waits longer"))
    world.do(publishing.publish, number)
    found = world.ask(figures.of_version, number, 2)
    assert found.elsewhere == {1: 1}
    assert not found.steps


def test_a_version_that_never_was_has_no_figures(world, number):
    """Asking for a version that does not exist says so."""
    with pytest.raises(NotFound, match="no version 7"):
        world.ask(figures.of_version, number, 7)


def test_the_people_at_a_step_are_listed(world, clock, number):
    """Who stands at a step of a version is told with since when and until when."""
    page = world.ask(runs.listed, states=OPEN_STATES, workflow_id=number, at=(1, "wait"))
    (row,) = page.rows
    assert (row.record, page.count) == ("Ana", 1)
    assert row.here_since == clock.now()
    assert row.due_at > clock.now()
    assert world.ask(runs.numbers, workflow_id=number, at=(1, "wait")) == [row.id]
    assert not world.ask(runs.listed, workflow_id=number, at=(1, "tag")).rows


def test_versions_are_told_newest_first(world, clock, number):
    """Each version says when it was published and whether it is the one in force."""
    clock.advance(days=2)
    world.do(workflows.save_draft, number, WAITS.with_(description="Other"))
    world.do(publishing.publish, number)
    newest, oldest = world.ask(versions.listed, number)
    assert (newest.number, newest.current) == (2, True)
    assert (oldest.number, oldest.current) == (1, False)
    assert newest.published_at > oldest.published_at
    assert world.ask(versions.graph_of, number, 1) == WAITS


def test_a_failed_step_says_its_last_error(world):
    """What failed last is told beside how often."""
    lacks = Graph(
        name="Asks",
        triggers=(Trigger("t1", "record_created"),),
        start="mail",
        steps={"mail": Step("mail", "send_email", {"template": "Welcome"})},
    )
    made = world.do(workflows.create, lacks)
    world.do(workflows.put_version, made, lacks)
    world.contact("Ana")
    world.tick()
    step = world.ask(figures.of_version, made, 1).steps["mail"]
    assert step.counts.failed == 1
    assert step.error


def test_who_waits_to_be_let_in_is_at_no_step(world, number):
    """Where somebody looks at each run first, those who wait for that are counted apart."""
    reviewed = WAITS.with_(settings=Rules(review=True))
    world.do(workflows.put_version, number, reviewed)
    world.contact("Dev")
    world.tick()
    found = world.ask(figures.of_version, number, 2)
    assert {key: one.here for key, one in found.steps.items()} == {figures.IN_REVIEW: 1}
