"""Wheel, touchpad and pinch: what they do to the camera.

A wheel and two fingers pan; with Ctrl, or by a pinch, they zoom at the pointer. Who wishes so
has a mouse wheel zoom by itself and pan with Ctrl; a touchpad pans either way.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QInputDevice, QNativeGestureEvent, QWheelEvent

from rally_desktop.canvas import camera
from rally_desktop.canvas.plan import Spot
from rally_desktop.canvas.sheet import Sheet
from rally_desktop.canvas.trail import Look

SCROLL_PART = 3  # a notch of 120 scrolls 40 pixels
TAPPED_MOST = 1.5  # the zoom at which two taps show a step


class Wheel:
    """Moves the camera of one sheet."""

    def __init__(self, view: Sheet) -> None:
        self._view = view
        self.zooms = False
        self._left = QPointF()  # less than a pixel, kept for the next turn
        self._tapped: Look | None = None

    def turn(self, event: QWheelEvent) -> None:
        """Pan, or zoom."""
        if self._is_zoom(event):
            delta = event.angleDelta().y() or event.pixelDelta().y()
            view = self._view
            zoom = camera.turned(view.zoom, delta, view.least_zoom())
            view.zoom_to(zoom, event.position().toPoint())
        else:
            self._pan(event)
        event.accept()

    def pinch(self, event: QNativeGestureEvent) -> bool:
        """Zoom by two fingers; two taps fit the step below them, and go back."""
        kind, at = event.gestureType(), event.position().toPoint()
        if kind is Qt.NativeGestureType.ZoomNativeGesture:
            self._view.zoom_to(self._view.zoom * max(0.1, 1 + event.value()), at)
        elif kind is Qt.NativeGestureType.SmartZoomNativeGesture:
            self._tap(at)
        elif kind is Qt.NativeGestureType.EndNativeGesture:
            self._view.let_go_of_focus()
        return kind in (
            Qt.NativeGestureType.ZoomNativeGesture,
            Qt.NativeGestureType.SmartZoomNativeGesture,
            Qt.NativeGestureType.BeginNativeGesture,
            Qt.NativeGestureType.EndNativeGesture,
        )

    def _is_zoom(self, event: QWheelEvent) -> bool:
        if event.phase() is Qt.ScrollPhase.ScrollMomentum:
            return False  # the fingers are gone: a key pressed now means something else
        held = event.modifiers()
        if held & Qt.KeyboardModifier.ShiftModifier:
            return False
        return bool(held & Qt.KeyboardModifier.ControlModifier) != (
            self.zooms and not _is_touchpad(event)
        )

    def _pan(self, event: QWheelEvent) -> None:
        pixels, turn = event.pixelDelta(), event.angleDelta()
        by = QPointF(pixels) if not pixels.isNull() else QPointF(turn) / SCROLL_PART
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and not by.x():
            by = QPointF(by.y(), 0)
        by += self._left
        whole = QPoint(int(by.x()), int(by.y()))
        self._left = by - QPointF(whole)
        self._view.shift(-whole.x(), -whole.y())

    def _tap(self, at: QPoint) -> None:
        view = self._view
        if self._tapped is not None and view.heading().is_near(self._tapped):
            self._tapped = None
            view.look_back()
            return
        point = view.mapToScene(at)
        target = view.flow.hit(point.x(), point.y(), view.zoom)
        box = view.flow.plan.boxes.get(target) if isinstance(target, Spot) else None
        if box is None:
            view.fit(view.flow.sceneRect())
        else:
            view.fit(QRectF(box.x, box.y, box.width, box.height), TAPPED_MOST)
        self._tapped = view.heading()


def _is_touchpad(event: QWheelEvent) -> bool:
    if not event.pixelDelta().isNull() or event.phase() is not Qt.ScrollPhase.NoScrollPhase:
        return True
    device = event.pointingDevice()
    return device is not None and device.type() is QInputDevice.DeviceType.TouchPad
