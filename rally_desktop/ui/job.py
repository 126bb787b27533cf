"""Something that takes long, done off the screen's thread, with its progress, until called off."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from threading import Event
from typing import TypeVar

from rally_desktop.canvas.export.drawing import Stopped

T = TypeVar("T")


class Job:
    """One piece of work; ``share`` is how much of it is done, from 0 to 1."""

    def __init__(self) -> None:
        self.share = 0.0
        self._called_off = Event()

    async def run(self, work: Callable[[Callable[[float], None]], T]) -> T | None:
        """Await what the work returns; None where it was called off."""
        try:
            return await asyncio.to_thread(work, self.tell)
        except Stopped:
            return None

    def tell(self, share: float) -> None:
        """Hear how much is done, on whichever thread; raise Stopped once it was called off."""
        if self._called_off.is_set():
            raise Stopped
        self.share = share

    def call_off(self) -> None:
        """Want it no more."""
        self._called_off.set()
