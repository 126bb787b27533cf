"""A filter as rows of field, operator and value that must all, or in part, hold.

What rows cannot show (groups within groups, negations) stays in the filter as a sentence that
one can read and remove; nothing is lost by opening and saving.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from rally_desktop.core.conditions import Fields
from rally_desktop.model.ref import RecordKind
from rally_desktop.ui.widgets.filter_row import FilterRow, KeptRow, Lists, editable
from rally_desktop.ui.widgets.plain_label import PlainLabel


class FilterRows(QWidget):
    """Edits one filter of the filter language."""

    changed = Signal()

    def __init__(
        self,
        record_kind: RecordKind,
        fields: Fields,
        lists: Lists | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.record_kind = record_kind
        self._fields, self._lists = fields, lists or {}
        self._rows: list[FilterRow | KeptRow] = []
        self.mode = QComboBox()
        self.mode.addItem("all", "all")
        self.mode.addItem("any", "any")
        self.mode.setAccessibleName("All or any of the conditions")
        self._head = QWidget()
        head = QHBoxLayout(self._head)
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(PlainLabel("Match"))
        head.addWidget(self.mode)
        head.addWidget(PlainLabel("of these conditions"))
        head.addStretch(1)
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self.add_button = QPushButton("Add a condition")
        self.add_button.setProperty("flat", True)
        foot = QHBoxLayout()
        foot.addWidget(self.add_button)
        foot.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._head)
        layout.addLayout(self._list)
        layout.addLayout(foot)
        self.mode.currentIndexChanged.connect(self.changed)
        self.add_button.clicked.connect(self.add_condition)
        self._show_head()

    def filter(self) -> dict[str, Any] | None:
        """Return the filter as it stands, with conditions that still lack a value; or None.

        ``problem`` says whether something is missing; such a filter is refused by ``parse``
        rather than taken for a wider one.
        """
        parts = [row.condition() for row in self._rows]
        return {self.mode.currentData(): parts} if parts else None

    def complete_filter(self) -> dict[str, Any] | None:
        """Return the filter of those conditions that are complete; or None."""
        parts = [row.condition() for row in self._rows if row.complete()]
        return {self.mode.currentData(): parts} if parts else None

    def count(self) -> int:
        """Return how many conditions there are."""
        return len(self._rows)

    def problem(self) -> str | None:
        """Say what is missing, or None."""
        for number, row in enumerate(self._rows, start=1):
            if not row.complete():
                return f"Condition {number} needs a value."
        return None

    def fill(self, stored: Mapping[str, Any] | None) -> None:
        """Show a stored filter."""
        before = self.filter()
        with QSignalBlocker(self):
            for row in tuple(self._rows):
                self._remove(row)
            mode, parts = _opened(stored)
            self.mode.setCurrentIndex(self.mode.findData(mode))
            for part in parts:
                self._show(part)
        if before != self.filter():
            self.changed.emit()

    def offer(self, fields: Fields, lists: Lists) -> None:
        """Use other fields and lists, keeping the filter."""
        kept = self.filter()
        self._fields, self._lists = fields, lists
        with QSignalBlocker(self):
            self.fill(None)
            self.fill(kept)

    def add_condition(self) -> None:
        """Add an empty row and put the cursor there."""
        row = FilterRow(self._fields, self._lists, self)
        self._add(row)
        row.field_box.setFocus()
        row.field_box.lineEdit().selectAll()
        self.changed.emit()

    def _show(self, part: Any) -> None:
        if not editable(part, self._fields):
            self._add(KeptRow(part, self._fields, self))
            return
        row = FilterRow(self._fields, self._lists, self)
        row.fill(part)
        self._add(row)

    def _add(self, row: FilterRow | KeptRow) -> None:
        self._rows.append(row)
        self._list.addWidget(row)
        row.changed.connect(self.changed)
        row.removed.connect(lambda: self._remove(row))
        self._show_head()

    def _remove(self, row: FilterRow | KeptRow) -> None:
        self._rows.remove(row)
        self._list.removeWidget(row)
        row.hide()
        row.deleteLater()
        self._show_head()
        self.changed.emit()

    def _show_head(self) -> None:
        self._head.setVisible(len(self._rows) > 1)


def _opened(stored: Mapping[str, Any] | None) -> tuple[str, list[Any]]:
    """Return all-or-any and the parts that become rows."""
    if not stored:
        return "all", []
    for mode in ("all", "any"):
        parts = stored.get(mode)
        if len(stored) == 1 and isinstance(parts, (list, tuple)) and (parts or mode == "all"):
            return mode, list(parts)
    return "all", [stored]
