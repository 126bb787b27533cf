"""The screen's way to the data."""

from __future__ import annotations

import asyncio
import threading

from rally_desktop.services import contacts, lists
from rally_desktop.ui.background import Background


def test_every_write_tells_the_screen_which_tables_moved(qtbot, desk, screen):
    """A write anywhere is heard on the screen's own thread, with the tables it touched."""
    heard, threads = set(), set()

    def hear(touched):
        heard.update(touched)
        threads.add(threading.current_thread())

    desk.background.changed.connect(hear)
    task = screen.create_task(desk.background.write(contacts.create, {"first_name": "Ana"}))
    qtbot.waitUntil(lambda: "contact" in heard and task.done())
    assert threads == {threading.main_thread()}
    assert task.result().kind == "contact"


def test_a_burst_of_changes_is_heard_in_few_strokes(qtbot, desk, store):
    """A hundred commits in a row reach the screen as a handful of signals."""
    strokes = []
    desk.background.changed.connect(strokes.append)
    done = threading.Event()

    def burst():
        for number in range(100):
            store.write(lists.add, "lead_source", [f"Source {number}"])
        done.set()

    thread = threading.Thread(target=burst)
    thread.start()
    qtbot.waitUntil(done.is_set)
    thread.join()
    qtbot.waitUntil(lambda: bool(strokes))
    assert len(strokes) < 50


def test_reads_run_beside_each_other(qtbot, desk, screen):
    """Two reads that wait for each other both finish."""
    meet = threading.Barrier(2, timeout=60)

    async def both():
        await asyncio.gather(*(desk.background.read(lambda work: meet.wait()) for _ in range(2)))
        return True

    task = screen.create_task(both())
    qtbot.waitUntil(task.done)
    assert task.result()


def test_who_asks_as_the_program_closes_is_stopped(qtbot, store, screen):
    """A question that comes after the last one is neither answered nor called a fault."""
    background = Background(store)
    background.close()
    task = screen.create_task(background.read(lists.of, "lead_source"))
    qtbot.waitUntil(task.done)
    assert task.cancelled()
