"""What the page shows in the place of a draft that cannot be read: why, and what to do."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from rally_desktop.core.errors import BadDefinition, BadFile
from rally_desktop.services import drafts
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.ask import ask
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel

WIDE = 560


class Unreadable(QWidget):
    """An error with its ways out; the draft stays as it is stored until somebody replaces it.

    ``covers`` says whether it stands in the place of all else, ``left`` that one wants to go back.
    """

    covers = Signal(bool)
    left = Signal()
    replaced = Signal()

    def __init__(self, desk: Desk, workflow_id: int) -> None:
        super().__init__()
        self._desk, self._number = desk, workflow_id
        self.sign = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.heading = PlainLabel("This draft cannot be opened", "title")
        self.why = PlainLabel()
        self.advice = PlainLabel()
        self.advice.set_tone("quiet")
        self.export = button(self._desk.theme, "Save it as a file …", "download")
        self.older = button(self._desk.theme, "Open the published version", "history", "primary")
        self.back = button(self._desk.theme, "Back to the workflows", "arrow-left")
        self._build()
        self.back.clicked.connect(self.left)
        self.export.clicked.connect(self._choose_file)
        self.older.clicked.connect(self.open_published)
        self._desk.theme.changed.connect(self._draw)
        self._draw()
        self.setVisible(False)

    async def show_what_to_do(self, error: BadDefinition) -> None:
        """Say why the draft cannot be read, and offer the ways out that there are."""
        read = self._desk.background.read
        name = await read(drafts.name, self._number)
        published = await read(drafts.published, self._number)
        self.heading.setText(f"The draft of ‘{name}’ cannot be opened")
        self.why.setText(str(error))
        self.older.setVisible(published is not None)
        self.older.setText(f" Open version {published}")
        self.advice.setText(
            "Nothing in it was changed. Save it as a file to look into it, or to open it with "
            "another version of the program."
            + (" Or go back to what is published." if published is not None else "")
        )
        self.show()
        self.covers.emit(True)

    def go(self) -> None:
        """Make room for a draft that can be read."""
        if not self.isHidden():
            self.hide()
            self.covers.emit(False)

    @later
    async def write(self, path: str) -> None:
        """Write the draft as it is stored into a file."""
        text = await self._desk.background.read(drafts.document, self._number)
        try:
            Path(path).write_text(text, "utf-8")
        except OSError as error:
            raise BadFile(f"{path} cannot be written: {error.strerror}.") from error
        self._desk.notices.tell(f"Saved as {path}.", "ok")

    @later
    async def open_published(self) -> None:
        """Put the published version in the place of the draft, once somebody said so twice."""
        question = "Replace the draft by the published version?"
        what = "What cannot be read is gone then, unless you save it as a file first."
        if await ask(self, question, what, "Replace it"):
            await self._desk.background.write(drafts.go_back, self._number)
            self.replaced.emit()

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, "Save the draft as a file", str(Path.home() / "workflow.json"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("JSON files (*.json)")
        dialog.setDefaultSuffix("json")
        dialog.fileSelected.connect(self.write)
        dialog.open()

    def _build(self) -> None:
        middle = QWidget()
        middle.setMaximumWidth(WIDE)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.sign)
        column.addSpacing(4)
        for label in (self.heading, self.why, self.advice):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            column.addWidget(label)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        for part in (self.back, self.export, self.older):
            buttons.addWidget(part)
        buttons.addStretch()
        column.addSpacing(8)
        column.addLayout(buttons)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(middle, 8)
        across.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(32, 32, 32, 32)
        whole.addStretch(2)
        whole.addLayout(across)
        whole.addStretch(3)

    def _draw(self) -> None:
        self.sign.setPixmap(self._desk.theme.pixmap("file-exclamation-point", "bad", 32))
