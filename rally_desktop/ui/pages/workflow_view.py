"""One way to look at a workflow on its canvas: what is shown, above it and beside it."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from rally_desktop.canvas.overlay import NOTHING
from rally_desktop.model.graph import Graph
from rally_desktop.ui.pages.workflow_page import CanvasPage


class Bar(QFrame):
    """The row above the sheet that belongs to a view."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("bar")
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(16, 6, 16, 6)
        self.row.setSpacing(10)

    def add(self, *parts: QWidget | None) -> None:
        """Add parts from left to right; None takes the room that is left."""
        for part in parts:
            if part is None:
                self.row.addStretch(1)
            else:
                self.row.addWidget(part)


class CanvasView(QObject):
    """Base of the views; ``entered`` is true while it is the one that is shown.

    ``bar`` stands above the sheet meanwhile, and ``side`` in the place of the settings.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    tip: ClassVar[str]

    def __init__(self, page: CanvasPage) -> None:
        super().__init__(page)
        self.page, self.desk = page, page.desk
        self.bar: Bar | None = None
        self.side: QWidget | None = None
        self.entered = False

    def enter(self) -> None:
        """Show what there is to see."""

    def leave(self) -> None:
        """Hear that another view is shown from now on."""

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self.desk.notices.show_error(error)

    def present(self, graph: Graph | None, why: str = "") -> None:
        """Show a graph that cannot be edited, or None for the draft; what was selected stays so."""
        page, flow = self.page, self.page.view.flow
        chosen, current = flow.chosen, flow.selected
        flow.set_overlay(NOTHING)
        own = graph is None or graph is page.draft.own
        page.faces.know(page.problems if own else ())
        page.draft.present(graph, why)
        page.canvas.refresh()
        kept = [spot for spot in chosen if spot in flow.plan.boxes]
        flow.choose(kept, current if current in kept else next(iter(kept), None))
        if not page.view.seen().intersects(flow.sceneRect()):
            page.view.look_at_start()
