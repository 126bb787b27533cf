"""Numbers of the camera: how far one wheel turn zooms, and what fits into a window."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSizeF

LEAST, MOST = 0.05, 2.5
NOTCHES = 480.0  # the turn of a wheel, in eighths of a degree, that doubles the zoom
STEPS = (0.05, 0.1, 0.25, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0, 2.5)


def turned(zoom: float, delta: float, least: float = LEAST) -> float:
    """Return the zoom after a turn of the wheel."""
    return bounded(zoom * 2 ** (delta / NOTCHES), least)


def bounded(zoom: float, least: float = LEAST) -> float:
    """Return the nearest zoom that is allowed."""
    return max(min(least, LEAST), min(MOST, zoom))


def stepped(zoom: float, up: bool, least: float = LEAST) -> float:
    """Return the next of the even zooms, in steps of 10 % near 100 %."""
    if up:
        return next((step for step in STEPS if step > zoom * 1.001), MOST)
    return bounded(next((step for step in reversed(STEPS) if step < zoom * 0.999), least), least)


def fitting(what: QRectF, window: QSizeF, room: float = 48.0, most: float = 1.0) -> float:
    """Return the zoom at which a rectangle fills a window with some room around."""
    if what.isEmpty():
        return most
    across = max(1.0, window.width() - room) / what.width()
    down = max(1.0, window.height() - room) / what.height()
    return min(across, down, most)
