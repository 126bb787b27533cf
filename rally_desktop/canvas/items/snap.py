"""Putting pictures on whole pixels of the screen."""

from __future__ import annotations

from PySide6.QtCore import QPointF


def snapped(at: QPointF, left: float, top: float, pixels: float) -> QPointF:
    """Return an offset near (left, top) that starts on a whole pixel at that many per unit."""
    return QPointF(
        round((at.x() + left) * pixels) / pixels - at.x(),
        round((at.y() + top) * pixels) / pixels - at.y(),
    )
