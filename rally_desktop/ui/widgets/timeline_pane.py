"""The timeline of one record: everything that happened, newest first, and it goes on by itself."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QListView,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.model.ref import Ref
from rally_desktop.services import timeline
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.composer import Composer
from rally_desktop.ui.widgets.empty_panel import EmptyPanel
from rally_desktop.ui.widgets.open_tasks import OpenTasks
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.timeline_lines import LINE_ROLE, TimelineLines, TimelineModel

LINES_AT_ONCE = 60
NEAR_THE_END = 800
MINUTE_MS = 60_000


class TimelineView(QListView):
    """The list; a click, Enter or space unfolds a line that has more to say."""

    near_end = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = TimelineModel(desk, self)
        self.setModel(self.lines)
        self.painter = TimelineLines(desk, self)
        self.setItemDelegate(self.painter)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Timeline")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.verticalScrollBar().setSingleStep(24)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    def add_newer(self, lines: tuple[timeline.Line, ...]) -> int:
        """Add lines at the top without moving what one is reading."""
        bar = self.verticalScrollBar()
        seen = QModelIndex(self.indexAt(self.viewport().rect().topLeft()))
        if not bar.value() or not seen.isValid():
            return self.lines.add_newer(lines)
        line: timeline.Line = seen.data(LINE_ROLE)
        top = self.visualRect(seen).top()
        count = self.lines.add_newer(lines)
        self.doItemsLayout()
        row = next(i for i, one in enumerate(self.lines.lines) if one.id == line.id)
        bar.setValue(bar.value() + self.visualRect(self.lines.index(row)).top() - top)
        return count

    def unfold(self, index: QModelIndex) -> None:
        """Show the whole text of a line, or fold it again."""
        line: timeline.Line = index.data(LINE_ROLE)
        opened = self.isPersistentEditorOpen(index)
        if not opened and not self.painter.foldable(line, self.painter.text_width()):
            return
        if self.lines.toggle(index):
            self.openPersistentEditor(index)
        else:
            self.closePersistentEditor(index)
        self.scheduleDelayedItemsLayout()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Unfold the line under the pointer."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self.unfold(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Unfold with Enter or space."""
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if event.key() in keys and self.currentIndex().isValid():
            self.unfold(self.currentIndex())
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the lines out for the new width."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def _scrolled(self, value: int) -> None:
        if value >= self.verticalScrollBar().maximum() - NEAR_THE_END:
            self.near_end.emit()


class TimelinePane(QWidget):
    """The pane: what to see, a place to write, and the lines."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.ref: Ref | None = None
        self._whole = False
        self._reading = False
        self._beginning = 0
        self._news = False
        self.view = TimelineView(desk)
        self.composer = Composer(desk)
        self.tasks = OpenTasks(desk)
        self.group = QComboBox()
        self.group.setAccessibleName("What the timeline shows")
        self.group.addItem("Everything", "")
        for key, title in timeline.GROUPS.items():
            self.group.addItem(title, key)
        self.empty = EmptyPanel(desk.theme)
        self.empty.say("history", "Nothing here yet", "What happens will be listed here.")
        self.note_button = _button("Log a note", "Log a note (Ctrl+Shift+N)")
        self.task_button = _button("Add a task", "Add a task")
        self._layers = QStackedLayout()
        self._layers.addWidget(self.view)
        self._layers.addWidget(self.empty)
        self._lay_out()
        self._minute = QTimer(self, interval=MINUTE_MS)
        self._minute.timeout.connect(self.view.viewport().update)
        self._minute.start()
        self.view.near_end.connect(self._read_older)
        self.group.currentIndexChanged.connect(lambda: self._read_all())
        self.note_button.clicked.connect(self.composer.write_note)
        self.task_button.clicked.connect(self.composer.write_task)
        desk.background.changed.connect(self._hear)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 12, 8)
        head.setSpacing(4)
        head.addWidget(PlainLabel("Timeline", role="title"))
        head.addStretch(1)
        head.addWidget(self.note_button)
        head.addWidget(self.task_button)
        head.addWidget(self.group)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.composer)
        layout.addWidget(self.tasks)
        layout.addLayout(self._layers, 1)

    def show_ref(self, ref: Ref | None) -> None:
        """Show the timeline of a record, or nothing."""
        if ref == self.ref:
            return
        self.ref = ref
        self.composer.show_ref(ref)
        self.tasks.show_ref(ref)
        self._read_all()

    def log_note(self) -> None:
        """Open the box for a note."""
        if self.ref is not None:
            self.composer.write_note()

    def _read_all(self) -> None:
        # Counted from now on, not from when the reading starts.
        self._beginning += 1
        self._begin(self.ref, self.group.currentData())

    @later
    async def _begin(self, ref: Ref | None, group: str) -> None:
        try:
            found = await self._first_lines(ref, group)
        finally:
            self._beginning -= 1
        if self._still(ref, group):
            self._whole = len(found) < LINES_AT_ONCE
            self.view.lines.show(found)
            self.view.scrollToTop()
            self._show_layer()
        if self._news and not self._beginning:
            self._news = False
            self._read_newer()

    @later
    async def _read_newer(self) -> None:
        ref, group = self.ref, self.group.currentData()
        found = await self._first_lines(ref, group)
        if not self._still(ref, group):
            return
        known = {line.id for line in self.view.lines.lines}
        if known and not known & {line.id for line in found}:
            # So much happened that the lines no longer join up: begin anew.
            self._read_all()
            return
        self.view.add_newer(found)
        self._show_layer()

    @later
    async def _read_older(self) -> None:
        ref, group, lines = self.ref, self.group.currentData(), self.view.lines.lines
        if self._whole or self._reading or ref is None or not lines:
            return
        self._reading = True
        try:
            found = await self.desk.background.read(
                timeline.lines,
                ref,
                before=lines[-1].id,
                limit=LINES_AT_ONCE,
                groups=[group] if group else (),
            )
        finally:
            self._reading = False
        if self._still(ref, group) and lines is self.view.lines.lines:
            self._whole = len(found) < LINES_AT_ONCE
            self.view.lines.add_older(found)

    async def _first_lines(self, ref: Ref | None, group: str) -> tuple[timeline.Line, ...]:
        if ref is None:
            return ()
        return await self.desk.background.read(
            timeline.lines, ref, limit=LINES_AT_ONCE, groups=[group] if group else ()
        )

    def _still(self, ref: Ref | None, group: str) -> bool:
        return ref == self.ref and group == self.group.currentData()

    def _show_layer(self) -> None:
        shown = self.view if self.view.lines.lines else self.empty
        self._layers.setCurrentWidget(shown)

    def _hear(self, touched: frozenset[str]) -> None:
        if "activity" not in touched:
            return
        # What happens while the first lines are being read may not be among them.
        if self._beginning:
            self._news = True
        else:
            self._read_newer()


def _button(words: str, tip: str) -> QPushButton:
    button = QPushButton(words)
    button.setProperty("kind", "quiet")
    button.setToolTip(tip)
    return button
