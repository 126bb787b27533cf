"""The export of what a page shows: which records, which columns, into which kind of file."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from rally_desktop.core.errors import RallyError
from rally_desktop.outside.files.naming import file_name
from rally_desktop.services import exports
from rally_desktop.services.exports import Export
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.pages.import_file import PLURALS, save_as
from rally_desktop.ui.pages.import_task import TaskBar
from rally_desktop.ui.pages.workflow_rows import choices, choose, explained, named
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.segments import Segments

FORMAT = "export_format"
FORMATS = (
    ("Excel workbook (.xlsx)", "xlsx"),
    ("CSV that Excel opens by a double-click", "csv,"),
    ("CSV with semicolons", "csv;"),
    ("CSV for other programs, without a mark", "csv-"),
)
SAFE = "Texts that a spreadsheet would calculate are made harmless."
AGAIN = "The file can be imported again as it is."


class ExportDialog(QDialog):
    """``export`` is the view as it stands; its numbers are the selected records, if several."""

    def __init__(
        self, desk: Desk, export: Export, count: int, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Export")
        self.setFixedWidth(520)
        self.desk, self._export, self._count, self._name = desk, export, count, name
        chosen = len(export.numbers or ())
        self.which = Segments("Which records")
        self.which.add("all", f"All {count:,} that are listed")
        self.which.add("chosen", f"{chosen:,} selected").setVisible(bool(chosen))
        self.which.choose("chosen" if chosen else "all")
        again = export.kind in PLURALS  # what comes in as a list, too
        every = (("Every field that can be imported", "every"),) if again else ()
        self.columns = choices((("Those of the view", "view"), *every), "Columns")
        self.format = choices(FORMATS, "File")
        choose(self.format, desk.preferences.get(FORMAT, "xlsx"))
        self.noun = "task" if export.kind == "task" else "record"
        self.task = TaskBar(desk, self.noun)
        self.wrong = PlainLabel("", "sub")
        self.wrong.set_tone("bad")
        self.wrong.setWordWrap(True)
        self.cancel = button(desk.theme, "Cancel")
        self.save_button = button(desk.theme, "Export…", "download", "primary")
        self.save_button.setDefault(True)
        self._lay_out()
        self.cancel.clicked.connect(self.reject)
        self.save_button.clicked.connect(self._ask)
        self.save_button.setFocus()

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self.wrong, 1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.save_button)
        across = QHBoxLayout()
        all_ = PlainLabel(self.which.buttons["all"].text())
        across.addWidget(all_ if self._export.numbers is None else self.which)
        across.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(16)
        kind = self._export.kind
        column.addWidget(
            PlainLabel(f"Export {'tasks' if kind == 'task' else PLURALS[kind]}", "heading")
        )
        column.addLayout(across)
        column.addWidget(named("Columns", self.columns))
        column.addWidget(named("File", self.format))
        column.addWidget(explained(SAFE if kind == "task" else f"{SAFE} {AGAIN}"))
        column.addWidget(self.task)
        column.addLayout(foot)

    def export(self) -> Export:
        """Return what goes out as it was chosen."""
        said = self.format.currentData()
        made = replace(
            self._export,
            separator=";" if said == "csv;" else ",",
            mark=said != "csv-",
        )
        if self.which.buttons["all"].isChecked():
            made = replace(made, numbers=None)
        return replace(made, keys=()) if self.columns.currentData() == "every" else made

    def _ask(self) -> None:
        said = self.format.currentData()
        ending = "xlsx" if said == "xlsx" else "csv"
        self.desk.preferences.put(FORMAT, said)
        save_as(self, self.desk, f"{file_name(self._name, 'Export')}.{ending}", self.save)

    @later
    async def save(self, name: str) -> None:
        """Write the file; what goes wrong is said here, and nothing half-done is left."""
        path, export = Path(name), self.export()
        self.save_button.setEnabled(False)
        self.wrong.clear()
        try:
            count = await self.task.wait(
                lambda store, tell, stop: exports.write(
                    store, path, export, lambda done, _: tell(done), stop
                ),
                self._count if export.numbers is None else len(export.numbers),
            )
        except RallyError as error:
            self.wrong.setText(str(error))
            return
        finally:
            self.save_button.setEnabled(True)
        if count is None:
            return
        shows = ("Show folder", partial(_show_folder, path.parent))
        self.desk.notices.tell(f"{count:,} {self.noun}s are in ‘{path.name}’.", "ok", shows)
        self.accept()

    def reject(self) -> None:
        """Close; what is being written is given up first."""
        if self.task.running:
            self.task.stop()
            return
        super().reject()

    def show_error(self, error: Exception) -> None:
        """Say what went wrong."""
        self.desk.notices.show_error(error)


def _show_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
