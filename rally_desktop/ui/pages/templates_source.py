"""The HTML of a template: line numbers, colours, merge fields, and marks at lines to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontDatabase,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from rally_desktop.core import marks
from rally_desktop.outside.mail.markup import pieces
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.field_picker import FieldPicker, MergeField
from rally_desktop.ui.widgets.merge_text import written
from rally_desktop.ui.widgets.plain_label import PlainLabel

_TONES = {"warn": "warn", "note": "ink3"}
_INSIDE, _OUTSIDE = 1, 0


class SourceBox(QPlainTextEdit):
    """A box for HTML; ``mark_lines`` shows which lines something is to be said of."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._marked: Mapping[int, str] = {}
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabStopDistance(2 * self.fontMetrics().horizontalAdvance(" "))
        self.setTabChangesFocus(True)
        self.setAccessibleName("HTML")
        self.setMinimumHeight(320)
        self.numbers = _Numbers(self)
        self._colours = _Colours(self, theme)
        self.blockCountChanged.connect(lambda _count: self._make_room())
        self.updateRequest.connect(self._scroll_numbers)
        theme.changed.connect(self._colours.renew)
        self._make_room()

    def mark_lines(self, tones: Mapping[int, str]) -> None:
        """Mark lines in the colour of what is said of them."""
        self._marked = tones
        self.numbers.update()

    def go_to_line(self, line: int) -> None:
        """Put the cursor at the beginning of a line."""
        block = self.document().findBlockByNumber(line - 1)
        self.setTextCursor(QTextCursor(block))
        self.centerCursor()
        self.setFocus()

    def width_of_numbers(self) -> int:
        """Return how wide the numbers are."""
        return self.fontMetrics().horizontalAdvance("9" * len(str(self.blockCount()))) + 26

    def paint_numbers(self, event: QPaintEvent) -> None:
        """Draw the numbers of the lines that are seen, and a dot at the marked ones."""
        painter = QPainter(self.numbers)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(event.rect(), self._theme.colour("surface2"))
        painter.setFont(self.font())
        block, right = self.firstVisibleBlock(), self.numbers.width() - 8
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        high = self.fontMetrics().height()
        while block.isValid() and top <= event.rect().bottom():
            number = block.blockNumber() + 1
            tone = self._marked.get(number, "")
            painter.setPen(self._theme.colour(_TONES.get(tone, "ink3")))
            place = QRect(0, round(top), right, high)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight, str(number))
            if tone:
                painter.setBrush(self._theme.colour(_TONES[tone]))
                painter.setPen(Qt.PenStyle.NoPen)
                painter.drawEllipse(QPoint(8, round(top) + high // 2), 3, 3)
            top += self.blockBoundingRect(block).height()
            block = block.next()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the numbers as high as the text."""
        super().resizeEvent(event)
        inside = self.contentsRect()
        width = self.width_of_numbers()
        self.numbers.setGeometry(inside.left(), inside.top(), width, inside.height())

    def _make_room(self) -> None:
        self.setViewportMargins(self.width_of_numbers() + 4, 0, 0, 0)

    def _scroll_numbers(self, part: QRect, by: int) -> None:
        if by:
            self.numbers.scroll(0, by)
        else:
            self.numbers.update(0, part.y(), self.numbers.width(), part.height())


class _Numbers(QWidget):
    """The strip at the left of the source."""

    def __init__(self, box: SourceBox) -> None:
        super().__init__(box)
        self._box = box

    def sizeHint(self) -> QSize:
        """Be as wide as the longest number."""
        return QSize(self._box.width_of_numbers(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Let the box draw, which knows its lines."""
        self._box.paint_numbers(event)


class _Colours(QSyntaxHighlighter):
    """Colours tags, comments and merge fields, line by line."""

    def __init__(self, box: SourceBox, theme: Theme) -> None:
        super().__init__(box.document())
        self._theme = theme
        self._formats: dict[str, QTextCharFormat] = {}
        self.renew()

    def renew(self) -> None:
        """Take the colours of the theme."""
        names = {"open": "talk", "close": "talk", "comment": "ink3", "other": "ink3",
                 "raw": "trigger", "merge": "record"}  # fmt: skip
        self._formats = {kind: _coloured(self._theme.colour(name)) for kind, name in names.items()}
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        """Colour one line; a comment may go on from the line before."""
        self.setCurrentBlockState(_OUTSIDE)
        at = 0
        if self.previousBlockState() == _INSIDE:
            end = text.find("-->")
            at = len(text) if end < 0 else end + 3
            self.setFormat(0, at, self._formats["comment"])
            self.setCurrentBlockState(_INSIDE if end < 0 else _OUTSIDE)
        for piece in pieces(text[at:]):
            if piece.kind in self._formats:
                self.setFormat(at, len(piece.text), self._formats[piece.kind])
            if piece.kind == "comment" and not piece.text.endswith("-->"):
                self.setCurrentBlockState(_INSIDE)
            at += len(piece.text)
        at = 0
        for part, mark in marks.parted(text):
            if mark:
                self.setFormat(at, len(part), self._formats["merge"])
            at += len(part)


def _coloured(colour: QColor) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(colour)
    return made


class SourceEditor(QWidget):
    """The box, and above it a way to put a merge field where the cursor is."""

    changed = Signal()

    def __init__(self, theme: Theme, fields: Sequence[MergeField]) -> None:
        super().__init__()
        self._fields = fields
        self.box = SourceBox(theme)
        self.picker = FieldPicker(self)
        self.merge_button = button(theme, "Merge field", "braces", "link")
        says = "Scripts, forms and styles that fetch something are left out when it is sent."
        line = PlainLabel(says, "sub")
        line.setWordWrap(True)
        row = QHBoxLayout()
        row.addWidget(line, 1)
        row.addWidget(self.merge_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.box)
        self.setFocusProxy(self.box)
        self.box.textChanged.connect(self.changed)
        self.merge_button.clicked.connect(self._ask)
        self.picker.picked.connect(self._insert)

    def read(self) -> str:
        """Return the source."""
        return self.box.toPlainText()

    def fill(self, source: str) -> None:
        """Show a source."""
        self.box.setPlainText(source)

    def _ask(self) -> None:
        self.picker.show_fields(self._fields, {})
        self.picker.ask(self.merge_button.mapToGlobal(QPoint(0, self.merge_button.height())))

    def _insert(self, name: str, fallback: str) -> None:
        self.box.insertPlainText(written(name, fallback))
        self.box.setFocus()
