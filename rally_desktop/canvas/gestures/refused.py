"""A drag that leads nowhere, because nothing may be changed or this one stays where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from rally_desktop.canvas.gesture import Gesture, Pointer

if TYPE_CHECKING:
    from rally_desktop.canvas.editor import FlowEditor


class Refused(Gesture):
    """Says why, and shows it as long as the button is held."""

    cursor = Qt.CursorShape.ForbiddenCursor

    def __init__(self, editor: FlowEditor, why: str) -> None:
        self._editor = editor
        self._why = why

    def start(self, at: Pointer) -> None:
        """Tell."""
        self._editor.say(self._why)
