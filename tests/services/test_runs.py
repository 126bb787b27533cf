"""Runs as people read them."""

from __future__ import annotations

import pytest

from rally_desktop.core.errors import NotFound
from rally_desktop.engine import publishing
from rally_desktop.engine.heart import Heart
from rally_desktop.model.graph import Graph, Step, Trigger
from rally_desktop.services import contacts, runs, workflows

SHORT = Graph(
    name="Short",
    triggers=(Trigger("t1", "record_created"),),
    start="a",
    steps={"a": Step("a", "add_tag", {"tag": "New"}, title="Mark it")},
)


@pytest.fixture
def published(world):
    """A workflow that tags every new record."""
    number = world.do(workflows.create, SHORT)
    world.do(publishing.publish, number)
    return number


def tick(world):
    """Let the engine do what is due."""
    Heart(world.store).tick()


def test_a_run_names_record_workflow_version_and_step(world, published):
    """A line of the list says who, through which version of what, and how it ended."""
    world.contact("Ana", last_name="Alvarez")
    tick(world)
    (row,) = world.ask(runs.listed).rows
    assert (row.record, row.workflow, row.version) == ("Ana Alvarez", "Short", 1)
    assert (row.state, row.step) == ("done", None)


def test_a_visit_keeps_the_title_of_its_version(world, published):
    """Renaming a step later does not rename it in the history."""
    world.contact("Ana")
    tick(world)
    renamed = SHORT.with_step(Step("a", "add_tag", {"tag": "New"}, title="Other"))
    world.do(workflows.save_draft, published, renamed)
    world.do(publishing.publish, published)
    (row,) = world.ask(runs.listed).rows
    _, (visit,) = world.ask(runs.one, row.id)
    assert visit.step == runs.StepName("Mark it", "add_tag")
    assert visit.summary == "Added the tag “New”."


def test_the_newest_come_first_and_all_are_counted(world, clock, published):
    """Of many runs the newest are given, with how many there are in all."""
    for name in ("Ana", "Ben", "Carla"):
        world.contact(name)
        tick(world)
        clock.advance(minutes=1)
    page = world.ask(runs.listed, limit=2)
    assert [row.record for row in page.rows] == ["Carla", "Ben"]
    assert page.count == 3


def test_runs_are_found_by_a_part_of_the_name(world, published):
    """The search looks at contacts, companies and deals alike."""
    world.contact("Ana")
    world.company("Hill Dental")
    world.deal("New roof")
    tick(world)
    found = {text: world.ask(runs.listed, text=text).count for text in ("ana", "roof", "zzz")}
    assert found == {"ana": 1, "roof": 0, "zzz": 0}


def test_a_deleted_record_leaves_its_runs(world, published):
    """The history of a contact in the trash stays, under another name."""
    ref = world.contact("Ana")
    tick(world)
    world.do(contacts.delete, ref)
    assert [row.record for row in world.ask(runs.listed).rows] == [runs.GONE]


def test_a_run_that_never_was(world):
    """Asking for one raises NotFound."""
    with pytest.raises(NotFound):
        world.ask(runs.one, 7)
