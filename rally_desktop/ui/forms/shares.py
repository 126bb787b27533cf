"""The paths of a split: each a name and a percentage, and what they add up to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QSpinBox, QVBoxLayout, QWidget

from rally_desktop.ui.forms.editor import FieldEditor
from rally_desktop.ui.widgets.calm import calm
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.sign_button import SignButton

LEAST_PATHS, MOST_PATHS = 2, 10
WHOLE = 100


class ShareRow(QWidget):
    """One path: its name, its percentage, and a button to take it away."""

    changed = Signal()
    removed = Signal()

    def __init__(self, stored: Mapping[str, Any]) -> None:
        super().__init__()
        self.exit = str(stored.get("exit", ""))
        self.name = QLineEdit(str(stored.get("name", "")), placeholderText="Name of the path")
        self.name.setAccessibleName("Name of the path")
        self.percent = QSpinBox(minimum=0, maximum=WHOLE, suffix=" %")
        self.percent.setValue(int(stored.get("percent") or 0))
        self.percent.setAccessibleName("Percentage")
        self.percent.setMinimumWidth(90)
        calm(self.percent)
        self.cross = SignButton("Remove this path", "trash-2", self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.name, 1)
        row.addWidget(self.percent)
        row.addWidget(self.cross)
        self.name.textChanged.connect(self.changed)
        self.percent.valueChanged.connect(self.changed)
        self.cross.clicked.connect(self.removed)

    def read(self) -> dict[str, Any]:
        """Return the path as it is stored."""
        name = self.name.text().strip()
        return {"name": name, "exit": self.exit, "percent": self.percent.value()}


class SharesEditor(FieldEditor):
    """The paths with their percentages; the line below says how far they are from the whole."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[ShareRow] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        self.add_button = QPushButton("Add a path")
        self.add_button.setAutoDefault(False)
        self.even_button = QPushButton("Share evenly")
        self.even_button.setAutoDefault(False)
        self.sum = PlainLabel("", "sub")
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.add_button)
        foot.addWidget(self.even_button)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._list)
        column.addWidget(self.sum)
        column.addLayout(foot)
        self.setFocusProxy(self.add_button)
        self.add_button.clicked.connect(self._add_one)
        self.even_button.clicked.connect(self._share_evenly)
        self.changed.connect(self._count)

    def read(self) -> list[dict[str, Any]]:
        """Return the paths in order."""
        return [row.read() for row in self._rows]

    def fill(self, value: Any) -> None:
        """Show other paths."""
        with QSignalBlocker(self):
            for row in tuple(self._rows):
                self._remove(row)
            for stored in value or ():
                self._add(stored)
        self._count()
        self.changed.emit()

    def problem(self) -> str | None:
        """Say that a path lacks its name, or that the percentages do not add up."""
        if not all(row.name.text().strip() for row in self._rows):
            return "each path needs a name"
        total = sum(row.percent.value() for row in self._rows)
        return None if total == WHOLE else f"must add up to 100 %, and now make {total} %"

    def _add(self, stored: Mapping[str, Any]) -> None:
        row = ShareRow(stored)
        self._rows.append(row)
        self._list.addWidget(row)
        row.changed.connect(self.changed)
        row.removed.connect(lambda: self._remove(row))

    def _add_one(self) -> None:
        taken = {row.exit for row in self._rows}
        exit_ = next(key for n in range(1, MOST_PATHS + 2) if (key := f"path{n}") not in taken)
        left = WHOLE - sum(row.percent.value() for row in self._rows)
        self._add({"name": "", "exit": exit_, "percent": max(0, left)})
        self._rows[-1].name.setFocus()
        self.step()

    def _remove(self, row: ShareRow) -> None:
        self._rows.remove(row)
        self._list.removeWidget(row)
        row.hide()
        row.deleteLater()
        self.step()

    def _share_evenly(self) -> None:
        each, over = divmod(WHOLE, max(1, len(self._rows)))
        with QSignalBlocker(self):
            for place, row in enumerate(self._rows):
                row.percent.setValue(each + (place < over))
        self._count()
        self.step()

    def _count(self) -> None:
        total = sum(row.percent.value() for row in self._rows)
        self.sum.setText(f"Together {total} %")
        self.sum.set_tone("plain" if total == WHOLE else "bad")
        for row in self._rows:
            row.cross.setEnabled(len(self._rows) > LEAST_PATHS)
        self.add_button.setEnabled(len(self._rows) < MOST_PATHS)
