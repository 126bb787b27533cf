"""The files that go with a message or a template: attached or dropped here, taken off again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from rally_desktop.core.errors import RallyError, Refused
from rally_desktop.services import attachments
from rally_desktop.services.attachments import File
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.buttons import button, tool
from rally_desktop.ui.widgets.plain_label import PlainLabel, ShortLabel

LIMITS = "Up to 10 files of 10 MB each, 15 MB together."


class FileList(QWidget):
    """Keeps the files at once; whatever names them is saved elsewhere."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.files: tuple[File, ...] = ()
        self.setAcceptDrops(True)
        self.attach = button(desk.theme, "Attach files…", "paperclip", "link")
        self.wrong = PlainLabel("", "sub")
        self.wrong.set_tone("bad")
        self.wrong.setWordWrap(True)
        self.wrong.hide()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.attach)
        head.addWidget(PlainLabel(LIMITS, "sub"), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._rows)
        column.addLayout(head)
        column.addWidget(self.wrong)
        self.attach.clicked.connect(self._ask)

    def fill(self, files: Sequence[File]) -> None:
        """Show files that are kept."""
        self.files = tuple(files)
        while (item := self._rows.takeAt(0)) is not None:
            if (row := item.widget()) is not None:
                row.hide()
                row.deleteLater()
        for one in self.files:
            self._rows.addWidget(self._row(one))

    @later
    async def take(self, paths: Sequence[Path]) -> None:
        """Attach files; one that cannot be sent is said and left out."""
        self.wrong.hide()
        for path in paths:
            try:
                content = await self._desk.background.job(lambda _s, _t, path=path: _read(path))
                made = await self._desk.background.write(attachments.keep, path.name, content)
                files = (*(one for one in self.files if one.name != made.name), made)
                await self._desk.background.read(attachments.check, files)
            except RallyError as error:
                self._say(str(error))
                continue
            self.fill(files)
            self.changed.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files that are dropped."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Attach what was dropped."""
        urls = (url for url in event.mimeData().urls() if url.isLocalFile())
        self.take([Path(url.toLocalFile()) for url in urls])

    def _ask(self) -> None:
        dialog = QFileDialog(self, "Attach files")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: self.take([Path(name) for name in names]))
        dialog.open()

    def _row(self, one: File) -> QWidget:
        row = QWidget()
        off = tool(self._desk.theme, f"Take ‘{one.name}’ off", "x")
        off.clicked.connect(lambda: self._take_off(one))
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(8)
        across.addWidget(ShortLabel(one.name), 1)
        across.addWidget(PlainLabel(_size(one.size), "sub"))
        across.addWidget(off)
        return row

    def _take_off(self, one: File) -> None:
        self.fill([each for each in self.files if each != one])
        self.changed.emit()

    def _say(self, text: str) -> None:
        self.wrong.setText(text)
        self.wrong.show()


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(attachments.LARGEST + 1)
    except OSError as error:
        raise Refused(f"‘{path.name}’ cannot be read: {error.strerror}.") from error


def _size(size: int) -> str:
    return f"{size / 1024:,.0f} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:.1f} MB"
