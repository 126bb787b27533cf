"""The zoom, in words and buttons, at the foot of the sheet."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from rally_desktop.canvas import keys
from rally_desktop.canvas.hands import EditorHands
from rally_desktop.canvas.view import FlowView

_BUTTONS = (
    ("palette", "panel-left", "Show or hide what you can add"),
    ("zoom_out", "minus", "Zoom out"),
    ("zoom_100", "", "Zoom to 100 %"),
    ("zoom_in", "plus", "Zoom in"),
    ("fit_all", "maximize", "Fit all"),
    ("keys", "keyboard", "All keys"),
)


class ZoomBar(QWidget):
    """The palette, zoom out, the zoom itself, zoom in, fit all; and the sheet of keys."""

    def __init__(self, view: FlowView, hands: EditorHands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self.buttons: dict[str, QToolButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for command, icon, says in _BUTTONS:
            button = QToolButton(self)
            button.setAutoRaise(True)
            button.setAccessibleName(says)
            button.setToolTip(f"{says} ({keys.shortcut(command)})")
            button.setProperty("icon_name", icon)
            button.clicked.connect(partial(self._do, hands, command))
            self.buttons[command] = button
            row.addWidget(button)
        self.buttons["zoom_100"].setMinimumWidth(56)
        self.buttons["fit_all"].setText(" Fit all")
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        self.buttons["fit_all"].setToolButtonStyle(style)
        view.moved.connect(self._show)
        self.restyle()
        self._show()

    def restyle(self) -> None:
        """Colour the icons for the scheme."""
        look = self._view.look
        for button in self.buttons.values():
            name = button.property("icon_name")
            if name:
                button.setIcon(QIcon(look.icon_in(name, "ink2", 16, 1.0)))

    def _do(self, hands: EditorHands, command: str) -> None:
        hands.do(command)
        self._view.setFocus()

    def _show(self) -> None:
        share = self._view.zoom * 100
        self.buttons["zoom_100"].setText(f"{share:.1f} %" if share < 1 else f"{share:.0f} %")
