"""What is dragged in from other programs and folders: steps are brought like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QDropEvent

from rally_desktop.canvas import clipboard
from rally_desktop.canvas.gesture import Pointer
from rally_desktop.canvas.gestures.bring import Bring
from rally_desktop.core.errors import BadDefinition

if TYPE_CHECKING:
    from rally_desktop.canvas.editor import FlowEditor


class Doorway(QObject):
    """Turns a drag of the system over the sheet into a gesture of the sheet."""

    def __init__(self, editor: FlowEditor) -> None:
        super().__init__(editor)
        self._editor, self._why = editor, ""
        self._port = editor.view.viewport()
        editor.view.setAcceptDrops(True)
        self._port.setAcceptDrops(True)
        self._port.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take over what is dragged, before the sheet asks its items."""
        if event.type() is QEvent.Type.DragLeave:
            self._editor.view.cancel()
            return True
        if not isinstance(event, QDropEvent):
            return False
        if event.type() is QEvent.Type.DragEnter and not self._enter(event):
            event.ignore()
            return True
        at = self._editor.view.pointer(event.position(), event.modifiers())
        if event.type() is QEvent.Type.DragMove:
            self._editor.view.follow(at)
        elif event.type() is QEvent.Type.Drop:
            self._drop(at)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        return True

    def _enter(self, event: QDropEvent) -> bool:
        """Begin to bring what is dragged; return whether there can be steps in it."""
        if not clipboard.may_hold_steps(event.mimeData()):
            return False
        at = self._editor.view.pointer(event.position(), event.modifiers())
        self._why = ""
        try:
            text = clipboard.text_in(event.mimeData())
            self._editor.view.begin(Bring(self._editor, text), at)
        except BadDefinition as error:
            self._why = str(error)
        return True

    def _drop(self, at: Pointer) -> None:
        if self._why:
            self._editor.say(self._why)
        else:
            self._editor.view.setFocus()
            self._editor.view.finish(at)
