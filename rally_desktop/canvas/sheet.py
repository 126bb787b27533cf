"""The window onto the sheet and its camera: pans by the scroll bars, zooms, paints near or far.

Panning moves the scroll bars, so that Qt copies what stays and paints only what comes into
view. While zooming, pictures are scaled roughly; when it rests they are painted crisply.
"""

from __future__ import annotations

from PySide6.QtCore import (
    QEasingCurve,
    QElapsedTimer,
    QEvent,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSizeF,
    Qt,
    QTimer,
    QVariantAnimation,
    Signal,
)
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QResizeEvent, QTransform
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from rally_desktop.canvas import camera
from rally_desktop.canvas.far import Far, is_far
from rally_desktop.canvas.look import Kit, Look
from rally_desktop.canvas.plan import Spot
from rally_desktop.canvas.scene import FlowScene
from rally_desktop.canvas.tokens import MOTION, Scheme

CRISP_AFTER = 100  # milliseconds without a zoom step
FOCAL_FOR = 500
ROOM = 48


class Sheet(QGraphicsView):
    """The camera: where one looks at, and how near."""

    moved = Signal()  # panned, zoomed or resized

    def __init__(self, scheme: Scheme, kit: Kit, parent: QWidget | None = None) -> None:
        self._kit = kit
        self._look = Look(scheme, 1.0, kit)
        self.flow = FlowScene(self._look)
        super().__init__(self.flow, parent)
        self.flow.setParent(self)
        self.zoom = 1.0
        self.far_paints = 0  # tests count them
        self._crisp_at = 1.0
        self._far: Far | None = None
        self._dots: QPixmap | None = None
        self._focus_point = QPoint()
        self._focus_on = QPointF()
        self._since_zoom = QElapsedTimer()
        self._rest = QTimer(self, singleShot=True, interval=CRISP_AFTER)
        self._rest.timeout.connect(self._sharpen)
        self._glide = QVariantAnimation(self, startValue=0.0, endValue=1.0)
        self._glide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._path = (1.0, 1.0, QPointF(), QPointF())
        self._glide.valueChanged.connect(self._glided)
        self.motion = bool(self.style().styleHint(self.style().StyleHint.SH_Widget_Animate))
        self._set_up()
        self.flow.replanned.connect(self._replanned)

    def _set_up(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalScrollBar().valueChanged.connect(self._shifted)
        self.verticalScrollBar().valueChanged.connect(self._shifted)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)

    # -- where one looks ------------------------------------------------------------------

    def seen(self) -> QRectF:
        """Return the rectangle of the sheet that is in view."""
        return self.mapToScene(self.viewport().rect()).boundingRect()

    def least_zoom(self) -> float:
        """Return the smallest zoom allowed; the whole workflow always fits."""
        whole = camera.fitting(self.flow.sceneRect(), QSizeF(self.viewport().size()), ROOM)
        return min(camera.LEAST, whole)

    def shift(self, across: int, down: int) -> None:
        """Move the camera by pixels on screen."""
        for bar, by in ((self.horizontalScrollBar(), across), (self.verticalScrollBar(), down)):
            if by:
                bar.setValue(bar.value() + by)

    def zoom_to(self, zoom: float, at: QPoint | None = None) -> None:
        """Zoom, keeping what is below a point of the window where it is."""
        self._glide.stop()
        at = self.viewport().rect().center() if at is None else at
        expired = not self._since_zoom.isValid() or self._since_zoom.elapsed() > FOCAL_FOR
        if expired or (at - self._focus_point).manhattanLength() > 3:
            self._focus_point, self._focus_on = at, self._on_sheet(at)
        self._since_zoom.start()
        self._look_at(camera.bounded(zoom, self.least_zoom()), self._focus_on, at)

    def fit(self, what: QRectF, most: float = 1.0, glide: bool = True) -> None:
        """Show a rectangle of the sheet as large as the window allows."""
        size = QSizeF(self.viewport().size())
        self.go_to(camera.fitting(what, size, ROOM, most), what.center(), glide)

    def go_to(self, zoom: float, centre: QPointF, glide: bool = True) -> None:
        """Bring a point of the sheet to the middle of the window."""
        self._glide.stop()
        middle = QPointF(self.viewport().rect().center())
        here = self._on_sheet(middle.toPoint())
        self._path = (self.zoom, camera.bounded(zoom, self.least_zoom()), here, centre)
        if not (glide and self.motion and self.isVisible()):
            self._glided(1.0)
            return
        self._glide.setDuration(MOTION["tidy"])
        self._glide.start()

    def show_rect(self, what: QRectF) -> None:
        """Move the camera just as far as needed to have a rectangle in view, with some room."""
        self._glide.stop()
        where = self.mapFromScene(what).boundingRect().adjusted(-ROOM, -ROOM, ROOM, ROOM)
        window = self.viewport().rect()
        across, down = _outside(where, window)
        self.shift(across, down)

    def _glided(self, share: object) -> None:
        part = float(str(share))
        start, end, here, there = self._path
        zoom = start * (end / start) ** part
        at = self.viewport().rect().center()
        self._look_at(zoom, here + (there - here) * part, at)

    def _on_sheet(self, at: QPoint) -> QPointF:
        return self.viewportTransform().inverted()[0].map(QPointF(at))

    def _look_at(self, zoom: float, point: QPointF, at: QPoint) -> None:
        changed = abs(zoom - self.zoom) > 1e-9
        if changed:
            self.zoom = zoom
            self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
            self.setTransform(QTransform.fromScale(zoom, zoom))
            self._dots = None
            self._rest.start()
        self._give_room()
        self.horizontalScrollBar().setValue(round(point.x() * zoom - at.x()))
        self.verticalScrollBar().setValue(round(point.y() * zoom - at.y()))
        if changed:
            self._shifted()

    def _give_room(self) -> None:
        """Let the camera move until hardly anything of the workflow is left in view."""
        size = self.viewport().size()
        across, down = size.width() / self.zoom, size.height() / self.zoom
        room = self.flow.sceneRect().adjusted(-across, -down, across, down)
        if room != self.sceneRect():
            self.setSceneRect(room)

    def _shifted(self) -> None:
        if not self.is_far():
            self.flow.expose(self.seen())
        self.moved.emit()

    def _replanned(self) -> None:
        self._far = None
        self._give_room()
        self._shifted()
        self.viewport().update()

    # -- how it is painted ----------------------------------------------------------------

    def is_far(self) -> bool:
        """Say whether the sheet is painted as blocks."""
        return is_far(self.zoom, self.devicePixelRatioF())

    def set_scheme(self, scheme: Scheme) -> None:
        """Paint in light or dark."""
        self._renew(Look(scheme, self.devicePixelRatioF(), self._kit))

    def sharpen(self) -> None:
        """Paint all pictures crisply for this zoom, now."""
        self._rest.stop()
        self._sharpen()

    def _sharpen(self) -> None:
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._crisp_at != self.zoom and not self.is_far():
            self._crisp_at = self.zoom
            self.flow.set_look(self._look, self.zoom)

    def _renew(self, look: Look) -> None:
        self._look = look
        self._far = self._dots = None
        self._crisp_at = self.zoom
        self.flow.set_look(look, self.zoom)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint blocks from afar; else let the items paint."""
        if not self.is_far():
            super().paintEvent(event)
            return
        if self._far is None:
            self._far = Far(self.flow.plan, self._look)
        painter = QPainter(self.viewport())
        self._ground(painter, event.rect())
        transform = self.viewportTransform()
        painter.setWorldTransform(transform)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        seen = transform.inverted()[0].mapRect(QRectF(event.rect()))
        chosen = self.flow.selected if isinstance(self.flow.selected, Spot) else None
        self._far.paint(painter, seen, self.zoom, chosen)
        painter.end()
        self.far_paints += 1

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Paint the dotted ground in pixels of the window, whatever the zoom."""
        painter.save()
        where = painter.worldTransform().mapRect(QRectF(rect)).toAlignedRect()
        painter.resetTransform()
        self._ground(painter, where)
        painter.restore()

    def _ground(self, painter: QPainter, where: QRect) -> None:
        if self._dots is None:
            self._dots = self._look.dots(self.zoom)
        if self._dots is None:
            painter.fillRect(where, self._look.colour("canvas"))
            return
        cell = self._dots.deviceIndependentSize().width()
        left = (where.x() + self.horizontalScrollBar().value()) % cell
        top = (where.y() + self.verticalScrollBar().value()) % cell
        painter.drawTiledPixmap(QRectF(where), self._dots, QPointF(left, top))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what is in the middle there."""
        super().resizeEvent(event)
        self._give_room()
        self._shifted()

    def event(self, event: QEvent) -> bool:
        """Make pictures anew when the window comes to a screen of another density."""
        if event.type() in (QEvent.Type.DevicePixelRatioChange, QEvent.Type.Show):
            if self._look.ratio != self.devicePixelRatioF():
                self._renew(Look(self._look.scheme, self.devicePixelRatioF(), self._kit))
        return super().event(event)


def _outside(where: QRect, window: QRect) -> tuple[int, int]:
    """Return how far to move so that a rectangle comes into the window; its start wins."""
    across = max(0, where.right() - window.right())
    across = min(across, where.left() - window.left()) if across else across
    across = min(0, where.left() - window.left()) or across
    down = max(0, where.bottom() - window.bottom())
    down = min(down, where.top() - window.top()) if down else down
    down = min(0, where.top() - window.top()) or down
    return across, down
