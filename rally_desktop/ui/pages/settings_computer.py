"""What holds on this computer alone, for the person who sits at it."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QVBoxLayout, QWidget

from rally_desktop.ui.desk import Desk
from rally_desktop.ui.pages.settings_section import WIDTH
from rally_desktop.ui.widgets.plain_label import PlainLabel

CHOICES = (
    (
        "wheel_zooms",
        False,
        "The mouse wheel zooms the canvas",
        "Otherwise it moves the canvas, and zooms with Ctrl. Touchpads pan with two fingers and "
        "zoom by a pinch either way.",
    ),
    (
        "minimap",
        True,
        "Show an overview beside the canvas",
        "It appears when less than 70 % of a workflow is in view. The key M switches it as well.",
    ),
)


class Computer(QFrame):
    """Each choice is kept as soon as it is made, and followed from then on."""

    title = "This computer"

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.boxes: dict[str, QCheckBox] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 24)
        column.setSpacing(4)
        for name, usual, label, help_ in CHOICES:
            box = self.boxes[name] = QCheckBox(label)
            box.setAccessibleDescription(help_)
            box.setChecked(bool(desk.preferences.get(name, usual)))
            box.toggled.connect(partial(desk.preferences.put, name))
            more = _said(help_)
            more.setContentsMargins(26, 0, 0, 12)
            column.addWidget(box)
            column.addWidget(more)
        column.addStretch(1)
        self.setFocusProxy(next(iter(self.boxes.values())))

    def showEvent(self, event: QShowEvent) -> None:
        """Show what was chosen elsewhere meanwhile."""
        super().showEvent(event)
        for name, usual, _label, _help in CHOICES:
            self.boxes[name].setChecked(bool(self._desk.preferences.get(name, usual)))


def _said(text: str) -> QWidget:
    line = PlainLabel(text, "sub")
    line.setWordWrap(True)
    line.setMaximumWidth(WIDTH)
    return line
