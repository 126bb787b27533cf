"""Taking steps out: one or several, with a choice where paths part, or with all that follows."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication

from rally_desktop.canvas.plan import Spot
from rally_desktop.model import joining
from rally_desktop.model.graph import Frame, Graph, Note
from tests.canvas.flows import CHAIN, SPLIT, graph, random_graph, step

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
PARTED = graph(step("if", "branch", yes="y", else_="n"), step("y"), step("n", next="o"), step("o"))


def cards(*keys):
    """These steps, as they are selected."""
    return [Spot("step", key) for key in keys]


def delete(bench, *keys, after=False):
    """Select some steps and press Del."""
    bench.editor.choose(cards(*keys))
    bench.key(Qt.Key.Key_Delete, SHIFT if after else Qt.KeyboardModifier.NoModifier)
    return bench.editor.question


def answer(bench, words):
    """Press the button with these words."""
    buttons = bench.editor.question.buttons()
    bench.bot.mouseClick(next(one for one in buttons if words in one.text()), LEFT)


# -- several steps -----------------------------------------------------------------------------


def test_each_piece_of_the_selection_is_bridged_on_its_own(bench):
    """Two steps that are not neighbours: both gaps close, one undo brings both back."""
    made = bench(CHAIN)
    delete(made, "a", "c")
    assert made.path() == ["b", "z"]
    assert made.draft.stack.undoText() == "Remove 2 steps"
    made.draft.undo()
    assert made.graph == CHAIN


def test_a_branch_with_both_its_paths_goes_without_a_question(bench):
    """Where all the paths meet again there is nothing to ask."""
    made = bench()
    assert delete(made, "if", "y", "n") is None
    assert made.path() == ["a", "m", "z"]


def test_cards_of_all_kinds_go_together(bench):
    """A trigger, a note and a group: the steps of the group stay."""
    remarks = CHAIN.with_(notes=(Note("n", "Hi"),), frames=(Frame("f", "Two", ("a", "b")),))
    made = bench(remarks)
    made.editor.choose([Spot("trigger", "t1"), Spot("note", "n"), Spot("frame", "f")])
    made.key(Qt.Key.Key_Delete)
    assert made.graph == CHAIN.with_(triggers=())
    assert made.draft.stack.undoText() == "Remove 1 trigger, 1 note and 1 group"


def test_the_gap_closes_in_time(bench):
    """What stands below glides up in 160 milliseconds."""
    made = bench(CHAIN)
    made.view.motion = True
    delete(made, "b")
    assert made.editor.time("close_gap") == 160
    assert made.view.flow.glide._clock.duration() == 160
    made.view.flow.glide.finish()


@settings(max_examples=60, deadline=None)
@given(some.integers(0, 10**6), some.data())
def test_what_stays_is_what_other_paths_can_reach(seed, data):
    """Any selection in any workflow: what is left is sound, and nothing else hangs loose."""
    before = random_graph(16, seed)
    gone = data.draw(some.sets(some.sampled_from(list(before.steps)), min_size=1))
    made = joining.without(before, gone, {})
    assert Graph.load(made.dump()) == made
    assert not gone & made.steps.keys()
    assert set(made.reachable(made.start)) == made.steps.keys() & before.reachable(before.start)


# -- which path stays --------------------------------------------------------------------------


def test_deleting_a_branch_asks_which_path_stays(bench):
    """The longer path is the default; the chosen one is joined, the other goes."""
    made = bench(PARTED)
    question = delete(made, "if")
    assert "Else" in question.focusWidget().text()
    answer(made, "Keep ‘Yes’ (1 step)")
    assert (made.path(), set(made.graph.steps)) == (["y"], {"y"})
    assert made.draft.stack.undoText() == "Remove Branch and 2 more"


def test_what_would_go_is_seen_while_a_choice_has_the_focus(bench):
    """Tab and the pointer show for each choice which steps it takes along."""
    made = bench(PARTED)
    question = delete(made, "if")
    assert made.view.flow.doomed == {"if", "y"}
    made.bot.keyClick(question.focusWidget(), Qt.Key.Key_Tab)
    assert made.view.flow.doomed == {"if", "n", "o"}
    both = question.buttons()[2]
    at = both.rect().center().toPointF()
    QApplication.sendEvent(both, QEnterEvent(at, at, at))
    assert made.view.flow.doomed == {"if", "y", "n", "o"}
    QApplication.sendEvent(both, QEvent(QEvent.Type.Leave))
    assert made.view.flow.doomed == {"if", "n", "o"}


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, "Cancel"])
def test_cancelling_the_question_changes_nothing(bench, key):
    """Esc and the button leave the workflow as it was, with nothing marked any more."""
    made = bench()
    question = delete(made, "if")
    if key == "Cancel":
        answer(made, key)
    else:
        made.bot.keyClick(question.focusWidget(), key)
    assert (made.graph, made.editor.question) == (SPLIT, None)
    assert made.view.flow.doomed == frozenset()


def test_a_question_goes_when_the_workflow_changes(bench):
    """What is asked is about the workflow as it was, so it is not asked any more."""
    made = bench()
    delete(made, "if")
    made.draft.edit("Rename", SPLIT.with_(name="Other"))
    assert made.editor.question is None


def test_several_steps_that_part_are_asked_about_by_what_follows(bench):
    """Two branches in a row leave three ways on, each named by its first step."""
    made = bench(graph(
        step("if", "branch", yes="y", else_="n"), step("y", "task"),
        step("n", "branch", yes="p", else_="q"), step("p", "wait"), step("q"),
    ))  # fmt: skip
    question = delete(made, "if", "n")
    words = [button.text() for button in question.buttons()]
    assert words[:2] == [
        "Keep what begins with ‘Task’ (1 step)", "Keep what begins with ‘Wait’ (1 step)"
    ]  # fmt: skip
    answer(made, "‘Wait’")
    assert (made.path(), set(made.graph.steps)) == (["p"], {"p"})


def test_pieces_that_part_are_asked_about_one_after_the_other(bench):
    """Each has its own question; then all goes in one undo step."""
    made = bench(graph(
        step("if", "branch", yes="y", else_="n"), step("y"), step("n", next="f"),
        step("f", "branch", yes="p", else_="q"), step("p"), step("q"),
    ))  # fmt: skip
    delete(made, "if", "f")
    answer(made, "Keep what begins")
    answer(made, "Keep what begins")
    assert made.draft.stack.count() == 1


# -- with all after it -------------------------------------------------------------------------


def test_shift_delete_removes_all_after_with_the_count(bench):
    """Asked first with the number of steps; Enter confirms."""
    made = bench(CHAIN)
    question = delete(made, "b", after=True)
    assert "the 2 steps after it" in question.text.text()
    assert made.view.flow.doomed == {"b", "c", "z"}
    made.bot.keyClick(question.focusWidget(), Qt.Key.Key_Return)
    assert made.path() == ["a"]
    assert made.view.flow.doomed == frozenset()


def test_what_can_be_reached_another_way_stays(bench):
    """Removing one path with all after it leaves the step where both met."""
    made = bench()
    delete(made, "y", after=True)
    assert set(made.graph.steps) == {"a", "if", "n", "m", "z"}


def test_the_number_of_people_is_told_when_it_is_known(bench):
    """The question is there at once; who waits there is added to it."""
    made = bench(CHAIN)
    asked = []
    made.editor.count_people = lambda steps, tell: asked.append((steps, tell))
    question = delete(made, "b", after=True)
    ((steps, tell),) = asked
    tell(37)
    assert steps == {"b", "c", "z"}
    assert question.more.text().startswith("37 people are there now.")


def test_a_number_that_comes_too_late_is_not_told(bench):
    """Nothing happens when the question is gone."""
    made = bench(CHAIN)
    asked = []
    made.editor.count_people = lambda steps, tell: asked.append(tell)
    delete(made, "b", after=True)
    answer(made, "Cancel")
    asked[0](37)
    assert made.graph is CHAIN


def test_a_folded_group_is_shown_as_going_where_all_of_it_would(bench):
    """With one of its steps left it is not."""
    framed = CHAIN.with_(frames=(Frame("f", "Two", ("b", "c")),))
    made = bench(framed)
    made.editor.folding.restore(["f"])
    card = made.view.flow.stage.cards[Spot("frame", "f")]
    for doomed, shown in (({"b", "c"}, True), ({"c", "z"}, False)):
        made.view.flow.mark(doomed)
        assert card.state.doomed is shown


def test_many_paths_are_chosen_from_in_a_list_that_scrolls(bench):
    """Tab leads to the last of them, and it is brought into view."""
    paths = {f"p{n}": step(f"p{n}") for n in range(20)}
    exits = {f"x{n}": f"p{n}" for n in range(20)}
    made = bench(graph(step("if", "branch", **exits), *paths.values()))
    question = delete(made, "if")
    assert question.height() < made.view.height()
    for _ in range(19):
        made.bot.keyClick(question.focusWidget(), Qt.Key.Key_Down)
    last = question.focusWidget()
    assert "X19" in last.text()
    assert not last.visibleRegion().isEmpty()


def test_a_name_of_two_thousand_letters_is_asked_about_in_short(bench):
    """The question, its buttons and the undo menu stay readable."""
    long = PARTED.steps["if"]
    named = PARTED.with_step(replace(long, title="Very long " * 200))
    made = bench(named)
    question = delete(made, "if")
    assert len(question.text.text()) < 100
    answer(made, "Keep ‘Yes’")
    assert len(made.draft.stack.undoText()) < 100


def test_a_question_does_not_cover_what_it_is_about(bench):
    """In a low window the sheet moves up, so that the card and what follows it are seen."""
    made = bench(size=(900, 520))
    made.view.zoom_to(1.0)
    made.editor.select(Spot("step", "if"))
    question = delete(made, "if")
    for key in ("if", "y"):
        where = made.view.mapFromScene(made.editor.where(Spot("step", key))).boundingRect()
        assert made.view.viewport().rect().contains(where.center())
        assert not question.geometry().contains(where.center())


@pytest.mark.parametrize("width", [340, 480, 1000])
def test_the_choices_are_read_whole_on_a_narrow_sheet(bench, width):
    """Where they do not fit beside each other they stand below each other."""
    made = bench(PARTED, size=(width, 700))
    buttons = delete(made, "if").buttons()
    assert all(one.width() >= one.sizeHint().width() for one in buttons)
