"""Jumps of the camera: to what fits or is asked for, and back to where one looked before."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF
from PySide6.QtWidgets import QGraphicsScene, QWidget

from rally_desktop.canvas import camera
from rally_desktop.canvas.camera_view import ROOM, CameraView
from rally_desktop.canvas.trail import Look, Trail


class JumpingView(CameraView):
    """Remembers each place before it leaves it by a jump."""

    def __init__(self, scene: QGraphicsScene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self._trail = Trail()

    def fit(self, what: QRectF, most: float = 1.0, glide: bool = True) -> None:
        """Show a rectangle of the sheet as large as the window allows."""
        self.remember()
        look = self.fitting(what, most)
        self.go_to(look.zoom, what.center(), glide)

    def fitting(self, what: QRectF, most: float = 1.0) -> Look:
        """Return the look at which a rectangle of the sheet fills the window."""
        zoom = camera.fitting(what, QSizeF(self.viewport().size()), ROOM, most)
        return Look(zoom, what.center().x(), what.center().y())

    def show_rect(self, what: QRectF) -> None:
        """Move the camera just as far as needed to have a rectangle in view, with some room."""
        self._flight.stop()
        self._since_zoom.invalidate()
        where = self.mapFromScene(what).boundingRect().adjusted(-ROOM, -ROOM, ROOM, ROOM)
        window = self.viewport().rect()
        across, down = _outside(where, window)
        if abs(across) > window.width() / 2 or abs(down) > window.height() / 2:
            self.remember()
        self.shift(across, down)

    def remember(self) -> None:
        """Keep where one looks, to come back there after a jump."""
        self._trail.leave(self.heading())

    def look_back(self) -> bool:
        """Go back to where one looked before; say whether there was such a place."""
        return self._go_along(self._trail.back(self.heading()))

    def look_forward(self) -> bool:
        """Go forward again."""
        return self._go_along(self._trail.forward(self.heading()))

    def _go_along(self, look: Look | None) -> bool:
        if look is not None:
            self.go_to(look.zoom, QPointF(look.x, look.y))
        return look is not None


def _outside(where: QRect, window: QRect) -> tuple[int, int]:
    """Return how far to move so that a rectangle comes into the window; its start wins."""
    return (
        _past(where.left(), where.right(), window.left(), window.right()),
        _past(where.top(), where.bottom(), window.top(), window.bottom()),
    )


def _past(start: int, end: int, first: int, last: int) -> int:
    if start < first:
        return start - first
    return max(0, min(end - last, start - first))
