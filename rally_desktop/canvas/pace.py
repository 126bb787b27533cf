"""Values that change faster than anybody can read: the newest is shown, a few times a second."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QTimer

T = TypeVar("T")
PAUSE = 250  # milliseconds


class Pace(QObject, Generic[T]):
    """Hands on the first value at once, and of those that follow soon the last."""

    def __init__(self, parent: QObject, hand_on: Callable[[T], None]) -> None:
        super().__init__(parent)
        self._hand_on = hand_on
        self._waiting: list[T] = []
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._go_on)

    def bring(self, value: T) -> None:
        """Take a value."""
        self._waiting = [value]
        if not self._pause.isActive():
            self._go_on()

    def hurry(self, value: T) -> None:
        """Take a value that somebody asked for: it is handed on now."""
        self._pause.stop()
        self.bring(value)

    def _go_on(self) -> None:
        if self._waiting:
            self._pause.start()
            self._hand_on(self._waiting.pop())
