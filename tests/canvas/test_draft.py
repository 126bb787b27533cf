"""The history of a draft."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from rally_desktop.canvas.draft import Draft
from rally_desktop.model.graph import Graph, Place, Step
from rally_desktop.model.joining import without
from rally_desktop.model.patch import Patch
from tests.canvas.flows import CHAIN


def typed(draft, text, field="field"):
    """Type a text into a field of the first step."""
    draft.edit("Change Mail", draft.graph.with_settings("a", {"text": text}), field)


def test_typing_in_one_field_is_undone_at_once():
    """Letters typed one after another in one field are one step of the history."""
    draft = Draft(CHAIN)
    for text in ("H", "He", "Hello"):
        typed(draft, text)
    draft.undo()
    assert draft.graph is CHAIN


def test_leaving_the_field_begins_another_step():
    """After the focus has left, what is typed next is undone by itself."""
    draft = Draft(CHAIN)
    typed(draft, "Hello")
    draft.seal()
    typed(draft, "Hello you")
    draft.undo()
    assert draft.graph.steps["a"].settings == {"text": "Hello"}


def test_typing_back_what_was_there_leaves_no_step():
    """A change that ends where it began is not in the history."""
    draft = Draft(CHAIN)
    typed(draft, "x")
    draft.edit("Change Mail", CHAIN, "field")
    assert not draft.stack.canUndo()


def test_the_history_names_what_would_be_undone():
    """The menu can say ‘Undo change Mail’."""
    draft = Draft(CHAIN)
    typed(draft, "Hello")
    assert draft.stack.undoText() == "Change Mail"


def test_an_edit_that_changes_nothing_is_not_one():
    """The same graph again is no step of the history."""
    draft = Draft(CHAIN)
    draft.edit("Nothing", CHAIN.with_settings("a", {}))
    assert not draft.stack.canUndo()


class Named:
    """A change as it comes back from where it was kept."""

    def __init__(self, before, after):
        self.before, self.after = before, after

    def forth(self, graph):
        """Give the workflow its later name."""
        assert graph.name == self.before
        return graph.with_(name=self.after)

    def back(self, graph):
        """Give it its earlier name again."""
        assert graph.name == self.after
        return graph.with_(name=self.before)


def reopened():
    """A draft opened again: renamed twice, the second time taken back."""
    draft = Draft(CHAIN)
    past = [("Rename to B", Named("A", "B")), ("Rename to C", Named("B", "C"))]
    draft.restart(CHAIN.with_(name="B"), past, 1)
    return draft


def test_a_history_that_was_kept_goes_on_both_ways():
    """A draft that is opened again can be undone and redone as if it had never been closed."""
    draft = reopened()
    assert (draft.graph.name, draft.stack.redoText()) == ("B", "Rename to C")
    draft.redo()
    assert draft.graph.name == "C"
    draft.undo()
    draft.undo()
    assert (draft.graph.name, draft.stack.canUndo()) == ("A", False)


def test_opening_a_history_changes_nothing():
    """Only the graph that it ends at is ever shown."""
    draft, shown = Draft(CHAIN), []
    draft.changed.connect(lambda before, after: shown.append(after.name))
    draft.restart(CHAIN.with_(name="C"), [("x", Named("A", "B")), ("y", Named("B", "C"))], 2)
    assert shown == ["C"]


def test_an_edit_after_reopening_replaces_what_was_undone():
    """What was taken back before closing is gone once something else is done."""
    draft = reopened()
    typed(draft, "Hello")
    assert [edit.text() for edit in draft.history()] == ["Rename to B", "Change Mail"]
    draft.undo()
    draft.undo()
    assert draft.graph.name == "A"


def test_typing_goes_on_in_the_same_step_after_it_was_kept():
    """A step whose references were replaced by what was kept still takes in the next letters."""
    draft = Draft(CHAIN.with_(name="A"))
    draft.edit("Rename", CHAIN.with_(name="B"), "name")
    draft.history()[0].leap = Named("A", "B")
    draft.edit("Rename", CHAIN.with_(name="C"), "name")
    assert len(draft.history()) == 1
    draft.undo()
    assert draft.graph.name == "A"


MOVES = st.lists(
    st.sampled_from(["wait", "tag", "remove", "rename", "place", "turn", "undo", "undo", "redo"]),
    max_size=25,
)


def walk(draft, moves):
    """Change a draft in many ways, back and forth."""
    for number, move in enumerate(moves):
        graph = draft.graph
        keys = list(graph.steps)
        if move in ("undo", "redo"):
            getattr(draft, move)()
        elif move == "rename":
            draft.edit("Rename", graph.with_(name=f"{number}"))
        elif move == "place":
            draft.edit("Place", graph.with_(layout={**graph.layout, keys[0]: (number, 0.5)}))
        elif move == "turn":
            draft.edit("Turn", graph.with_(steps=dict(reversed(graph.steps.items()))))
        elif move == "remove" and len(keys) > 1:
            draft.edit("Remove", without(graph, {keys[number % len(keys)]}, {}))
        else:
            step = Step(f"n{number}", move, {"amount": number})
            draft.edit("Add", graph.inserted(step, Place("start")))


def graphs(draft):
    """Every graph of a history from the first to the last, as documents."""
    while draft.stack.canUndo():
        draft.undo()
    found = [draft.graph.dump()]
    while draft.stack.canRedo():
        draft.redo()
        found.append(draft.graph.dump())
    return found


@settings(max_examples=80)
@given(MOVES)
def test_any_history_comes_back_from_where_it_was_kept(moves):
    """Whatever was done and taken back: kept and read again, each step leads where it led."""
    draft, again = Draft(CHAIN), Draft(CHAIN)
    walk(draft, moves)
    kept = [
        (edit.text(), Patch.unpacked(Patch.between(*edit.leap).packed()))
        for edit in draft.history()
    ]
    again.restart(Graph.load(draft.own.dump()), kept, draft.stack.index())
    assert again.stack.index() == draft.stack.index()
    assert again.graph == draft.graph
    assert graphs(again) == graphs(draft)
