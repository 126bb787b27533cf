"""Talk to servers beside the screen: a coroutine on a thread with a loop of its own."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from rally_desktop.core.errors import RallyError

T = TypeVar("T")


class CalledOff(RallyError):
    """Somebody called it off."""


class Aside:
    """Runs one coroutine at a time; ``stop`` may be called from the screen at any moment."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[Any] | None = None
        self._stopped = False

    async def run(self, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Await what the coroutine returns; raise CalledOff where it was stopped."""
        self._stopped = False
        threads = ThreadPoolExecutor(1, thread_name_prefix="aside")
        try:
            return await asyncio.wrap_future(threads.submit(self._carry_out, make))
        finally:
            self.stop()
            threads.shutdown(wait=False)

    def stop(self) -> None:
        """Call it off, if anything goes on."""
        with self._lock:
            self._stopped = True
            if self._loop is not None and self._task is not None:
                with contextlib.suppress(RuntimeError):
                    self._loop.call_soon_threadsafe(self._task.cancel)

    def _carry_out(self, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        try:
            return asyncio.run(self._whole(make))
        except asyncio.CancelledError:
            raise CalledOff from None

    async def _whole(self, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        with self._lock:
            self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
            stopped = self._stopped
        try:
            if stopped:
                raise asyncio.CancelledError
            return await make()
        finally:
            with self._lock:
                self._loop = self._task = None
