"""What a definition refers to may change after it was written: that is said, and harms nobody."""

from __future__ import annotations

import pytest

from rally_desktop.engine.heart import Heart
from rally_desktop.engine.publishing import problems_of
from rally_desktop.model.changes import RowAdded, RowChanged
from rally_desktop.model.graph import Graph, Step, Trigger
from rally_desktop.services import users, workflows

pytestmark = pytest.mark.slow

# Each way in which a step may name a user, and the setting that it is said at.
NAMING = [
    ("notify", {"text": "Hi", "who": ["Maria"]}, "Who"),
    ("create_task", {"task": "Call", "assign": "a user", "assignee": "Maria"}, "User"),
    ("call_step", {"task": "Call", "assign": "round robin", "pool": ["Maria"]}, "In turn"),
    ("assign_owner", {"assign": "a user", "assignee": "Maria"}, "User"),
    ("approve", {"question": "May we?", "approver": "Maria"}, "Who decides"),
    ("update_field", {"field": "owner", "value": "Maria"}, "Value"),
]
EVERYBODY = pytest.mark.parametrize(
    ("kind", "settings", "label"), NAMING, ids=[one[0] for one in NAMING]
)


def problems(world, step):
    """The errors in a workflow with one step."""
    made = Graph(
        name="Test", triggers=(Trigger("t", "record_created"),), start="s", steps={"s": step}
    )
    return [one.text for one in world.ask(problems_of, made) if one.severity == "error"]


def rename(world, number, **values):
    """Change a user's row."""
    world.do(lambda work: work.change(RowChanged("user_account", number, values)))


def test_an_own_field_may_be_merged_while_the_office_has_it(world):
    """A text may name it; a field that was taken away is a problem at the step."""
    own = {"id": 1, "record_kind": "contact", "name": "motto", "label": "Motto", "kind": "text"}
    world.do(lambda work: work.change(RowAdded("custom_field", {**own, "position": 1})))
    step = Step("s", "create_note", {"text": "{{ contact.custom.motto }}"})
    assert problems(world, step) == []
    world.do(lambda work: work.change(RowChanged("custom_field", 1, {"archived": True})))
    (text,) = problems(world, step)
    assert "No field ‘contact.custom.motto’" in text


@EVERYBODY
@pytest.mark.parametrize("change", [{"name": "Mary"}, {"active": False}], ids=["renamed", "left"])
def test_a_user_who_is_not_there_any_more_is_named(world, kind, settings, label, change):
    """Before publishing as a problem, afterwards as the reason at the visit."""
    maria, step = world.user("Maria"), Step("s", kind, settings)
    assert problems(world, step) == []
    world.publish(step)
    rename(world, maria, **change)

    world.contact()
    world.tick()

    assert problems(world, step) == [f"{label} ‘Maria’ does not exist."]
    assert world.visits() == [("s", "failed", "no_user")]


@EVERYBODY
def test_a_name_that_two_have_is_taken_for_neither(world, kind, settings, label):
    """The problem says to choose by the e-mail; the visit fails with that reason."""
    world.user("Maria")
    step = Step("s", kind, settings)
    world.publish(step)
    world.do(users.add, "maria", email="maria@example.org")

    world.contact()
    world.tick()

    said = f"{label} ‘Maria’ is the name of 2 people; choose one by the e-mail."
    assert problems(world, step) == [said]
    assert world.visits() == [("s", "failed", "same_name")]


def test_a_user_may_be_named_by_the_address(world):
    """An e-mail tells two of a name apart, and is no problem."""
    for address in ("m1@example.org", "m2@example.org"):
        world.user("Maria", email=address)
    assert problems(world, Step("s", "notify", {"text": "Hi", "who": ["M2@example.org"]})) == []


def test_whoever_is_left_is_told_and_the_others_are_said(world):
    """Of two who are to be told, the one who is still there is; the run history names the other."""
    world.user("Maria")
    ben = world.user("Ben")
    world.publish(Step("s", "notify", {"text": "Hi", "who": ["Maria", "Ben"]}))
    rename(world, ben, active=False)

    world.contact()
    world.tick()

    ((outcome, detail),) = world.rows("select outcome, detail from visit")
    assert outcome == "done"
    assert "Nobody in the office is called ‘Ben’" in detail


SHOE_SIZE = {"field": "custom.shoe_size", "op": "gt", "value": 40}
FORK = Step("s", "branch", {"paths": [{"name": "Big", "exit": "big", "filter": SHOE_SIZE}]})


@pytest.mark.parametrize(
    ("steps", "audience", "visits", "why"),
    [
        ((FORK,), None, [("s", "failed", "bad_settings")], ""),
        ((Step("s", "end"),), SHOE_SIZE, [], "No field ‘custom.shoe_size’."),
    ],
    ids=["branch", "audience"],
)
def test_a_filter_on_a_field_that_was_taken_away_is_named(world, steps, audience, visits, why):
    """A branch fails with the reason, an audience pauses its workflow; the others go on."""
    own = {"record_kind": "contact", "name": "shoe_size", "label": "Shoe size", "kind": "number"}
    world.do(lambda work: work.change(RowAdded("custom_field", {"id": 1, **own, "position": 1})))
    number = world.publish(*steps, audience=audience)
    other = world.publish(Step("tag", "add_tag", {"tag": "Seen"}))
    world.do(lambda work: work.change(RowChanged("custom_field", 1, {"archived": True})))
    world.heart = Heart(world.store)

    ana = world.contact()
    world.tick()

    rows = {row.id: row for row in world.ask(workflows.listed)}
    assert [one for one in world.visits() if one[0] == "s"] == visits
    assert (rows[number].why, rows[other].state) == (why, "published")
    assert world.record(ana)["tags"] == {"Seen"}
