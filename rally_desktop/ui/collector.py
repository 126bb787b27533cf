"""Garbage is collected on the screen's thread alone.

Python collects on whichever thread happens to allocate. A widget or a graphics item that dies
on the engine's thread takes the program with it, now or later.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

LOOKS_EVERY, AT_REST = 200, 2_000  # milliseconds: while much is made, and while next to nothing is


class Collector(QObject):
    """Takes the collecting over from Python, as often as Python itself would."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=LOOKS_EVERY)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def settle(self) -> None:
        """Leave what was loaded at the start out of every later collection: it stays anyway."""
        gc.collect()
        gc.freeze()

    def look(self) -> None:
        """Collect the oldest generation that is due, at most one at a time."""
        for generation, (count, limit) in reversed(
            list(enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)))
        ):
            if count > limit:
                self._timer.setInterval(LOOKS_EVERY)
                gc.collect(generation)
                return
        self._timer.setInterval(AT_REST)

    def stop(self) -> None:
        """Give the collecting back to Python, as the program ends."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
