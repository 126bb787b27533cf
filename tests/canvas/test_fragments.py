"""Several steps put in at a '+' as one."""

from __future__ import annotations

import random

import pytest

from rally_desktop.canvas.fragments import insert_fragment, may_insert_fragment
from rally_desktop.canvas.plan import Slot, plan
from rally_desktop.model.graph import START, Graph, Place
from tests.canvas.flows import CHAIN, OPEN, SPLIT, PlainFaces, graph, random_graph, step

PAIR = {"p": step("p", "wait", next="q"), "q": step("q")}
AFTER_A = Slot("connector", "a", "next")


def test_a_chain_comes_between_two_steps():
    """What led to the next step leads to the chain, and its open exit to what followed."""
    made, keys = insert_fragment(CHAIN, PAIR, "p", Place("q"), AFTER_A)
    assert keys == {"p": "p", "q": "q"}
    assert made.steps["a"].exits == {"next": "p"}
    assert made.steps["q"].exits == {"next": "b"}
    assert made.steps["p"].exits == {"next": "q"}


def test_ids_that_are_taken_are_replaced_everywhere():
    """The same steps can be put in twice: ids and the connectors between them are new."""
    once, _ = insert_fragment(CHAIN, PAIR, "p", Place("q"), AFTER_A)
    made, keys = insert_fragment(once, PAIR, "p", Place("q"), AFTER_A)
    assert keys == {"p": "wait1", "q": "mail1"}
    assert made.steps["wait1"].exits == {"next": "mail1"}
    assert made.steps["mail1"].exits == {"next": "p"}
    assert made.steps["p"] is once.steps["p"]


def test_above_a_meeting_all_paths_lead_to_the_chain():
    """Put in where paths meet, the chain is what they all lead to."""
    made, _ = insert_fragment(SPLIT, PAIR, "p", Place("q"), Slot("meeting", before="m"))
    assert made.steps["y"].exits["next"] == made.steps["n"].exits["next"] == "p"
    assert made.steps["q"].exits == {"next": "m"}


def test_a_chain_that_ends_comes_only_where_nothing_follows():
    """Without an open exit a chain fits at an open end, and nowhere else."""
    last = {"p": step("p", "wait", next="z1"), "z1": step("z1", "end")}
    assert not may_insert_fragment(CHAIN, None, AFTER_A)
    at = Slot("connector", "if", "else")
    assert may_insert_fragment(OPEN, None, at)
    made, _ = insert_fragment(OPEN, last, "p", None, at)
    assert made.steps["if"].exits["else"] == "p"


def test_exits_to_steps_that_did_not_come_along_are_open():
    """Only connectors between the steps put in are kept."""
    part = {"p": step("p", "branch", yes="elsewhere", else_="q"), "q": step("q")}
    made, _ = insert_fragment(graph(), part, "p", Place("q"), Slot("connector", START, "next"))
    assert made.steps["p"].exits == {"else": "q"}
    assert made.start == "p"


@pytest.mark.parametrize("seed", range(20))
def test_a_chain_fits_at_every_connector_of_any_workflow(seed):
    """Wherever it is put in, the workflow stays sound and keeps every step it had."""
    dice = random.Random(seed)
    before = random_graph(20, seed)
    slots = [slot for slot in plan(before, PlainFaces()).pluses if slot.kind != "trigger"]
    made, keys = insert_fragment(before, PAIR, "p", Place("q"), dice.choice(slots))
    assert Graph.load(made.dump()) == made
    assert set(made.steps) == {*before.steps, *keys.values()}
