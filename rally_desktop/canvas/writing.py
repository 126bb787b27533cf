"""Writing on the sheet itself: the text of a note, the title of a group, in its own place."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent, QTextCursor, QTextOption
from PySide6.QtWidgets import QFrame, QLineEdit, QPlainTextEdit, QWidget

from rally_desktop.canvas.items import note as slips
from rally_desktop.canvas.items.frame import HEAD, SIGN

if TYPE_CHECKING:
    from rally_desktop.canvas.editor import FlowEditor

Done = Callable[[str], None]
SMALLEST = 11  # pixels of the letters, however far away one looks
LONGEST_TITLE = 200
ROOM = 180.0  # for the title of a group that is narrow


class NoteWriter(QPlainTextEdit):
    """The text of a note while one writes it; leaving it in any way keeps the text."""

    def __init__(self, editor: FlowEditor, text: str, where: QRectF, done: Done) -> None:
        super().__init__(editor.view.viewport())
        self.setObjectName("note_writer")
        self.setAccessibleName("Note")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setPlainText(text)
        option = QTextOption()
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDefaultTextOption(option)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._place = _Place(self, editor, where, "sub", done)
        self.document().setDocumentMargin(8)
        look = editor.view.look
        self.setStyleSheet(
            f"#note_writer {{ background: {look.colour('condition_tint').name()};"
            f" color: {look.colour('ink').name()}; padding: 0;"
            f" border: 2px solid {look.colour('accent').name()}; border-radius: 10px; }}"
        )
        self.textChanged.connect(self._grow)
        self.moveCursor(QTextCursor.MoveOperation.End)
        self._place.follow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave by Esc and by Ctrl+Enter."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Escape or (enter and held):
            self._place.finish(self.toPlainText())
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keep the text when one goes on elsewhere."""
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self._place.finish(self.toPlainText())

    def _grow(self) -> None:
        """Be as high as the text, so that one sees what one writes."""
        look, zoom = self._place.editor.view.look, self._place.zoom
        needed = slips.text_height(look, self.toPlainText(), self._place.where.width())
        self._place.least = needed * zoom
        self._place.follow()


class TitleWriter(QLineEdit):
    """The title of a group while one writes it; Enter and leaving keep it, Esc does not."""

    def __init__(self, editor: FlowEditor, text: str, where: QRectF, done: Done) -> None:
        super().__init__(text, editor.view.viewport())
        self.setObjectName("title_writer")
        self.setAccessibleName("Title of the group")
        self.setPlaceholderText("What these steps do")
        self.setMaxLength(LONGEST_TITLE)
        self._before = text
        head = QRectF(where.topLeft() + QPointF(SIGN - 4, 2), where.topRight())
        head.setHeight(HEAD)
        head.setWidth(max(ROOM, where.width() - SIGN - 8))
        self._place = _Place(self, editor, head, "strong", done)
        self.selectAll()
        self._place.follow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep the title by Enter, the old one by Esc."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._place.finish(self.text())
        elif event.key() == Qt.Key.Key_Escape:
            self._place.finish(self._before)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keep the title when one goes on elsewhere."""
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self._place.finish(self.text())


class _Place(QObject):
    """Keeps a field where its thing is on the sheet, and hands over what was written once."""

    def __init__(
        self, field: QWidget, editor: FlowEditor, where: QRectF, role: str, done: Done
    ) -> None:
        super().__init__(field)
        self.editor, self.where, self.least = editor, where, 0.0
        self._field, self._role = field, role
        self._done: Done | None = done
        field.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        editor.view.moved.connect(self.follow)

    @property
    def zoom(self) -> float:
        """Return how large the field is beside what it writes: never too small to read."""
        size = QFont(self.editor.view.look.font(self._role)).pixelSize()
        return max(self.editor.view.zoom, SMALLEST / size)

    def follow(self) -> None:
        """Stand over its thing, as large as that is on the screen."""
        if self._done is None:
            return
        font = QFont(self.editor.view.look.font(self._role))
        font.setPixelSize(round(font.pixelSize() * self.zoom))
        self._field.setFont(font)
        at = self.editor.view.mapFromScene(self.where.topLeft())
        height = max(self.where.height() * self.zoom, self.least)
        self._field.setGeometry(
            at.x(), at.y(), round(self.where.width() * self.zoom), round(height)
        )
        self._field.show()
        self._field.setFocus()

    def finish(self, text: str) -> None:
        """Hand over what was written and go; the sheet has the keys again."""
        done, self._done = self._done, None
        if done is not None:
            if self._field.hasFocus():
                self.editor.view.setFocus()  # else Qt would look for who is next
            self._field.close()
            done(text)
