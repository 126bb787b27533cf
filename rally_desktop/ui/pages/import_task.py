"""What the import dialog waits for: a job with its count, its rate, and a way to stop it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import TypeVar

from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from rally_desktop.model.store import Store
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel

T = TypeVar("T")
LOOK = 100  # milliseconds
Tell = Callable[[int], None]
Asked = Callable[[], bool]


class TaskBar(QWidget):
    """Shows how far something is while it is awaited; hidden otherwise."""

    def __init__(self, desk: Desk, noun: str = "row") -> None:
        super().__init__()
        self._desk, self._noun = desk, noun
        self._stop = Event()
        self.done, self._total = 0, 0
        self.running = False
        self.words = PlainLabel("", "sub")
        self.bar = QProgressBar(textVisible=False)
        self.bar.setFixedHeight(4)
        self.cancel = button(desk.theme, "Stop")
        self._clock = QElapsedTimer()
        self._watch = QTimer(self, interval=LOOK)
        self._watch.timeout.connect(self._look)
        self.cancel.clicked.connect(self.stop)
        words = QVBoxLayout()
        words.addWidget(self.words)
        words.addWidget(self.bar)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(16)
        across.addLayout(words, 1)
        across.addWidget(self.cancel)
        self.hide()

    async def wait(self, work: Callable[[Store, Tell, Asked], T], total: int = 0) -> T:
        """Await a piece of work that is given the office, whom to tell, and whom to ask."""
        self._stop = stop = Event()
        self.done, self._total = 0, total
        self._clock.start()
        self._look()
        self.show()
        self.running = True
        self._watch.start()

        def job(store: Store, closing: Asked) -> T:
            return work(store, self._tell, lambda: stop.is_set() or closing())

        try:
            return await self._desk.background.job(job)
        finally:
            self._watch.stop()
            self.running = False
            self.hide()

    def stop(self) -> None:
        """Want no more of it; what was done is kept or not as the work decides."""
        self._stop.set()
        self.words.setText("Stopping…")

    def _tell(self, count: int) -> None:
        """Hear how far it is; on a worker thread."""
        self.done = count

    def _look(self) -> None:
        self.bar.setMaximum(self._total)
        self.bar.setValue(min(self.done, self._total))
        if self._stop.is_set():
            return
        seconds = max(self._clock.elapsed(), 1) / 1000
        rate = round(self.done / seconds)
        of = f" of {self._total:,}" if self._total else ""
        left = self._left(rate)
        self.words.setText(f"{self.done:,}{of} {self._noun}s · {rate:,} a second{left}")

    def _left(self, rate: int) -> str:
        if not self._total or not rate or self._clock.elapsed() < 2000:
            return ""
        seconds = round((self._total - self.done) / rate)
        return f" · {seconds} s left" if seconds < 90 else f" · {round(seconds / 60)} min left"
