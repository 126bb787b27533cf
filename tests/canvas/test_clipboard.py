"""Copying, cutting, pasting and duplicating steps, and what comes from other programs."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from PySide6.QtCore import Qt

from rally_desktop.canvas import clipboard, parcel, pasting
from rally_desktop.canvas.plan import Slot, Spot
from rally_desktop.core.errors import BadDefinition
from rally_desktop.model.graph import MAX_STEPS, START, Frame, Graph, Note, Place
from tests.canvas.flows import CHAIN, OPEN, SPLIT, PlainFaces, graph, random_graph, step

pytestmark = pytest.mark.slow

AFTER_A = Slot("connector", "a", "next")
FACES = PlainFaces()


def cards(*keys):
    """These steps, as they are selected."""
    return {Spot("step", key) for key in keys}


def put(into, made, slot=AFTER_A):
    """Paste a parcel at a '+'."""
    return pasting.pasted(into, made, pasting.chain_of(made, FACES), slot)


# -- what is copied ----------------------------------------------------------------------------


def test_a_copy_keeps_the_connectors_inside_and_drops_those_that_lead_out():
    """Of a branch with both its paths the wires come along; what follows them does not."""
    made = parcel.pack(SPLIT, cards("if", "y", "n"))
    assert made.start == "if"
    assert made.steps["if"].exits == {"yes": "y", "else": "n"}
    assert made.steps["y"].exits == made.steps["n"].exits == {}


def test_notes_and_frames_come_along_with_their_steps():
    """The note beside a copied step and the frame around copied steps are in the copy."""
    notes = (Note("n1", "Hello", "a"), Note("n2", "Elsewhere", "z"), Note("n3", "Free"))
    frames = (Frame("f1", "Both", ("a", "b")), Frame("f2", "More", ("b", "c")))
    whole = CHAIN.with_(notes=notes, frames=frames)
    made = parcel.pack(whole, cards("a", "b"))
    assert [note.id for note in made.notes] == ["n1"]
    assert [frame.id for frame in made.frames] == ["f1"]
    assert set(parcel.pack(whole, {Spot("frame", "f2")}).steps) == {"b", "c"}


@pytest.mark.parametrize("seed", range(10))
def test_a_copy_read_again_is_the_same_copy(seed):
    """Whatever is selected, the text on the clipboard says exactly that."""
    whole = random_graph(30, seed)
    made = parcel.pack(whole, cards(*list(whole.steps)[seed : seed + 9]))
    assert parcel.read(parcel.text_of(made)) == made


@pytest.mark.parametrize(
    "spoiled",
    [
        lambda text: f"Have a look:\n\n{text}\n\nBest regards",
        lambda text: textwrap.indent(text, "> > "),
        lambda text: text.replace("  ", "\u00a0 ").replace("\n", "\r\n"),
        lambda text: f"```json\n{text}\n```",
        lambda text: "\ufeff" + text,
        lambda text: text.replace("Dear all", "Dear\nall"),
    ],
)
def test_steps_come_back_from_mail_and_chat(spoiled):
    """Greetings around, quoting marks, odd spaces and wrapped lines do no harm."""
    made = parcel.pack(CHAIN.with_settings("a", {"text": "Dear all"}), cards("a", "b"))
    assert parcel.read(spoiled(parcel.text_of(made))) == made


# -- where it goes -----------------------------------------------------------------------------


def test_both_paths_of_a_pasted_branch_lead_on_to_what_follows():
    """A branch with its two paths, pasted in the middle, closes again at the next step."""
    made = put(CHAIN, parcel.pack(SPLIT, cards("if", "y", "n")))
    assert made.graph.steps["a"].exits["next"] == "if"
    assert [made.graph.steps[key].exits["next"] for key in ("y", "n")] == ["b", "b"]


def test_pieces_that_do_not_hang_together_become_one_chain_in_reading_order():
    """Two steps copied from different places are pasted one below the other."""
    made = put(OPEN, parcel.pack(CHAIN, cards("c", "a")))
    assert made.steps == ("mail1", "c")
    assert made.graph.steps["a"].exits["next"] == "mail1"
    assert made.graph.steps["mail1"].exits["next"] == "c"
    assert made.graph.steps["c"].exits["next"] == "if"


def test_a_piece_that_ends_comes_last():
    """An End among the pieces does not cut off the others."""
    ends = graph(step("z", "end"), step("b", "wait"))
    chain = pasting.chain_of(ends, FACES)
    assert list(chain.steps) == ["b", "z"]
    assert chain.ends == ()


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (graph(step("y", "end"), step("z", "end")), "2 of these pieces end"),
        (parcel.pack(SPLIT, cards("y", "n", "m")), "begin in 2 places"),
    ],
)
def test_pieces_that_cannot_follow_one_another_are_refused_with_the_reason(made, says):
    """Two ends, or two beginnings of one piece: it is said, and nothing changes."""
    with pytest.raises(BadDefinition, match=says):
        pasting.chain_of(made, FACES)


def test_steps_that_end_do_not_go_into_the_middle():
    """What would cut off the rest of the workflow is refused with what to do."""
    with pytest.raises(BadDefinition, match="Select the ‘\\+’ at the end"):
        put(CHAIN, parcel.pack(CHAIN, cards("z")))


def test_a_workflow_never_gets_more_steps_than_it_may_have():
    """The message says how many more fit in."""
    full = graph(*(step(f"s{n}") for n in range(MAX_STEPS - 1)))
    with pytest.raises(BadDefinition, match="1 more fit into this one, and these are 2"):
        put(full, parcel.pack(CHAIN, cards("a", "b")), Slot("connector", START, "next"))


def test_notes_and_frames_are_pasted_around_the_pasted_steps():
    """They get ids of their own and belong to the new steps."""
    whole = CHAIN.with_(notes=(Note("n1", "Hi", "a"),), frames=(Frame("f1", "Two", ("a", "b")),))
    made = put(whole, parcel.pack(whole, cards("a", "b"))).graph
    assert made.notes[1] == Note("note1", "Hi", "mail1")
    assert made.frames[1] == Frame("frame1", "Two", ("mail1", "wait1"))


def test_the_stop_actions_of_a_whole_workflow_stay_behind():
    """Of a workflow file the main path is pasted, not what runs when it is stopped."""
    steps = {each.id: each for each in (step("a"), step("s"))}
    assert set(pasting.chain_of(Graph(start="a", stop_start="s", steps=steps), FACES).steps) == {
        "a"
    }


def test_a_trigger_that_is_there_already_is_not_added_twice():
    """Everything copied into an empty workflow brings its trigger, into its own not."""
    everything = {Spot("trigger", "t1"), *cards(*CHAIN.steps)}
    copied = parcel.pack(CHAIN, everything)
    start = Slot("connector", START, "next")
    assert [one.id for one in put(Graph(), copied, start).graph.triggers] == ["t1"]
    bare = CHAIN.with_(steps={}, start=None)
    assert put(bare, copied, start).triggers == ()


@settings(max_examples=25, deadline=None)
@given(some.integers(0, 10**6), some.data())
def test_pasting_keeps_every_workflow_sound(seed, data):
    """Whatever is copied goes where it is allowed, and nothing that was there is lost."""
    whole, into = random_graph(14, seed), random_graph(9, seed + 1)
    chosen = data.draw(some.sets(some.sampled_from(list(whole.steps)), min_size=1))
    places = [Place(START), *(Place(key) for key in into.steps)]
    slot = Slot("connector", *data.draw(some.sampled_from(places)))
    try:
        made = put(into, parcel.pack(whole, cards(*chosen)), slot).graph
    except BadDefinition:
        return
    assert Graph.load(made.dump()) == made
    assert len(made.steps) == len(into.steps) + len(chosen)
    assert set(into.reachable(into.start)) <= set(made.reachable(made.start))


# -- bad input ---------------------------------------------------------------------------------

STEPS = {"format": 1, "start": "a", "steps": [{"id": "a", "kind": "mail"}]}
DEEP = '{"steps":' + "[" * 5_000 + "]" * 5_000 + "}"
HOLLOW = {"steps": [{"id": "a", "kind": "m", "settings": {"x": json.loads("[" * 90 + "]" * 90)}}]}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Just a sentence.", "no steps in that"),
        ("", "no steps in that"),
        ('{"nodes": [], "connections": {}}', "no steps in that"),
        ('{"steps": [{"id": "a"', "part of the text is missing"),
        (json.dumps({**STEPS, "format": 2}), "newer Rally Desktop"),
        (json.dumps({**STEPS, "nodes": []}), "cannot be read"),
        (json.dumps({"steps": 7}), "must be a list"),
        (json.dumps({"steps": [{"id": "a", "kind": "m", "exits": {"next": "b"}}]}), "not there"),
        (json.dumps({"steps": [{"id": "a", "kind": "m"}] * 2}), "needs an ‘id’ of its own"),
        (
            json.dumps({"steps": [{"id": "a", "kind": "m", "exits": {"next": "a"}}]}),
            "round in a circle",
        ),
        (json.dumps({"steps": [{"id": "a\0", "kind": "m", "exits": {"next": "c"}}]}), "cannot|not"),
        (json.dumps({"steps": [{"id": str(n), "kind": "m"} for n in range(5_001)]}), "at most"),
        (DEEP, "nested too deeply"),
        (json.dumps(HOLLOW), "nested too deeply"),
        ('{"steps": []}' + " " * parcel.LARGEST, "too much to paste"),
    ],
)
def test_what_cannot_be_pasted_is_said_in_a_sentence(text, says):
    """Rubbish, foreign or newer documents, circles and too much of anything."""
    with pytest.raises(BadDefinition, match=says):
        parcel.read(text)


def test_a_step_of_an_unknown_kind_is_kept():
    """Its settings and exits are pasted as they are, for the program that knows it."""
    odd = {"id": "x", "kind": "from_tomorrow", "settings": {"a": [1, {"b": None}]}}
    made = put(CHAIN, parcel.read(json.dumps({"steps": [odd]}))).graph
    assert made.steps["x"].settings == odd["settings"]


def test_what_no_database_keeps_is_marked():
    """A NUL in a text becomes a sign that something was there."""
    odd = {"steps": [{"id": "x", "kind": "mail", "settings": {"text": "a\0b"}}]}
    assert parcel.read(json.dumps(odd)).steps["x"].settings == {"text": "a\ufffdb"}


ANYTHING = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=8),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=8), inner),
    max_leaves=12,
)
FIELDS = some.sampled_from([*Graph.__struct_fields__, "nodes", "templates"])


@settings(max_examples=150, deadline=None)
@given(some.dictionaries(FIELDS, ANYTHING) | ANYTHING | some.text())
def test_nothing_from_outside_ends_in_anything_but_steps_or_a_sentence(stored):
    """Whatever is on the clipboard: it is read, or there is a reason."""
    text = stored if isinstance(stored, str) else json.dumps(stored)
    with suppress(BadDefinition):
        pasting.chain_of(parcel.read(text + '{"steps"' if len(text) % 2 else text), FACES)


@settings(max_examples=100, deadline=None)
@given(some.integers(0, 400), some.text(max_size=3))
def test_a_text_spoiled_anywhere_is_read_or_refused(at, inserted):
    """A few characters put in or lost in the middle never do harm."""
    text = parcel.text_of(parcel.pack(SPLIT, cards("if", "y", "n")))
    spoiled = text[:at] + inserted + text[at + len(inserted) :]
    with suppress(BadDefinition):
        pasting.chain_of(parcel.read(spoiled), FACES)


# -- with hands --------------------------------------------------------------------------------

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(autouse=True)
def empty_clipboard(qapp):
    """Nothing of one test is on the clipboard of the next."""
    qapp.clipboard().clear()
    yield
    qapp.clipboard().clear()


def choose(bench, *keys):
    """Select some steps."""
    bench.editor.choose(cards(*keys))
    return bench


def heard(bench):
    """What the editor says, from now on."""
    said = []
    bench.editor.said.connect(said.append)
    return said


def test_copy_and_paste_put_the_steps_after_the_selected_one(bench):
    """Ctrl+C, select another step, Ctrl+V: one undo step, and the new steps are selected."""
    made = choose(bench(CHAIN), "a", "b")
    made.key(Qt.Key.Key_C, CTRL)
    made.click("c")
    made.key(Qt.Key.Key_V, CTRL)
    assert made.path() == ["a", "b", "c", "mail1", "wait1", "z"]
    assert made.draft.stack.undoText() == "Paste 2 steps"
    assert made.view.flow.chosen == cards("mail1", "wait1")
    made.draft.undo()
    assert made.graph == CHAIN


def test_cut_takes_the_steps_away_and_paste_brings_them_back(bench):
    """They keep their ids, so that numbers of a published version still belong to them."""
    made = choose(bench(CHAIN), "b")
    made.key(Qt.Key.Key_X, CTRL)
    assert made.path() == ["a", "c", "z"]
    assert made.draft.stack.undoText() == "Cut Wait"
    made.click("c")
    made.key(Qt.Key.Key_V, CTRL)
    assert made.path() == ["a", "c", "b", "z"]


def test_duplicate_puts_a_copy_right_below(bench):
    """Ctrl+D on one step and on a branch with both its paths."""
    made = choose(bench(), "y")
    made.key(Qt.Key.Key_D, CTRL)
    assert made.path() == ["a", "if", "y", "mail1", "m", "z"]
    choose(made, "if", "y", "mail1", "n").key(Qt.Key.Key_D, CTRL)
    assert made.path("yes")[2:7] == ["y", "mail1", "branch1", "mail2", "mail3"]
    assert len(made.graph.entrances("m")) == 2
    assert made.draft.stack.undoText() == "Duplicate 4 steps"


def test_paste_goes_to_the_plus_that_is_selected(bench):
    """An open exit, chosen by keys."""
    made = choose(bench(OPEN), "y")
    made.key(Qt.Key.Key_C, CTRL)
    made.editor.select(made.plus("if", "else"))
    made.key(Qt.Key.Key_V, CTRL)
    assert made.path("else") == ["a", "if", "wait1"]


def test_steps_go_from_one_window_to_another(bench):
    """The clipboard is all that the two have in common."""
    choose(bench(CHAIN), "a", "b").key(Qt.Key.Key_C, CTRL)
    other = bench(graph())
    other.key(Qt.Key.Key_V, CTRL)
    assert other.path() == ["a", "b"]


def test_the_clipboard_has_the_steps_as_text_and_as_a_picture_too(bench, qapp):
    """What is pasted into a mail is the same document."""
    choose(bench(CHAIN), "a", "b").key(Qt.Key.Key_C, CTRL)
    data = qapp.clipboard().mimeData()
    assert bytes(data.data(clipboard.STEPS).data()).decode() == data.text()
    assert parcel.read(data.text()).steps.keys() == {"a", "b"}
    assert data.hasImage()
    assert data.imageData().width() > 400


@pytest.mark.parametrize("text", ["", "Dear all", '{"steps": 1}', DEEP, "\0", '{"nodes": []}'])
def test_rubbish_on_the_clipboard_changes_nothing(bench, qapp, text):
    """There is a sentence, and the workflow is as it was."""
    made = bench(CHAIN)
    said = heard(made)
    qapp.clipboard().setText(text)
    made.key(Qt.Key.Key_V, CTRL)
    assert made.graph is CHAIN
    assert len(said) == 1


def test_the_program_ends_well_with_steps_on_the_clipboard():
    """Quitting after copying is no crash."""
    script = (
        "from PySide6.QtGui import QImage\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from rally_desktop.canvas.clipboard import offered\n"
        "from rally_desktop.model.graph import Graph\n"
        "app = QApplication([])\n"
        "app.clipboard().setMimeData(offered(Graph(), QImage()))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], check=False, timeout=60)
    assert done.returncode == 0


def test_copying_nothing_says_so(bench):
    """Without a selection the three commands say what to do."""
    made = bench(CHAIN)
    said = heard(made)
    for key in (Qt.Key.Key_C, Qt.Key.Key_X, Qt.Key.Key_D):
        made.key(key, CTRL)
    assert [text.partition(" ")[0] for text in said] == ["Select"] * 3


def test_a_locked_workflow_can_be_copied_from_and_not_pasted_into(bench):
    """Copying changes nothing; pasting is refused with the reason."""
    made = choose(bench(CHAIN), "a")
    made.draft.lock("It is published.")
    said = heard(made)
    made.key(Qt.Key.Key_C, CTRL)
    made.key(Qt.Key.Key_V, CTRL)
    assert said == ["Copied Mail.", "It is published."]
    assert made.graph is CHAIN


def test_steps_for_another_kind_of_record_are_pasted_with_a_remark(bench, qapp):
    """They come in, and it is said that some may not fit."""
    made = bench(CHAIN)
    said = heard(made)
    deals = graph(step("d")).with_(record="deal")
    qapp.clipboard().setText(parcel.text_of(deals))
    made.key(Qt.Key.Key_V, CTRL)
    assert said[-1] == "Pasted Mail. They were made for deals: look at what is marked."
