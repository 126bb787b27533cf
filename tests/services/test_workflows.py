"""Workflows as documents: drafts are free, versions stay, and nobody is lost on the way."""

from __future__ import annotations

import pytest

from rally_desktop.core.errors import BadDefinition, BadSettings, NotFound, Refused
from rally_desktop.engine.publishing import publish, unpublish
from rally_desktop.model.graph import Graph, Rules, Step, Trigger
from rally_desktop.services import protection, settings, workflows

WAIT = Step("wait", "wait", {"amount": 1, "unit": "days"})
SOUND = Graph(
    name="Follow up", triggers=(Trigger("t", "record_created"),), steps={"wait": WAIT}, start="wait"
)


def row(world, number):
    """The line of the list for one workflow."""
    return next(row for row in world.ask(workflows.listed) if row.id == number)


def test_a_draft_comes_back_as_it_was_saved(world):
    """A draft may be half finished; nothing is lost of it."""
    number = world.do(workflows.create, Graph(name="New"))
    half = SOUND.with_(name="  Half \n done", start=None, description="Line\nline")
    world.do(workflows.save_draft, number, half)
    draft = world.ask(workflows.draft, number)
    assert (draft.graph, draft.state, draft.published) == (half, "draft", None)
    assert draft.saved_at == world.clock.now()
    assert row(world, number).name == "Half done"


def test_a_workflow_begins_with_a_name(world):
    """A new workflow needs a name; one that loses it later is called untitled."""
    with pytest.raises(Refused, match="needs a name"):
        world.do(workflows.create, Graph(name=" "))
    number = world.do(workflows.create, SOUND)
    world.do(workflows.save_draft, number, SOUND.with_(name=""))
    assert row(world, number).name == "Untitled workflow"


def test_a_copy_is_a_draft_of_its_own(world):
    """It has the same steps under a free name; one that is protected is not copied."""
    number = world.do(workflows.create, SOUND)
    world.do(publish, number)
    first, second = world.do(workflows.copy, number), world.do(workflows.copy, number)
    assert [row(world, one).name for one in (first, second)] == [
        "Copy of Follow up", "Copy of Follow up 2",
    ]  # fmt: skip
    made = world.ask(workflows.draft, first)
    assert (made.graph.steps, made.state) == (SOUND.steps, "draft")
    world.do(protection.protect, number, "a long password")
    world.ask(protection.lock, number)
    with pytest.raises(protection.Protected):
        world.do(workflows.copy, number)


def test_what_could_not_be_opened_again_is_not_saved(world):
    """A draft that breaks the format is refused when it is saved, not when it is opened."""
    number = world.do(workflows.create, SOUND)
    for broken in (
        SOUND.with_(settings=Rules(after_days=0)),
        SOUND.with_(start="nowhere"),
        SOUND.with_step(Step("x" * 65, "wait")),
    ):
        with pytest.raises(BadDefinition):
            world.do(workflows.save_draft, number, broken)
    assert world.ask(workflows.draft, number).graph == SOUND


def test_texts_that_cannot_be_kept_are_refused(world):
    """A name with an impossible character is refused on every database."""
    for field in ("name", "description"):
        with pytest.raises(BadSettings, match="character that cannot be kept"):
            world.do(workflows.create, SOUND.with_(**{field: "A\0"}))


def test_publishing_leaves_a_version_that_editing_does_not_touch(world):
    """What is published stays as it was while the draft moves on, and the list says so."""
    number = world.do(workflows.create, SOUND)
    assert world.do(publish, number) == 1
    assert not row(world, number).changed
    changed = SOUND.with_settings("wait", {"amount": 2, "unit": "days"})
    world.do(workflows.save_draft, number, changed)
    draft = world.ask(workflows.draft, number)
    assert (draft.published, draft.graph, draft.published_number) == (SOUND, changed, 1)
    assert row(world, number).changed
    assert world.do(publish, number) == 2


def test_publishing_is_refused_while_an_error_stands(world):
    """The first error is named, and how many more there are."""
    number = world.do(workflows.create, Graph(name="New"))
    with pytest.raises(Refused, match=r"‘New’ cannot be published: Nothing starts .* \(and 1 more"):
        world.do(publish, number)
    assert row(world, number).state == "draft"


def test_the_list_counts_who_is_inside(world):
    """The list says how many steps a workflow has and how many are on the way through it."""
    number = world.do(workflows.create, SOUND)
    world.do(publish, number)
    world.contact("Ana")
    world.contact("Ben")
    world.tick()
    found = row(world, number)
    assert (found.steps, found.open_runs, found.state) == (1, 2, "published")
    world.turn(days=2)
    assert row(world, number).open_runs == 0


def test_the_list_is_by_name_whatever_the_case(world):
    """Capitals do not come first."""
    for name in ("beta", "Alpha", "Gamma"):
        world.do(workflows.create, Graph(name=name))
    assert [row.name for row in world.ask(workflows.listed)] == ["Alpha", "beta", "Gamma"]


def test_what_is_published_or_has_people_inside_is_not_deleted(world):
    """A workflow that could still touch people is refused, with what to do first."""
    number = world.do(workflows.create, SOUND)
    world.do(publish, number)
    world.contact()
    world.tick()
    with pytest.raises(Refused, match="Unpublish it and stop its runs first"):
        world.do(workflows.delete, number)
    world.do(workflows.unpublish, number)
    with pytest.raises(Refused, match="1 people inside"):
        world.do(workflows.delete, number)


def test_a_deleted_workflow_can_come_back(world):
    """The trash gives a workflow back as it was drafted."""
    number = world.do(workflows.create, SOUND)
    world.do(workflows.delete, number)
    for service in (workflows.draft, workflows.unpublish, workflows.delete):
        with pytest.raises(NotFound, match="workflow does not exist"):
            world.do(service, number)
    world.do(workflows.restore, number)
    assert world.ask(workflows.draft, number).graph == SOUND


def test_a_paused_workflow_says_why(world):
    """Neither newcomers nor those inside move, and the list has the reason."""
    number = world.do(workflows.create, SOUND)
    world.do(publish, number)
    world.contact("Ana")
    world.tick()
    world.do(workflows.pause, number, "Too many bounces.")
    world.contact("Ben")
    world.turn(days=2)
    assert world.run_states() == ["active"]
    assert (row(world, number).state, row(world, number).why) == ("paused", "Too many bounces.")
    world.do(publish, number)
    assert row(world, number).why == ""


def test_who_was_let_finish_is_all_that_goes_on_after_a_pause(world):
    """A workflow that people were to finish enrols nobody after it was paused and resumed."""
    number = world.do(workflows.create, SOUND)
    world.do(publish, number)
    world.contact("Ana")
    world.tick()
    world.do(unpublish, number, "finish")
    world.do(workflows.pause, number, "Too many bounces.")
    world.do(workflows.resume, number)
    world.contact("Ben")
    world.tick()
    assert row(world, number).state == "finishing"
    assert len(world.run_states()) == 1


def test_every_publication_is_counted(world):
    """The engine sees by one number that something was published, paused or unpublished."""
    number = world.do(workflows.create, SOUND)
    seen = [world.ask(settings.get, workflows.COUNTER, 0)]
    for service, *more in ((publish,), (workflows.pause, "?"), (workflows.unpublish,)):
        world.do(service, number, *more)
        seen.append(world.ask(settings.get, workflows.COUNTER, 0))
    assert seen == sorted(set(seen))
