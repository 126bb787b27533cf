"""Does one deed to many records in the background: how far it is, how to stop it, one undo."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event

from PySide6.QtCore import QObject, QTimer, Signal

from rally_desktop.model.ref import ListKind
from rally_desktop.services import bulk
from rally_desktop.services.bulk import Batchwise, Done
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.grid_history import History

LOOK_MS = 100
BUSY = "One change of many records is going on. Wait until it is done, or stop it."


@dataclass(frozen=True)
class Saying:
    """What is said while a deed goes on, and when it is done to so many records.

    ``also`` is where one can look at what was done, in words and as a way there; ``back`` takes
    back what no record tells of.
    """

    doing: str
    done: Callable[[int], str]
    also: tuple[str, Callable[[], None]] | None = None
    back: Callable[[], None] | None = None


class BulkWork(QObject):
    """One at a time; ``moved`` tells now and then how far it is, ``ended`` that it is over."""

    moved = Signal(str, int, int)
    """What is being done, how many records were looked at, and of how many."""
    ended = Signal()

    def __init__(self, desk: Desk, kind: ListKind, history: History, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._history = desk, history
        self._kind: ListKind = kind
        self._far: Done | None = None
        self._doing = ""
        self._called_off = Event()
        self._clock = QTimer(self, interval=LOOK_MS)
        self._clock.timeout.connect(self._look)

    def busy(self) -> bool:
        """Say whether something is going on."""
        return self._far is not None

    def call_off(self) -> None:
        """Stop after the batch that is being written; what is done stays."""
        self._called_off.set()

    @later
    async def do(self, does: Batchwise, numbers: array[int], saying: Saying) -> None:
        """Do a deed to these records, then say what came of it."""
        done = self._begin(saying.doing)
        if done is None:
            return
        done.wanted = len(numbers)
        stopped = self._called_off.is_set
        try:
            await self._desk.background.job(
                lambda store, closing: bulk.run(
                    store, self._kind, numbers, does, done, lambda: closing() or stopped()
                )
            )
        finally:
            self._end()
            if done.looked_at:
                self._tell(done, saying)

    @later
    async def undo(self, notes: Sequence[bytes], words: str) -> None:
        """Take a deed back; what is left where it was stopped can be taken back another time."""
        far = self._begin(f"Undoing: {words}")
        if far is None:
            self._history.add(words, lambda: self.undo(notes, words))
            return
        stopped = self._called_off.is_set
        try:
            undone = await self._desk.background.job(
                lambda store, closing: bulk.undo(store, notes, far, lambda: closing() or stopped())
            )
        finally:
            self._end()
            if far.notes:
                self._history.add(words, lambda: self.undo(far.notes, words))
        rest = " The rest can be undone with Ctrl+Z." if far.notes else ""
        tone = "warn" if undone.kept or far.notes else "ok"
        self._desk.notices.tell(undone.says() + rest, tone)

    # -- between ---------------------------------------------------------------------------

    def _begin(self, doing: str) -> Done | None:
        if self._far is not None:
            self._desk.notices.tell(BUSY, "warn")
            return None
        self._called_off.clear()
        self._far, self._doing = Done(), doing
        self._clock.start()
        return self._far

    def _end(self) -> None:
        self._far = None
        self._clock.stop()
        self.ended.emit()

    def _look(self) -> None:
        if self._far is not None:
            self.moved.emit(self._doing, self._far.looked_at, self._far.wanted)

    def _tell(self, done: Done, saying: Saying) -> None:
        words = saying.done(done.changed)
        back = (lambda: self.undo(done.notes, words)) if done.notes else saying.back
        action = ("Undo", self._history.add(words, back)) if back and done.changed else None
        parts = [words, *_but(done)]
        odd = done.refused or done.called_off
        self._desk.notices.tell(" ".join(parts), "warn" if odd else "plain", action, saying.also)


def _but(done: Done) -> list[str]:
    """Return sentences about those that were not changed."""
    said = []
    if done.called_off:
        said.append(f"Stopped after {done.looked_at:,} of {done.wanted:,}.")
    if done.unchanged:
        said.append(f"{done.unchanged:,} needed no change.")
    if done.gone:
        said.append(f"{done.gone:,} did not exist any more.")
    for reason, _ in done.refused.most_common(1):
        more = len(done.refused) - 1
        also = f" and {more} other reason{'s' * (more != 1)}" if more else ""
        said.append(f"{done.refused.total():,} left as they were{also}: {reason}")
    return said
