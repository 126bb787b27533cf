"""The history of a draft."""

from __future__ import annotations

from rally_desktop.canvas.draft import Draft
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
