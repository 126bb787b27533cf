"""The order in which a workflow is read, and what is said of each line."""

from __future__ import annotations

import pytest

from rally_desktop.canvas.overlay import Overlay
from rally_desktop.canvas.plan import Slot
from rally_desktop.canvas.reading import ALL, LOOSE, STOPPED, Line, read
from rally_desktop.canvas.spoken import Speaker
from rally_desktop.model.graph import Frame, Graph, Note, Step
from tests.canvas.flows import CHAIN, OPEN, SPLIT, PlainFaces, graph, random_graph, step

FACES = PlainFaces()


def told(made, top=ALL):
    """A workflow as nested lists of short words."""
    reading = read(made, FACES)
    said = []
    for line in reading.inside.get(top, ()):
        word = line.exit if line.kind in ("path", "open", "jump") else line.id
        said.append(f"{line.kind} {word}".strip())
        if line in reading.inside:
            said.append(told(made, line))
    return said


def sentence(made, key, overlay=None):
    """What is said of a step."""
    reading = read(made, FACES)
    return Speaker(reading, FACES, overlay or Overlay()).sentence(Line("step", key))


def test_what_follows_is_below_and_what_a_path_holds_is_inside():
    """Paths are numbered lines of their branch; where they meet, the step comes after it."""
    assert told(SPLIT) == [
        "trigger t1", "step a", "step if",
        ["path yes", ["step y", "jump next"], "path else", ["step n", "jump next"]],
        "step m", "step z",
    ]  # fmt: skip


def test_where_nothing_follows_there_is_a_line_to_add_something():
    """Open ends of paths and of an empty workflow are lines; an End has none."""
    assert told(OPEN)[-1] == ["path yes", ["step y", "open next"], "path else", ["open else"]]
    assert told(Graph()) == ["trigger", "open next"]
    assert told(CHAIN)[-1] == "step z"


def test_what_nothing_leads_to_and_stop_actions_have_headings():
    """Both come last, with their steps inside."""
    made = SPLIT.with_step(step("loose", next="m")).with_step(Step("bye", "end"))
    made = made.with_(stop_start="bye")
    assert told(made)[-4:] == ["stopped", ["step bye"], "loose", ["step loose", "jump next"]]
    assert told(made, STOPPED) == ["step bye"]
    assert told(made, LOOSE) == ["step loose", "jump next"]


def test_notes_are_read_with_what_they_stand_beside():
    """A note of a step is inside it; the others and the groups come at the end."""
    notes = (Note("n1", "Ask Ana", "b"), Note("n2", "All of it"), Note("n3", "Why", "t1"))
    made = CHAIN.with_(notes=notes, frames=(Frame("f1", "Welcome", ("a", "b")),))
    assert told(made) == [
        "trigger t1", ["note n3"], "step a", "step b", ["note n1"], "step c", "step z",
        "note n2", "frame f1",
    ]  # fmt: skip


def test_a_way_back_is_a_line_that_says_so():
    """A circle ends; it is not read for ever."""
    made = graph(step("a", next="b"), step("b", next="a"))
    assert told(made) == ["trigger t1", "step a", "step b", "jump next"]


@pytest.mark.parametrize("seed", range(20))
def test_every_step_is_read_once_and_after_all_that_leads_to_it(seed):
    """Whatever the workflow, no step is lost or doubled, and numbers go down the paths."""
    made = random_graph(120, seed)
    reading = read(made, FACES)
    lines = list(reading.lines())
    assert sorted(line.id for line in lines if line.kind == "step") == sorted(made.steps)
    assert len(set(lines)) == len(lines)
    for key, each in made.steps.items():
        for name, target in each.exits.items():
            follows = Line("jump", key, name) not in reading.above
            assert not follows or reading.numbers[target] > reading.numbers[key]


def test_a_sentence_tells_place_settings_and_what_comes_next():
    """It has everything that one sees on the card."""
    texted = CHAIN.with_settings("c", {"text": "Follow-up 2"})
    assert sentence(texted, "b") == "Step 2 of 4, Wait, next: Mail Follow-up 2"
    assert sentence(texted, "c", Overlay({"c": "12 waiting"})) == (
        "Step 3 of 4, Mail Follow-up 2, 12 waiting, next: End"
    )
    failed = Overlay({"c": "94"}, below={"c": ("37 here", "flow")}, marks={"c": "failed"})
    assert ", 94, 37 here, failed here, next" in sentence(texted, "c", failed)
    told = Overlay({"c": "94"}, tips={"c": "94 came · 37 here now\nLast error: full"})
    assert ", 94 came, 37 here now, Last error: full, next" in sentence(texted, "c", told)
    assert sentence(SPLIT, "if") == "Step 2 of 6, Branch, paths: Yes, Else"


def test_a_sentence_tells_what_is_unusual():
    """Disabled, in a group, placed by hand, nothing after it, a problem."""
    faces = PlainFaces()
    faces.problems["y"] = "Template is required."
    off = OPEN.with_step(Step("y", "wait", disabled=True)).with_(
        layout={"y": (0, 0)}, frames=(Frame("f", "Greet", ("y",)),)
    )
    said = Speaker(read(off, faces), faces).sentence(Line("step", "y"))
    assert said == (
        "Step 3 of 3, Wait, disabled, in the group Greet, nothing follows, placed by hand, "
        "problem: Template is required"
    )


def test_a_plus_says_what_it_does():
    """It names the step before it, and the path where there are several."""
    speaker = Speaker(read(OPEN, FACES), FACES)
    assert speaker.insert(Slot("connector", "a", "next")) == "Insert a step after Mail"
    assert speaker.title(Line("open", "if", "else")) == (
        "Insert a step after Branch, on the path Else"
    )
