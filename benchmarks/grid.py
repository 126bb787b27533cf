"""The grid: first rows, frames while one moves, filter and sort, memory.

The yardstick is Qt's own QSqlTableModel on the same file in the same run, made to know every row
(as a scroll bar must); for filter and sort also the bare ``sqlite3`` query for the numbers.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtSql import QSqlDatabase, QSqlTableModel
from PySide6.QtWidgets import QApplication, QHeaderView, QTableView

from benchmarks import _contacts
from rally_desktop.core.clock import SystemClock
from rally_desktop.model.store import Store
from rally_desktop.ui.background import Background
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import screen_loop
from rally_desktop.ui.notices import Notices
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.grid import RecordGrid
from rally_desktop.ui.widgets.grid_cells import ROW_HEIGHT

Result = dict[str, Any]
ROWS, ROWS_QUICK = 1_000_000, 10_000
FRAMES = 200
FRAME_GOAL_MS = 16.0
FIRST_ROWS_GOAL_MS = 500.0
ASKED_GOAL_MS, UNINDEXED_GOAL_MS = 100.0, 1_000.0
MEMORY_GOAL_MB = 150.0
FILTER = {"all": [{"field": "lifecycle_stage", "op": "any_of", "value": ["Customer"]}]}
SORTED = "select id from contact where deleted_at is null order by score is null, score desc, id"
FILTERED = (
    "select id from contact where deleted_at is null and lower(lifecycle_stage) = 'customer'"
    " order by sort_name, id"
)
_LINKED = "select contact.id from contact join {there} there on there.id = {here}"
_ORDERED = " where contact.deleted_at is null order by {first}, there.id, contact.sort_name"
BARE = {
    "sort": SORTED,
    "filter": FILTERED,
    "company_id": (_LINKED + _ORDERED).format(
        there="company", here="company_id", first="there.sort_name"
    ),
    "owner_id": (_LINKED + _ORDERED).format(
        there="user_account", here="contact.owner_id", first="lower(there.name)"
    ),
    "phone": "select id from contact where deleted_at is null order by lower(phone), sort_name",
}


def run(quick: bool) -> list[Result]:
    """Measure with 1,000,000 contacts, or 10,000 for a first look."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    with _contacts.folder() as kept:
        path = _contacts.office(kept, ROWS_QUICK if quick else ROWS)
        store = Store.open(f"sqlite:///{path}", SystemClock())
        loop = screen_loop(app)
        background = Background(store)
        desk = Desk(background, Theme(app, "light"), Notices(), SystemClock())
        try:
            return loop.run_until_complete(_measure(desk, path))
        finally:
            loop.close()
            background.close()
            store.close()
            asyncio.set_event_loop(None)


async def _measure(desk: Desk, path: Path) -> list[Result]:
    ours = await _ours(desk)
    peer = await _peer(path)
    raw = _raw(path)
    rows = [
        _row("grid first rows, ms", ours["first"], peer["first"], FIRST_ROWS_GOAL_MS),
        _row("grid every row in reach, ms", ours["all"], peer["all"], None),
        _row("grid frame p95 while wheeling, ms", ours["wheel"], peer["wheel"], FRAME_GOAL_MS),
        _row("grid frame p95 while paging, ms", ours["page"], peer["page"], FRAME_GOAL_MS),
        _row("grid frame p95 while jumping, ms", ours["jump"], peer["jump"], FRAME_GOAL_MS),
        _row("grid jump until the rows are there p95, ms", ours["there"], None, 100.0),
        _row("grid sort by score, ms", ours["sort"], peer["sort"], ASKED_GOAL_MS),
        _row("grid sort, every row in reach, ms", ours["sort all"], raw["sort"], None),
        _row("grid sort by company, ms", ours["company_id"], raw["company_id"], ASKED_GOAL_MS),
        _row("grid sort by owner, ms", ours["owner_id"], raw["owner_id"], ASKED_GOAL_MS),
        _row("grid sort by phone, no index, ms", ours["phone"], raw["phone"], UNINDEXED_GOAL_MS),
        _row("grid sort by phone again, ms", ours["again"], raw["phone"], ASKED_GOAL_MS),
        _row("grid filter by stage, ms", ours["filter"], peer["filter"], ASKED_GOAL_MS),
        _row("grid filter, every row in reach, ms", ours["filter all"], raw["filter"], None),
        _row("grid longest frame while sorting, ms", ours["held"], peer["sort"], 50.0),
        _row("grid memory, MB", ours["memory"], peer["memory"], MEMORY_GOAL_MB),
        _row("grid memory after a sort without an index, MB", ours["sorted"], peer["memory"], None),
    ]
    return rows


def _row(measure: str, ours: float, yardstick: float | None, goal: float | None) -> Result:
    """Return one figure; without a goal of its own it must not be worse than the yardstick's.

    A bare select fills no list and draws nothing, so against that three times as long is allowed.
    """
    ratio = None if not yardstick else round(ours / yardstick, 3)
    if goal is not None:
        holds, said = ours <= goal, f"<= {goal:g}"
    else:
        most = 3.0 if measure.startswith(("grid sort,", "grid filter,")) else 1.0
        holds, said = ratio is not None and ratio <= most, f"ratio <= {most:g}"
    return {
        "measure": measure,
        "ours": round(ours, 2),
        "yardstick": None if yardstick is None else round(yardstick, 2),
        "ratio": ratio,
        "goal": said,
        "holds": holds,
    }


# -- ours ------------------------------------------------------------------------------------


async def _ours(desk: Desk) -> dict[str, float]:
    found: dict[str, float] = {}
    before = _memory()
    begun = time.perf_counter()
    grid = RecordGrid(desk, "contact")
    grid.resize(1400, 900)
    grid.show()
    grid.start()
    await _until(lambda: grid.model.rowCount() > 0 and grid.model.row_at(0) is not None)
    grid.table.viewport().repaint()
    found["first"] = _since(begun)
    await _until(lambda: grid.model.loaded)
    found["all"] = _since(begun)
    found["wheel"] = await _frames(grid.table, _wheel(grid.table))
    found["page"] = await _frames(grid.table, _pages(grid.table))
    found["jump"] = await _frames(grid.table, _jumps(grid.table))
    found["there"] = await _jumps_until_there(grid)
    with _longest_pause() as pause:
        found["sort"], found["sort all"] = await _asked(
            grid, lambda: grid.columns.sort("score", down=True)
        )
    found["held"] = pause[0]
    await _asked(grid, lambda: grid.columns.sort("name", down=False))
    found["filter"], found["filter all"] = await _asked(grid, lambda: grid.ask(FILTER, ""))
    found["memory"] = max(0.0, _memory() - before)
    await _asked(grid, lambda: grid.ask(None, ""))
    for key in ("company_id", "owner_id", "phone", "name"):
        found[key], _ = await _asked(grid, lambda key=key: grid.columns.sort(key, down=False))
    found["again"], _ = await _asked(grid, lambda: grid.columns.sort("phone", down=False))
    found["sorted"] = max(0.0, _memory() - before)
    grid.close()
    grid.deleteLater()
    return found


async def _asked(grid: RecordGrid, ask: Callable[[], None]) -> tuple[float, float]:
    """Return how long from asking until the first screenful is painted, and until all are there."""
    heard = {"first": False, "all": False}
    connections = (
        grid.model.reordered.connect(lambda: heard.update(first=True)),
        grid.model.settled.connect(lambda: heard.update(all=True)),
    )
    begun = time.perf_counter()
    ask()
    await _until(lambda: heard["first"] and grid.model.row_at(0) is not None)
    grid.table.viewport().repaint()
    first = _since(begun)
    await _until(lambda: heard["all"])
    every = _since(begun)
    grid.model.reordered.disconnect(connections[0])
    grid.model.settled.disconnect(connections[1])
    return first, every


async def _jumps_until_there(grid: RecordGrid) -> float:
    dice, times = random.Random(2), []
    bar = grid.table.verticalScrollBar()
    for _ in range(60):
        place = dice.randrange(grid.model.rowCount() - 50)
        begun = time.perf_counter()
        bar.setValue(place * ROW_HEIGHT)
        await _until(lambda place=place: grid.model.row_at(place) is not None)
        grid.table.viewport().repaint()
        times.append(_since(begun))
    return _p95(times)


# -- the yardsticks --------------------------------------------------------------------------


async def _peer(path: Path) -> dict[str, float]:
    found: dict[str, float] = {}
    before = _memory()
    database = QSqlDatabase.addDatabase("QSQLITE", "grid benchmark")
    database.setDatabaseName(str(path))
    database.open()
    begun = time.perf_counter()
    model = QSqlTableModel(None, database)
    model.setTable("contact")
    model.setSort(model.fieldIndex("sort_name"), Qt.SortOrder.AscendingOrder)
    model.select()
    view = QTableView()
    view.setWordWrap(False)
    view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    view.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
    view.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
    view.setModel(model)
    view.resize(1400, 900)
    view.show()
    view.viewport().repaint()
    found["first"] = _since(begun)
    _fetch(model)
    found["all"] = _since(begun)
    found["wheel"] = await _frames(view, _wheel(view))
    found["page"] = await _frames(view, _pages(view))
    found["jump"] = await _frames(view, _jumps(view))
    begun = time.perf_counter()
    model.setSort(model.fieldIndex("score"), Qt.SortOrder.DescendingOrder)
    model.select()
    _fetch(model)
    view.viewport().repaint()
    found["sort"] = _since(begun)
    begun = time.perf_counter()
    model.setSort(model.fieldIndex("sort_name"), Qt.SortOrder.AscendingOrder)
    model.setFilter("lower(lifecycle_stage) = 'customer'")
    _fetch(model)
    view.viewport().repaint()
    found["filter"] = _since(begun)
    found["memory"] = max(0.0, _memory() - before)
    view.close()
    view.setModel(None)
    model.deleteLater()
    database.close()
    return found


def _fetch(model: QSqlTableModel) -> None:
    while model.canFetchMore():
        model.fetchMore()


def _raw(path: Path) -> dict[str, float]:
    found = {}
    connection = sqlite3.connect(path)
    for name, statement in BARE.items():
        begun = time.perf_counter()
        connection.execute(statement).fetchall()
        found[name] = _since(begun)
    connection.close()
    return found


# -- moving and measuring --------------------------------------------------------------------


async def _frames(view: QTableView, moves: Iterator[None]) -> float:
    """Return the 95th percentile of the time from a move to the painted frame."""
    times = []
    for _ in range(FRAMES):
        begun = time.perf_counter()
        next(moves)
        view.viewport().repaint()
        times.append(_since(begun))
        await asyncio.sleep(0.002)
    return _p95(times)


def _wheel(view: QTableView) -> Iterator[None]:
    view.verticalScrollBar().setValue(0)
    middle = QPointF(view.viewport().rect().center())
    while True:
        event = QWheelEvent(
            middle, view.viewport().mapToGlobal(middle), QPoint(), QPoint(0, -120),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(view.viewport(), event)
        yield


def _pages(view: QTableView) -> Iterator[None]:
    bar = view.verticalScrollBar()
    bar.setValue(0)
    while True:
        bar.setValue(bar.value() + bar.pageStep())
        yield


def _jumps(view: QTableView) -> Iterator[None]:
    dice, bar = random.Random(3), view.verticalScrollBar()
    while True:
        bar.setValue(dice.randrange(bar.maximum()))
        yield


@contextmanager
def _longest_pause() -> Iterator[list[float]]:
    """Measure the longest time in which the screen's thread did nothing else."""
    longest = [0.0]
    last = time.perf_counter()
    loop = asyncio.get_event_loop()

    async def watch() -> None:
        nonlocal last
        while True:
            last = time.perf_counter()
            await asyncio.sleep(0.001)
            longest[0] = max(longest[0], _since(last) - 1)

    task = loop.create_task(watch())
    yield longest
    task.cancel()


async def _until(true: Callable[[], bool]) -> None:
    while not true():
        await asyncio.sleep(0.001)


def _since(begun: float) -> float:
    return (time.perf_counter() - begun) * 1e3


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def _memory() -> float:
    """Return the memory of this process in MB, where the system tells."""
    try:
        import psutil
    except ImportError:
        return 0.0
    return psutil.Process().memory_info().rss / 1e6
