"""A box for texts with merge fields: each field stands there as a chip."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from PySide6.QtCore import QMimeData, QPoint, QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit, QWidget

from rally_desktop.canvas.clipboard import blank
from rally_desktop.core.merge import SIMPLE
from rally_desktop.ui.widgets.merge_text import Chip, MergeText, units_of, written

OPENS = "{{"
MOST_LINES = 12
QWIDGETSIZE_MAX = 16_777_215  # Qt’s word for no limit
AROUND, LEAST = 11, 32  # what the style sheet puts around the text; the height of other boxes
_ENDS_IN_FIELD = re.compile(f"(?:{SIMPLE.pattern})$")


class MergeBox(QTextEdit):
    """Edits a text with merge fields; one of a single line takes no line breaks.

    ``asked`` tells that somebody wants to put a field where the cursor is, ``pressed`` that a
    chip is to be changed.
    """

    asked = Signal()
    pressed = Signal(object)

    def __init__(self, lines: int = 1, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines, self._fills = lines, False
        self.text = MergeText(self)
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(2)
        self.document().documentLayout().documentSizeChanged.connect(lambda _size: self._fit())
        self._fit()

    def fill_room(self) -> None:
        """Take all the room there is, whatever is written."""
        self._fills = True
        line = QFontMetrics(self.font()).lineSpacing() + 2
        self.setMinimumHeight(line * self._lines + AROUND)
        self.setMaximumHeight(QWIDGETSIZE_MAX)

    def name_fields(self, labels: Mapping[str, str], known: Callable[[str], bool]) -> None:
        """Call the fields on the chips what people call them; one that is not known is asked."""
        self.text.labels, self.text.is_known = labels, known

    def show_source(self, source: str) -> None:
        """Show a text that is stored; one that is shown already leaves the cursor alone."""
        if source == self.text.read():
            return
        with QSignalBlocker(self):
            self.clear()
            self._write(QTextCursor(self.document()), source)
            self.document().clearUndoRedoStacks()
            start, end = QTextCursor.MoveOperation.Start, QTextCursor.MoveOperation.End
            self.moveCursor(end if self._lines == 1 else start)
        self._fit()
        self.textChanged.emit()

    def insert(self, name: str, fallback: str = "") -> None:
        """Put a field where the cursor is, in place of the brackets that were typed for it."""
        cursor = self.textCursor()
        if not cursor.hasSelection() and self._before(cursor).endswith(OPENS):
            _select_back(cursor, OPENS)
        self._write(cursor, written(name, fallback))
        self.setTextCursor(cursor)

    def replace(self, chip: Chip, name: str, fallback: str) -> None:
        """Change a chip: another field, or another fallback."""
        cursor = self.text.around(chip)
        self._write(cursor, written(name, fallback))
        self.setTextCursor(cursor)

    def remove(self, chip: Chip) -> None:
        """Take a chip out of the text."""
        cursor = self.text.around(chip)
        cursor.removeSelectedText()
        self.setTextCursor(cursor)

    def at_cursor(self) -> QPoint:
        """Return the point of the screen below the cursor."""
        return self.viewport().mapToGlobal(self.cursorRect().bottomLeft() + QPoint(0, 4))

    def place_of(self, chip: Chip) -> QRectF:
        """Return where a chip is drawn, in the viewport."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(chip.at)
        left = self.cursorRect(cursor)
        return QRectF(left.left(), left.top(), self.text.width_of(chip), left.height())

    def underline(self, line: int, column: int) -> None:
        """Mark the rest of a line of the source from a column on; line 0 takes the mark away."""
        mark, look = QTextEdit.ExtraSelection(), QTextCharFormat()
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        if line:
            mark.cursor = self.text.rest_of_line(line, column)  # type: ignore[attr-defined]
            mark.format = look  # type: ignore[attr-defined]
        self.setExtraSelections([mark] if line else [])

    # -- typing -----------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask for a field at ``{{`` and Ctrl+Space; make a chip of one that was typed out."""
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if control and event.key() == Qt.Key.Key_Space:
            self._ask_here()
            return
        if self._lines == 1 and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
            return
        super().keyPressEvent(event)
        if event.text() == "{" and self._before(self.textCursor()).endswith(OPENS):
            self.asked.emit()
        elif event.text() == "}":
            self._close_field()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Change the chip that was clicked on."""
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            chip = self._chip_under(event.position().toPoint())
            if chip is not None:
                self.pressed.emit(chip)

    def createMimeDataFromSelection(self) -> QMimeData:
        """Copy the source, so that it can be pasted anywhere."""
        cursor, data = self.textCursor(), blank()
        data.setText(self.text.read(cursor.selectionStart(), cursor.selectionEnd()))
        return data

    def insertFromMimeData(self, data: QMimeData) -> None:
        """Paste text, its fields as chips."""
        self._write(self.textCursor(), data.text())
        self.ensureCursorVisible()

    # -- inside -----------------------------------------------------------------------------

    def _ask_here(self) -> None:
        chip = self.text.chip_at(self.textCursor().position() - 1)
        if chip is None or self.textCursor().hasSelection():
            self.asked.emit()
        else:
            self.pressed.emit(chip)

    def _chip_under(self, point: QPoint) -> Chip | None:
        near = self.cursorForPosition(point).position()
        for at in (near, near - 1):
            chip = self.text.chip_at(at)
            if chip is not None and self.place_of(chip).contains(point):
                return chip
        return None

    def _close_field(self) -> None:
        cursor = self.textCursor()
        found = _ENDS_IN_FIELD.search(self._before(cursor))
        if found is not None:
            _select_back(cursor, found[0])
            self._write(cursor, found[0])
            self.setTextCursor(cursor)

    def _before(self, cursor: QTextCursor) -> str:
        """Return what stands before the cursor in its line."""
        before = QTextCursor(cursor)
        before.movePosition(QTextCursor.MoveOperation.StartOfBlock, QTextCursor.MoveMode.MoveAnchor)
        before.setPosition(cursor.position(), QTextCursor.MoveMode.KeepAnchor)
        return before.selectedText()

    def _write(self, cursor: QTextCursor, source: str) -> None:
        source = source.replace("\r\n", "\n").replace("\r", "\n")
        self.text.write(cursor, source if self._lines > 1 else source.replace("\n", " "))
        self.setCurrentCharFormat(QTextCharFormat())

    def _fit(self) -> None:
        """Be as high as the text, within reason, unless all the room is to be filled."""
        if self._fills:
            return
        line = QFontMetrics(self.font()).lineSpacing() + 2
        wanted = int(self.document().size().height()) + AROUND
        least = max(line * self._lines + AROUND, LEAST)
        self.setFixedHeight(max(least, min(wanted, line * MOST_LINES + AROUND)))


def _select_back(cursor: QTextCursor, text: str) -> None:
    """Select a text that stands before the cursor."""
    begins = cursor.position() - units_of(text)
    cursor.setPosition(begins, QTextCursor.MoveMode.KeepAnchor)
