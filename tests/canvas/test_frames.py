"""Frames around steps and notes on the sheet: where they stand, and what folding does."""

from __future__ import annotations

import random
from itertools import pairwise

import msgspec
import pytest

from rally_desktop.canvas.frames import foldable
from rally_desktop.canvas.plan import Slot, Spot, plan
from rally_desktop.canvas.tiles import Tiles
from rally_desktop.model.graph import Frame, Note
from tests.canvas.flows import CHAIN, SPLIT, PlainFaces, graph, random_graph, step
from tests.canvas.test_layout import overlaps

FOLDED = Spot("frame", "f")


def framed(workflow, *steps, title="Welcome"):
    """The workflow with a frame around some steps."""
    return workflow.with_(frames=(Frame("f", title, steps),))


def shown(workflow, *folded):
    """What the sheet shows."""
    return plan(workflow, PlainFaces(), frozenset(folded))


def test_an_open_frame_stands_around_its_cards():
    """There are 20 pixels around the cards, and 28 more above them for the title."""
    made = shown(framed(CHAIN, "b", "c"))
    box, first, last = (
        made.frames[FOLDED],
        made.boxes[Spot("step", "b")],
        made.boxes[Spot("step", "c")],
    )
    assert (box.x, box.y) == (last.x - 20, first.y - 48)
    assert (box.width, box.y + box.height) == (272 + 40, last.y + last.height + 20)


def test_a_folded_frame_is_one_card():
    """Its steps and the connectors between them are not drawn; it is entered and left once."""
    made = shown(framed(CHAIN, "b", "c"), "f")
    assert list(made.boxes) == [Spot("trigger", "t1"), Spot("step", "a"), FOLDED, Spot("step", "z")]
    face = made.boxes[FOLDED].face
    assert (face.title, face.subtitle) == ("Welcome", "2 steps")
    assert [(wire.slot.source, wire.target) for wire in made.wires] == [
        ("start", "a"), ("a", "b"), ("c", "z")
    ]  # fmt: skip
    assert made.card_of("c") == FOLDED
    assert not made.frames


def test_a_folded_frame_keeps_all_ways_out():
    """Each way out of a folded frame has its label and its '+'."""
    made = shown(framed(SPLIT, "if", "y"), "f")
    assert {label.text for label in made.labels} == {"Mail", "Else"}
    assert {Slot("connector", "y", "next"), Slot("connector", "if", "else")} <= made.pluses.keys()


def test_where_several_lead_to_a_folded_frame_they_meet():
    """The '+' above it belongs to the first of its steps."""
    made = shown(framed(SPLIT, "m", "z"), "f")
    assert Slot("meeting", before="m") in made.pluses


def test_only_consecutive_steps_with_one_way_in_can_be_folded():
    """Steps apart from each other, or entered twice, stay open."""
    assert foldable(SPLIT, Frame("f", "", ("if", "y", "n", "m")))
    assert not foldable(SPLIT, Frame("f", "", ("a", "m")))
    assert not foldable(SPLIT, Frame("f", "", ("y", "n", "m")))
    assert not foldable(SPLIT, Frame("f", "", ()))
    assert shown(framed(SPLIT, "y", "n", "m"), "f").boxes.keys() == shown(SPLIT).boxes.keys()


def test_the_larger_of_two_nested_frames_hides_the_smaller():
    """Folding both shows one card."""
    nested = CHAIN.with_(
        frames=(Frame("in", "Inner", ("b",)), Frame("f", "Outer", ("a", "b", "c")))
    )
    made = shown(nested, "in", "f")
    assert [spot.id for spot in made.boxes] == ["t1", "f", "z"]


def test_a_folded_frame_tells_of_the_worst_problem_inside():
    """The card of the frame carries the badge of its steps."""
    faces = PlainFaces()
    faces.problems = {"c": "No template"}
    made = plan(framed(CHAIN, "b", "c"), faces, frozenset({"f"}))
    face = made.boxes[FOLDED].face
    assert (face.problem, face.severity, face.problems) == ("No template", "error", 1)


def test_a_note_stands_beside_its_card():
    """A note of a step is counted from the card's upper right corner; others from the sheet's."""
    made = shown(
        CHAIN.with_(notes=(Note("n", "Ask Ann", "b", 24, 0), Note("free", "", "", -500, 7)))
    )
    card = made.boxes[Spot("step", "b")]
    tied, free = made.notes[Spot("note", "n")], made.notes[Spot("note", "free")]
    assert (tied.x, tied.y, tied.card) == (card.x + card.width + 24, card.y, card.spot)
    assert (free.x, free.y, free.card) == (-500, 7, None)
    assert made.bounds[0] == -500


def test_notes_of_hidden_steps_are_hidden():
    """A note of a step in a folded frame is not shown."""
    workflow = framed(CHAIN, "b", "c").with_(notes=(Note("n", "Ask Ann", "b"),))
    assert not shown(workflow, "f").notes


def test_what_is_at_a_point():
    """A note is hit anywhere, an open frame by its title alone."""
    workflow = framed(CHAIN, "b", "c").with_(notes=(Note("n", "Ask Ann", "", 2000, 0),))
    made = shown(workflow)
    tiles, frame = Tiles(made), made.frames[FOLDED]
    assert tiles.note_at(2100, 50) == Spot("note", "n")
    assert tiles.frame_title_at(frame.x + 5, frame.y + 5) == FOLDED
    assert tiles.frame_title_at(frame.x + 5, frame.y + 60) is None


def test_a_frame_without_a_title_says_that_it_is_a_group():
    """The card of a folded frame is never without a name."""
    one = graph(step("a", next="b"), step("b"))
    face = shown(framed(one, "a", title=""), "f").boxes[FOLDED].face
    assert (face.title, face.subtitle) == ("Group", "1 step")


def test_pinned_cards_know_it():
    """A step that was placed by hand is marked as such."""
    made = shown(msgspec.structs.replace(CHAIN, layout={"b": (400.0, 500.0)}))
    assert [box.spot.id for box in made.boxes.values() if box.pinned] == ["b"]


def inside(made, frame):
    """The cards that lie wholly or partly in an open frame."""
    right, bottom = frame.x + frame.width, frame.y + frame.height
    return {
        spot.id
        for spot, box in made.boxes.items()
        if box.x < right and frame.x < box.x + box.width
        if box.y < bottom and frame.y < box.y + box.height
    }


@pytest.mark.parametrize("seed", range(60))
def test_nothing_else_comes_between_the_cards_of_a_frame(seed):
    """In random workflows an open frame around consecutive steps holds just these."""
    workflow = random_graph(60, seed)
    heads = [key for key in workflow.steps if len(workflow.entrances(key)) == 1]
    key = random.Random(seed).choice(heads)
    # A step and what follows it at once, where nothing else leads there.
    after = [k for k in workflow.steps[key].exits.values() if len(workflow.entrances(k)) == 1]
    made = shown(framed(workflow, key, *after))
    assert inside(made, made.frames[FOLDED]) == {key, *after}
    assert overlaps(made.boxes.values()) == []


@pytest.mark.parametrize("seed", range(30))
def test_whole_branches_in_frames_stay_apart(seed):
    """Frames around all that hangs below a step hold just that, also within each other."""
    workflow = random_graph(80, seed)
    heads = [key for key in workflow.steps if len(workflow.entrances(key)) == 1]
    outer = random.Random(seed).choice(heads)
    below = list(workflow.only_after(outer))
    inner = next((key for key in below[1:] if len(workflow.entrances(key)) == 1), outer)
    frames = (Frame("f", "", tuple(below)), Frame("in", "", tuple(workflow.only_after(inner))))
    made = shown(workflow.with_(frames=frames))
    for frame in frames:
        assert inside(made, made.frames[Spot("frame", frame.id)]) == set(frame.steps)


def test_connectors_out_of_a_frame_run_only_across_and_down():
    """They leave over the lower edge, with their '+' below it."""
    made = shown(framed(SPLIT, "if", "y"))
    frame = made.frames[FOLDED]
    for slot in (Slot("connector", "y", "next"), Slot("connector", "if", "else")):
        wire = next(wire for wire in made.wires if wire.slot == slot)
        assert all(y0 <= y1 for (_, y0), (_, y1) in pairwise(wire.points))
        assert all(x0 == x1 or y0 == y1 for (x0, y0), (x1, y1) in pairwise(wire.points))
        assert made.pluses[slot][1] > frame.y + frame.height


def test_a_frame_with_a_step_placed_elsewhere_stands_around_all():
    """Where one of its steps was placed by hand, the frame reaches that far."""
    made = shown(framed(CHAIN, "b", "c").with_(layout={"c": (900.0, 700.0)}))
    frame = made.frames[FOLDED]
    assert (frame.x + frame.width, frame.y + frame.height) == (900 + 272 + 20, 700 + 72 + 20)


def test_an_open_frame_moves_with_its_first_step():
    """Placing the first step of a frame by hand takes the whole frame there."""
    before = shown(framed(CHAIN, "b", "c")).frames[FOLDED]
    made = shown(framed(CHAIN, "b", "c").with_(layout={"b": (864.0, 700.0)}))
    after = made.frames[FOLDED]
    assert (after.x, after.y) == (864 - 52, 700 - 48)
    assert (after.width, after.height) == (before.width, before.height)


@pytest.mark.parametrize("seed", range(60))
def test_whatever_is_framed_pinned_and_folded_goes_together(seed):
    """Frames around anything, notes, pins and folding: cards stay apart, nothing goes missing."""
    dice = random.Random(seed)
    workflow = random_graph(dice.choice((3, 10, 40)), seed)
    keys = list(workflow.steps)
    frames = []
    for number in range(dice.randint(1, 4)):
        after = list(workflow.reachable(dice.choice(keys)))
        some = dice.sample(keys, min(3, len(keys)))
        steps = dice.choice((after[: dice.randint(1, 9)], some))
        frames.append(Frame(f"f{number}", "", tuple(steps)))
    pins = {key: (dice.randint(-800, 800), dice.randint(0, 3000)) for key in keys if seed % 3 == 0}
    made = shown(
        workflow.with_(frames=tuple(frames), layout=dict(list(pins.items())[:3])),
        *(frame.id for frame in frames if dice.random() < 0.5),
    )
    assert {made.card_of(key) for key in keys} <= made.boxes.keys()
    pinned = {box.spot.id for box in made.boxes.values() if box.pinned}
    assert [pair for pair in overlaps(made.boxes.values()) if not set(pair) <= pinned] == []
    for box in made.frames.values():
        assert {made.card_of(key).id for key in box.steps} <= inside(made, box)
