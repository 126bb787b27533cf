"""Taking steps elsewhere and leading connectors elsewhere, without a screen."""

from __future__ import annotations

from rally_desktop.canvas import rewiring
from rally_desktop.canvas.plan import Slot
from rally_desktop.model.graph import START, Graph, Place
from tests.canvas.flows import CHAIN, EXITS, NEXT, OPEN, SPLIT, graph, step

TWO = graph(
    step("if", "branch", yes="y", else_="n"), step("y"), step("n", next="o"), step("o", next="p"),
    step("p", "branch", yes="q"), step("q"),
)  # fmt: skip


def at(source, exit_name="next"):
    """The '+' of an exit."""
    return Slot("connector", source, exit_name)


def block(workflow, *keys):
    """Some steps as one block, or why they are none."""

    def exits(key):
        return tuple(name for name, _ in EXITS.get(workflow.steps[key].kind, NEXT))

    return rewiring.block(workflow, keys, exits)


def moved(workflow, keys, slot):
    """The workflow after some steps went to a '+'."""
    made = rewiring.put(workflow, block(workflow, *keys), slot)
    assert Graph.load(made.dump()) == made
    return made


def ways(workflow):
    """Every connector and where it leads."""
    return {f"{way.source}.{way.exit}": workflow.target(way) for way in workflow.places()}


def test_several_steps_in_a_row_move_as_one():
    """What was before them leads to what was after; the row stays as it was."""
    made = moved(CHAIN, "bc", at(START))
    assert ways(made) == {"start.next": "b", "a.next": "z", "b.next": "c", "c.next": "a"}


def test_a_split_with_its_paths_moves_as_one_where_they_meet_again():
    """The steps from a split to where its paths meet go together, on all paths."""
    made = moved(SPLIT, ["if", "y", "n"], at("m"))
    assert made.steps["a"].exits == {"next": "m"}
    assert made.steps["m"].exits == {"next": "if"}
    assert {made.steps[key].exits["next"] for key in "yn"} == {"z"}


def test_what_followed_goes_on_at_the_ends_of_a_branch():
    """A branch put in the middle leads on from where its paths end."""
    made = moved(TWO, rewiring.branch(TWO, "n"), at("if", "yes"))
    assert (made.steps["if"].exits, made.steps["q"].exits) == ({"yes": "n"}, {"next": "y"})


def test_a_branch_that_ends_goes_only_where_nothing_follows():
    """In the middle it would cut off what follows, so that is refused."""
    branch = block(SPLIT, *rewiring.branch(SPLIT, "m"))
    assert rewiring.refusal(SPLIT, branch, at("a")) == rewiring.ENDS
    other = block(OPEN, "y")
    assert rewiring.refusal(OPEN, other, at("if", "else")) == ""


def test_the_branch_of_a_step_is_what_only_it_leads_to():
    """Where another path leads too, a step is in neither branch."""
    assert rewiring.branch(SPLIT, "y") == {"y"}
    assert rewiring.branch(SPLIT, "if") == {"if", "y", "n", "m", "z"}
    assert rewiring.branch(TWO, "o") == {"o", "p", "q"}


def test_steps_apart_are_no_block():
    """Two steps of different paths, and two with one between them, do not move together."""
    assert block(SPLIT, "y", "n") == rewiring.APART
    assert block(CHAIN, "a", "c") == rewiring.APART
    assert block(TWO, "if", "n", "o") == rewiring.SEVERAL or block(TWO, "if", "n", "o").after


def test_a_place_in_or_beside_a_block_is_its_own():
    """Above its first step, below its last, and at the meeting that only it leads to."""
    middle = block(SPLIT, "if", "y", "n")
    own = [at("a"), at("if", "yes"), at("y"), Slot("meeting", before="m")]
    assert all(rewiring.is_own_place(SPLIT, middle, slot) for slot in own)
    assert not rewiring.is_own_place(SPLIT, middle, at("m"))


def test_a_connector_never_leads_back():
    """To itself or to what leads to it, a step does not lead."""
    assert rewiring.may_lead(CHAIN, [Place("b")], "b") == rewiring.ITSELF
    assert rewiring.may_lead(CHAIN, [Place("c")], "a") == rewiring.CIRCLE
    assert rewiring.may_lead(CHAIN, [Place("a")], "z") == ""


def test_what_is_cut_off_stays():
    """Nothing is removed by cutting; the steps hang loose."""
    made = rewiring.led(CHAIN, [Place("a")], None)
    assert made.steps.keys() == CHAIN.steps.keys()
    assert list(made.reachable(made.start)) == ["a"]


def test_two_paths_change_about():
    """What hung below the one exit hangs below the other, an open end too."""
    assert rewiring.swapped(SPLIT, "if", "yes", "else").steps["if"].exits == {
        "yes": "n", "else": "y",
    }  # fmt: skip
    assert rewiring.swapped(OPEN, "if", "yes", "else").steps["if"].exits == {"else": "y"}


def test_copies_keep_the_connectors_between_them():
    """Two steps in a row are copied as two steps in a row, hanging loose."""
    made, renamed = rewiring.with_copies(CHAIN, ["a", "b"])
    assert made.steps[renamed["a"]].exits == {"next": renamed["b"]}
    assert made.steps[renamed["b"]].exits == {}
    assert made.entrances(renamed["a"]) == ()
