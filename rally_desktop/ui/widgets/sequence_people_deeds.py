"""What can be done to the chosen people of a sequence: many in the background, with a way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from threading import Event
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from rally_desktop.engine import control, taking_back
from rally_desktop.engine.control import Tally
from rally_desktop.engine.taking_back import Back, Place
from rally_desktop.model.store import Store
from rally_desktop.model.work import Work
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.grid_history import History

PAUSES = (
    ("Until resumed", None),
    ("For a day", timedelta(days=1)),
    ("For three days", timedelta(days=3)),
    ("For a week", timedelta(days=7)),
    ("For 30 days", control.LONGEST_PAUSE),
)
BUSY = "A change of many people is going on. Wait until it is done, or stop it."


@dataclass(frozen=True)
class Deed:
    """What is done to runs: ``doing`` while it goes on, ``done`` when it is.

    ``verb`` says to which of them it can be done. ``back`` takes it back, and they are ``undone``;
    ``waits`` where it takes effect only when that is no longer possible.
    """

    doing: str
    done: str
    does: Callable[..., Tally]
    verb: str = ""
    back: Back | None = None
    undone: str = ""
    waits: bool = False


_PAUSE_OVER = partial(taking_back.rest_again, reason="paused_by_hand")
PAUSE = Deed("Pausing", "paused", control.pause, "pause", _PAUSE_OVER, "no longer paused")
_REST = partial(taking_back.rest_again, reason="")
RESUME = Deed("Resuming", "resumed", control.resume, "resume", _REST, "paused again")
_STEP_BACK = taking_back.step_back
SKIP = Deed(
    "Skipping a step", "sent past the step", control.skip, "skip", _STEP_BACK,
    "back at the step", waits=True,
)  # fmt: skip
_KEEP = partial(taking_back.rest_again, reason=control.LEAVING)
REMOVE = Deed(
    "Removing", "removed", control.leave, "stop", _KEEP, "back where they were", waits=True
)


@dataclass
class Far:
    """How far a deed has come, to how many it was done, and where those stood before."""

    wanted: int
    looked_at: int = 0
    tally: Tally = field(default_factory=Tally)
    before: list[Place] = field(default_factory=list)


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
        self.do(PAUSE, self.chosen(), length)

    def resume(self) -> None:
        """Let the chosen go on."""
        self.do(RESUME, self.chosen())

    def skip(self) -> None:
        """Send the chosen past the step where they stand, to what comes next."""
        self.do(SKIP, self.chosen())

    def remove(self) -> None:
        """End the sequence for the chosen, unless that is taken back within a moment."""
        self.do(REMOVE, self.chosen())

    def call_off(self) -> None:
        """Stop after the batch that is being written; what is done stays."""
        self._called_off.set()

    @later
    async def do(
        self, deed: Deed, whom: Sequence[int] | Sequence[Place], length: timedelta | None = None
    ) -> None:
        """Do it to these runs, or take it back for those that stood there; say what came of it."""
        if not whom:
            return
        if self._busy:
            self._desk.notices.tell(BUSY, "warn")
            return
        if deed.waits:
            length = taking_back.lasts(len(whom))
        self._busy, far = True, Far(len(whom))
        self._called_off.clear()
        self.moved.emit(deed.doing, 0, far.wanted)
        try:
            await self._desk.background.job(
                lambda store, closing: self._all(store, deed, whom, length, far, closing)
            )
        finally:
            self._busy = False
            self.ended.emit()
            if far.looked_at:
                self._tell(deed, far)

    def _all(
        self, store: Store, deed: Deed, whom: Sequence[Any], length: timedelta | None, far: Far,
        closing: Callable[[], bool],
    ) -> None:  # fmt: skip
        for start in range(0, len(whom), control.BATCH):
            if closing() or self._called_off.is_set():
                return
            some = whom[start : start + control.BATCH]
            tally, before = store.write_patiently(
                partial(_batch, deed=deed, whom=some, length=length)
            )
            far.looked_at += len(some)
            far.tally += tally
            far.before += before
            self.moved.emit(deed.doing, far.looked_at, far.wanted)

    def _tell(self, deed: Deed, far: Far) -> None:
        words = _said(deed, far)
        action = None
        if deed.back is not None and far.tally.done:
            back = Deed("Undoing", deed.undone, deed.back)
            action = ("Undo", self.history.add(words, lambda: self.do(back, far.before)))
        self._desk.notices.tell(words, "warn" if far.tally.left else "ok", action)


def _batch(
    work: Work, deed: Deed, whom: Sequence[Any], length: timedelta | None
) -> tuple[Tally, list[Place]]:
    """Do it to some runs; return with that where they stood, if it can be taken back."""
    before = taking_back.places(work, whom, deed.verb) if deed.back is not None else []
    more: dict[str, Any] = {} if length is None else {"until": work.now + length}
    return deed.does(work, whom, **more), before


def _said(deed: Deed, far: Far) -> str:
    count = far.tally.done
    words = [f"{count:,} {'person' if count == 1 else 'people'} {deed.done}."]
    if far.looked_at < far.wanted:
        words.append(f"Stopped after {far.looked_at:,} of {far.wanted:,}.")
    if left := far.tally.left:
        why = ", ".join(f"{each} ({count:,})" for each, count in sorted(left.items()))
        words.append(f"{sum(left.values()):,} left as they are: {why}.")
    return " ".join(words)
