"""Notes beside steps and groups around them, by mouse and keys."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QPlainTextEdit

from rally_desktop.canvas import keys, marking, remarking
from rally_desktop.canvas.commands import COMMANDS
from rally_desktop.canvas.items.card import State
from rally_desktop.canvas.items.note import text_height
from rally_desktop.canvas.marking import Run
from rally_desktop.canvas.plan import Slot, Spot
from rally_desktop.model.graph import Frame, Note
from tests.canvas.flows import CHAIN, MAIL, graph, step

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
NOTE, GROUP = Spot("note", "n"), Spot("frame", "g")
NOTED = CHAIN.with_(notes=(Note("n", "Ask Ana", "a", 24, 0),))
GROUPED = CHAIN.with_(frames=(Frame("g", "Follow up", ("b", "c")),))


def cards(*keys):
    """These steps."""
    return [Spot("step", key) for key in keys]


def at(bench, spot, dx=0.0, dy=0.0):
    """A point of the window, counted from the middle of what stands on the sheet."""
    where = bench.editor.where(spot)
    return bench.view.mapFromScene(where.center() + QPointF(dx, dy))


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


def writer(bench, kind=QPlainTextEdit):
    """The field one writes in."""
    found = [one for one in bench.view.viewport().findChildren(kind) if one.isVisible()]
    return found[-1] if found else None


def note(bench, key="n"):
    """A note of the workflow."""
    return remarking.note_of(bench.graph, key)


# -- notes by keys -----------------------------------------------------------------------------


def test_shift_s_adds_a_note_beside_the_selected_step(bench):
    """It opens at once; Esc keeps what was written; both are undone one by one."""
    made = bench(CHAIN)
    made.click("b")
    made.key(Qt.Key.Key_S, SHIFT)
    made.bot.keyClicks(writer(made), "Ask Ana first")
    made.bot.keyClick(writer(made), Qt.Key.Key_Escape)
    assert [(x.text, x.step) for x in made.graph.notes] == [("Ask Ana first", "b")]
    assert made.selected == Spot("note", "note1")
    assert made.view.hasFocus()
    titles = [made.draft.stack.text(at) for at in range(made.draft.stack.count())]
    assert titles == ["Add note", "Write note"]


def test_a_second_note_stands_below_the_first(bench):
    """Two notes beside one step do not cover each other."""
    made = bench(NOTED)
    made.click("a")
    made.key(Qt.Key.Key_S, SHIFT)
    first, second = (made.editor.where(Spot("note", key)) for key in ("n", "note1"))
    assert not first.intersects(second)


def test_a_note_without_a_step_stands_free_in_what_is_seen(bench):
    """With nothing selected it belongs to nothing."""
    made = bench(CHAIN)
    made.key(Qt.Key.Key_S, SHIFT)
    assert made.graph.notes[0].step == ""
    assert made.view.seen().contains(made.editor.where(Spot("note", "note1")).center())


@pytest.mark.parametrize("way", ["F2", "Return", "double click"])
def test_a_note_is_written_in_its_place(bench, way):
    """F2, Enter and a double click open it; leaving it keeps the text as one undo step."""
    made = bench(NOTED)
    made.editor.select(NOTE)
    if way == "double click":
        port = made.view.viewport()
        made.bot.mouseDClick(port, Qt.MouseButton.LeftButton, pos=at(made, NOTE))
    else:
        made.key(getattr(Qt.Key, f"Key_{way}"))
    field = writer(made)
    where = made.editor.where(NOTE)
    assert field.geometry().center().x() == pytest.approx(at(made, NOTE).x(), abs=2)
    assert field.width() == pytest.approx(where.width() * made.view.zoom, abs=2)
    field.setPlainText("Changed")
    made.view.setFocus()
    assert note(made).text == "Changed"
    made.draft.undo()
    assert made.graph == NOTED


def test_the_field_stays_over_its_note_when_the_sheet_moves(bench):
    """Panning and zooming take it along."""
    made = bench(NOTED)
    made.editor.select(NOTE)
    made.key(Qt.Key.Key_F2)
    made.view.shift(40, -30)
    made.view.zoom_to(1.5)
    assert (writer(made).pos() - made.view.mapFromScene(made.editor.where(NOTE).topLeft())).isNull()


def test_a_note_grows_with_its_text_and_is_never_made_smaller_by_it(bench):
    """A long text has room up to a limit; what is longer still ends faintly."""
    made = bench(NOTED)
    made.editor.select(NOTE)
    made.key(Qt.Key.Key_F2)
    writer(made).setPlainText("A line of text\n" * 12)
    made.bot.keyClick(writer(made), Qt.Key.Key_Escape)
    assert note(made).height == pytest.approx(text_height(made.view.look, note(made).text, 208), 1)
    made.key(Qt.Key.Key_F2)
    writer(made).setPlainText("Word " * 400)
    made.bot.keyClick(writer(made), Qt.Key.Key_Escape)
    assert (len(note(made).text), note(made).height) == (2000, 480.0)


def test_delete_takes_a_note_away_and_duplicate_copies_it(bench):
    """The copy stands a little aside."""
    made = bench(NOTED)
    made.editor.select(NOTE)
    made.key(Qt.Key.Key_D, CTRL)
    assert [x.text for x in made.graph.notes] == ["Ask Ana"] * 2
    assert made.draft.stack.undoText() == "Duplicate 1 note"
    made.editor.select(NOTE)
    made.key(Qt.Key.Key_Delete)
    assert [x.id for x in made.graph.notes] == ["note1"]
    assert made.draft.stack.undoText() == "Remove note"


def test_a_locked_workflow_has_notes_that_cannot_be_written(bench):
    """The reason is said, and no field opens."""
    made = bench(NOTED)
    made.draft.lock("It is published.")
    said = []
    made.editor.said.connect(said.append)
    made.editor.select(NOTE)
    made.key(Qt.Key.Key_Return)
    drag(made, at(made, NOTE), at(made, NOTE, 40, 40))
    assert writer(made) is None
    assert made.graph is NOTED
    assert set(said) == {"It is published."}


# -- notes by mouse ----------------------------------------------------------------------------


def test_a_note_moves_with_its_step(bench):
    """A step put in above takes the note down with the step it belongs to."""
    made = bench(NOTED)
    before = made.editor.where(NOTE).top()
    made.editor.add(MAIL, Slot("connector", "start", "next"))
    assert made.editor.where(NOTE).top() > before


def test_dragging_a_note_moves_it_and_keeps_it_with_its_step_while_near(bench):
    """The distance from the card is what is kept."""
    made = bench(NOTED)
    drag(made, at(made, NOTE), at(made, NOTE, 30, 50))
    assert (note(made).step, note(made).x, note(made).y) == ("a", 54, 50)
    assert made.draft.stack.undoText() == "Move note"


def test_a_note_dragged_onto_another_card_belongs_to_that(bench):
    """It stands beside that card then."""
    made = bench(NOTED)
    drag(made, at(made, NOTE), made.at("c"))
    assert (note(made).step, note(made).x) == ("c", remarking.BESIDE)
    assert made.draft.stack.undoText() == "Give note to Mail"


def test_a_note_dragged_far_away_stands_alone(bench):
    """Where it was dropped, belonging to nothing."""
    made = bench(NOTED)
    made.view.zoom_to(0.5)
    drag(made, at(made, NOTE), at(made, NOTE, 300, 600))
    assert note(made).step == ""
    made.draft.undo()
    assert made.graph == NOTED


def test_escape_puts_a_dragged_note_back(bench):
    """Nothing has changed, and it is drawn where it was."""
    made = bench(NOTED)
    start = at(made, NOTE)
    made.press(start)
    made.move(start + QPoint(60, 60))
    made.key(Qt.Key.Key_Escape)
    assert made.graph is NOTED
    item = made.view.flow.stage.notes[NOTE]
    assert item.pos() == made.editor.where(NOTE).topLeft()


def test_the_corner_of_a_note_makes_it_larger_within_bounds(bench):
    """One undo step; it never becomes too small to be taken hold of."""
    made = bench(NOTED)
    corner = made.view.mapFromScene(made.editor.where(NOTE).bottomRight() - QPointF(5, 5))
    zoom = made.view.zoom
    drag(made, corner, corner + QPoint(round(60 * zoom), round(40 * zoom)))
    assert (note(made).width, note(made).height) == (
        pytest.approx(268, abs=2), pytest.approx(136, abs=2)
    )  # fmt: skip
    corner = made.view.mapFromScene(made.editor.where(NOTE).bottomRight() - QPointF(5, 5))
    drag(made, corner, corner - QPoint(900, 700))
    assert (note(made).width, note(made).height) == remarking.LEAST


# -- what notes say ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("**Ask** Ana", [Run("Ask", bold=True), Run(" Ana")]),
        ("*soon* or _later_", [Run("soon", italic=True), Run(" or "), Run("later", italic=True)]),
        ("2 * 3 * 4 and snake_case_name", [Run("2 * 3 * 4 and snake_case_name")]),
        ("<b>no</b> & <script>", [Run("<b>no</b> & <script>")]),
        (
            "see https://a.example/x.",
            [Run("see "), Run("https://a.example/x", link=True), Run(".")],
        ),
        ("[guide](https://a.example)", [Run("guide", link=True), Run(" (https://a.example)")]),
        ("** **", [Run("** **")]),
    ],
)
def test_the_little_markup_of_notes(text, runs):
    """Bold, italic and links; stars and underscores elsewhere, and HTML, are text."""
    assert list(marking.lines_of(text)[0].runs) == runs


def test_lists_have_marks_and_depth():
    """Bullets and numbers, one inside the other."""
    lines = marking.lines_of("- one\n  - two\n3. three\nfour")
    assert [(line.mark, line.depth) for line in lines] == [("•", 0), ("•", 1), ("3.", 0), ("", 0)]


@settings(max_examples=200, deadline=None)
@given(some.text(alphabet="a *_[]()-.1\n<שhtps:/", max_size=60))
def test_no_letter_of_a_note_is_lost(text):
    """Whatever is typed, all that is not markup is shown."""
    shown = "".join(run.text for line in marking.lines_of(text) for run in line.runs)
    assert sorted(x for x in shown if x in "aשht") == sorted(x for x in text if x in "aשht")


@pytest.mark.parametrize("text", ["x" * 2000, "שלום " * 400, "a\n" * 300, "\U0001f600" * 50, ""])
def test_any_text_can_be_drawn(bench, text):
    """Very long words, right-to-left writing, many lines and signs."""
    made = bench(CHAIN.with_(notes=(Note("n", text, "a", 24, 0),)))
    made.editor.select(NOTE)
    assert made.view.flow.stage.notes[NOTE].state == State(selected=True)
    assert not made.view.grab().isNull()


def test_notes_and_groups_are_drawn_only_near_the_view(bench):
    """A long workflow with many of both costs what one sees of it."""
    steps = [step(f"s{n}", next=f"s{n + 1}") for n in range(300)] + [step("s300")]
    many = graph(*steps).with_(
        notes=tuple(Note(f"n{n}", "Hi", f"s{n}", 24, 0) for n in range(300)),
        frames=tuple(Frame(f"g{n}", "", (f"s{n}", f"s{n + 1}")) for n in range(0, 300, 2)),
    )
    made = bench(many)
    stage = made.view.flow.stage
    assert 0 < len(stage.notes) < 30
    assert 0 < len(stage.frames) < 20


def test_every_command_of_notes_and_groups_is_in_a_menu():
    """With its key beside it."""
    for key in keys.GROUPS["Notes and groups"]:
        assert key.command in COMMANDS
        assert key.menus
        assert key.keys


# -- notes by keys alone -----------------------------------------------------------------------


def test_arrow_keys_move_a_note_and_make_it_larger(bench):
    """Alt moves it, with Shift it grows; pushes in a row are undone as one."""
    made = bench(NOTED)
    made.editor.select(NOTE)
    for _ in range(3):
        made.key(Qt.Key.Key_Right, ALT)
    made.key(Qt.Key.Key_Up, ALT | SHIFT)
    assert (note(made).x, note(made).y) == (48, -1)
    assert made.draft.stack.count() == 1
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        made.key(key, SHIFT)
    assert (note(made).width, note(made).height) == (224, 112)
    assert made.draft.stack.undoText() == "Resize note"


def test_a_note_is_given_to_another_step_by_keys(bench):
    """G, arrows, Enter; Shift+G lets it stand alone where it is."""
    made = bench(NOTED)
    made.editor.select(NOTE)
    made.key(Qt.Key.Key_G)
    made.key(Qt.Key.Key_Down)
    made.key(Qt.Key.Key_Return)
    assert note(made).step == "b"
    where = made.editor.where(NOTE)
    made.key(Qt.Key.Key_G, SHIFT)
    assert note(made).step == ""
    assert made.editor.where(NOTE) == where
