"""A scene over whose cards and connectors values can be laid for a while."""

from __future__ import annotations

from collections.abc import Set

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QGraphicsScene

from rally_desktop.canvas.overlay import NOTHING, Overlay
from rally_desktop.canvas.pace import Pace
from rally_desktop.canvas.stage import Stage


class LaidScene(QGraphicsScene):
    """``overlay`` is what lies over it now; ``laid`` brings the one before."""

    laid = Signal(object)
    stage: Stage

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.overlay = self._brought = NOTHING
        self.found: Set[str] | None = None
        self._pace = Pace[Overlay](self, self._lay)

    def set_overlay(self, overlay: Overlay) -> None:
        """Lay values over the cards and connectors, other than those that lie there."""
        self._pace.hurry(overlay)

    def follow(self, overlay: Overlay) -> None:
        """Lay newer values over them; where many come, the last one four times a second."""
        self._pace.bring(overlay)

    def single_out(self, found: Set[str] | None) -> None:
        """Draw all but some cards faintly, whatever else lies over them; None draws all."""
        if found != self.found:
            self.found = found
            self._lay(self._brought)

    def _lay(self, overlay: Overlay) -> None:
        self._brought = overlay
        before, self.overlay = self.overlay, overlay.only(self.found)
        if self.overlay != before:
            self.stage.lay(self.overlay)
            self.laid.emit(before)
