"""How a drawing is put on pages: one to its size, or as many of a paper's size as it takes.

Lengths on paper are in pixels of 1/96 inch, so that a sheet at 100 % is as large as on screen.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from rally_desktop.canvas.export.drawing import Drawing, Tell, unheard
from rally_desktop.canvas.export.heading import Heading
from rally_desktop.canvas.export.paper import Paper

MARGIN = 45.0  # 12 mm, which every printer can do
EDGE = 28.0  # around a picture that is no page
FOOT = 24.0
OVERLAP = 36.0  # at least, what is seen on both of two neighbouring pages, to glue them
BEFORE = 10.0  # from the edge of a page to the card that is whole on it
LARGEST = 19_200.0  # 200 inches: readers of PDF know no larger page
NARROWEST = 460.0
SCALES = (0.8, 0.75, 0.7, 0.65)  # on several pages: as large as costs no more pages
SMALLEST = 0.6  # a whole workflow on one page shrinks to this, not further
Span = tuple[float, float]


@dataclass(frozen=True)
class Page:
    """One page: which area of the sheet is on it, where, and what is beside it.

    ``beside`` says on which page the sheet goes on, by ‘left’, ‘right’, ‘above’, ‘below’.
    """

    size: QSizeF
    area: QRectF
    at: QPointF
    scale: float
    number: int = 1
    count: int = 1
    lines: int = 3
    edge: float = EDGE
    beside: dict[str, int] = field(default_factory=dict)

    def paint(
        self,
        painter: QPainter,
        look: Paper,
        drawing: Drawing,
        heading: Heading,
        tell: Tell = unheard,
    ) -> None:
        """Paint the page; the painter's units are pixels on paper."""
        painter.fillRect(QRectF(QPointF(), self.size), look.colour("canvas"))
        width = self.size.width() - 2 * self.edge
        heading.paint(painter, look, QPointF(self.edge, self.edge), width, self.lines)
        on_paper = QRectF(self.at, self.area.size() * self.scale)
        painter.save()
        painter.setClipRect(on_paper)
        painter.translate(self.at)
        painter.scale(self.scale, self.scale)
        painter.translate(-self.area.topLeft())
        try:
            drawing.paint(painter, look, self.area, self.scale, tell)
        finally:
            painter.restore()
        if self.count > 1:
            self._paint_foot(painter, look, on_paper)

    def _paint_foot(self, painter: QPainter, look: Paper, on_paper: QRectF) -> None:
        painter.setPen(look.pen("line", 0.75, dashed=True))
        lines = {
            "left": (on_paper.topLeft(), on_paper.bottomLeft()),
            "right": (on_paper.topRight(), on_paper.bottomRight()),
            "above": (on_paper.topLeft(), on_paper.topRight()),
            "below": (on_paper.bottomLeft(), on_paper.bottomRight()),
        }
        for side in self.beside:
            painter.drawLine(*lines[side])
        low = self.size.height() - self.edge - 14
        where = QRectF(self.edge, low, self.size.width() - 2 * self.edge, 16)
        signs = {"left": "←", "above": "↑", "below": "↓", "right": "→"}
        goes_on = "   ".join(f"{signs[side]} page {page}" for side, page in self.beside.items())
        painter.setFont(look.font("small"))
        painter.setPen(look.colour("ink2"))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(where, Qt.AlignmentFlag.AlignLeft | middle, goes_on)
        words = f"Page {self.number} of {self.count}"
        painter.drawText(where, Qt.AlignmentFlag.AlignRight | middle, words)


def one_page(drawing: Drawing, heading: Heading, look: Paper) -> Page:
    """Return a page as large as the drawing."""
    bounds = drawing.bounds
    longest = QFontMetricsF(look.font("heading")).horizontalAdvance(heading.name[:200]) + 1
    inner = max(bounds.width(), min(longest, NARROWEST))
    head = heading.height(look, inner, 3)
    width, height = inner + 2 * EDGE, bounds.height() + head + 2 * EDGE
    scale = min(1.0, LARGEST / width, LARGEST / height)
    if scale < 1.0:
        head = heading.height(look, inner * scale, 3)
    size = QSizeF(
        max(NARROWEST, inner * scale) + 2 * EDGE, bounds.height() * scale + head + 2 * EDGE
    )
    left = (size.width() - bounds.width() * scale) / 2
    return Page(size, bounds, QPointF(left, EDGE + head), scale)


def several(drawing: Drawing, heading: Heading, look: Paper, paper: QSizeF) -> list[Page]:
    """Return pages of a paper's size: one if all fits and stays readable, else many."""
    bounds = drawing.bounds
    width = paper.width() - 2 * MARGIN
    for lines in (3, 1):
        head = heading.height(look, width, lines)
        room = QSizeF(width, paper.height() - 2 * MARGIN - head - (FOOT if lines == 1 else 0))
        fits = min(1.0, room.width() / bounds.width(), room.height() / bounds.height())
        if fits >= SMALLEST:
            left = MARGIN + (width - bounds.width() * fits) / 2
            at = QPointF(left, MARGIN + head)
            return [Page(paper, bounds, at, fits, lines=lines, edge=MARGIN)]
    scale = min(SCALES, key=lambda one: (_count(bounds.size(), room, one), -one))
    return _numbered(drawing, paper, room / scale, QPointF(MARGIN, MARGIN + head), scale)


def _count(whole: QSizeF, room: QSizeF, scale: float) -> int:
    across = (whole.width() - OVERLAP) / (room.width() / scale - OVERLAP)
    down = (whole.height() - OVERLAP) / (room.height() / scale - OVERLAP)
    return ceil(across) * ceil(down)


def _numbered(
    drawing: Drawing, paper: QSizeF, room: QSizeF, at: QPointF, scale: float
) -> list[Page]:
    """Return the pages from left to right and down, those left out that show no more than lines.

    What is beside a page is the next one in its row or column.
    """
    bounds, shapes = drawing.bounds, drawing.shapes()
    across = [(shape.left(), shape.right()) for shape in shapes]
    down = [(shape.top(), shape.bottom()) for shape in shapes]
    columns = cut(across, (bounds.left(), bounds.right()), room.width())
    rows = cut(down, (bounds.top(), bounds.bottom()), room.height())
    places = sorted(
        {
            (row, column)
            for wide, high in zip(across, down, strict=True)
            for row in _on(rows, high)
            for column in _on(columns, wide)
        }
    )
    beside = _beside(places)
    made: list[Page] = []
    for number, (row, column) in enumerate(places, start=1):
        (left, right), (top, bottom) = columns[column], rows[row]
        area = QRectF(left, top, right - left, bottom - top)
        near = beside[row, column]
        made.append(Page(paper, area, at, scale, number, len(places), 1, MARGIN, near))
    return made


def _on(parts: Sequence[Span], span: Span) -> range:
    """Return which parts of a length something is on."""
    first = bisect_right([end for _, end in parts], span[0])
    return range(first, bisect_left([start for start, _ in parts], span[1]))


def _beside(places: Sequence[tuple[int, int]]) -> dict[tuple[int, int], dict[str, int]]:
    """Return for each place which page comes next in every direction, by its number."""
    numbers = {place: number for number, place in enumerate(places, start=1)}
    found: dict[tuple[int, int], dict[str, int]] = {place: {} for place in places}
    by_column = sorted(places, key=lambda place: (place[1], place[0]))
    for order, lane, back, on in ((places, 0, "left", "right"), (by_column, 1, "above", "below")):
        for one, other in pairwise(order):
            if one[lane] == other[lane]:
                found[one][on], found[other][back] = numbers[other], numbers[one]
    return found


def cut(spans: Sequence[Span], whole: Span, room: float) -> list[Span]:
    """Cut a length into parts that overlap so far that each card is whole on one of them."""
    start, end = whole
    parts: list[Span] = []
    while end - start > room:
        stop = start + room
        parts.append((start, stop))
        halved = min((low for low, high in spans if low < stop < high), default=stop)
        start = max(halved - BEFORE, stop - room / 2)
        start = min(start, stop - OVERLAP)
    parts.append((start, end))
    return parts
