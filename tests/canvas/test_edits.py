"""What can be done to a workflow on the canvas, and undone."""

from __future__ import annotations

import random

import pytest

from rally_desktop.canvas import edits, rewiring
from rally_desktop.canvas.change import difference
from rally_desktop.canvas.draft import Draft
from rally_desktop.canvas.fragments import free_id
from rally_desktop.canvas.plan import Slot, plan
from rally_desktop.canvas.rewiring import led
from rally_desktop.model import joining
from rally_desktop.model.graph import START, STOP, Graph, Place
from tests.canvas.flows import (
    BRANCH,
    CHAIN,
    CREATED,
    END,
    EXITS,
    MAIL,
    NEXT,
    OPEN,
    SPLIT,
    TASK,
    WAIT,
    PlainFaces,
    graph,
    random_graph,
    step,
)


def at(source, exit_name="next"):
    """The '+' of an exit."""
    return Slot("connector", source, exit_name)


def random_edit(workflow, dice):
    """One thing somebody could do, as the next graph."""
    slots = list(plan(workflow, PlainFaces()).pluses)
    slot = dice.choice(slots)
    acts = ("insert",) * 3 + ("move",) * 2 + ("remove", "after", "lead", "settings", "trigger")
    act = dice.choice(acts)
    keys = list(workflow.steps)
    if act == "trigger":
        return edits.with_trigger(workflow, CREATED)[0]
    if act == "insert" or not keys:
        offer = dice.choice((MAIL, TASK, WAIT, BRANCH, END))
        allowed = edits.may_insert(workflow, offer, slot)
        return edits.inserted(workflow, offer, slot)[0] if allowed else workflow
    return _changed(workflow, dice, act, slot)


def _changed(workflow, dice, act, slot):
    keys = list(workflow.steps)
    key = dice.choice(keys)
    if act == "remove":
        some = set(dice.sample(keys, min(len(keys), dice.choice((1, 1, 2)))))
        kept = {one: dice.choice([*workflow.steps[one].exits.values(), None]) for one in some}
        return joining.without(workflow, some, {} if dice.random() < 0.5 else outside(kept, some))
    if act == "after":
        return workflow.removed_after(key)
    if act == "settings":
        return workflow.with_settings(key, {"text": str(dice.random())})
    if act == "lead":
        ways = [Place(key, dice.choice(exits_of(workflow, key)))] if exits_of(workflow, key) else []
        target = dice.choice(keys)
        return (
            workflow if rewiring.may_lead(workflow, ways, target) else led(workflow, ways, target)
        )
    return moved(workflow, dice.choice(({key}, rewiring.branch(workflow, key))), slot)


def outside(kept, some):
    """What is to follow the steps that go, as far as it stays."""
    return {key: to for key, to in kept.items() if to not in some}


def exits_of(workflow, key):
    """The names of all exits of a step."""
    return tuple(name for name, _ in EXITS.get(workflow.steps[key].kind, NEXT))


def moved(workflow, keys, slot):
    """The workflow with some steps taken to a '+', or as it is where they cannot be."""
    block = rewiring.block(workflow, keys, lambda key: exits_of(workflow, key))
    if isinstance(block, str) or rewiring.refusal(workflow, block, slot):
        return workflow
    if rewiring.is_own_place(workflow, block, slot):
        return workflow
    return rewiring.put(workflow, block, slot)


@pytest.mark.parametrize("seed", range(60))
def test_random_edits_keep_the_workflow_sound_and_undo_restores_each(seed):
    """After 40 random edits every graph was valid, and undo goes back through the very same."""
    dice = random.Random(seed)
    draft = Draft(random_graph(12, seed))
    seen = [draft.graph]
    for _ in range(40):
        draft.edit("Edit", random_edit(draft.graph, dice))
        if draft.graph is not seen[-1]:
            seen.append(draft.graph)
        assert Graph.load(draft.graph.dump()) == draft.graph
    for expected in reversed(seen[:-1]):
        draft.undo()
        assert draft.graph is expected
    for expected in seen[1:]:
        draft.redo()
        assert draft.graph is expected


def test_ids_are_the_kind_and_the_first_free_number():
    """Ids are short, and a gap is filled before counting on."""
    assert free_id("mail", ["mail1", "mail3", "task2"]) == "mail2"


def test_an_inserted_branch_keeps_what_followed_under_its_first_path():
    """What came after goes on under the branch's first exit; the others are open."""
    made, key = edits.inserted(CHAIN, BRANCH, at("a"))
    assert made.steps[key].exits == {"yes": "b"}
    assert made.steps["a"].exits == {"next": key}


def test_an_end_is_never_inserted_in_the_middle():
    """An End may come only where nothing follows."""
    assert not edits.may_insert(CHAIN, END, at("a"))
    assert not edits.may_insert(SPLIT, END, Slot("meeting", before="m"))
    assert edits.may_insert(OPEN, END, at("if", "else"))


def test_a_step_above_a_meeting_takes_all_paths_in():
    """Inserted where paths meet, a step is what they all lead to."""
    made, key = edits.inserted(SPLIT, TASK, Slot("meeting", before="m"))
    assert (made.steps["y"].exits["next"], made.steps["n"].exits["next"]) == (key, key)
    assert made.steps[key].exits == {"next": "m"}


def test_a_moved_step_leaves_its_neighbours_joined():
    """Taken out, what was before leads to what was after; put in, it stands between."""
    made = moved(CHAIN, {"b"}, at("c"))
    assert [made.steps[key].exits.get("next") for key in "acb"] == ["c", "b", "z"]


def test_a_step_moved_above_the_meeting_it_leads_to_is_no_entrance_any_more():
    """Moving one of two branches' last steps below both leaves the branch straight."""
    made = moved(SPLIT, {"y"}, Slot("meeting", before="m"))
    assert made.steps["if"].exits["yes"] == "y"
    assert made.steps["n"].exits["next"] == "y"
    assert made.steps["y"].exits["next"] == "m"


def test_a_step_is_not_moved_to_where_it_is():
    """The '+' right above and right below a step are no new places for it."""
    assert moved(CHAIN, {"b"}, at("a")) is CHAIN
    assert moved(CHAIN, {"b"}, at("b")) is CHAIN
    assert moved(CHAIN, {"b"}, at(START)).start == "b"


def test_a_step_can_be_put_before_the_first_stop_step():
    """The stop steps begin with the new one, and what was first follows it."""
    workflow = graph(step("a"), step("s")).with_(stop_start="s")
    made, key = edits.inserted(workflow, WAIT, Slot("connector", STOP, "next"))
    assert (made.stop_start, made.steps[key].exits) == (key, {"next": "s"})


def test_removing_the_first_stop_step_keeps_the_others():
    """The stop steps begin with what followed the one removed."""
    workflow = graph(step("a"), step("s", next="t"), step("t")).with_(stop_start="s")
    made = joining.without(workflow, {"s"}, {})
    assert (made.stop_start, set(made.steps)) == ("t", {"a", "t"})


def test_the_difference_names_only_what_was_touched():
    """Change is found by identity: one altered step, nothing else."""
    change = difference(SPLIT, SPLIT.with_settings("y", {"text": "hello"}))
    assert (change.altered, change.added, change.removed, change.rewired) == (("y",), (), (), ())
