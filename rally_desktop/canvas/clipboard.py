"""Steps on the system's clipboard and in what is dropped from other programs."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QImage, QPainter, QStandardItem, QStandardItemModel

from rally_desktop.canvas import parcel
from rally_desktop.canvas.export.drawing import Drawing
from rally_desktop.canvas.look import Look
from rally_desktop.canvas.plan import Plan, Spot
from rally_desktop.core.errors import BadDefinition
from rally_desktop.model.graph import Graph

STEPS = "application/x-rally-steps+json"
FILES = (".json", ".txt")
FINE = 2.0  # pixels of the picture for each of the sheet
MOST_PICTURED = 60  # cards


def offered(made: Graph, picture: QImage) -> QMimeData:
    """Return a parcel as programs take it: as steps, as text, and as a picture."""
    text = parcel.text_of(made)
    data = blank()
    data.setData(STEPS, text.encode())
    data.setText(text)
    if not picture.isNull():
        data.setImageData(picture)
    return data


def blank() -> QMimeData:
    """Return empty data that Qt has made itself.

    The clipboard is asked for its data until the very end of the program; what Python has made
    cannot answer any more by then, and the program would end in a crash.
    """
    model = QStandardItemModel()
    model.appendRow(QStandardItem())
    data = model.mimeData([model.index(0, 0)])
    data.clear()
    return data


def picture_of(plan: Plan, chosen: Set[Spot], look: Look) -> QImage:
    """Return what is selected as a picture; nothing where that would be too large to be of use."""
    if not 0 < len(chosen) <= MOST_PICTURED:
        return QImage()
    drawing = Drawing(plan, chosen)
    area = drawing.bounds
    image = QImage((area.size() * FINE).toSize(), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.scale(FINE, FINE)
    painter.translate(-area.topLeft())
    drawing.paint(painter, look, area, FINE)
    painter.end()
    return image


def may_hold_steps(data: QMimeData) -> bool:
    """Say whether it is worth looking for steps in what is brought, without reading it."""
    if data.hasFormat(STEPS) or _file(data) is not None:
        return True
    return data.hasText() and not data.hasUrls() and parcel.looks_like_steps(data.text())


def text_in(data: QMimeData) -> str:
    """Return the text in which steps may be; raise BadDefinition where there is none."""
    if data.hasFormat(STEPS):
        return bytes(data.data(STEPS).data()).decode("utf-8", "replace")
    file = _file(data)
    if file is not None:
        return _read(file)
    if not data.text().strip():
        raise BadDefinition("There are no steps on the clipboard. Copy some steps first.")
    return data.text()


def _file(data: QMimeData) -> Path | None:
    """Return the one file that is brought, where its name says that it is text."""
    urls = data.urls() if data.hasUrls() else []
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.suffix.lower() in FILES else None


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > parcel.LARGEST:
            raise BadDefinition(f"{path.name} is too large to be steps.")
        return path.read_text("utf-8", "replace")
    except OSError as error:
        raise BadDefinition(f"{path.name} cannot be opened: {error.strerror}.") from error
