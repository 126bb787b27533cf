"""The dialog that saves a workflow as a picture."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSizeF, QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from rally_desktop.canvas.export.drawing import Tell
from rally_desktop.canvas.export.files import Export, Made
from rally_desktop.canvas.export.pages import Page
from rally_desktop.outside.files.naming import file_name
from rally_desktop.outside.files.whole import write_whole
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.pages.workflow_out_dialog import ONE_PAGE, OutDialog, Source
from rally_desktop.ui.pages.workflow_rows import choices, choose, named

FORMATS = (("PNG picture", "png"), ("SVG drawing", "svg"), ("PDF document", "pdf"))
FORMAT, FOLDER = "picture_format", "picture_folder"


class PictureDialog(OutDialog):
    """Saves as PNG, SVG or PDF, in the folder of the last time."""

    title = "Export picture"
    papers = (ONE_PAGE, *OutDialog.papers)

    def __init__(
        self, desk: Desk, whole: Source, part: Source | None, count: int, parent: QWidget
    ) -> None:
        self.format = choices(FORMATS, "As")
        choose(self.format, desk.preferences.get(FORMAT, "png"))
        super().__init__(desk, whole, part, count, parent)
        self.side.insertWidget(self.side.indexOf(self.paper_row), named("As", self.format))
        self.format.currentIndexChanged.connect(self._turn)

    @property
    def kind(self) -> str:
        """Return the kind of file: png, svg or pdf."""
        return str(self.format.currentData())

    def goes(self) -> tuple[str, str]:
        """Return the words and the icon of the button that saves."""
        return "Save…", "download"

    def paged(self) -> bool:
        """Say that only a PDF has pages."""
        return self.kind == "pdf"

    def said(self, export: Export, pages: list[Page]) -> str:
        """Return how large it will be."""
        if self.kind == "svg":
            return "Can be made as large as you like; words stay words."
        if self.kind == "pdf":
            return super().said(export, pages)
        size = pages[0].size * export.scale()
        pixels = f"{int(size.width()):,} × {int(size.height()):,} pixels."
        return f"{pixels} {export.remark('png', pages)}".strip()

    def suggested(self) -> str:
        """Return the workflow's name as that of a file."""
        return f"{file_name(self.export.heading.name, 'Workflow')}.{self.kind}"

    def go(self) -> None:
        """Ask for the file."""
        dialog = QFileDialog(self, self.title)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(f"{self.format.currentText()} (*.{self.kind})")
        dialog.setDefaultSuffix(self.kind)
        pictures = QStandardPaths.StandardLocation.PicturesLocation
        usual = QStandardPaths.writableLocation(pictures)
        dialog.setDirectory(self.desk.preferences.get(FOLDER, usual))
        dialog.selectFile(self.suggested())
        dialog.fileSelected.connect(self.save)
        dialog.open()

    @later
    async def save(self, name: str) -> None:
        """Write the file; what goes wrong is said here, and nothing half-done is left."""
        path = Path(name)
        write = partial(_written, self.export, self.kind, self.paper_size(), path)
        made = await self.work(write)
        if made is None:
            return
        self.desk.preferences.put(FOLDER, str(path.parent))
        shows = ("Show folder", partial(_show_folder, path.parent))
        self.desk.notices.tell(f"Saved ‘{path.name}’. {made.remark}".strip(), "ok", shows)
        self.accept()

    def _turn(self) -> None:
        self.desk.preferences.put(FORMAT, self.kind)
        self.view.start()
        self.show_page()


def _show_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _written(export: Export, kind: str, paper: QSizeF | None, path: Path, tell: Tell) -> Made:
    """Make a file's content and write it; on a worker thread."""
    if kind == "pdf":
        made = export.pdf(paper, tell)
    else:
        made = export.svg(tell) if kind == "svg" else export.png(tell)
    write_whole(path, made.content)
    return made
