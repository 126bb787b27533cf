"""Keeping the sheet where it is on the screen while something above it comes or goes."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from rally_desktop.canvas.camera_view import CameraView


def set_shown(part: QWidget, shown: bool, view: CameraView) -> None:
    """Show or hide a part above the sheet; what is in view stays under the eyes."""
    if part.isHidden() is not shown:
        return
    before = _on_screen(view)
    part.setVisible(shown)
    around = part.parentWidget()
    while around is not None:
        layout = around.layout()
        if layout is not None:
            layout.activate()
        around = around.parentWidget()
    moved = _on_screen(view) - before
    view.shift(moved.x(), moved.y())


def _on_screen(view: CameraView) -> QPoint:
    return view.viewport().mapToGlobal(view.mapFromScene(0, 0))
