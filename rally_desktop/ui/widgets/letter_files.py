"""The files of a message: what they are, how large, fetched when somebody opens or saves one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.core import file_kinds
from rally_desktop.outside.files import from_outside
from rally_desktop.services.letters import Enclosed
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.letter_fetch import LetterFetch, Stopped
from rally_desktop.ui.widgets.plain_label import PlainLabel, ShortLabel

FOLDER = "letter.folder"
ROW, MOST_ROWS = 40, 3


class LetterFiles(QScrollArea):
    """A row a file; the first three are seen, the others by scrolling."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.rows: list[FileRow] = []
        self._body = QWidget(objectName="scrolled")
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Files")
        self.setWidget(self._body)
        self.hide()

    def show_files(self, number: int, files: Sequence[Enclosed]) -> None:
        """List the files of a message."""
        for row in self.rows:
            row.fetch.stop()
            row.setParent(None)  # type: ignore[arg-type]
            row.deleteLater()
        self.rows = [FileRow(self._desk, number, one) for one in files]
        for row in self.rows:
            self._column.addWidget(row)
        self.setFixedHeight(ROW * min(len(self.rows), MOST_ROWS) + 2)
        self.setVisible(bool(files))


class FileRow(QWidget):
    """One file: opened where that is safe, saved, or on its way with a way to stop it."""

    def __init__(self, desk: Desk, number: int, file: Enclosed) -> None:
        super().__init__()
        self._desk, self._number, self._file = desk, number, file
        self._content: bytes | None = None
        self.fetch = LetterFetch(desk, self)
        safe = file_kinds.can_be_shown(file.name)
        self.name = ShortLabel(file.name, "strong")
        said = file_kinds.in_words(file.name, file.kind)
        self.about = PlainLabel(f"{said}, {file_kinds.size_in_words(file.size)}", "sub")
        self.about.set_tone("quiet")
        self.careful = PlainLabel("May hold a program: only saved", "sub")
        self.careful.set_tone("warn")
        self.open_button = button(desk.theme, "Open", kind="quiet")
        self.open_button.setAccessibleName(f"Open {file.name}")
        self.save_button = button(desk.theme, "Save…", kind="quiet")
        self.save_button.setAccessibleName(f"Save {file.name}")
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName(f"Fetching {file.name}")
        self.bar.setFixedWidth(120)
        self.bar.setMaximum(max(1, file.size))
        self.stop_button = button(desk.theme, "Cancel", kind="quiet")
        self._lay_out()
        self.careful.setVisible(not safe)
        self._busy(busy=False)
        self.fetch.came.connect(lambda done: self.bar.setValue(min(done, self.bar.maximum())))
        self.stop_button.clicked.connect(self.fetch.stop)
        self.open_button.clicked.connect(lambda: self._open())
        self.save_button.clicked.connect(lambda: self._ask())

    def _lay_out(self) -> None:
        self.setFixedHeight(ROW)
        picture = QLabel()
        theme, name = self._desk.theme, file_kinds.icon(self._file.name, self._file.kind)
        picture.setPixmap(theme.pixmap(name, "ink2", 18))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.name)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.about)
        below.addWidget(self.careful)
        below.addStretch(1)
        words.addLayout(below)
        across = QHBoxLayout(self)
        across.setContentsMargins(4, 0, 4, 0)
        across.setSpacing(8)
        across.addWidget(picture)
        across.addLayout(words, 1)
        for part in (self.bar, self.stop_button, self.open_button, self.save_button):
            across.addWidget(part)

    def _busy(self, *, busy: bool) -> None:
        for part in (self.bar, self.stop_button):
            part.setVisible(busy)
        self.open_button.setVisible(not busy and file_kinds.can_be_shown(self._file.name))
        self.save_button.setVisible(not busy)
        self.bar.setValue(0)

    async def _had(self) -> bytes | None:
        """Return what is in the file; None where somebody stopped it on its way."""
        if self._content is None:
            self._busy(busy=True)
            try:
                self._content = await self.fetch.file(self._number, self._file)
            except Stopped:
                return None
            finally:
                self._busy(busy=False)
        return self._content

    @later
    async def _open(self) -> None:
        """Show a copy of the file in the program that this computer has for it."""
        if (content := await self._had()) is not None:
            name = self._file.name
            path = await self._desk.background.job(
                lambda _store, _stopped: from_outside.laid_out(name, content)
            )
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def _ask(self) -> None:
        dialog = QFileDialog(self, "Save as")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDirectory(self._desk.preferences.get(FOLDER, str(Path.home())))
        dialog.selectFile(self._file.name)
        dialog.fileSelected.connect(lambda name: self.save(Path(name)))
        dialog.open()

    @later
    async def save(self, path: Path) -> None:
        """Fetch the file and write it down."""
        self._desk.preferences.put(FOLDER, str(path.parent))
        if (content := await self._had()) is not None:
            await self._desk.background.job(
                lambda _store, _stopped: from_outside.keep(path, content)
            )
            self._desk.notices.tell(f"‘{path.name}’ saved.", "ok")
