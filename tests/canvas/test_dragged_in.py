"""Steps dragged in from other programs and folders."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from rally_desktop.canvas import parcel
from rally_desktop.model.graph import Graph
from tests.canvas.flows import CHAIN, OPEN, graph, step

DEEP = '{"steps":' + "[" * 5_000 + "]" * 5_000 + "}"


def heard(bench):
    """What the editor says, from now on."""
    said = []
    bench.editor.said.connect(said.append)
    return said


def drop(bench, data, at, *, until=QDropEvent):
    """Drag something of another program over the sheet and let it go there."""
    port = bench.view.viewport()
    more = (data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enters = QDragEnterEvent(at, Qt.DropAction.CopyAction, *more)
    QApplication.sendEvent(port, enters)
    QApplication.sendEvent(port, QDragMoveEvent(at, Qt.DropAction.CopyAction, *more))
    if until is QDropEvent:
        QApplication.sendEvent(port, QDropEvent(at.toPointF(), Qt.DropAction.CopyAction, *more))
    return enters.isAccepted()


def as_text(text):
    """Text that is dragged."""
    data = QMimeData()
    data.setText(text)
    return data


def as_file(folder, text, name="welcome.rally.json"):
    """A file that is dragged."""
    path = folder / name
    path.write_text(text, "utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    return data


PAIR = parcel.text_of(graph(step("p", next="q"), step("q", "wait"), triggers=("t9",)))


@pytest.mark.parametrize("kind", ["file", "text"])
def test_steps_dropped_on_a_connector_go_there(bench, tmp_path, kind):
    """A workflow file, or its text from another program; what starts it stays behind."""
    made = bench(CHAIN)
    data = as_file(tmp_path, PAIR) if kind == "file" else as_text(PAIR)
    assert drop(made, data, made.at(made.plus("a")))
    assert made.path() == ["a", "p", "q", "b", "c", "z"]
    assert [one.id for one in made.graph.triggers] == ["t1"]
    assert made.draft.stack.undoText() == "Paste 2 steps"


def test_a_connector_opens_a_place_while_steps_are_over_it(bench):
    """The sheet shows where they would stand; leaving the window closes it again."""
    made = bench(CHAIN)
    drop(made, as_text(PAIR), made.at(made.plus("a")), until=None)
    assert made.view.flow.preview.slot == made.plus("a")
    QApplication.sendEvent(made.view.viewport(), QDragLeaveEvent())
    assert made.view.flow.preview.slot is None
    assert made.graph is CHAIN


def test_a_whole_workflow_dropped_on_an_empty_one_brings_its_triggers(bench, tmp_path):
    """Nothing is lost where there was nothing."""
    made = bench(Graph())
    drop(made, as_file(tmp_path, PAIR), made.at(made.plus("start")))
    assert (made.path(), [one.id for one in made.graph.triggers]) == (["p", "q"], ["t9"])


@pytest.mark.parametrize("answer", [0, 1])
def test_steps_dropped_beside_everything_are_asked_about(bench, answer):
    """Open them as a workflow of their own, or put them at the end of this one."""
    made = bench(OPEN)
    opened = []
    made.editor.bringer.wanted_new.connect(opened.append)
    drop(made, as_text(PAIR), QPoint(12, made.view.height() - 40))
    made.bot.mouseClick(made.editor.question.buttons()[answer], Qt.MouseButton.LeftButton)
    assert opened == ([] if answer else [PAIR])
    assert made.path("yes")[-2:] == (["p", "q"] if answer else ["if", "y"])


@pytest.mark.parametrize(
    ("text", "says"),
    [('{"steps": [', "part of the text"), (DEEP, "nested"), ("{}", "no steps"), ("x" * 9, "steps")],
)
def test_a_bad_file_changes_nothing_and_says_why(bench, tmp_path, text, says):
    """The sentence comes when it is let go."""
    made = bench(CHAIN)
    said = heard(made)
    drop(made, as_file(tmp_path, text), made.at(made.plus("a")))
    assert made.graph is CHAIN
    assert says in said[-1]


def test_files_that_are_too_large_or_gone_are_told_of(bench, tmp_path):
    """Neither is read."""
    made = bench(CHAIN)
    said = heard(made)
    drop(made, as_file(tmp_path, " " * (parcel.LARGEST + 1)), made.at(made.plus("a")))
    gone = as_file(tmp_path, PAIR, "gone.rally.json")
    (tmp_path / "gone.rally.json").unlink()
    drop(made, gone, made.at(made.plus("a")))
    assert "too large" in said[-2]
    assert "cannot be opened" in said[-1]
    assert made.graph is CHAIN


def test_pictures_and_plain_words_are_not_taken(bench, tmp_path):
    """The pointer says so while they are over the sheet."""
    made = bench(CHAIN)
    for data in (as_text("Dear all"), as_file(tmp_path, "", "photo.png")):
        assert not drop(made, data, made.at(made.plus("a")), until=None)


def test_nothing_goes_into_a_locked_workflow(bench):
    """It can still be opened as a workflow of its own."""
    made = bench(CHAIN)
    made.draft.lock("It is published.")
    drop(made, as_text(PAIR), made.at(made.plus("a")))
    words = [button.text() for button in made.editor.question.buttons()]
    assert words == ["Open as a new workflow", "Cancel"]
    assert made.graph is CHAIN
