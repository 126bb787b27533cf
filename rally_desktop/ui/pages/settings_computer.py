"""What holds on this computer alone, for the person who sits at it."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

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


WHO = (
    "Notes, calls and tasks that are made here are this person’s, and so are the views and the "
    "tasks called mine. Everything is kept under that name, for this office alone."
)
NOBODY = "Nobody has said yet"


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
        self.who = QComboBox()
        self._ask_who(column)
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
        self.setFocusProxy(self.who)
        self.who.activated.connect(lambda: self._desk.seat.choose(self.who.currentData()))
        desk.seat.changed.connect(self._offer)

    def _ask_who(self, column: QVBoxLayout) -> None:
        self.who.setAccessibleName("Who sits here")
        self.who.setAccessibleDescription(WHO)
        self.who.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(PlainLabel("Who sits here"))
        row.addWidget(self.who)
        row.addStretch(1)
        column.addLayout(row)
        more = _said(WHO)
        more.setContentsMargins(0, 4, 0, 16)
        column.addWidget(more)
        self._offer()

    def _offer(self) -> None:
        """Offer the office's users; who was chosen is in front."""
        seat = self._desk.seat
        self.who.clear()
        for name, number in seat.people.items():
            self.who.addItem(name, number)
        self.who.setPlaceholderText(NOBODY)
        self.who.setCurrentIndex(self.who.findData(seat.user))

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
