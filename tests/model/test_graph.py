"""The graph value: whatever is edited, the promises of each operation hold."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rally_desktop.canvas import rewiring
from rally_desktop.canvas.shapes import Slot
from rally_desktop.core.errors import BadDefinition
from rally_desktop.model import joining
from rally_desktop.model.graph import MAX_STEPS, START, Graph, Place, Rules, Step, Trigger

pytestmark = pytest.mark.slow


def graph(**exits):
    """A graph from exits by step, «a = "b"» for one that leads on; the first is the start."""
    steps = {
        key: Step(key, "wait", {}, {"next": to} if isinstance(to, str) else dict(to or {}))
        for key, to in exits.items()
    }
    return Graph(name="Test", steps=steps, start=next(iter(steps), None))


def fork():
    """A branch whose paths meet again at «end»."""
    return graph(
        first="branch", branch={"yes": "left", "else": "right"}, left="end", right="end", end=None
    )


def exits(of):
    """The exits of every step, by its id."""
    return {key: dict(step.exits) for key, step in of.steps.items()}


def sound(of):
    """Say whether no connector leads to nowhere and no path turns back."""
    leads = [of.target(place) for place in of.places()]
    known = all(key in of.steps for key in leads)
    return known and of.find_cycle() == [] and (of.stop_start or START) in {START, *of.steps}


# -- reading ---------------------------------------------------------------------------------


def test_places_are_the_start_and_then_every_exit():
    """Every connector that leads somewhere is named, in the order of the steps."""
    assert list(graph(a="b", b=None).places()) == [Place(START), Place("a", "next")]
    assert list(Graph().places()) == []


def test_paths_that_meet_have_two_entrances():
    """A step where two paths meet knows both."""
    assert fork().entrances("end") == (Place("left"), Place("right"))


def test_an_unconnected_exit_leads_nowhere():
    """A missing exit ends the path."""
    assert fork().target(Place("end")) is None
    assert Graph().target(Place(START)) is None


def test_what_follows_comes_in_the_order_of_a_first_visit():
    """The first exit is followed to its end before the second."""
    assert list(fork().reachable("branch")) == ["branch", "left", "end", "right"]
    assert fork().reachable(None) == {}


def test_what_meets_again_is_not_only_after():
    """A step that another path leads to as well does not belong to one path alone."""
    assert list(fork().only_after("left")) == ["left"]
    assert list(fork().only_after("branch")) == ["branch", "left", "end", "right"]


def test_a_circle_is_found_and_named():
    """The steps of one circle are given in order, its first step again at its end."""
    assert graph(a="b", b="c", c="b").find_cycle() == ["b", "c", "b"]
    assert graph(a="a").find_cycle() == ["a", "a"]
    assert fork().find_cycle() == []


def test_a_very_long_path_is_no_trouble():
    """The largest workflow that is allowed can be walked through."""
    keys = [f"s{number}" for number in range(MAX_STEPS)]
    long = graph(**dict(zip(keys, [*keys[1:], None], strict=True)))
    assert long.find_cycle() == []
    assert len(long.reachable("s0")) == MAX_STEPS


# -- changing --------------------------------------------------------------------------------


def test_editing_leaves_the_graph_before_as_it_was():
    """Undo is nothing but the graph from before."""
    before = fork()
    kept = exits(before)
    before.removed_after("first")
    before.connected(Place("left"), None)
    before.with_settings("end", {"amount": 3})
    assert exits(before) == kept


def test_a_step_goes_between_two():
    """A step inserted on a connector leads to what came after it."""
    made = graph(a="b", b=None).inserted(Step("new", "wait"), Place("a"))
    assert exits(made) == {"a": {"next": "new"}, "b": {}, "new": {"next": "b"}}


def test_a_step_goes_first():
    """A step inserted after the trigger becomes the start."""
    made = graph(a=None).inserted(Step("new", "wait"), Place(START))
    assert (made.start, exits(made)["new"]) == ("new", {"next": "a"})


def test_a_branch_takes_what_follows_along_the_chosen_exit():
    """What came after goes to the exit that was asked for, and to no other."""
    made = graph(a="b", b=None).inserted(Step("fork", "branch"), Place("a"), "else")
    assert exits(made)["fork"] == {"else": "b"}


def test_a_step_that_ends_the_path_cuts_it():
    """An end inserted at the end of a path leads nowhere."""
    made = graph(a=None).inserted(Step("end", "end"), Place("a"), None)
    assert exits(made) == {"a": {"next": "end"}, "end": {}}


def test_removing_all_after_spares_what_others_lead_to():
    """What another path leads to as well stays."""
    assert exits(fork().removed_after("left")) == {
        "first": {"next": "branch"}, "branch": {"else": "right"}, "right": {"next": "end"},
        "end": {},
    }  # fmt: skip


def test_removing_forgets_where_a_step_was_put():
    """Positions chosen by hand go with their step."""
    placed = fork().with_(layout={"left": (1.0, 2.0), "end": (3.0, 4.0)})
    assert placed.removed_after("left").layout == {"end": (3.0, 4.0)}


def stopping():
    """A workflow with a chain of two Stop Actions."""
    return graph(a=None, stop="tidy", tidy=None).with_(stop_start="stop")


def test_removing_all_stop_actions_leaves_none():
    """Removing the first Stop Action and all after it leaves the workflow itself."""
    made = stopping().removed_after("stop")
    assert (made.stop_start, list(made.steps)) == (None, ["a"])


def test_a_trigger_is_added_or_replaced():
    """A trigger whose id is known takes the old one's place; another comes last."""
    made = Graph().with_trigger(Trigger("a", "record_created"))
    made = made.with_trigger(Trigger("b", "tag_added")).with_trigger(Trigger("a", "record_updated"))
    assert [(one.id, one.kind) for one in made.triggers] == [
        ("a", "record_updated"), ("b", "tag_added"),
    ]  # fmt: skip


@st.composite
def edited(draw):
    """A graph after some edits of the kinds that the canvas makes."""
    made, number = graph(a=None, stop=None).with_(stop_start="stop"), 0
    for _ in range(draw(st.integers(1, 25))):
        keys = sorted(made.steps)
        places = [Place(START), *(Place(key, x) for key in keys for x in ("next", "else"))]
        place = draw(st.sampled_from(places))
        edit = draw(st.sampled_from(["insert", "insert", "insert", "remove", "after", "move", "cut",
                                     "join"]))  # fmt: skip
        if edit == "insert":
            number += 1
            made = made.inserted(Step(f"n{number}", "wait"), place, draw(EXITS))
        elif edit == "cut":
            made = made.connected(place, None)
        elif keys:
            made = _taken(draw, made, edit, draw(st.sampled_from(keys)), place)
    return made


EXITS = st.sampled_from(["next", "else"])


def elsewhere(made, key, place):
    """The workflow with a step taken to another connector, as the canvas does it."""
    block = rewiring.block(made, {key}, lambda _: ("next", "else"))
    slot = Slot("connector", *place)
    refused = isinstance(block, str) or rewiring.refusal(made, block, slot)
    if refused or rewiring.is_own_place(made, block, slot):
        return made
    return rewiring.put(made, block, slot)


def _taken(draw, made, edit, key, place):
    if edit == "remove":
        return joining.without(made, {key}, {key: made.steps[key].exits.get(draw(EXITS))})
    if edit == "after":
        return made.removed_after(key)
    if edit == "move":
        return elsewhere(made, key, place)
    turns_back = place.source in made.reachable(key)
    return made if turns_back else made.connected(place, key)


@given(edited())
def test_no_edit_leaves_a_loose_end_or_a_circle(made):
    """Whatever is inserted, removed, moved and joined: every connector leads to a step, forward."""
    assert sound(made)
    assert Graph.load(made.dump()) == made


@given(edited(), st.data())
def test_moving_loses_nothing(made, data):
    """A move keeps every step, and all that was reached before is reached without the moved one."""
    movable = [key for key, step in made.steps.items() if len(step.exits) <= 1]
    if not movable:
        return
    place = data.draw(st.sampled_from([Place(START), *made.places()]))
    key = data.draw(st.sampled_from(movable))
    moved = elsewhere(made, key, place)
    assert sorted(moved.steps) == sorted(made.steps)
    assert set(made.reachable(made.start)) - {key} <= set(moved.reachable(moved.start))


@given(edited(), st.data())
def test_removing_after_takes_exactly_what_it_says(made, data):
    """What goes is the step and what only it led to; everything else stays."""
    if not made.steps:
        return
    key = data.draw(st.sampled_from(sorted(made.steps)))
    gone = set(made.only_after(key))
    assert key in gone
    assert set(made.removed_after(key).steps) == set(made.steps) - gone


# -- storing ---------------------------------------------------------------------------------


def test_what_is_dumped_is_loaded():
    """A workflow with everything in it comes back from its document unchanged."""
    made = fork().with_(
        audience={"field": "city", "op": "is", "value": "Porto"},
        description="A\nB", layout={"end": (1.5, -2.0)}, id="x", purpose="sequence",
        settings=Rules(again="never"), stop_start="end", stop_when={"all": []},
        triggers=(Trigger("t", "record_created"),),
    )  # fmt: skip
    assert Graph.load(msgspec.json.decode(msgspec.json.encode(made.dump()))) == made


STEP = {"id": "a", "kind": "wait"}


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ({"name": "x"}, "not a Rally workflow file"),
        ({"steps": [], "format": 2}, "newer Rally Desktop"),
        ({"steps": [], "format": "one"}, "newer Rally Desktop"),
        ({"steps": [], "colour": "red"}, "‘colour’ is not known"),
        ({"steps": [{**STEP, "colour": "red"}]}, "‘colour’ is not known"),
        ({"steps": [{**STEP, "exits": {"next": "b"}}]}, "Exit ‘next’ of ‘a’ leads to a step that"),
        ({"steps": [], "start": "a"}, "leads to a step that is not there"),
        ({"steps": [], "stop_start": "a"}, "Stop Actions begin at a step that is not there"),
        ({"steps": [{**STEP, "exits": {"next": "a"}}]}, "round in a circle: a → a"),
        ({"steps": [STEP] * (MAX_STEPS + 1)}, "at most 5,000 steps"),
        ({"steps": {"a": STEP}}, "at most 5,000 steps"),
        ({"steps": [STEP, STEP]}, "Step 2 needs an ‘id’ of its own"),
        ({"steps": [{"kind": "wait"}]}, "Step 1 needs an ‘id’"),
        ({"steps": [{"id": "start", "kind": "wait"}]}, "Step 1 needs an ‘id’"),
        ({"steps": ["a"]}, "Step 1 needs an ‘id’"),
        ({"steps": [], "record": "invoice"}, "cannot be read"),
        ({"steps": [], "settings": {"after_days": 10**9}}, "cannot be read"),
        ({"steps": [{"id": "a" * 65, "kind": "wait"}]}, "cannot be read"),
        ({"steps": [{**STEP, "exits": {"x" * 65: "a"}}]}, "cannot be read"),
    ],
)
def test_a_bad_document_is_refused_with_the_reason(stored, said):
    """What cannot be a workflow is refused, and the text says where it is wrong."""
    with pytest.raises(BadDefinition, match=said):
        Graph.load(stored)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
KEYS = [name for name in (*Graph.__struct_fields__, "colour") if name != "steps"]
STEPS = st.lists(
    JSON | st.fixed_dictionaries({"id": st.text(max_size=2), "kind": JSON}, optional={
        "settings": JSON, "exits": JSON, "title": JSON, "disabled": JSON}),
    max_size=3,
)  # fmt: skip


ALMOST = st.fixed_dictionaries({"steps": STEPS}, optional=dict.fromkeys(KEYS, JSON))


@given(JSON | st.dictionaries(st.sampled_from(KEYS), JSON, max_size=4) | ALMOST)
def test_rubbish_is_refused_in_plain_words(stored):
    """Any JSON at all is either a workflow or refused as one, never a crash."""
    try:
        made = Graph.load(stored)
    except BadDefinition:
        return
    assert sound(made)


@pytest.mark.parametrize(("purpose", "again"), [("sequence", "never"), ("workflow", "after_days")])
def test_a_sequence_is_entered_once_unless_it_says_otherwise(purpose, again):
    """A file that is silent takes what is usual for its purpose; what it says is kept."""
    silent = Graph.load({"purpose": purpose, "steps": []})
    assert silent.settings == Rules(again=again)
    for one in ("never", "after_days", "every_event"):
        said = silent.with_(settings=Rules(again=one))
        assert Graph.load(said.dump()) == said


def test_reading_and_writing_again_changes_nothing():
    """A document that was read is written as it was, so that nobody takes it for another."""
    for graph in (
        Graph("Flow", steps={"a": Step("a", "wait", {"amount": 1})}, start="a"),
        Graph("Empty"),
        Graph("Once", purpose="sequence"),
    ):
        assert Graph.load(graph.dump()).dump() == graph.dump()


def test_a_field_of_a_newer_program_is_named_with_its_place():
    """Whoever reads the error finds the step."""
    stored = {"steps": [STEP, {"id": "mail", "kind": "wait", "colour": "red"}]}
    with pytest.raises(BadDefinition, match=r"step 2 \(‘mail’\): ‘colour’ is not known to this"):
        Graph.load(stored)
    with pytest.raises(BadDefinition, match=r"read: settings.after_days: Expected int"):
        Graph.load({"steps": [], "settings": {"after_days": "x"}})
