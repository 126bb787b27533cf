"""Slots that await: their order, their errors, and the garbage they leave."""

from __future__ import annotations

import asyncio
import gc
import threading

from PySide6.QtCore import QObject

from rally_desktop.ui import later
from rally_desktop.ui.collector import AT_REST, LOOKS_EVERY, Collector


class Reader(QObject):
    """Reads what it is told to, one reading at a time."""

    def __init__(self):
        super().__init__()
        self.truth, self.shown, self.readings, self.errors = 0, None, 0, []
        self.gate = asyncio.Event()

    def show_error(self, error):
        self.errors.append(str(error))

    @later.later
    @later.newest
    async def refresh(self):
        self.readings += 1
        found = self.truth
        await self.gate.wait()
        self.shown = found

    @later.later
    async def fail(self):
        raise ValueError("no")


def test_the_newest_state_is_what_stays(qtbot):
    """Ten wishes during a reading make one more reading, which shows the newest state."""
    reader = Reader()
    reader.refresh()
    qtbot.waitUntil(lambda: reader.readings == 1)
    for _ in range(10):
        reader.truth += 1
        reader.refresh()
    qtbot.wait(20)
    reader.gate.set()
    qtbot.waitUntil(lambda: reader.shown == 10)
    assert reader.readings == 2


def test_an_error_is_told_to_the_nearest_that_can_tell(qtbot):
    """What a slot raises reaches the ``show_error`` of the object or of what it is part of."""
    reader = Reader()
    part = _Part(reader)
    reader.fail()
    part.fail()
    qtbot.waitUntil(lambda: reader.errors == ["no", "no"])


def test_what_the_last_work_begins_is_awaited_too(qtbot, screen):
    """As the program ends, a reading that makes another reading leaves neither behind."""
    first, second = Reader(), Reader()
    second.gate.set()
    first.truth = second.truth = 7

    @later.later
    async def chain(self):
        await self.gate.wait()
        await asyncio.sleep(0)
        second.refresh()

    chain(first)
    task = screen.create_task(later.rest())
    screen.call_soon(first.gate.set)
    qtbot.waitUntil(task.done)
    assert second.shown == 7


class _Part(QObject):
    fail = Reader.fail


def test_garbage_dies_on_the_screens_thread(qtbot):
    """While the collector is at work, a thread that allocates a lot collects nothing."""
    screen = QObject()
    collector = Collector(screen)
    died_on = []

    class Ring:
        def __init__(self):
            self.me = self

        def __del__(self):
            died_on.append(threading.current_thread())

    def churn():
        for _ in range(5_000):
            Ring()

    thread = threading.Thread(target=churn)
    thread.start()
    thread.join()
    assert died_on == []
    collector.look()
    collector.stop()
    gc.disable()
    assert set(died_on) == {threading.main_thread()}


def test_garbage_is_looked_for_seldom_while_next_to_nothing_is_made(qtbot):
    """A program at rest is hardly woken by it; one that makes much is looked through often."""
    screen = QObject()
    collector, every = Collector(screen), []
    gc.collect()
    collector.look()
    every.append(collector._timer.interval())
    made = [[] for _ in range(5_000)]
    collector.look()
    every.append(collector._timer.interval())
    collector.stop()
    gc.disable()
    assert every == [AT_REST, LOOKS_EVERY], len(made)
