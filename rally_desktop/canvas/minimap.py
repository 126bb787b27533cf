"""The whole workflow in a corner, with a frame around what is in view."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from rally_desktop.canvas import camera
from rally_desktop.canvas.far import Far
from rally_desktop.canvas.plan import Spot
from rally_desktop.canvas.view import FlowView

WIDTH, HEIGHT, ROOM = 184, 128, 10.0
STEP = 80


class MiniMap(QWidget):
    """Click to look there, drag the frame, turn the wheel to zoom.

    It stands beside the sheet, never over it: a widget over the sheet would have all of it
    painted anew at every step of a pan.
    """

    def __init__(self, view: FlowView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._picture: QPixmap | None = None
        self._drawn = QRectF()
        self.setFixedSize(WIDTH, HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Overview of the workflow")
        view.moved.connect(self.update)
        view.flow.replanned.connect(self.renew)
        view.flow.restyled.connect(self.renew)

    def renew(self) -> None:
        """Draw the picture anew."""
        self._picture = None
        self.update()

    def sizeHint(self) -> QSize:
        """Return its one size."""
        return QSize(WIDTH, HEIGHT)

    def _whole(self) -> QRectF:
        left, top, right, bottom = self._view.flow.plan.bounds
        return QRectF(left, top, right - left, bottom - top)

    def _scale(self) -> float:
        whole = self._whole()
        width, height = self.width() - 2 * ROOM, self.height() - 2 * ROOM
        return min(width / max(1, whole.width()), height / max(1, whole.height()), 0.12)

    def _corner(self) -> QPointF:
        """Return where the sheet's origin is in this widget."""
        middle = QPointF(self.width() / 2, self.height() / 2)
        return middle - self._whole().center() * self._scale()

    def frame(self) -> QRectF:
        """Return the frame around what is in view, within the map."""
        seen, scale, corner = self._view.seen(), self._scale(), self._corner()
        box = QRectF(corner + seen.topLeft() * scale, seen.size() * scale)
        return box.intersected(QRectF(self.rect()).adjusted(3, 3, -3, -3))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture and the frame."""
        look = self._view.look
        if self._picture is None:
            self._picture = self._draw()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(0, 0, self._picture)
        painter.setPen(QPen(look.colour("accent"), 1.4))
        inside = QColor(look.colour("accent"))
        inside.setAlphaF(0.06)
        painter.setBrush(inside)
        painter.drawRoundedRect(self.frame(), 4, 4)
        painter.end()

    def _draw(self) -> QPixmap:
        view = self._view
        picture = QPixmap(self.size() * self.devicePixelRatioF())
        picture.setDevicePixelRatio(self.devicePixelRatioF())
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(view.look.colour("line"), 1))
        painter.setBrush(view.look.colour("canvas"))
        painter.drawRoundedRect(edge, 10, 10)
        painter.translate(self._corner())
        painter.scale(self._scale(), self._scale())
        chosen = view.flow.selected if isinstance(view.flow.selected, Spot) else None
        far = Far(view.flow.plan, view.look)
        far.paint(painter, self._whole(), min(self._scale() * 2, 0.2), chosen)
        painter.end()
        return picture

    def _look_at(self, at: QPointF) -> None:
        point = (at - self._corner()) / self._scale()
        self._view.go_to(self._view.zoom, point, glide=False)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Look at what is clicked."""
        self._look_at(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the frame along."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._look_at(event.position())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the middle of the sheet."""
        view = self._view
        view.zoom_to(camera.turned(view.zoom, event.angleDelta().y(), view.least_zoom()))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the camera by the arrow keys."""
        keys = Qt.Key
        moves = {
            keys.Key_Left: (-STEP, 0),
            keys.Key_Right: (STEP, 0),
            keys.Key_Up: (0, -STEP),
            keys.Key_Down: (0, STEP),
        }
        by = moves.get(keys(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self._view.shift(*by)
