"""Why some are left out of an enrolment: a line for each reason, which opens to the names."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QToolButton, QVBoxLayout, QWidget

from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.model.work import Work
from rally_desktop.services import records
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later

MOST_NAMES = 500
LINES = 5  # names in sight; further ones are scrolled to


class ReasonLine(QWidget):
    """How many and why; ``wanted`` brings the Ref of a name that was double-clicked."""

    wanted = Signal(object)
    unfolded = Signal()

    def __init__(self, desk: Desk, kind: RecordKind, words: str, numbers: Sequence[int]) -> None:
        super().__init__()
        self._desk, self._numbers = desk, numbers
        self._kind: RecordKind = kind
        self.head = QToolButton(checkable=True)
        self.head.setText(f"{len(numbers):,} · {words}")
        self.head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.head.setArrowType(Qt.ArrowType.RightArrow)
        self.head.setAutoRaise(True)
        self.names = QListWidget()
        self.names.setAccessibleName(words)
        self.names.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.head, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.names)
        self.head.toggled.connect(self._unfold)
        self.names.itemActivated.connect(self._want)

    def _unfold(self, opened: bool) -> None:
        arrow = Qt.ArrowType.DownArrow if opened else Qt.ArrowType.RightArrow
        self.head.setArrowType(arrow)
        if opened and not self.names.count():
            self._fill()
            return
        self.names.setVisible(opened)
        self.unfolded.emit()

    @later
    async def _fill(self) -> None:
        some = list(self._numbers[:MOST_NAMES])
        for number, name in await self._desk.background.read(_names, self._kind, some):
            item = QListWidgetItem(name)
            item.setData(Qt.ItemDataRole.UserRole, number)
            self.names.addItem(item)
        if (more := len(self._numbers) - len(some)) > 0:
            last = QListWidgetItem(f"and {more:,} more")
            last.setFlags(Qt.ItemFlag.NoItemFlags)
            self.names.addItem(last)
        lines = min(self.names.count(), LINES)
        self.names.setFixedHeight(lines * self.names.sizeHintForRow(0) + 10)
        self.names.setVisible(self.head.isChecked())
        self.unfolded.emit()

    def _want(self, item: QListWidgetItem) -> None:
        if (number := item.data(Qt.ItemDataRole.UserRole)) is not None:
            self.wanted.emit(Ref(self._kind, number))


def _names(work: Work, kind: RecordKind, numbers: Sequence[int]) -> list[tuple[int, str]]:
    """Return the names of records, in order."""
    found = work.records(kind, numbers)
    named = [(number, records.name_of(kind, one)) for number, one in found.items()]
    return sorted(named, key=lambda one: one[1].casefold())
