"""How smooth the screen stays while the engine runs flat out, against the same screen at rest.

A timer on the screen's loop stands for everything Qt does there: what it comes late is a gap.
The grid of contacts is painted anew all the while, and a colleague saves a contact now and then.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from benchmarks._office import bring_in, make_office
from rally_desktop.core.clock import SystemClock
from rally_desktop.engine.thread import EngineThread
from rally_desktop.model.store import Store
from rally_desktop.outside.mail.memory import MemoryCarrier
from rally_desktop.services import contacts
from rally_desktop.ui.background import Background
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import screen_loop
from rally_desktop.ui.notices import Notices
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.grid import RecordGrid

Result = dict[str, Any]
EVERY_MS = 10
GAP_GOAL_MS, PAINT_GOAL, WRITE_GOAL_MS = 16.0, 1.5, 30.0


@dataclass
class Seen:
    """What the screen met, in milliseconds."""

    gaps: list[float] = field(default_factory=list)
    paints: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)


def run(quick: bool) -> list[Result]:
    """Compare seconds of rest with as many under an engine that never waits."""
    seconds, rounds, coming = (3.0, 1, 20_000) if quick else (8.0, 3, 150_000)
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    with tempfile.TemporaryDirectory(prefix="rally-bench-") as folder:
        url = f"sqlite:///{Path(folder, 'office.rally')}"
        make_office(url, waiting=10_000)
        store = Store.open(url, SystemClock())
        bring_in(store, 5_000)
        loop = screen_loop(app)
        background = Background(store)
        desk = Desk(background, Theme(app, "light"), Notices(), SystemClock())
        try:
            return loop.run_until_complete(_measure(desk, store, coming, seconds, rounds))
        finally:
            loop.close()
            background.close()
            store.close()
            asyncio.set_event_loop(None)


async def _measure(
    desk: Desk, store: Store, coming: int, seconds: float, rounds: int
) -> list[Result]:
    grid = RecordGrid(desk, "contact")
    grid.resize(1280, 800)
    grid.show()
    grid.start()
    await asyncio.sleep(1)
    bring_in(store, coming, first=5_000)  # nobody has looked at them: no engine runs yet
    rest, busy, moved = Seen(), Seen(), 0
    for _ in range(rounds):
        await _watch(grid, desk, rest, seconds)
        engine = EngineThread(store, lambda _: MemoryCarrier())
        engine.start()
        await _watch(grid, desk, busy, seconds)
        engine.stop()
        moved += engine.report.moved + engine.report.started
    grid.close()
    print(f"the engine did {moved / (rounds * seconds):,.0f} runs/s meanwhile")
    return _rows(rest, busy)


async def _watch(grid: RecordGrid, desk: Desk, seen: Seen, seconds: float) -> None:
    """Paint, save and look how late the loop's timer comes, for some seconds."""
    last = time.perf_counter()

    def beat() -> None:
        nonlocal last
        now = time.perf_counter()
        seen.gaps.append((now - last) * 1e3 - EVERY_MS)
        last = now

    timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=EVERY_MS)
    timer.timeout.connect(beat)
    timer.start()
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        began = time.perf_counter()
        grid.table.viewport().repaint()
        seen.paints.append((time.perf_counter() - began) * 1e3)
        last = time.perf_counter()  # painting is the screen's own work, not a gap
        began = time.perf_counter()
        number = len(seen.writes)
        await desk.background.write(contacts.create, {"first_name": f"Saved {number}"})
        seen.writes.append((time.perf_counter() - began) * 1e3)
        await asyncio.sleep(0.05)
    timer.stop()


def _rows(rest: Seen, busy: Seen) -> list[Result]:
    late, idle = _high(busy.gaps, 1.0) - max(0.0, _high(rest.gaps, 1.0)), _high(rest.gaps, 0.99)
    paint, still = _high(busy.paints, 0.95), _high(rest.paints, 0.95)
    write, quiet = _high(busy.writes, 0.99), _high(rest.writes, 0.99)
    return [
        _row("longest gap beyond the longest at rest, ms", late, idle, late <= GAP_GOAL_MS,
             f"<= {GAP_GOAL_MS:g} ms"),
        _row("paint p95, ms; at rest", paint, still, paint <= PAINT_GOAL * still,
             f"<= {PAINT_GOAL:g} x"),
        _row("saving a contact p99, ms; at rest", write, quiet, write <= WRITE_GOAL_MS,
             f"<= {WRITE_GOAL_MS:g} ms"),
        _row("saving a contact median, ms; at rest", statistics.median(busy.writes),
             statistics.median(rest.writes), True, ""),
    ]  # fmt: skip


def _row(what: str, ours: float, yardstick: float, holds: bool, goal: str) -> Result:
    return {
        "measure": f"screen while the engine runs flat out: {what}", "ours": ours,
        "yardstick": yardstick, "ratio": ours / yardstick if yardstick else None, "goal": goal,
        "holds": holds,
    }  # fmt: skip


def _high(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]
