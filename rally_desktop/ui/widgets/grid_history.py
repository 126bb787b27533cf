"""What was done in a grid and can be taken back, the latest first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

KEPT = 50


@dataclass(frozen=True, eq=False)
class Step:
    """One thing that was done: in words, and what takes it back."""

    words: str
    back: Callable[[], None]


class History:
    """Takes back each step once, be it by its notice or by Ctrl+Z."""

    def __init__(self) -> None:
        self._steps: list[Step] = []

    def add(self, words: str, back: Callable[[], None]) -> Callable[[], None]:
        """Keep a step; return what takes it back."""
        step = Step(words, back)
        self._steps = [*self._steps[1 - KEPT :], step]
        return lambda: self._undo(step)

    def last(self) -> str:
        """Return what Ctrl+Z would take back; an empty text where there is nothing."""
        return self._steps[-1].words if self._steps else ""

    def undo_last(self) -> None:
        """Take back what was done last."""
        if self._steps:
            self._undo(self._steps[-1])

    def forget(self) -> None:
        """Keep nothing of what was done: somebody it was done to was erased."""
        self._steps = []

    def _undo(self, step: Step) -> None:
        if step in self._steps:
            self._steps.remove(step)
            step.back()
