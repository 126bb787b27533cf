"""Groups around steps: framing, naming, folding, and what belongs to them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from rally_desktop.canvas import edits, remarking
from rally_desktop.canvas.plan import Slot, Spot
from rally_desktop.model.graph import Frame, Step
from tests.canvas.flows import CHAIN, MAIL, random_graph

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
GROUP = Spot("frame", "g")
GROUPED = CHAIN.with_(frames=(Frame("g", "Follow up", ("b", "c")),))


def cards(*keys):
    """These steps."""
    return [Spot("step", key) for key in keys]


def head(bench, spot=GROUP, dx=60.0):
    """A point in the title of a group."""
    where = bench.editor.where(spot)
    return bench.view.mapFromScene(where.topLeft() + QPointF(dx, 14))


def drag(bench, start, *to):
    """Press, move and let go."""
    bench.press(start)
    for point in (start + QPoint(6, 6), *to):
        bench.move(point)
    bench.release(to[-1])


def writer(bench, kind=QLineEdit):
    """The field one writes in."""
    found = [one for one in bench.view.viewport().findChildren(kind) if one.isVisible()]
    return found[-1] if found else None


def test_ctrl_g_frames_the_selected_steps_and_asks_for_a_title(bench):
    """Enter keeps the title; the frame is around its steps."""
    made = bench(CHAIN)
    made.editor.choose(cards("b", "c"))
    made.key(Qt.Key.Key_G, CTRL)
    field = writer(made)
    made.bot.keyClicks(field, "Follow up")
    made.bot.keyClick(field, Qt.Key.Key_Return)
    assert made.graph.frames == (Frame("group1", "Follow up", ("b", "c")),)
    around = made.editor.where(Spot("frame", "group1"))
    assert all(around.contains(made.editor.where(spot)) for spot in cards("b", "c"))
    assert made.draft.stack.text(0) == "Group 2 steps"


@pytest.mark.parametrize(
    ("steps", "says"),
    [((), "Select the steps"), (("a", "z"), "follow one another"), (("a", "b"), "‘Follow up’")],
)
def test_steps_that_cannot_be_a_group_are_told_why(bench, steps, says):
    """None, some that are apart, and some that are in a group already."""
    made = bench(GROUPED)
    said = []
    made.editor.said.connect(said.append)
    made.editor.choose(cards(*steps))
    made.key(Qt.Key.Key_G, CTRL)
    assert made.graph is GROUPED
    assert says in said[-1]


def test_ungroup_takes_the_frame_and_leaves_the_steps_selected(bench):
    """From the frame itself, or from a step in it."""
    for spot in (GROUP, *cards("b")):
        made = bench(GROUPED)
        made.editor.select(spot)
        made.key(Qt.Key.Key_G, CTRL | SHIFT)
        assert made.graph == CHAIN
        assert made.view.flow.chosen == set(cards("b", "c"))
        assert made.draft.stack.undoText() == "Ungroup ‘Follow up’"


def test_f2_renames_a_group_and_escape_keeps_the_old_title(bench):
    """One undo step."""
    made = bench(GROUPED)
    made.editor.select(GROUP)
    for key, title in ((Qt.Key.Key_Escape, "Follow up"), (Qt.Key.Key_Return, "Call back")):
        made.key(Qt.Key.Key_F2)
        writer(made).setText("Call  back")
        made.bot.keyClick(writer(made), key)
        assert made.graph.frames[0].title == title
    assert made.draft.stack.count() == 1


@pytest.mark.parametrize("way", ["Alt+G", "Enter", "corner", "double click"])
def test_a_group_folds_to_one_card_and_unfolds(bench, way):
    """It is how one looks at it: nothing to undo, and it can be remembered."""
    made = bench(GROUPED)
    port, left = made.view.viewport(), Qt.MouseButton.LeftButton
    remembered = []
    made.editor.folding.changed.connect(remembered.append)

    def turn(folded):
        made.editor.select(GROUP)
        where = made.editor.where(GROUP)
        corner = QPointF(where.right() - 14, where.center().y()) if folded else None
        sign = made.view.mapFromScene(corner) if corner else head(made, dx=14)
        ways = {
            "Alt+G": lambda: made.key(Qt.Key.Key_G, ALT),
            "Enter": lambda: made.key(Qt.Key.Key_Return),
            "corner": lambda: made.bot.mouseClick(port, left, pos=sign),
            "double click": lambda: made.bot.mouseDClick(
                port, left, pos=made.view.mapFromScene(where.center()) if folded else head(made)
            ),
        }
        ways[way]()

    turn(folded=False)
    shown = made.view.flow.plan.boxes
    assert shown[GROUP].face.subtitle == "2 steps"
    assert not set(cards("b", "c")) & shown.keys()
    assert made.selected == GROUP
    turn(folded=True)
    assert set(cards("b", "c")) <= made.view.flow.plan.boxes.keys()
    assert remembered == [{"g"}, frozenset()]
    assert made.draft.stack.count() == 0


def test_what_is_selected_in_a_folded_group_unfolds_it(bench):
    """A step found by search or named by a problem is shown."""
    made = bench(GROUPED)
    made.editor.folding.restore(["g"])
    made.editor.select(Spot("step", "c"))
    assert made.selected == Spot("step", "c")
    assert made.editor.folding.folded == frozenset()


def test_a_problem_in_a_folded_group_shows_on_its_card(bench):
    """With its text and its badge."""
    made = bench(GROUPED)
    made.faces.problems = {"c": "Choose a template."}
    made.editor.folding.restore(["g"])
    face = made.view.flow.plan.boxes[GROUP].face
    assert (face.problem, face.severity, face.problems) == ("Choose a template.", "error", 1)


def test_a_group_is_moved_by_its_title(bench):
    """All of its steps go to the connector that it is dropped on."""
    made = bench(GROUPED)
    drag(made, head(made), made.at(Slot("connector", "start", "next")))
    assert made.path() == ["b", "c", "a", "z"]
    assert made.graph.frames == GROUPED.frames


def test_deleting_a_group_leaves_its_steps(bench):
    """Only the frame goes."""
    made = bench(GROUPED)
    made.editor.select(GROUP)
    made.key(Qt.Key.Key_Delete)
    assert made.graph == CHAIN
    assert made.draft.stack.undoText() == "Remove group ‘Follow up’"


def test_a_step_put_between_two_of_a_group_belongs_to_it(bench):
    """And one that is dragged out of it does not any more."""
    made = bench(GROUPED)
    made.editor.add(MAIL, Slot("connector", "b", "next"))
    assert set(made.graph.frames[0].steps) == {"b", "mail1", "c"}
    made.drag("mail1", Slot("connector", "start", "next"))
    assert set(made.graph.frames[0].steps) == {"b", "c"}


@settings(max_examples=80, deadline=None)
@given(some.integers(0, 10**6), some.data())
def test_a_group_lets_in_what_is_put_between_its_steps(seed, data):
    """In any workflow: after a step is put in, all the group's steps still hang together."""
    whole = random_graph(14, seed)
    places = [way for way in whole.places() if way.source in whole.steps]
    way = data.draw(some.sampled_from(places))
    target = whole.target(way)
    before = whole.with_(frames=(Frame("g", "", (way.source, target)),))
    fresh = Step("fresh", "mail")
    after = edits.put(before, fresh, Slot("connector", way.source, way.exit), "next")
    made = remarking.settled(before, after)
    assert set(made.frames[0].steps) == {way.source, "fresh", target}


@pytest.mark.parametrize("folded", [(), ("g",)])
def test_a_group_is_copied_and_switched_off_as_a_whole(bench, folded):
    """Open or folded: its steps are what is meant, and the copy stands below the last of them."""
    made = bench(GROUPED)
    made.editor.folding.restore(folded)
    made.editor.select(GROUP)
    made.key(Qt.Key.Key_D, CTRL)
    assert made.path() == ["a", "b", "c", "wait1", "mail1", "z"]
    assert made.graph.frames[1] == Frame("frame1", "Follow up", ("wait1", "mail1"))
    made.draft.undo()
    made.editor.select(GROUP)
    made.hands.do("copy")
    assert QApplication.clipboard().mimeData().hasImage()
    made.key(Qt.Key.Key_D)
    assert [key for key, one in made.graph.steps.items() if one.disabled] == ["b", "c"]
    assert made.draft.stack.undoText() == "Disable 2 steps"
    QApplication.clipboard().clear()


def test_a_group_pasted_into_another_becomes_a_part_of_it(bench):
    """There is no group in a group: the outer one takes its steps in."""
    both = GROUPED.with_(frames=(Frame("h", "Begin", ("a",)), *GROUPED.frames))
    made = bench(both)
    made.editor.select(Spot("frame", "h"))
    made.hands.do("copy")
    made.editor.select(made.plus("b"))
    made.hands.do("paste")
    assert [frame.title for frame in made.graph.frames] == ["Begin", "Follow up"]
    assert set(made.graph.frames[1].steps) == {"b", "mail1", "c"}
    QApplication.clipboard().clear()


def test_only_workflows_with_groups_are_looked_through():
    """Without a group, or with the same steps, the same workflow comes back."""
    after = edits.put(CHAIN, Step("x", "mail"), Slot("connector", "a", "next"), "next")
    assert remarking.settled(CHAIN, after) is after
    named = GROUPED.with_(name="Other")
    assert remarking.settled(GROUPED, named) is named
