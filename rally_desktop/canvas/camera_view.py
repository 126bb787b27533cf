"""The camera: where one looks at on the sheet, and how near.

Panning moves the scroll bars, so that Qt copies what stays and paints only what comes into
view.
"""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import (
    QEasingCurve,
    QElapsedTimer,
    QPoint,
    QPointF,
    QRectF,
    QSizeF,
    Qt,
    QVariantAnimation,
    Signal,
)
from PySide6.QtGui import QResizeEvent, QTransform
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QWidget

from rally_desktop.canvas import camera
from rally_desktop.canvas.tokens import MOTION
from rally_desktop.canvas.trail import Look

FOCAL_FOR = 500  # milliseconds in which zoom steps keep the same point still
ROOM = 48


class CameraView(QGraphicsView):
    """Pans, zooms at a point, fits; ``moved`` says that any of it happened."""

    moved = Signal()

    def __init__(self, scene: QGraphicsScene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self.zoom = 1.0
        self.motion = bool(self.style().styleHint(self.style().StyleHint.SH_Widget_Animate))
        self._focus_point = QPoint()
        self._focus_on = QPointF()
        self._since_zoom = QElapsedTimer()
        self._flight = QVariantAnimation(self)
        self._flight.setStartValue(0.0)
        self._flight.setEndValue(1.0)
        self._flight.setDuration(MOTION["zoom"])
        self._flight.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._flight.valueChanged.connect(self._fly)
        self._path = (1.0, 1.0, QPointF(), QPointF())
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalScrollBar().valueChanged.connect(self.camera_moved)
        self.verticalScrollBar().valueChanged.connect(self.camera_moved)

    def camera_moved(self) -> None:
        """Hear that something else is in view now."""
        self.moved.emit()

    def camera_zoomed(self) -> None:
        """Hear that the zoom is another."""

    def seen(self) -> QRectF:
        """Return the rectangle of the sheet that is in view."""
        return self.mapToScene(self.viewport().rect()).boundingRect()

    def least_zoom(self) -> float:
        """Return the smallest zoom allowed; the whole workflow always fits."""
        size = QSizeF(self.viewport().size())
        return min(camera.LEAST, camera.fitting(self.scene().sceneRect(), size, ROOM))

    def shift(self, across: int, down: int) -> None:
        """Move the camera by pixels on screen."""
        for bar, by in ((self.horizontalScrollBar(), across), (self.verticalScrollBar(), down)):
            if by:
                bar.setValue(bar.value() + by)

    def zoom_to(self, zoom: float, at: QPoint | None = None) -> None:
        """Zoom, keeping what is below a point of the window where it is."""
        self._flight.stop()
        at = self.viewport().rect().center() if at is None else at
        expired = not self._since_zoom.isValid() or self._since_zoom.elapsed() > FOCAL_FOR
        if expired or (at - self._focus_point).manhattanLength() > 3:
            self._focus_point, self._focus_on = at, self._on_sheet(at)
        self._since_zoom.start()
        self._look_at(camera.bounded(zoom, self.least_zoom()), self._focus_on, at)

    def let_go_of_focus(self) -> None:
        """Let the next zoom step be about another point."""
        self._since_zoom.invalidate()

    def glide_zoom(self, zoom: float) -> None:
        """Zoom about the middle of the window, gliding there."""
        self.go_to(zoom, self._on_sheet(self.viewport().rect().center()))

    def heading(self) -> Look:
        """Return where one looks, or will once the camera has come to rest."""
        if self._flight.state() is QVariantAnimation.State.Running:
            _, zoom, _, there = self._path
            return Look(zoom, there.x(), there.y())
        here = self._on_sheet(self.viewport().rect().center())
        return Look(self.zoom, here.x(), here.y())

    def go_to(self, zoom: float, centre: QPointF, glide: bool = True) -> None:
        """Bring a point of the sheet to the middle of the window."""
        self._flight.stop()
        self._since_zoom.invalidate()
        here = self._on_sheet(self.viewport().rect().center())
        self._path = (self.zoom, camera.bounded(zoom, self.least_zoom()), here, centre)
        if glide and self.motion and self.isVisible():
            self._flight.start()
        else:
            self._fly(1.0)

    def give_room(self) -> None:
        """Let the camera move until hardly anything of the workflow is left in view."""
        size = self.viewport().size()
        across, down = size.width() / self.zoom, size.height() / self.zoom
        room = self.scene().sceneRect().adjusted(-across, -down, across, down)
        if room != self.sceneRect():
            self.setSceneRect(room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the upper middle where it is when the window grows."""
        super().resizeEvent(event)
        self.give_room()
        if event.oldSize().isValid():
            self.shift((event.oldSize().width() - event.size().width()) // 2, 0)
        self.camera_moved()

    def _fly(self, share: object) -> None:
        part = cast("float", share)
        start, end, here, there = self._path
        at = self.viewport().rect().center()
        self._look_at(start * (end / start) ** part, here + (there - here) * part, at)

    def _on_sheet(self, at: QPoint) -> QPointF:
        return self.viewportTransform().inverted()[0].map(QPointF(at))

    def _look_at(self, zoom: float, point: QPointF, at: QPoint) -> None:
        changed = abs(zoom - self.zoom) > 1e-9
        if changed:
            self.zoom = zoom
            self.camera_zoomed()
            self.setTransform(QTransform.fromScale(zoom, zoom))
        self.give_room()
        self.horizontalScrollBar().setValue(round(point.x() * zoom - at.x()))
        self.verticalScrollBar().setValue(round(point.y() * zoom - at.y()))
        if changed:
            self.camera_moved()
