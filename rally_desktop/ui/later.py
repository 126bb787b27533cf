"""Slots that await: the one place where qasync is used, and where their errors end."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakSet

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

os.environ.setdefault("QT_API", "pyside6")
import qasync

S = TypeVar("S", bound=QObject)
P = ParamSpec("P")
_running: set[asyncio.Task[None]] = set()
PATIENCE = 3.0  # seconds; a question that nobody answers does not keep the program open


def screen_loop(app: QApplication, *, already_running: bool = False) -> asyncio.AbstractEventLoop:
    """Return an event loop that is Qt's own; ``run_forever`` shows the program.

    ``already_running`` is for whoever runs Qt by other means, as tests do.
    """
    loop = qasync.QEventLoop(app, already_running=already_running)
    asyncio.set_event_loop(loop)
    return loop


def later(
    work: Callable[Concatenate[S, P], Coroutine[Any, Any, None]],
) -> Callable[Concatenate[S, P], None]:
    """Make a slot of a coroutine method: it starts soon and finishes while Qt goes on.

    What it raises is told to the nearest of the object and its parents that has a
    ``show_error``; if the object is gone from the screen by then, nobody is told.
    """

    def slot(self: S, /, *args: P.args, **kw: P.kwargs) -> None:
        loop = _loop()
        if loop is None:
            return

        async def run() -> None:
            try:
                await work(self, *args, **kw)
            except Exception as error:
                if not isValid(self):
                    return
                teller = _teller(self)
                if teller is None:
                    raise
                teller(error)

        task = loop.create_task(run())
        _running.add(task)
        task.add_done_callback(_running.discard)

    slot.__name__, slot.__doc__ = work.__name__, work.__doc__
    return slot


def newest(
    work: Callable[[S], Coroutine[Any, Any, None]],
) -> Callable[[S], Coroutine[Any, Any, None]]:
    """Run one reading at a time; wishes that come meanwhile make one more when it is done.

    So the newest state is what stays on screen: two readings side by side may end in the
    wrong order.
    """
    reading: WeakSet[S] = WeakSet()
    wished: WeakSet[S] = WeakSet()

    async def one(self: S) -> None:
        wished.add(self)
        if self in reading:
            return
        reading.add(self)
        try:
            while self in wished:
                wished.discard(self)
                await work(self)
        finally:
            reading.discard(self)
            wished.discard(self)

    one.__name__, one.__doc__ = work.__name__, work.__doc__
    return one


async def rest(patience: float = PATIENCE) -> None:
    """Let what was begun come to its end, as the program ends; stop what takes too long.

    What it begins in turn is awaited, too: all of it together for as many seconds.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + patience
    while (others := _others()) and (left := until - loop.time()) > 0:
        await asyncio.wait(others, timeout=left)
    for task in (late := _others()):
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)


async def quiet(patience: float) -> None:
    """Wait until what goes on now besides has come to its end, but no longer than that."""
    if others := _others():
        await asyncio.wait(others, timeout=patience)


def _others() -> list[asyncio.Task[None]]:
    """Return what goes on besides whoever asks."""
    here = asyncio.current_task()
    return [task for task in _running if task is not here]


def busy() -> bool:
    """Say whether something that was begun has not finished."""
    return bool(_running)


def _loop() -> asyncio.AbstractEventLoop | None:
    """Return the screen's loop; None once the program has ended and a timer comes too late."""
    try:
        loop = asyncio.get_event_loop()
    except RuntimeError:
        return None
    return None if loop.is_closed() else loop


def _teller(here: QObject) -> Callable[[Exception], object] | None:
    found: QObject | None = here
    while found is not None:
        tell = getattr(found, "show_error", None)
        if callable(tell):
            return tell
        above = found.parent()
        if above is None and isinstance(found, QWidget) and found.window() is not found:
            above = found.window()
        found = above
    return None
