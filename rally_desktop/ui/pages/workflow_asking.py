"""Asks for a kind to add, with the same popup as the canvas."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QWidget

from rally_desktop.canvas.faces import Offer
from rally_desktop.canvas.quick_add import WIDTH, QuickAdd
from rally_desktop.canvas.view import FlowView


class Asker(QObject):
    """Opens the popup below a button, and hands what was chosen to whoever asked."""

    def __init__(self, view: FlowView) -> None:
        super().__init__(view)
        self.popup = QuickAdd(view)
        self._take: Callable[[Offer], None] | None = None
        self.popup.chosen.connect(self._chosen)

    def ask(
        self,
        anchor: QWidget,
        words: str,
        offers: Sequence[Offer],
        take: Callable[[Offer], None],
    ) -> None:
        """Ask for one of the offers; ``words`` stand in the empty search."""
        self._take = take
        corner = anchor.mapToGlobal(QPoint(0, anchor.height() + 4))
        right = anchor.window().mapToGlobal(QPoint(anchor.window().width() - WIDTH - 8, 0)).x()
        self.popup.ask(offers, QPoint(min(corner.x(), right), corner.y()), says=words)

    def _chosen(self, offer: Offer) -> None:
        take, self._take = self._take, None
        if take is not None:
            take(offer)
