"""Making a step one of another kind."""

from __future__ import annotations

from PySide6.QtCore import Qt

from rally_desktop.canvas.plan import Spot
from rally_desktop.canvas.replacing import offers_for, replace, replaced
from rally_desktop.model import joining
from rally_desktop.model.graph import Step
from tests.canvas.flows import CHAIN, SPLIT, PlainCatalogue

ENTER = Qt.Key.Key_Return


def test_another_kind_takes_the_place_of_a_step(bench):
    """Asked with the same popup, it keeps id, title and neighbours; undo brings it back."""
    made = bench(CHAIN.with_settings("a", {"text": "Hello"}))
    before = made.graph
    said = []
    made.editor.said.connect(said.append)
    made.click("a")
    made.key(Qt.Key.Key_R)
    popup = made.editor.quick_add
    made.bot.keyClicks(popup.search, "task")
    assert popup.list.current().help == "Loses text."
    made.bot.keyClick(popup.search, ENTER)
    assert made.graph.steps["a"].kind == "task"
    assert made.path() == ["a", "b", "c", "z"]
    assert made.selected == Spot("step", "a")
    assert said[-1] == "Replaced Mail by Task. Loses text."
    assert made.draft.stack.undoText() == "Replace Mail by Task"
    made.draft.undo()
    assert made.graph is before


def test_what_only_a_lost_path_led_to_goes_with_it():
    """A branch that becomes a plain step keeps its first path; what can be reached stays."""
    made = replaced(SPLIT, Step("if", "task", {}, {"next": "y"}))
    assert set(made.steps) == {"a", "if", "y", "m", "z"}
    assert made.steps["if"].exits == {"next": "y"}


def test_what_ends_a_path_is_offered_only_where_nothing_follows():
    """An End cannot take the place of a step in the middle, nor a kind that of its own."""
    kinds = PlainCatalogue()
    assert {each.kind for each in offers_for(CHAIN, "a", kinds)} == {"task", "branch", "wait"}
    alone = joining.without(CHAIN, {"z"}, {})
    assert "end" in {each.kind for each in offers_for(alone, "c", kinds)}


def test_without_a_step_selected_it_says_what_to_do(bench):
    """Nothing opens; a line says that a step must be selected."""
    made = bench(CHAIN)
    said = []
    made.editor.said.connect(said.append)
    replace(made.editor)
    assert not made.editor.quick_add.isVisible()
    assert said == ["Select the step that is to be replaced."]


def test_no_line_can_be_typed_for_a_replacement(bench):
    """A step becomes one other step, so there are only kinds to choose from."""
    made = bench(CHAIN)
    made.click("a")
    replace(made.editor)
    made.bot.keyClicks(made.editor.quick_add.search, "task call after 2 days")
    assert made.editor.quick_add.list.current() is None


def test_escape_replaces_nothing(bench):
    """Leaving the popup leaves the step as it was, and a later '+' adds as always."""
    made = bench(CHAIN)
    made.click("a")
    replace(made.editor)
    made.bot.keyClick(made.editor.quick_add.search, Qt.Key.Key_Escape)
    made.click(made.plus("a"))
    made.bot.keyClick(made.editor.quick_add.search, ENTER)
    assert len(made.graph.steps) == len(CHAIN.steps) + 1
