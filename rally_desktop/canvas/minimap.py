"""The whole workflow in a corner, with a frame around what is in view."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, QTimer, QVariantAnimation
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
from rally_desktop.canvas.view import FlowView

WIDTH, HEIGHT, ROOM = 184, 128, 10.0
STEP = 80
LEAST_FRAME = 8.0  # pixels: a smaller frame could not be taken
MOST_IN_VIEW = 0.7  # with more of the workflow in view nobody needs a map
FADES = 200
AFTER = 120  # milliseconds in which the camera rests


class Drawing:
    """The workflow as small as a map; where only what is marked changed, that alone is painted."""

    def __init__(self, view: FlowView) -> None:
        self._view = view
        self._ground: tuple[Far, QPixmap] | None = None  # painted by what, without marks

    def picture(self, on: QWidget, whole: QRectF, corner: QPointF, scale: float) -> QPixmap:
        """Return the workflow with what is selected and what lies over it."""
        far = self._view.far()
        zoom = min(scale * 2, 0.2)  # never near enough for icons
        if self._ground is None or self._ground[0] is not far:
            ground = self._sheet(on)
            painter = self._painter(ground, corner, scale)
            far.paint(painter, whole, zoom)
            painter.end()
            self._ground = (far, ground)
        picture = QPixmap(self._ground[1])
        painter = self._painter(picture, corner, scale)
        far.mark(painter, whole, zoom, self._view.flow.chosen)
        self._view.paint_over(painter, whole, zoom)
        painter.end()
        return picture

    def _sheet(self, on: QWidget) -> QPixmap:
        picture = QPixmap(on.size() * on.devicePixelRatioF())
        picture.setDevicePixelRatio(on.devicePixelRatioF())
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._view.look.colour("line"), 1))
        painter.setBrush(self._view.look.colour("canvas"))
        painter.drawRoundedRect(QRectF(on.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
        painter.end()
        return picture

    def _painter(self, picture: QPixmap, corner: QPointF, scale: float) -> QPainter:
        """Return a painter whose units are those of the sheet."""
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(corner)
        painter.scale(scale, scale)
        return painter


class MiniMap(QWidget):
    """Click to look there, drag the frame, turn the wheel to zoom.

    It shows itself where little of the workflow is in view, if it is ``wanted`` at all.

    It stands beside the sheet, never over it: a widget over the sheet would have all of it
    painted anew at every step of a pan.
    """

    def __init__(self, view: FlowView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._drawing = Drawing(view)
        self._picture: QPixmap | None = None
        self._held = QPointF()  # from the middle of the frame to where it was taken
        self.wanted = True
        self._strength = 0.0
        self._fade = QVariantAnimation(self)
        self._fade.valueChanged.connect(self._faded)
        self._soon = QTimer(self, singleShot=True, interval=AFTER)
        self._soon.timeout.connect(self.decide)
        self.setFixedSize(WIDTH, HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Overview of the workflow")
        view.moved.connect(self._look_again)
        view.flow.replanned.connect(self.renew)
        view.flow.restyled.connect(self.renew)
        view.flow.laid.connect(self.renew)
        self.hide()

    def renew(self) -> None:
        """Draw anew what is marked, and all where the workflow or the colours changed."""
        self._picture = None
        self._look_again()

    def want(self, wanted: bool) -> None:
        """Show it where it helps, or never."""
        self.wanted = wanted
        self.decide()

    def decide(self) -> None:
        """Come or go, as much or little of the workflow is in view."""
        shown = self.wanted and self._share() < MOST_IN_VIEW
        goal = 1.0 if shown else 0.0
        if self._fade.state() is QVariantAnimation.State.Running:
            if self._fade.endValue() == goal:
                return
            self._fade.stop()
        if shown:
            self.show()
        self._fade.setStartValue(self._strength)
        self._fade.setEndValue(goal)
        self._fade.setDuration(FADES if self._view.motion else 0)
        self._fade.start()

    def _faded(self, value: object) -> None:
        self._strength = cast("float", value)
        self.setVisible(self._strength > 0)
        self.update()

    def _look_again(self) -> None:
        self._soon.start()
        self.update()

    def _share(self) -> float:
        """Return how much of the workflow is in view."""
        whole = self._whole()
        seen = self._view.seen().intersected(whole)
        return seen.width() * seen.height() / max(1.0, whole.width() * whole.height())

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
        grow = QSizeF(LEAST_FRAME, LEAST_FRAME).expandedTo(box.size()) - box.size()
        across, down = grow.width() / 2, grow.height() / 2
        box.adjust(-across, -down, across, down)
        return box.intersected(QRectF(self.rect()).adjusted(3, 3, -3, -3))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture and the frame."""
        look = self._view.look
        if self._picture is None:
            place = (self._whole(), self._corner(), self._scale())
            self._picture = self._drawing.picture(self, *place)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(self._strength)
        painter.drawPixmap(0, 0, self._picture)
        painter.setPen(QPen(look.colour("accent"), 1.4))
        inside = QColor(look.colour("accent"))
        inside.setAlphaF(0.06)
        painter.setBrush(inside)
        painter.drawRoundedRect(self.frame(), 4, 4)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 10, 10)
        painter.end()

    def _look_at(self, at: QPointF) -> None:
        point = (at - self._corner()) / self._scale()
        self._view.go_to(self._view.zoom, point, glide=False)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the frame, or look at what is clicked."""
        self._view.remember()
        frame, at = self.frame(), event.position()
        self._held = at - frame.center() if frame.contains(at) else QPointF()
        self._look_at(at - self._held)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the frame along."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._look_at(event.position() - self._held)

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
