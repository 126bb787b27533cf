"""What became of each step of a sequence so far, beside its steps, read anew now and then."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from rally_desktop.services import sequence_figures
from rally_desktop.services.sequence_figures import StepFigures
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest

COUNTED = frozenset({"run", "visit", "outbox", "activity", "touch", "workflow_version"})
EVERY = 2_000  # milliseconds after a change; many come at once while messages go out
MOST = 3  # things said of a step
NONE = StepFigures()


class Tallies(QTimer):
    """Counts while a widget is in sight; ``counted`` tells that it has."""

    counted = Signal()

    def __init__(self, desk: Desk, workflow_id: int, shown: QWidget) -> None:
        super().__init__(shown, singleShot=True, interval=EVERY)
        self._desk, self._workflow_id, self._shown = desk, workflow_id, shown
        self._found: Mapping[str, StepFigures] = {}
        self.timeout.connect(self.refresh)
        desk.background.changed.connect(self._hear)

    @later
    @newest
    async def refresh(self) -> None:
        """Count anew, over all versions."""
        read = self._desk.background.read
        self._found = await read(sequence_figures.by_step, self._workflow_id)
        self.counted.emit()

    def of(self, step: str) -> str:
        """Say what became of a step: what was sent or done, what came of it, who is there."""
        found = self._found.get(step, NONE)
        sent, counts = found.figures, found.counts
        told = (
            (sent.sent, "sent"), (0 if sent.sent else counts.done, "done"),
            (sent.replied, "replied"), (sent.opened or 0, "opened"), (sent.bounced, "bounced"),
            (counts.skipped, "skipped"), (counts.failed, "failed"),
        )  # fmt: skip
        said = [f"{count:,} {word}" for count, word in told if count][:MOST]
        return " · ".join([*said, *([f"{sent.inside:,} here"] if sent.inside else [])])

    def waiting(self, step: str) -> int:
        """Return how many wait at a step."""
        return self._found.get(step, NONE).figures.inside

    def _hear(self, touched: frozenset[str]) -> None:
        if touched & COUNTED and self._shown.isVisible() and not self.isActive():
            self.start()
