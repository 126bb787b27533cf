"""HTML that was made harmless, drawn without fetching anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, Qt, QUrl
from PySide6.QtGui import QImage, QImageReader, QTextDocument
from PySide6.QtWidgets import QFrame, QTextBrowser

WIDEST = 1_600  # pixels; a picture that claims more is drawn smaller
LARGEST_MB = 64
# What is drawn from points alone; a drawing such as SVG may name files, and be endless.
KINDS = frozenset({"png", "jpeg", "gif", "webp", "bmp"})


class LetterHtml(QTextBrowser):
    """Shows a message; ``pictures`` are those that were fetched, by their addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.pictures: Mapping[str, bytes] = {}
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("The message")

    def show_html(self, source: str) -> None:
        """Draw a message."""
        self.document().clear()
        self.setHtml(source)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Give a picture that was fetched; for everything else a single clear point."""
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return None
        held = self.pictures.get(name.toString() if isinstance(name, QUrl) else name)
        return _drawn(held) if held else clear()


def _drawn(held: bytes) -> QImage:
    inside = QBuffer()
    inside.setData(QByteArray(held))
    reader = QImageReader(inside)
    reader.setDecideFormatFromContent(True)
    reader.setAllocationLimit(LARGEST_MB)
    if reader.format().toStdString() not in KINDS:
        return clear()
    image = reader.read()
    if image.isNull():
        return clear()
    return image.scaledToWidth(WIDEST) if image.width() > WIDEST else image


def clear() -> QImage:
    """Return a point that is not seen; where there is none, Qt reads a file of that name itself."""
    image = QImage(1, 1, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    return image
