"""A list comes in step by step, by mouse and keys, and goes again with one click."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from shiboken6 import delete, isValid

from rally_desktop.services import import_log
from rally_desktop.services.exports import Export
from rally_desktop.ui.pages.contacts import ContactsPage
from rally_desktop.ui.pages.export_dialog import ExportDialog
from rally_desktop.ui.pages.import_dialog import COLUMNS, DONE, FILE, OPTIONS, TRY, ImportDialog
from rally_desktop.ui.widgets.plain_label import PlainLabel

pytestmark = pytest.mark.slow

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def people(tmp_path):
    """A list of three rows, of which one is wrong."""
    path = tmp_path / "people.csv"
    path.write_text("First name,E-mail,Colour\nAna,ana@example.org,red\nBo,nowhere,\nCy,,blue\n")
    return path


@pytest.fixture
def dialog(desk, qtbot):
    """The import of contacts, open."""
    made = ImportDialog(desk, "contact")
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    made.open()
    yield made
    qtbot.waitUntil(lambda: not made.tried.task.running and not made.done_.task.running)
    delete(made)


def _to(dialog, qtbot, step):
    """Press Enter on the button until a step is there, and what it began is done."""
    while dialog.steps.currentIndex() < step:
        qtbot.waitUntil(dialog.next.isEnabled)
        qtbot.keyClick(dialog.next, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: dialog.next.isEnabled())


def _chosen(dialog, qtbot, path):
    dialog.file.chosen.emit(path)
    qtbot.waitUntil(lambda: dialog.steps.currentIndex() == COLUMNS)


def test_the_columns_are_guessed_and_can_be_said_otherwise(dialog, qtbot, people):
    """Each column has its first values beside it; two for one field are refused in words."""
    _chosen(dialog, qtbot, people)
    assert dialog.columns.mapping() == {"First name": "first_name", "E-mail": "email"}
    assert dialog.columns.table.item(2, 1).text() == "red · blue"
    box = dialog.columns.boxes[2]
    box.setCurrentIndex(box.findData("email"))
    assert "Two columns become ‘E-mail’" in dialog.columns.problem.text()
    assert not dialog.next.isEnabled()


def test_what_stands_between_the_columns_is_said_by_hand(dialog, qtbot, tmp_path, people):
    """What was guessed wrong is put right, and the next file is read as it suggests itself."""
    path = tmp_path / "odd.csv"
    path.write_text("First name~E-mail~Note\nAna~ana@example.org~a, b\n")
    _chosen(dialog, qtbot, path)
    columns = dialog.columns
    assert columns.table.rowCount() == 1
    columns.separator.setCurrentIndex(columns.separator.findData("~"))
    qtbot.waitUntil(lambda: columns.table.rowCount() == 3)
    assert columns.table.item(2, 1).text() == "a, b"
    dialog.go(FILE)
    _chosen(dialog, qtbot, people)
    assert columns.separator.currentText() == "Commas, as found"
    assert columns.mapping() == {"First name": "first_name", "E-mail": "email"}


def test_a_long_first_line_can_be_parted_by_hand_too(dialog, qtbot, tmp_path):
    """Twenty headings with a rare sign between them are offered whole, until the sign is said."""
    path = tmp_path / "long.csv"
    headings = ["First name", "E-mail", *(f"Remark of the year {n}" for n in range(2000, 2020))]
    path.write_text("^".join(headings) + "\n" + "^".join("x" * len(headings)) + "\n")
    _chosen(dialog, qtbot, path)
    assert "choose above what stands between" in dialog.columns.problem.text()
    box = dialog.columns.separator
    box.setCurrentIndex(box.findData("^"))
    qtbot.waitUntil(lambda: len(dialog.columns.boxes) == len(headings))
    assert dialog.columns.ready()


def test_a_dry_run_says_what_would_happen_to_each_row(dialog, qtbot, people, world):
    """Before anything is changed each row has its verdict, and what would start is said."""
    _chosen(dialog, qtbot, people)
    _to(dialog, qtbot, TRY)
    assert "3 rows" in dialog.tried.heading.text()
    assert dialog.tried.counts.text() == "2 new · 1 left out"
    assert [one.row for one in dialog.tried.rows.rows()] == [3]
    qtbot.mouseClick(dialog.tried.shown.buttons["all"], LEFT)
    assert [one.who for one in dialog.tried.rows.rows()] == ["Ana", "Bo", "Cy"]
    assert dialog.tried.more.text() == "No workflow starts for any of them."
    assert world.rows("select * from contact") == []


def test_a_list_comes_in_and_goes_again(dialog, qtbot, people, world):
    """After the last step the contacts are there; one click later they are not."""
    _chosen(dialog, qtbot, people)
    _to(dialog, qtbot, DONE)
    assert dialog.done_.counts.text() == "2 new · 1 left out"
    qtbot.mouseClick(dialog.undo, LEFT)
    qtbot.waitUntil(lambda: dialog.done_.heading.text() == "Undone")
    assert world.rows("select count(*) from contact where deleted_at is null") == [(0,)]


def test_what_is_no_list_is_said_in_place(dialog, qtbot, tmp_path):
    """A picture is refused with what to do, and one can choose again."""
    path = tmp_path / "x.csv"
    path.write_bytes(b"\x89PNG\r\n")
    dialog.file.chosen.emit(path)
    qtbot.waitUntil(lambda: bool(dialog.wrong.text()))
    assert "is a picture" in dialog.wrong.text()
    assert dialog.steps.currentIndex() == FILE


def test_one_goes_back_and_nothing_is_lost(dialog, qtbot, people):
    """Back from the options the mapping is as it was left."""
    _chosen(dialog, qtbot, people)
    box = dialog.columns.boxes[2]
    box.setCurrentIndex(box.findData("tags"))
    _to(dialog, qtbot, OPTIONS)
    qtbot.mouseClick(dialog.back, LEFT)
    assert dialog.columns.mapping()["Colour"] == "tags"


def test_a_past_import_can_be_undone_from_the_first_step(dialog, qtbot, people, world):
    """The imports there were are listed, and the chosen one can be undone."""
    _chosen(dialog, qtbot, people)
    _to(dialog, qtbot, DONE)
    dialog.file.refresh()
    qtbot.waitUntil(lambda: len(dialog.file.history.rows()) == 1)
    dialog.file.history.choose(lambda job: True)
    dialog.file.undo()
    qtbot.waitUntil(lambda: dialog.file.said.text().startswith("The import is undone"))
    assert world.ask(import_log.history)[0].undone_at is not None


def test_a_list_dropped_on_the_page_is_looked_into(desk, qtbot, people):
    """Dragging a file onto the page of contacts opens the import at its columns."""
    page = ContactsPage(desk)
    page.show()
    page.shown()
    qtbot.waitUntil(lambda: page.grid.model.loaded)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(people))])
    how = (Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(page, QDragEnterEvent(QPoint(9, 9), *how))
    QApplication.sendEvent(page, QDropEvent(QPointF(9, 9), *how))
    opened = page.transfer.dialog
    qtbot.waitUntil(lambda: opened.steps.currentIndex() == COLUMNS)
    qtbot.keyClick(opened, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: page.transfer.dialog is None and not isValid(opened))
    delete(page)


def test_without_a_selection_there_is_nothing_to_choose_between(desk, qtbot):
    """How much goes out is said in words, not as a button alone."""
    dialog = ExportDialog(desk, Export("contact"), 3_007, "Contacts")
    qtbot.addWidget(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    dialog.open()
    said = [one.text() for one in dialog.findChildren(PlainLabel) if one.isVisible()]
    assert "All 3,007 that are listed" in said
    assert not dialog.which.isVisible()
    assert dialog.export().numbers is None


def test_what_is_listed_goes_out_as_it_is_chosen(desk, qtbot, world, tmp_path):
    """The file has the view's columns of the selected records, or of all that are listed."""
    refs = [world.contact(name, city="Bern") for name in ("Ana", "Bo", "Cy")]
    export = Export("contact", keys=("name", "city"), numbers=(refs[0].id, refs[2].id))
    dialog = ExportDialog(desk, export, 3, "Contacts")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    dialog.open()
    dialog.format.setCurrentIndex(1)
    path = tmp_path / "out.csv"
    dialog.save(str(path))
    qtbot.waitUntil(path.is_file)
    assert [line.split(",")[0] for line in path.read_text("utf-8-sig").splitlines()[1:]] == [
        "Ana", "Cy",
    ]  # fmt: skip
    qtbot.mouseClick(dialog.which.buttons["all"], LEFT)
    assert dialog.export().numbers is None
    qtbot.waitUntil(lambda: not dialog.isVisible())
    delete(dialog)
