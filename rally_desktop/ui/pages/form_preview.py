"""How a web form looks on its own page: drawn here, nothing of it is sent."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.services.forms import FormSettings, Input
from rally_desktop.ui.widgets.plain_label import PlainLabel

WIDTH = 340
TEXT_HEIGHT = 72


class FormPreview(QScrollArea):
    """Draws the boxes of a form; they cannot be filled in."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFixedWidth(WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_form(self, name: str, asked: Sequence[Input], settings: FormSettings) -> None:
        """Draw a form as it stands."""
        card = QFrame(objectName="card")
        column = QVBoxLayout(card)
        column.setContentsMargins(20, 18, 20, 20)
        column.setSpacing(4)
        heading = PlainLabel(name or "Untitled", "title")
        heading.setWordWrap(True)
        column.addWidget(heading)
        for one in asked:
            column.addSpacing(6)
            _draw(column, one)
        if settings.consent:
            column.addSpacing(8)
            column.addLayout(_ticked(settings.consent))
        column.addSpacing(12)
        send = QPushButton(settings.button)
        send.setProperty("kind", "primary")
        _mute(send)
        column.addWidget(send)
        body = QWidget(objectName="scrolled")
        around = QVBoxLayout(body)
        around.setContentsMargins(8, 4, 8, 8)
        around.addWidget(card)
        around.addStretch(1)
        self.setWidget(body)


def _draw(column: QVBoxLayout, one: Input) -> None:
    label = f"{one.label} *" if one.required else one.label
    if one.kind == "checkbox":
        column.addLayout(_ticked(label))
        return
    said = PlainLabel(label, "sub")
    said.setWordWrap(True)
    column.addWidget(said)
    box = QComboBox() if one.kind == "select" else QLineEdit()
    if one.kind == "textarea":
        box.setFixedHeight(TEXT_HEIGHT)
    _mute(box)
    column.addWidget(box)


def _ticked(text: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(6)
    box = QCheckBox()
    _mute(box)
    said = PlainLabel(text, "sub")
    said.setWordWrap(True)
    row.addWidget(box, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(said, 1)
    return row


def _mute(widget: QWidget) -> None:
    """Leave a widget as it looks, and out of reach."""
    widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
