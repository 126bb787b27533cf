"""A time of day: a box to tick where none is needed, and the time on the wall clock."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSignalBlocker, QTime
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QTimeEdit

from rally_desktop.core import schema
from rally_desktop.ui.forms.editor import FieldEditor
from rally_desktop.ui.widgets.calm import calm

FORMAT = "HH:mm"
OFFERED = QTime(9, 0)


class TimeOfDayEditor(FieldEditor):
    """A time on the wall clock; one that may be left out has a box to tick before it."""

    def __init__(self, field: schema.TimeOfDay) -> None:
        super().__init__()
        self.wanted = QCheckBox("At")
        self.wanted.setChecked(field.required)
        self.box = QTimeEdit(OFFERED)
        self.box.setDisplayFormat(FORMAT)
        self.box.setMinimumWidth(90)
        self.box.setEnabled(field.required)
        calm(self.box)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.wanted)
        row.addWidget(self.box)
        row.addStretch(1)
        self.wanted.setVisible(not field.required)
        self.setFocusProxy(self.box if field.required else self.wanted)
        self.wanted.toggled.connect(self.box.setEnabled)
        self.wanted.toggled.connect(self.changed)
        self.box.timeChanged.connect(self.changed)

    def read(self) -> str:
        """Return the time as 09:00, or an empty text for none."""
        return self.box.time().toString(FORMAT) if self.wanted.isChecked() else ""

    def fill(self, value: Any) -> None:
        """Show a time."""
        time = QTime.fromString(str(value or ""), FORMAT)
        with QSignalBlocker(self):
            self.wanted.setChecked(time.isValid())
            self.box.setTime(time if time.isValid() else OFFERED)
        self.changed.emit()
