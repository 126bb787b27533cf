"""The steps of a sequence below each other, with their waits: chosen, dragged, edited in place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Protocol

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.sequence_rows_drag import Drag
from rally_desktop.ui.widgets.sequence_step import StepLine, StepRow
from rally_desktop.ui.widgets.sequence_step_end import EndRow
from rally_desktop.ui.widgets.sequence_step_wait import WaitGap


class RowHands(Protocol):
    """What is done where somebody works on the rows; places count from 0."""

    def choose(self, key: str) -> None: ...
    def open(self, key: str) -> None: ...
    def look_at_wait(self, at: int) -> None: ...
    def put(self, at: int, to: int) -> None: ...
    def wait(self, at: int, amount: int, unit: str) -> None: ...
    def ask(self, at: int) -> None: ...
    def show_people(self, at: int) -> None: ...
    def offer(self, key: str, there: QPoint) -> None: ...
    def key(self, event: QKeyEvent) -> bool: ...


class SequenceRows(QFrame):
    """Shows rows that are brought up to date in place while they are the same steps."""

    def __init__(self, theme: Theme, hands: RowHands) -> None:
        super().__init__()
        self._theme, self._hands = theme, hands
        self.steps: list[StepRow] = []
        self.gaps: list[WaitGap] = []
        self.end = EndRow(theme)
        self.chosen, self._locked, self._narrow = "", False, False
        self._drag = Drag(self, lambda: self.steps)
        self._drag.dropped.connect(self._drop)
        self._drag.over.connect(lambda: self.mark(self.chosen))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Steps of the sequence")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.end)

    # -- showing ----------------------------------------------------------------------------------

    def show_lines(self, lines: Sequence[StepLine], end: StepLine) -> None:
        """Show these steps, and what stands after them."""
        if [line.key for line in lines] != [row.key for row in self.steps]:
            self._build([line.key for line in lines])
        for at, line in enumerate(lines):
            self.steps[at].show_line(line)
            self.gaps[at].show_wait(line.wait, at == 0, line.waiting)
        self.end.show_line(end)
        self.end.setVisible(bool(lines))

    def mark(self, key: str) -> bool:
        """Show which step is chosen, and return whether it is another one than before."""
        other, self.chosen = key != self.chosen, key
        for row in self.steps:
            row.mark(row.key == key)
        chosen = self.row(key)
        self.setAccessibleDescription(chosen.accessibleName() if chosen else "")
        return other

    @property
    def lifted(self) -> str:
        """Return the step that is on its way to another place, if one is."""
        return self._drag.lifted

    def row(self, key: str) -> StepRow | None:
        """Return the row of a step."""
        return next((row for row in self.steps if row.key == key), None)

    def lock(self, locked: bool) -> None:
        """Let nothing be edited, or everything again."""
        self._locked = locked
        self._drag.stop()
        for part in (*self.gaps, *self.steps):
            part.lock(locked)

    def be_narrow(self, narrow: bool) -> None:
        """Show the days on the cards instead of beside them, or beside them again."""
        self._narrow = narrow
        for part in (*self.gaps, *self.steps, self.end):
            part.be_narrow(narrow)

    # -- working ----------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave a row where it was by Esc; all else is for the hands."""
        if event.key() == Qt.Key.Key_Escape and self._drag.lifted:
            self._drag.stop()
        elif not self._hands.key(event):
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Choose the first step where one comes by keys and none is chosen."""
        super().focusInEvent(event)
        by_keys = event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
        )
        if by_keys and self.steps and self.row(self.chosen) is None:
            self._hands.choose(self.steps[0].key)

    def _build(self, keys: Sequence[str]) -> None:
        """Show other steps, or the same in another order; a wait stays in its place."""
        self._drag.stop()
        known = {row.key: row for row in self.steps}
        self.steps = [known.pop(key, None) or self._step(key) for key in keys]
        for part in (*known.values(), *self.gaps[len(keys) :]):
            self._column.removeWidget(part)
            part.hide()
            part.deleteLater()
        del self.gaps[len(keys) :]
        while len(self.gaps) < len(keys):
            self.gaps.append(self._gap(len(self.gaps)))
        for at, row in enumerate(self.steps):
            for place, part in ((2 * at, self.gaps[at]), (2 * at + 1, row)):
                if self._column.indexOf(part) != place:
                    self._column.insertWidget(place, part)

    def _gap(self, at: int) -> WaitGap:
        gap, hands = WaitGap(self._theme), self._hands
        gap.setParent(self)
        gap.lock(self._locked)
        gap.be_narrow(self._narrow)
        gap.changed.connect(partial(hands.wait, at))
        gap.wanted.connect(lambda: hands.ask(at))
        gap.people_wanted.connect(lambda: hands.show_people(at))
        gap.entered.connect(lambda: hands.look_at_wait(at))
        before = self.gaps[-1].boxes[-1] if self.gaps else self
        for box in gap.boxes:
            QWidget.setTabOrder(before, box)
            before = box
        return gap

    def _step(self, key: str) -> StepRow:
        row, hands = StepRow(self._theme, key), self._hands
        row.lock(self._locked)
        row.be_narrow(self._narrow)
        row.pressed.connect(lambda where: self._press(key, where))
        row.dragged.connect(lambda where: self._dragged(key, where))
        row.let_go.connect(self._drag.let_go)
        row.opened.connect(lambda: hands.open(key))
        row.asked.connect(lambda where: hands.offer(key, where))
        return row

    def _press(self, key: str, where: QPoint) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._drag.press(where)
        self._hands.choose(key)

    def _dragged(self, key: str, where: QPoint) -> None:
        if not self._locked:
            self._drag.take(key, where)

    def _drop(self, key: str, to: int) -> None:
        """Put a step that was dragged to another place."""
        at = next(place for place, row in enumerate(self.steps) if row.key == key)
        if at != to:
            self._hands.put(at, to)
