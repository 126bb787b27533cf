"""Boxes that keep their value when somebody scrolls past them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractSpinBox, QWidget


class _Calm(QObject):
    """Lets the wheel scroll the form, not change a value that nobody is at."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hand the wheel on while the widget is not focused."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget):
            if not watched.hasFocus():
                event.ignore()
                return True
        return False


def calm(widget: QWidget) -> None:
    """Keep the wheel from changing a value by accident."""
    widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    widget.installEventFilter(_Calm(widget))
    if isinstance(widget, QAbstractSpinBox):
        # The style sheet's padding stops at the left of a spin box.
        widget.lineEdit().setTextMargins(8, 0, 0, 0)
