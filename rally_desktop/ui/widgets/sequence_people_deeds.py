"""What can be done to the chosen people of a sequence: many in the background, with a way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from threading import Event
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from rally_desktop.engine import control
from rally_desktop.engine.control import Tally
from rally_desktop.model.store import Store
from rally_desktop.model.work import Work
from rally_desktop.services import sequence_people
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.ask import ask
from rally_desktop.ui.widgets.grid_history import History

PAUSES = (
    ("Until resumed", None),
    ("For a day", timedelta(days=1)),
    ("For three days", timedelta(days=3)),
    ("For a week", timedelta(days=7)),
    ("For 30 days", control.LONGEST_PAUSE),
)
REMOVING = (
    "The sequence ends for them where they stand, and its Stop Actions are done. "
    "Nothing more is sent. Who was removed has to be enrolled anew."
)
BUSY = "A change of many people is going on. Wait until it is done, or stop it."


@dataclass(frozen=True)
class Deed:
    """What is done to runs: ``doing`` while it goes on, ``done`` when it is.

    ``back`` takes it back for those that were in a state of ``before``.
    """

    doing: str
    done: str
    does: Callable[..., Tally]
    before: tuple[str, ...] = ()
    back: Callable[..., Tally] | None = None


PAUSE = Deed("Pausing", "paused", control.pause, ("active",), control.resume)
RESUME = Deed("Resuming", "resumed", control.resume, ("paused",), control.pause)
SKIP = Deed("Skipping a step", "sent past the step", control.skip)
REMOVE = Deed("Removing", "removed", control.stop)


@dataclass
class Far:
    """How far a deed has come, to how many it was done, and to whom it can be taken back."""

    wanted: int
    looked_at: int = 0
    tally: Tally = field(default_factory=Tally)
    reversible: tuple[int, ...] = ()


class PeopleDeeds(QObject):
    """One at a time; ``moved`` tells how far it is, ``ended`` that it is over."""

    moved = Signal(str, int, int)
    ended = Signal()

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._parent = desk, parent
        self.history = History()
        self.chosen: Callable[[], Sequence[int]] = lambda: ()
        self._called_off = Event()
        self._busy = False

    def pause(self, length: timedelta | None = None) -> None:
        """Let the chosen rest, for some time or until they are resumed."""
        until = None if length is None else self._desk.clock.now() + length
        self.do(PAUSE, self.chosen(), until)

    def resume(self) -> None:
        """Let the chosen go on."""
        self.do(RESUME, self.chosen())

    def skip(self) -> None:
        """Send the chosen past the step where they stand, to what comes next."""
        self.do(SKIP, self.chosen())

    @later
    async def remove(self) -> None:
        """End the sequence for the chosen, after asking."""
        chosen = self.chosen()
        many = "this person" if len(chosen) == 1 else f"these {len(chosen):,} people"
        asked = f"Remove {many} from the sequence?"
        if chosen and await ask(self._parent, asked, REMOVING, "Remove"):
            self.do(REMOVE, chosen)

    def call_off(self) -> None:
        """Stop after the batch that is being written; what is done stays."""
        self._called_off.set()

    @later
    async def do(self, deed: Deed, ids: Sequence[int], until: datetime | None = None) -> None:
        """Do it to these runs, and say what came of it."""
        if not ids:
            return
        if self._busy:
            self._desk.notices.tell(BUSY, "warn")
            return
        self._busy, far = True, Far(len(ids))
        self._called_off.clear()
        self.moved.emit(deed.doing, 0, far.wanted)
        try:
            await self._desk.background.job(
                lambda store, closing: self._all(store, deed, ids, until, far, closing)
            )
        finally:
            self._busy = False
            self.ended.emit()
            if far.looked_at:
                self._tell(deed, far)

    def _all(
        self, store: Store, deed: Deed, ids: Sequence[int], until: datetime | None, far: Far,
        closing: Callable[[], bool],
    ) -> None:  # fmt: skip
        for start in range(0, len(ids), control.BATCH):
            if closing() or self._called_off.is_set():
                return
            some = ids[start : start + control.BATCH]
            tally, reversible = store.write_patiently(
                partial(_batch, deed=deed, ids=some, until=until)
            )
            far.looked_at += len(some)
            far.tally += tally
            far.reversible += reversible
            self.moved.emit(deed.doing, far.looked_at, far.wanted)

    def _tell(self, deed: Deed, far: Far) -> None:
        words = _said(deed, far)
        action = None
        if deed.back is not None and far.reversible:
            back = Deed("Undoing", f"no longer {deed.done}", deed.back)
            action = ("Undo", self.history.add(words, lambda: self.do(back, far.reversible)))
        self._desk.notices.tell(words, "warn" if far.tally.left else "ok", action)


def _batch(
    work: Work, deed: Deed, ids: Sequence[int], until: datetime | None
) -> tuple[Tally, tuple[int, ...]]:
    """Do it to some runs; return with that to which of them it can be taken back."""
    before = sequence_people.in_state(work, ids, deed.before) if deed.before else []
    more: dict[str, Any] = {} if until is None else {"until": until}
    return deed.does(work, ids, **more), tuple(before)


def _said(deed: Deed, far: Far) -> str:
    count = far.tally.done
    words = [f"{count:,} {'person' if count == 1 else 'people'} {deed.done}."]
    if far.looked_at < far.wanted:
        words.append(f"Stopped after {far.looked_at:,} of {far.wanted:,}.")
    if left := far.tally.left:
        why = ", ".join(f"{each} ({count:,})" for each, count in sorted(left.items()))
        words.append(f"{sum(left.values()):,} left as they are: {why}.")
    return " ".join(words)
