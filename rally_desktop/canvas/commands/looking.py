"""Zooming by keys."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from rally_desktop.canvas import camera

if TYPE_CHECKING:
    from rally_desktop.canvas.editor import FlowEditor


def _fit_selected(editor: FlowEditor) -> None:
    around = QRectF()
    for spot in editor.scene.chosen:
        around |= editor.where(spot) or QRectF()
    if not around.isEmpty():
        editor.view.fit(around, 1.5)


def _zoom(editor: FlowEditor, up: bool) -> None:
    view = editor.view
    view.zoom_to(camera.stepped(view.zoom, up, view.least_zoom()))


def _fit_all(editor: FlowEditor) -> None:
    editor.view.fit(editor.scene.sceneRect())


COMMANDS = {
    "zoom_100": lambda editor: editor.view.zoom_to(1.0),
    "fit_all": _fit_all,
    "fit_selected": _fit_selected,
    "zoom_in": partial(_zoom, up=True),
    "zoom_out": partial(_zoom, up=False),
}
