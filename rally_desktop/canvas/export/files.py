"""The workflow as PNG, SVG, PDF, on a printer, or as a picture in memory."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRect, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from rally_desktop.canvas.export.drawing import Drawing, Tell, unheard
from rally_desktop.canvas.export.heading import Heading
from rally_desktop.canvas.export.pages import SMALLEST, Page, one_page, several
from rally_desktop.canvas.export.paper import Paper, Press
from rally_desktop.canvas.plan import Plan, Spot
from rally_desktop.core.errors import Refused

DPI = 96
FINE = 2.0  # pixels of a picture for each of the sheet
LONGEST_SIDE = 8_000  # pixels of a picture
FALLBACK = "'Segoe UI', 'Helvetica Neue', Arial, sans-serif"


@dataclass(frozen=True)
class Made:
    """A file's content, and what one must know about it, or ''."""

    content: bytes
    remark: str = ""


class Export:
    """One workflow to be put out, as a whole or some of its cards; on any thread."""

    def __init__(
        self, plan: Plan, heading: Heading, press: Press, chosen: Set[Spot] = frozenset()
    ) -> None:
        self.drawing = Drawing(plan, chosen)
        self.heading, self._press = heading, press

    def pages(self, paper: QSizeF | None) -> list[Page]:
        """Return the pages for a size of paper, or the one that is as large as the drawing.

        Paper is turned to whichever side takes fewer pages, or shows more on one.
        """
        look = Paper(self._press)
        if paper is None:
            return [one_page(self.drawing, self.heading, look)]
        ways = [
            several(self.drawing, self.heading, look, size) for size in (paper, paper.transposed())
        ]
        return min(ways, key=lambda pages: (len(pages), -pages[0].scale))

    def scale(self, most: float = LONGEST_SIDE) -> float:
        """Return how many pixels a picture has for each of the sheet."""
        size = self.pages(None)[0].size
        return min(FINE, most / max(size.width(), size.height()))

    def image(self, page: Page, scale: float, tell: Tell = unheard) -> QImage:
        """Return a page as a picture, with so many pixels for each on paper."""
        size = page.size * scale
        image = QImage(int(size.width()), int(size.height()), QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        painter.scale(scale, scale)
        look = Paper(self._press, scale * page.scale)
        try:
            page.paint(painter, look, self.drawing, self.heading, tell)
        finally:
            painter.end()
        return image

    def picture(self, tell: Tell = unheard) -> QImage:
        """Return the whole as a picture, as fine as may be."""
        return self.image(self.pages(None)[0], self.scale(), tell)

    def png(self, tell: Tell = unheard) -> Made:
        """Return the whole as PNG."""
        image = self.picture(tell)
        image.setDotsPerMeterX(round(DPI * FINE / 0.0254))
        image.setDotsPerMeterY(round(DPI * FINE / 0.0254))
        image.setText("Title", self.heading.name)
        buffer = _opened()
        image.save(buffer, "PNG")  # type: ignore[call-overload]
        return Made(bytes(buffer.data().data()), self.remark("png", self.pages(None)))

    def svg(self, tell: Tell = unheard) -> Made:
        """Return the whole as SVG, its words as words."""
        page = self.pages(None)[0]
        buffer = _opened()
        writer = QSvgGenerator()
        writer.setOutputDevice(buffer)
        writer.setResolution(DPI)
        writer.setTitle(self.heading.name)
        writer.setDescription(self.heading.says)
        size = QSize(int(page.size.width() + 0.5), int(page.size.height() + 0.5))
        writer.setSize(size)
        writer.setViewBox(QRect(0, 0, size.width(), size.height()))
        self._paint(writer, [page], tell)
        family = self._press.font("title").family()
        named = f'font-family="{family}"'.encode()
        rest = f'font-family="{family}, {FALLBACK}"'.encode()
        return Made(bytes(buffer.data().data()).replace(named, rest))

    def pdf(self, paper: QSizeF | None = None, tell: Tell = unheard) -> Made:
        """Return it as PDF: on pages of a size, or on one as large as the drawing."""
        pages = self.pages(paper)
        buffer = _opened()
        writer = QPdfWriter(buffer)
        writer.setResolution(DPI)
        writer.setTitle(self.heading.name)
        writer.setCreator("Rally Desktop")
        size = QPageSize(
            pages[0].size * 72 / DPI, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch
        )
        upright = QPageLayout.Orientation.Portrait
        writer.setPageLayout(QPageLayout(size, upright, QMarginsF()))
        self._paint(writer, pages, tell)
        return Made(bytes(buffer.data().data()), self.remark("pdf", pages))

    def remark(self, kind: str, pages: Sequence[Page]) -> str:
        """Return what became of the size, '' where it is as it should be."""
        if kind == "png" and (percent := round(100 * self.scale() / FINE)) < 100:
            return (
                f"It is scaled to {percent} %: a picture has at most {LONGEST_SIDE:,} pixels a"
                " side. PDF and SVG keep every word readable."
            )
        if kind == "pdf" and len(pages) == 1 and pages[0].scale < SMALLEST:
            percent = max(1, round(100 * pages[0].scale))
            return f"It is scaled to {percent} %: a page has at most 5 metres a side."
        return ""

    def print_on(self, printer: QPagedPaintDevice, pages: list[Page], tell: Tell) -> None:
        """Print some pages; the printer's page has no margins of its own."""
        self._paint(printer, pages, tell)

    def _paint(self, device: object, pages: list[Page], tell: Tell) -> None:
        painter = QPainter()
        if not painter.begin(device):  # type: ignore[arg-type]
            raise Refused("The printer does not take it. Look whether it is on and has paper.")
        look = Paper(self._press)
        factor = device.logicalDpiX() / DPI  # type: ignore[attr-defined]
        painter.scale(factor, factor)
        try:
            for number, page in enumerate(pages):
                if number:
                    device.newPage()  # type: ignore[attr-defined]
                before, share = number / len(pages), 1 / len(pages)
                page.paint(
                    painter,
                    look,
                    self.drawing,
                    self.heading,
                    lambda done, before=before, share=share: tell(before + share * done),
                )
        finally:
            painter.end()


def _opened() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer
