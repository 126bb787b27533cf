"""A document in which merge fields are chips, written and read as the source that is stored.

The source is such as «Dear {{ contact.first_name | default("you") }}». A field with its fallback
is a chip, one letter of the document; conditions and loops stay the text that they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from PySide6.QtCore import QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QPainter,
    QPalette,
    QPen,
    QPyTextObject,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QTextEdit

from rally_desktop.core.merge import SIMPLE
from rally_desktop.ui import fonts

_CHIP = QTextFormat.ObjectTypes.UserObject + 1
_SOURCE = QTextFormat.Property.UserProperty + 1
_SAYS = QTextFormat.Property.UserProperty + 2
_ODD = QTextFormat.Property.UserProperty + 3
_OBJECT, _LINE, _PARAGRAPH = "\ufffc", "\u2028", "\u2029"
_KEPT = QTextCursor.MoveMode.KeepAnchor


class Chip(NamedTuple):
    """A merge field in a text: where, which, and what is written where it is empty."""

    at: int
    name: str
    fallback: str


class MergeText:
    """Writes sources into the document of a box and reads them from there."""

    def __init__(self, box: QTextEdit) -> None:
        self._document = box.document()
        self._picture = _Picture(box)
        self._document.documentLayout().registerHandler(_CHIP, self._picture)
        self.labels: Mapping[str, str] = {}
        self.is_known: Callable[[str], bool] = lambda name: True

    def read(self, start: int = 0, end: int | None = None) -> str:
        """Return the source of a part of the document; places count as Qt counts letters."""
        raw = self._document.toRawText()
        if start or end is not None:
            units = raw.encode("utf-16-le", "surrogatepass")
            part = units[2 * start : None if end is None else 2 * end]
            raw = part.decode("utf-16-le", "surrogatepass")
        if _OBJECT in raw:
            raw = "".join(self._sources(raw, start))
        return raw.replace(_PARAGRAPH, "\n").replace(_LINE, "\n")

    def _sources(self, raw: str, at: int) -> Iterator[str]:
        """Yield the letters of a text, a chip as its source."""
        for letter in raw:
            yield (self._format(at).property(_SOURCE) if letter == _OBJECT else None) or letter
            at += units_of(letter)

    def write(self, cursor: QTextCursor, source: str) -> None:
        """Put a source in place of what is selected."""
        cursor.beginEditBlock()
        cursor.removeSelectedText()
        for piece, chip in _pieces(source):
            if chip is None:
                cursor.insertText(piece, QTextCharFormat())
            else:
                cursor.insertText(_OBJECT, self._chip_format(piece, chip))
        cursor.endEditBlock()

    def chips(self) -> list[Chip]:
        """Return the fields in the text, in order."""
        places = range(self._document.characterCount() - 1)
        return [chip for at in places if (chip := self.chip_at(at)) is not None]

    def chip_at(self, at: int) -> Chip | None:
        """Return the field that stands at a place of the document."""
        if self._document.characterAt(at) != _OBJECT:
            return None
        found = SIMPLE.fullmatch(self._format(at).property(_SOURCE) or "")
        return Chip(at, found["path"], _fallback(found)) if found else None

    def width_of(self, chip: Chip) -> float:
        """Return how wide a chip is drawn."""
        return self._picture.size(self._format(chip.at)).width()

    def around(self, chip: Chip) -> QTextCursor:
        """Return a cursor that has a chip selected."""
        cursor = QTextCursor(self._document)
        cursor.setPosition(chip.at)
        cursor.setPosition(chip.at + 1, _KEPT)
        return cursor

    def rest_of_line(self, line: int, column: int) -> QTextCursor:
        """Return a cursor that has a line of the source selected from a column on."""
        block = self._document.findBlockByNumber(line - 1)
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + self._place_in(block, column - 1))
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, _KEPT)
        return cursor

    def _place_in(self, block: QTextBlock, column: int) -> int:
        """Return which letter of a line stands at a column of its source."""
        place = wide = 0
        for source in self._sources(block.text(), block.position()):
            wide += len(source)
            if wide > column:
                break
            place += 1 if SIMPLE.fullmatch(source) else units_of(source)
        return min(place, max(block.length() - 1, 0))

    def _format(self, at: int) -> QTextCharFormat:
        cursor = QTextCursor(self._document)
        cursor.setPosition(at + 1)
        return cursor.charFormat()

    def _chip_format(self, source: str, found: re.Match[str]) -> QTextCharFormat:
        name, fallback = found["path"], _fallback(found)
        plain = name.rpartition(".")[2].replace("_", " ").capitalize()
        label = self.labels.get(name, plain)
        made = QTextCharFormat()
        made.setObjectType(_CHIP)
        made.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignBaseline)
        made.setProperty(_SOURCE, source)
        made.setProperty(_SAYS, f"{label}, or: {fallback}" if fallback else label)
        made.setProperty(_ODD, not self.is_known(name))
        return made


class _Picture(QPyTextObject):
    """Draws a chip as high as a line of text."""

    def __init__(self, box: QTextEdit) -> None:
        super().__init__(box)
        self._box = box

    def size(self, made: QTextFormat) -> QSizeF:
        """Return the room of a chip."""
        words = QFontMetricsF(fonts.font("sub"))
        most = max(60, self._box.viewport().width() - 16)
        width = words.horizontalAdvance(made.property(_SAYS)) + 14
        return QSizeF(min(width, most), QFontMetricsF(self._box.font()).height())

    def intrinsicSize(self, document: QTextDocument, at: int, made: QTextFormat) -> QSizeF:
        """Return the room of a chip with the air around it."""
        return self.size(made) + QSizeF(2, 0)

    def drawObject(
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        document: QTextDocument,
        at: int,
        made: QTextFormat,
    ) -> None:
        """Draw a chip in the colours of the accent; one of an unknown field is only dashed."""
        colours = self._box.palette()
        ground, ink = (
            QColor(colours.color(role))
            for role in (QPalette.ColorRole.Highlight, QPalette.ColorRole.Link)
        )
        ground.setAlpha(38)
        room, odd = QRectF(rect).adjusted(1, 0.5, -1, -0.5), bool(made.property(_ODD))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(ink, 1, Qt.PenStyle.DashLine) if odd else Qt.PenStyle.NoPen)
        painter.setBrush(Qt.BrushStyle.NoBrush if odd else ground)
        painter.drawRoundedRect(room, 5, 5)
        painter.setPen(ink)
        painter.setFont(fonts.font("sub"))
        said = painter.fontMetrics().elidedText(
            made.property(_SAYS), Qt.TextElideMode.ElideRight, int(room.width()) - 8
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, said)
        painter.restore()


def written(name: str, fallback: str = "") -> str:
    """Return a field as it is stored; a fallback loses what it cannot hold."""
    kept = re.sub(r'["\\{}\n]', "", fallback).strip()
    return f'{{{{ {name} | default("{kept}") }}}}' if kept else f"{{{{ {name} }}}}"


def units_of(text: str) -> int:
    """Return how many letters a text is to Qt, to which an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _fallback(found: re.Match[str]) -> str:
    return (found["text"] or "")[1:-1]


def _pieces(source: str) -> Iterator[tuple[str, re.Match[str] | None]]:
    end = 0
    for found in SIMPLE.finditer(source):
        if found.start() > end:
            yield source[end : found.start()], None
        yield found[0], found
        end = found.end()
    if end < len(source):
        yield source[end:], None
