"""The versions of a template: what each changed, and a way back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.services import template_versions, templates
from rally_desktop.services.template_versions import Compared, Version
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.list_table import Column, ListTable
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.relative_time import ago, exactly


class PastDialog(QDialog):
    """Compares a version with what the template says now; ``restored`` tells of a way back."""

    restored = Signal()

    def __init__(self, desk: Desk, number: int, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Versions of ‘{name}’")
        self._desk, self._number = desk, number
        self._versions: Sequence[Version] = ()
        clock = desk.clock
        columns = [
            Column[Version]("Version", lambda one: str(one.number), 70, strong=True),
            Column[Version]("Saved", lambda one: ago(one.at, clock.now()),
                            tip=lambda one: exactly(one.at)),
            Column[Version]("By", lambda one: one.by, 120),
        ]  # fmt: skip
        self.table: ListTable[Version] = ListTable(desk.theme, "Versions", columns)
        self.lines = QPlainTextEdit(readOnly=True)
        self.lines.setFrameShape(QFrame.Shape.NoFrame)
        self.lines.setAccessibleName("What differs from now")
        self.about = PlainLabel("", "sub")
        self.close_button = button(desk.theme, "Close")
        self.restore = button(desk.theme, "Go back to this version", "history", "primary")
        self._build()
        self.table.chosen.connect(lambda _one: self._compare())
        self.close_button.clicked.connect(self.close)
        self.restore.clicked.connect(self.go_back)
        self._read()

    @later
    async def _read(self) -> None:
        self._versions = await self._desk.background.read(template_versions.listed, self._number)
        self.table.show_rows(self._versions, lambda one: one.number)
        self.table.choose(lambda one: True)
        self._compare()

    @later
    async def go_back(self) -> None:
        """Let the template say again what the chosen version says, as a new version."""
        chosen = self.table.current()
        if chosen is not None:
            await self._desk.background.write(templates.go_back, self._number, chosen.number)
            self._desk.notices.tell(f"The template says again what version {chosen.number} says.")
            self.restored.emit()
            self.close()

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self._desk.notices.show_error(error)

    def _compare(self) -> None:
        chosen = self.table.current()
        if chosen is None or not self._versions:
            return
        now = self._versions[0]
        self.restore.setEnabled(chosen.number != now.number)
        self.about.setText(
            "This is what the template says now."
            if chosen.number == now.number
            else f"What version {chosen.number} says, against now: red is gone, green is new."
        )
        self._write(template_versions.compared(chosen.content, now.content))

    def _write(self, lines: Sequence[Compared]) -> None:
        self.lines.clear()
        cursor, theme = QTextCursor(self.lines.document()), self._desk.theme
        for line in lines:
            look = QTextCharFormat()
            if line.side != "both":
                tone = "bad" if line.side == "old" else "ok"
                look.setForeground(theme.colour(tone))
                look.setBackground(theme.colour(f"{tone}_tint"))
            sign = {"both": "   ", "old": "−  ", "new": "+  "}[line.side]
            cursor.insertText(f"{sign}{line.text}\n", look)
        self.lines.moveCursor(QTextCursor.MoveOperation.Start)

    def _build(self) -> None:
        left = QVBoxLayout()
        left.addWidget(self.table)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.about)
        right.addWidget(self.lines, 1)
        across = QHBoxLayout()
        across.setSpacing(16)
        across.addLayout(left, 2)
        across.addLayout(right, 3)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.restore)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addLayout(across, 1)
        column.addLayout(foot)
        self.resize(860, 540)
