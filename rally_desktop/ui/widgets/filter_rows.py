"""The builder of filters: conditions in groups, what they mean, and how many match now.

What cannot be shown (a field that was taken away, groups too deep) stays in the filter as a
sentence that one can read, move and remove; nothing is lost by opening and saving.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from rally_desktop.core.conditions import Fields
from rally_desktop.model.ref import ListKind
from rally_desktop.ui.widgets import filter_tree
from rally_desktop.ui.widgets.filter_board import FilterBoard
from rally_desktop.ui.widgets.filter_row import Lists
from rally_desktop.ui.widgets.filter_says import Count, FilterSays


class FilterRows(QWidget):
    """Edits one filter of the filter language."""

    changed = Signal()
    stepped = Signal()  # before and after a change that is a step of its own

    def __init__(
        self,
        record_kind: ListKind,
        fields: Fields,
        lists: Lists | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.record_kind: ListKind = record_kind
        self._fields = fields
        self._kept: tuple[Any] | None = None
        self.board = FilterBoard(fields, lists or {})
        self.mode, self.add_button = self.board.root.mode, self.board.root.add_button
        self.says: FilterSays | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self.board)
        self.board.changed.connect(self._edited)
        self.board.stepped.connect(self.stepped)

    def explain(self, count: Count) -> None:
        """Show below the conditions what they mean, and how many match as they stand."""
        self.says = FilterSays(self.record_kind, count)
        self._column.addWidget(self.says)
        self._say()

    def filter(self) -> dict[str, Any] | None:
        """Return the filter as it stands, with conditions that still lack a value; or None.

        ``problem`` says whether something is missing; such a filter is refused by ``parse``
        rather than taken for a wider one.
        """
        return filter_tree.stored(self.board.tree())

    def as_stored(self) -> dict[str, Any] | None:
        """Return the filter exactly as it was filled in, until somebody edits it."""
        return self._kept[0] if self._kept else self.filter()

    def complete_filter(self) -> dict[str, Any] | None:
        """Return the filter of those conditions that are complete; or None."""
        tree = self.board.tree()
        for path, box in reversed(list(self.board.conditions())):
            if not box.complete():
                tree = filter_tree.removed(tree, path)
        return filter_tree.stored(tree)

    def count(self) -> int:
        """Return how many conditions there are."""
        return len(list(self.board.conditions()))

    def problem(self) -> str | None:
        """Say what is missing or wrong, or None."""
        for path, box in self.board.conditions():
            if flaw := box.flaw():
                number = ".".join(str(place + 1) for place in path)
                return f"Condition {number} {flaw}" if flaw[0].islower() else flaw
        return None

    def fill(self, stored: Mapping[str, Any] | None) -> None:
        """Show a stored filter."""
        before = self.filter()
        self.board.show_stored(filter_tree.opened(stored))
        self._kept = (stored,)
        if before != self.filter():
            self.changed.emit()
        self._say()

    def offer(self, fields: Fields, lists: Lists) -> None:
        """Use other fields and lists, keeping the filter."""
        self._fields = fields
        self.board.offer(fields, lists)

    def add_condition(self) -> None:
        """Add an empty condition and put the cursor there."""
        self.board.add_condition()

    def _edited(self) -> None:
        self._kept = None
        self.changed.emit()
        self._say()

    def _say(self) -> None:
        if self.says is not None:
            self.says.show_filter(self.filter(), self._fields)
