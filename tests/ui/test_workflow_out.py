"""The ways out of the canvas: files, paper, clipboard, plain English."""

from __future__ import annotations

import pypdfium2
import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QFileDialog

from rally_desktop.canvas.plan import Spot
from rally_desktop.engine import publishing
from rally_desktop.engine.reading import read_back
from rally_desktop.model.graph import Graph, Step, Trigger
from rally_desktop.outside.files.naming import file_name
from rally_desktop.services import workflows
from rally_desktop.ui import later
from rally_desktop.ui.pages.workflow_editor import WorkflowEditor
from rally_desktop.ui.pages.workflow_out_dialog import OutDialog

pytestmark = pytest.mark.slow

CALL = Graph(
    "Call new contacts",
    triggers=(Trigger("t1", "record_created"),),
    start="wait1",
    steps={
        "wait1": Step("wait1", "wait", {"amount": 2, "unit": "days"}, {"next": "task1"}),
        "task1": Step("task1", "create_task", {"task": "Call back"}),
    },
)
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(desk, store, qtbot):
    """A workflow of two steps on the canvas."""
    editor = WorkflowEditor(desk, store.write(workflows.create, CALL))
    editor.view.motion = False
    qtbot.addWidget(editor)
    editor.resize(1280, 800)
    with qtbot.waitExposed(editor):
        editor.show()
    qtbot.waitUntil(lambda: editor.stored is not None and not later.busy())
    return editor


@pytest.fixture
def opened(page, qtbot):
    """Open one of the dialogs, and wait until its page is drawn."""

    def make(name):
        page.out.actions[name].trigger()
        qtbot.waitUntil(lambda: shown() is not None)
        dialog = shown()
        rested(qtbot)
        return dialog

    yield make
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, OutDialog | QFileDialog) and widget.isVisible():
            widget.close()


def shown():
    """The dialog on screen."""
    tops = QApplication.topLevelWidgets()
    return next((w for w in tops if isinstance(w, OutDialog) and w.isVisible()), None)


def rested(qtbot):
    """Wait until nothing is being drawn any more."""
    qtbot.waitUntil(lambda: not later.busy())


def told(page):
    """What the notices say from now on."""
    said = []
    page.desk.notices.posted.connect(lambda notice: said.append(notice.text))
    return said


def choose(dialog, box, value, qtbot):
    """Choose a value of a box and wait for the page."""
    box.setCurrentIndex(box.findData(value))
    rested(qtbot)


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_a_picture_is_saved_as_what_was_chosen(page, opened, qtbot, tmp_path, kind):
    """The file holds the workflow, and a notice names it."""
    dialog, said = opened("picture"), told(page)
    choose(dialog, dialog.format, kind, qtbot)
    path = tmp_path / f"out.{kind}"
    dialog.save(str(path))
    rested(qtbot)
    starts = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}
    assert path.read_bytes().startswith(starts[kind])
    assert said == [f"Saved ‘out.{kind}’."]
    assert shown() is None


def test_the_folder_is_remembered_and_the_name_is_suggested(page, opened, qtbot, tmp_path):
    """The next time the file dialog begins where the last file went."""
    dialog = opened("picture")
    assert dialog.suggested() == "Call new contacts.png"
    dialog.save(str(tmp_path / "a.png"))
    rested(qtbot)
    opened("picture").go()
    qtbot.waitUntil(lambda: bool(files()))
    assert files()[0].directory().absolutePath() == str(tmp_path)
    assert files()[0].acceptMode() is QFileDialog.AcceptMode.AcceptSave


def files():
    """The file dialogs on screen."""
    tops = QApplication.topLevelWidgets()
    return [w for w in tops if isinstance(w, QFileDialog) and w.isVisible()]


def test_what_cannot_be_written_is_said_in_the_dialog(opened, qtbot, tmp_path):
    """The reason and what to do stand there, the dialog stays, and no half file is left."""
    dialog = opened("picture")
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "a.png").mkdir()
    dialog.save(str(folder / "a.png"))
    rested(qtbot)
    assert dialog.wrong.text().endswith("there is a folder of this name. Choose another name.")
    assert dialog.isVisible()
    assert dialog.go_button.isEnabled()
    assert [path.name for path in folder.iterdir()] == ["a.png"]


def test_only_what_is_selected_can_be_put_out(page, opened, qtbot):
    """With several cards selected one may choose them alone; else there is no such choice."""
    assert not opened("picture").what.isVisible()
    shown().close()
    page.canvas.choose([Spot("step", "wait1"), Spot("step", "task1")])
    dialog = opened("picture")
    assert dialog.what.buttons["part"].text() == "2 selected"
    whole = dialog.view.paper
    dialog.what.buttons["part"].click()
    rested(qtbot)
    assert set(dialog.export.drawing.plan.boxes) == {
        Spot("step", "wait1"), Spot("step", "task1"),
    }  # fmt: skip
    assert whole is dialog.view.paper


def test_the_dialog_says_how_large_it_will_be(opened, qtbot):
    """Pixels for a PNG, pages for a PDF; only a PDF has paper to choose."""
    dialog = opened("picture")
    assert dialog.remark.text().endswith("pixels.")
    assert not dialog.paper_row.isVisible()
    choose(dialog, dialog.format, "pdf", qtbot)
    assert dialog.remark.text() == "1 page"
    assert dialog.paper_row.isVisible()


def test_ctrl_p_shows_what_will_be_printed_and_prints_it(page, opened, qtbot, tmp_path):
    """The pages are handed to the printer, here one that writes a PDF."""
    page.view.setFocus()
    qtbot.keyClick(page.view, Qt.Key.Key_P, CTRL)
    qtbot.waitUntil(lambda: shown() is not None)
    rested(qtbot)
    dialog, said = shown(), told(page)
    printer = dialog.printer()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    dialog.print_on(printer)
    rested(qtbot)
    document = pypdfium2.PdfDocument(tmp_path / "out.pdf")
    assert len(document) == 1
    assert "Create task" in document[0].get_textpage().get_text_range()
    document.close()
    assert said == ["1 page handed to the printer."]


def test_a_picture_is_put_on_the_clipboard(page, qtbot):
    """What is copied can be pasted into a letter."""
    said = told(page)
    page.out.actions["copy_picture"].trigger()
    qtbot.waitUntil(lambda: bool(said))
    image: QImage = QGuiApplication.clipboard().image()
    assert image.width() > 500
    assert said == ["The workflow was copied as a picture."]


def test_the_picture_is_light_on_a_dark_screen(page, opened, qtbot):
    """Paper is white whatever the screen looks like."""
    page.desk.theme.wish("dark")
    page.out.copy_picture()
    rested(qtbot)
    page.desk.theme.wish("light")
    assert QGuiApplication.clipboard().image().pixelColor(2, 2).name() == "#ffffff"


def test_the_heading_names_the_version_that_says_the_same(page, store, opened, qtbot):
    """A draft is called so; what is published says just which version it is, with the day."""
    dialog = opened("picture")
    assert dialog.export.heading.state == "Draft"
    assert dialog.export.heading.day.split()[1:] != []
    dialog.close()
    store.write(publishing.publish, page.workflow_id)
    assert opened("picture").export.heading.state == "Version 1"


def test_the_workflow_is_read_in_plain_english_beside_the_canvas(page, qtbot):
    """The text is that of the command line; a click on a line selects its step."""
    page.out.actions["read"].trigger()
    plain = page.out.plain
    qtbot.waitUntil(lambda: plain.as_text() != "")
    assert plain.as_text() == read_back(page.draft.graph)
    assert "1. Wait 2 days" in plain.text.toPlainText()
    plain.text.anchorClicked.emit(QUrl("#task1"))
    assert page.view.flow.selected == Spot("step", "task1")
    plain.close()


def test_the_text_follows_every_change(page, qtbot):
    """What is edited is read anew, also after undo."""
    page.out.read_back()
    plain = page.out.plain
    page.draft.edit("Wait", page.draft.graph.with_settings("wait1", {"amount": 5, "unit": "days"}))
    qtbot.waitUntil(lambda: "1. Wait 5 days" in plain.text.toPlainText())
    page.draft.undo()
    qtbot.waitUntil(lambda: "1. Wait 2 days" in plain.text.toPlainText())
    plain.close()


def test_a_long_text_comes_a_part_at_a_time(page, qtbot):
    """The window never waits for thousands of lines, and each is as far in as it should be."""
    tags = {
        f"s{number}": Step(f"s{number}", "add_tag", {"tag": "x"}, {"next": f"s{number + 1}"})
        for number in range(900)
    }
    long = page.draft.graph.with_(start="s0", steps={**tags, "s900": Step("s900", "end")})
    page.draft.edit("Many", long)
    page.out.read_back()
    plain = page.out.plain
    qtbot.waitUntil(lambda: "901. End" in plain.text.toPlainText())
    assert plain.text.toPlainText() == plain.as_text().replace("\n\n", "\n")
    plain.close()


def test_the_text_can_be_copied_and_saved(page, qtbot, tmp_path):
    """Copy takes all of it, or what is selected; the file is plain text."""
    page.out.read_back()
    plain = page.out.plain
    qtbot.waitUntil(lambda: plain.as_text() != "")
    plain.copy.click()
    assert QGuiApplication.clipboard().text() == plain.as_text()
    plain.write(str(tmp_path / "out.txt"))
    rested(qtbot)
    assert (tmp_path / "out.txt").read_text("utf-8") == f"{plain.as_text()}\n"
    plain.close()


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Follow up: <A/B>", "Follow up A B"), ("", "Workflow"), ("  ..  ", "Workflow"),
        ("con", "con Workflow"), ("x" * 300, "x" * 80), ("שלום", "שלום"), ("a\nb\0c", "a b c"),
    ],
)  # fmt: skip
def test_a_title_becomes_a_name_that_every_system_can_keep(title, name):
    """Signs that some systems refuse are left out, and it is not too long."""
    assert file_name(title, "Workflow") == name
