"""Moving the sheet while something is dragged near the border of the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QRect, QTimer

BORDER = 24  # pixels on screen
BEYOND = 48  # outside the window: farther out it gets no faster
STEP = 0.5  # pixels in one frame, for each pixel of depth
FRAME = 16  # milliseconds


class EdgeScroll(QObject):
    """Moves the sheet faster the deeper the pointer is in the border.

    It waits until the pointer has been away from the border once, so that nothing moves while a
    kind is brought in from the palette beside the sheet.
    """

    def __init__(
        self, parent: QObject, shift: Callable[[int, int], None], moved: Callable[[QPoint], None]
    ) -> None:
        super().__init__(parent)
        self._shift, self._moved = shift, moved
        self._at = QPoint()
        self._by = (0, 0)
        self._inside = False
        self._clock = QTimer(self, interval=FRAME)
        self._clock.timeout.connect(self.step)

    def follow(self, at: QPoint, window: QRect) -> None:
        """Hear where the pointer is."""
        self._at = at
        self._by = (
            _speed(at.x(), window.left(), window.right()),
            _speed(at.y(), window.top(), window.bottom()),
        )
        self._inside = self._inside or self._by == (0, 0)
        if not self._inside or self._by == (0, 0):
            self._clock.stop()
        elif not self._clock.isActive():
            self._clock.start()

    def step(self) -> None:
        """Move the sheet once, and what is dragged with it."""
        self._shift(*self._by)
        self._moved(self._at)

    def stop(self) -> None:
        """Let the sheet rest."""
        self._clock.stop()
        self._inside = False


def _speed(at: int, first: int, last: int) -> int:
    """Return by how much to move: nothing away from the border, more the deeper in it."""
    before, after = first + BORDER - at, at - (last - BORDER)
    depth = max(before, after, 0)
    speed = round(min(depth, BORDER + BEYOND) * STEP + (1 if depth else 0))
    return -speed if before > after else speed
