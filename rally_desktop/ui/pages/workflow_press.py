"""What is put out is set and drawn with: the program's typeface and icons."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QSizeF
from PySide6.QtGui import QFont, QPageSize, QPixmap

from rally_desktop.canvas.export.files import DPI, Export, Made
from rally_desktop.canvas.export.heading import Heading
from rally_desktop.canvas.plan import plan
from rally_desktop.core.conditions import Fields
from rally_desktop.model.graph import Graph
from rally_desktop.ui import fonts, icons
from rally_desktop.ui.pages.workflow_faces import KindFaces

PAPERS = ("A4", "A3", "Letter", "Legal")


class PressKit:
    """The typeface and the icons, for pictures off the screen too."""

    def font(self, role: str) -> QFont:
        """Return the font of a role of the type scale."""
        return fonts.font(role)

    def picture(self, name: str, colour: str, size: int, ratio: float) -> QPixmap:
        """Return a line icon as a picture."""
        return icons.pixmap(name, colour, size, ratio)

    def drawing(self, name: str, colour: str) -> bytes:
        """Return a line icon as SVG."""
        return icons.drawing(name, colour)


def heading_of(graph: Graph, version: int | None, day: date) -> Heading:
    """Return what stands above a workflow: its name, draft or version, and the day."""
    state = f"Version {version}" if version else "Draft"
    return Heading(graph.name, state, f"{day.day} {day:%B %Y}")


def paper_size(name: str) -> QSizeF | None:
    """Return the size of a paper as pages count it; None for no name."""
    return size_of(QPageSize(getattr(QPageSize.PageSizeId, name))) if name else None


def size_of(page: QPageSize) -> QSizeF:
    """Return the size of a paper as pages count it."""
    return page.size(QPageSize.Unit.Point) * DPI / 72


def drawn(graph: Graph, fields: Fields, heading: Heading, kind: str, paper: str = "") -> Made:
    """Return a workflow as the content of a file: png, svg or pdf; needs Qt at work."""
    faces = KindFaces()
    faces.fields = {graph.record: fields}
    faces.read_audience(graph)
    export = Export(plan(graph, faces), heading, PressKit())
    if kind == "pdf":
        return export.pdf(paper_size(paper))
    return export.svg() if kind == "svg" else export.png()
