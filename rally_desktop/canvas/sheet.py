"""The sheet on screen: painted near or far, crisply where it rests.

While zooming, pictures are scaled roughly; when it rests they are painted anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSizeF, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QGraphicsView, QWidget

from rally_desktop.canvas import camera
from rally_desktop.canvas.far import Far, is_far
from rally_desktop.canvas.far_overlay import FarOverlay
from rally_desktop.canvas.items.pulse import Pulse
from rally_desktop.canvas.jumping_view import JumpingView
from rally_desktop.canvas.look import Kit, Look
from rally_desktop.canvas.overlay import NOTHING, Overlay
from rally_desktop.canvas.plan import Spot
from rally_desktop.canvas.scene import FlowScene
from rally_desktop.canvas.tokens import Scheme

CRISP_AFTER = 100  # milliseconds without a zoom step
SHORT = 0.8  # what fits at this zoom is shown whole
READABLE = 0.75  # from here on a card shows all it has to say
START_X = 0.0


class Sheet(JumpingView):
    """Shows a ``FlowScene``."""

    def __init__(self, scheme: Scheme, kit: Kit, parent: QWidget | None = None) -> None:
        self.kit = kit
        self.look = Look(scheme, 1.0, kit)
        self.flow = FlowScene(self.look)
        self.far_paints = 0  # tests count them
        self._crisp_at = 1.0
        self._at_start = False
        self._far: Far | None = None
        self._over: FarOverlay | None = None
        self._dots: QPixmap | None = None
        self._unreal = False
        super().__init__(self.flow, parent)
        self.flow.setParent(self)
        self._rest = QTimer(self, singleShot=True, interval=CRISP_AFTER)
        self._rest.timeout.connect(self.sharpen)
        self.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.flow.replanned.connect(self._replanned)
        self.flow.restyled.connect(self._restyled)
        self.flow.laid.connect(self._laid)

    def is_far(self) -> bool:
        """Say whether the sheet is painted as blocks."""
        return is_far(self.zoom, self.devicePixelRatioF())

    def set_scheme(self, scheme: Scheme) -> None:
        """Paint in light or dark."""
        self._renew(Look(scheme, self.devicePixelRatioF(), self.kit))

    def set_unreal(self, unreal: bool) -> None:
        """Hatch the ground, to say that nothing of what is shown has really happened."""
        self._unreal, self._dots = unreal, None
        self.viewport().update()

    def sharpen(self) -> None:
        """Paint all pictures crisply for this zoom."""
        self._rest.stop()
        self.flow.stage.roughen(False)
        if self._crisp_at != self.zoom and not self.is_far():
            self._crisp_at = self.zoom
            self.flow.set_look(self.look, self.zoom)

    def look_at_start(self) -> None:
        """Show all of a short workflow, or the top of a long one, as wide as stays readable."""
        whole, size = self.flow.sceneRect(), self.viewport().size()
        zoom = camera.fitting(whole, QSizeF(size), 0)
        at = whole.center()
        if zoom < SHORT:
            zoom = min(1.0, max(READABLE, size.width() / max(1.0, whole.width())))
            down = whole.top() + size.height() / 2 / zoom
            at = QPointF(START_X, max(down, whole.top()))
        if zoom != self._crisp_at and not is_far(zoom, self.devicePixelRatioF()):
            self._crisp_at = zoom
            self.flow.stage.look_away()
            self.flow.set_look(self.look, zoom)
        self.go_to(zoom, at, glide=False)
        self.sharpen()
        self.camera_moved()
        self._at_start = True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep looking at the start, as long as nobody has looked elsewhere."""
        was, size = self._at_start, event.oldSize()
        super().resizeEvent(event)
        # A bar that comes or goes above the sheet is no reason to look elsewhere.
        if was and size.width() != event.size().width():
            self.look_at_start()
        else:
            self._at_start = was

    def camera_zoomed(self) -> None:
        """Paint roughly until the zoom rests."""
        self.flow.stage.roughen(True)
        self._dots = None
        self._rest.start()

    def camera_moved(self) -> None:
        """Have ready what came into view."""
        self._at_start = False
        if not self.is_far():
            self.flow.expose(self.seen())
        super().camera_moved()

    def _renew(self, look: Look) -> None:
        self.look = look
        self._far = self._over = self._dots = None
        self._crisp_at = self.zoom
        self.flow.set_look(look, self.zoom)
        self.flow.restyled.emit()
        self.viewport().update()

    def _replanned(self) -> None:
        self._far = self._over = None
        self.give_room()
        self.camera_moved()
        self.viewport().update()

    def _laid(self, before: Overlay) -> None:
        """Paint from afar what lies over the sheet now, and show once where somebody waits."""
        self._over = None
        self._restyled()
        waits = self.flow.overlay.waits
        box = self.flow.plan.boxes.get(Spot("step", waits)) if waits != before.waits else None
        if box is not None and self.motion and not self.is_far():
            where = QRectF(box.x, box.y, box.width, box.height)
            Pulse(self.flow, self.look, where, min(12.0, box.height / 2))

    def _restyled(self) -> None:
        if self.is_far():
            self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint blocks from afar; else let the items paint."""
        if not self.is_far():
            super().paintEvent(event)
            return
        far = self.far()
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        transform = self.viewportTransform()
        flow = self.flow
        # After a pan the region is two strips, not all between them.
        for part in cast("Iterable[QRect]", event.region()):
            painter.resetTransform()
            painter.setClipRect(part)
            self._ground(painter, part)
            painter.setWorldTransform(transform)
            seen = transform.inverted()[0].mapRect(QRectF(part))
            far.paint(painter, seen, self.zoom, flow.chosen, flow.hot(), flow.faint)
            self.paint_over(painter, seen, self.zoom)
            flow.afloat.paint(painter)
        painter.end()
        self.far_paints += 1

    def far(self) -> Far:
        """Return what paints the workflow from afar; the map of it uses the same."""
        if self._far is None:
            self._far = Far(self.flow.plan, self.look)
        return self._far

    def paint_over(self, painter: QPainter, seen: QRectF, zoom: float) -> None:
        """Paint from afar what lies over the sheet."""
        if self.flow.overlay is NOTHING:
            return
        if self._over is None:
            self._over = FarOverlay(self.flow.plan, self.flow.overlay, self.look)
        self._over.paint(painter, seen, zoom)

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Paint the dotted ground in pixels of the window, whatever the zoom."""
        painter.save()
        where = painter.worldTransform().mapRect(QRectF(rect)).toAlignedRect()
        painter.resetTransform()
        self._ground(painter, where)
        painter.restore()

    def _ground(self, painter: QPainter, where: QRect) -> None:
        if self._dots is None:
            self._dots = self.look.hatch() if self._unreal else self.look.dots(self.zoom)
        if self._dots is None:
            painter.fillRect(where, self.look.colour("canvas"))
            return
        cell = self._dots.deviceIndependentSize().width()
        left = (where.x() + self.horizontalScrollBar().value()) % cell
        top = (where.y() + self.verticalScrollBar().value()) % cell
        painter.drawTiledPixmap(QRectF(where), self._dots, QPointF(left, top))

    def event(self, event: QEvent) -> bool:
        """Make pictures anew when the window comes to a screen of another density."""
        if event.type() in (QEvent.Type.DevicePixelRatioChange, QEvent.Type.Show):
            if self.look.ratio != self.devicePixelRatioF():
                self._renew(Look(self.look.scheme, self.devicePixelRatioF(), self.kit))
        return super().event(event)
