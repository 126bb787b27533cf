"""A note on the sheet: a tinted slip without a shadow, its text set with a little markup."""

from __future__ import annotations

from PySide6.QtCore import QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QLinearGradient,
    QPainter,
    QPalette,
    QPen,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextOption,
)
from PySide6.QtWidgets import QGraphicsPixmapItem

from rally_desktop.canvas.items.card import FAINT, PLAIN, State
from rally_desktop.canvas.items.snap import snapped
from rally_desktop.canvas.look import Look
from rally_desktop.canvas.marking import Line, lines_of
from rally_desktop.canvas.shapes import NoteBox

RADIUS, ROOM = 10.0, 8.0
MARGINS = QMarginsF(12, 9, 12, 9)
INDENT = 16.0  # of each list inside another
FADE = 22.0  # at the foot of a text that is longer than its note
GRIP = 16.0  # the corner by which it is made larger
HINT = "Double-click to write"


class NoteItem(QGraphicsPixmapItem):
    """One note; what it shows is a picture for one zoom."""

    def __init__(self, box: NoteBox) -> None:
        super().__init__()
        self.spot, self.box, self.state = box.spot, box, PLAIN
        self.setShapeMode(QGraphicsPixmapItem.ShapeMode.BoundingRectShape)
        self.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self.setZValue(2.2)
        self.setPos(box.x, box.y)

    def draw(self, look: Look, scale: float) -> None:
        """Paint the picture anew for a zoom."""
        box = self.box
        picture = look.canvas(box.width + 2 * ROOM, box.height + 2 * ROOM, scale)
        painter = QPainter(picture)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing
        )
        painter.translate(ROOM, ROOM)
        paint_note(painter, look, box, self.state)
        painter.end()
        self.setPixmap(picture)
        self.align(look, scale)
        self.setOpacity(FAINT if self.state.faint else 1.0)

    def align(self, look: Look, scale: float) -> None:
        """Put the picture on whole pixels of the screen."""
        self.setOffset(snapped(self.pos(), -ROOM, -ROOM, look.ratio * scale))


def paint_note(painter: QPainter, look: Look, box: NoteBox, state: State = PLAIN) -> None:
    """Paint a note whose upper left corner is where the painter begins."""
    slip = QRectF(0, 0, box.width, box.height)
    if state.focused:
        _outline(painter, look.pen("ink", 2), slip.adjusted(-6, -6, 6, 6), RADIUS + 6)
    if state.selected:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("accent_soft"))
        painter.drawRoundedRect(slip.adjusted(-4, -4, 4, 4), RADIUS + 4, RADIUS + 4)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("condition_tint"))
    painter.drawRoundedRect(slip, RADIUS, RADIUS)
    _paint_text(painter, look, box, slip.marginsRemoved(MARGINS))
    if state.selected:
        _outline(painter, look.pen("accent", 2), slip.adjusted(1, 1, -1, -1), RADIUS - 1)
    elif state.hovered:
        _outline(painter, look.pen("condition", 1), slip.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS)
    if state.selected or state.hovered:
        _paint_grip(painter, look, slip.bottomRight())


def text_height(look: Look, text: str, width: float) -> float:
    """Return how high a note of a width must be to show all of its text."""
    room = width - MARGINS.left() - MARGINS.right()
    return _document(look, text, room).size().height() + MARGINS.top() + MARGINS.bottom()


def _paint_text(painter: QPainter, look: Look, box: NoteBox, room: QRectF) -> None:
    if not box.text.strip():
        painter.setFont(look.font("sub"))
        painter.setPen(look.colour("ink2"))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, HINT)
        return
    document = _document(look, box.text, room.width())
    painter.save()
    painter.setClipRect(room.adjusted(-4, 0, 4, 0))
    painter.translate(room.topLeft())
    context = QAbstractTextDocumentLayout.PaintContext()
    context.palette.setColor(QPalette.ColorRole.Text, look.colour("ink"))
    document.documentLayout().draw(painter, context)
    painter.restore()
    if document.size().height() > room.height() + 1:
        fade = QLinearGradient(0, room.bottom() - FADE, 0, room.bottom())
        clear = look.faint("condition_tint", 0.0)
        fade.setColorAt(0, clear)
        fade.setColorAt(1, look.colour("condition_tint"))
        foot = QRectF(room.left() - 4, room.bottom() - FADE, room.width() + 8, FADE + 1)
        painter.fillRect(foot, fade)


def _paint_grip(painter: QPainter, look: Look, corner: QPointF) -> None:
    pen = QPen(look.colour("condition"), 1.4)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    for reach in (5.0, 9.0):
        painter.drawLine(corner - QPointF(4, reach + 1), corner - QPointF(reach + 1, 4))


def _outline(painter: QPainter, pen: QPen, where: QRectF, radius: float) -> None:
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(where, radius, radius)


# -- the text ----------------------------------------------------------------------------------


def _document(look: Look, text: str, width: float) -> QTextDocument:
    """Return a text set in a width; each line runs the way its own writing does."""
    made = QTextDocument()
    made.setDocumentMargin(0)
    made.setDefaultFont(look.font("sub"))
    option = QTextOption()
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    made.setDefaultTextOption(option)
    made.setTextWidth(width)
    cursor = QTextCursor(made)
    for number, line in enumerate(lines_of(text)):
        _put_line(cursor, look, line, first=number == 0)
    return made


def _put_line(cursor: QTextCursor, look: Look, line: Line, first: bool) -> None:
    block = QTextBlockFormat()
    block.setLineHeight(118, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    if line.mark:
        block.setLeftMargin(INDENT * (line.depth + 1))
        block.setTextIndent(-INDENT)
        tab = QTextOption.Tab(INDENT * (line.depth + 1), QTextOption.TabType.LeftTab)
        block.setTabPositions([tab])
    if first:
        cursor.setBlockFormat(block)
    else:
        cursor.insertBlock(block)
    if line.mark:
        cursor.insertText(f"{line.mark}\t", QTextCharFormat())
    for run in line.runs:
        looks = QTextCharFormat()
        font = look.font("sub")
        if run.bold:
            looks.setFontWeight(650)
        looks.setFontItalic(run.italic)
        if run.link:
            looks.setForeground(look.colour("talk"))
            looks.setFontUnderline(True)
        looks.setFontFamilies([font.family()])
        cursor.insertText(run.text, looks)
