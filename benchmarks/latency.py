"""How long after a contact was saved its four steps are saved too, through the engine's thread."""

from __future__ import annotations

import contextlib
import statistics
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from benchmarks import _bare
from benchmarks._office import bring_in, make_office
from benchmarks.engine_postgres import SAFE
from rally_desktop.core.clock import SystemClock
from rally_desktop.engine.thread import EngineThread
from rally_desktop.model.store import Store
from rally_desktop.outside.mail.memory import MemoryCarrier
from tests.postgres import running_server

GOALS = {"SQLite": (5.0, 20.0), "PostgreSQL": (15.0, 40.0)}
WARM_UP = 10


def run(quick: bool) -> list[dict[str, Any]]:
    """Return the median and the 99th percentile in milliseconds, with 100,000 runs waiting."""
    waiting, count = (10_000, 100) if quick else (100_000, 500)
    with tempfile.TemporaryDirectory(prefix="rally-bench-") as folder:
        path = Path(folder, "office.rally")
        url = f"sqlite:///{path}"
        make_office(url, waiting=waiting)
        took, floor = _wake(url, count), _floor(url, str(path))
        rows = _rows("SQLite", waiting, took, floor)
    with running_server(*SAFE) as server:
        url = server.create("office")
        make_office(url, waiting=waiting)
        place = f"host={server.host} port={server.port} user=postgres dbname=office"
        took, floor = _wake(url, count), _floor(url, place)
        rows += _rows("PostgreSQL", waiting, took, floor)
    return rows


def _wake(url: str, count: int) -> list[float]:
    """Save contacts one by one; return the milliseconds until each had its task."""
    store = Store.open(url, SystemClock())
    saved, done, finished = 0.0, 0.0, threading.Event()

    def committed(touched: frozenset[str]) -> None:
        nonlocal saved, done
        if "task" in touched:
            done = time.perf_counter()
            finished.set()
        elif "contact" in touched:
            saved = time.perf_counter()

    store.listen(committed)  # before the engine listens, so that it hears of each commit first
    engine = EngineThread(store, lambda *_: MemoryCarrier())
    engine.start()
    took = []
    for number in range(count + WARM_UP):
        engine.wait_until_idle(10)
        finished.clear()
        bring_in(store, 1, first=number)
        if not finished.wait(10):
            raise RuntimeError("the engine did not run the workflow within ten seconds")
        took.append((done - saved) * 1000)
    engine.stop()
    store.close()
    return took[WARM_UP:]


def _floor(url: str, place: str) -> list[float]:
    """Return the milliseconds in which a bare driver writes the same rows again, run by run."""
    store = Store.open(url, SystemClock())
    with contextlib.closing(store):
        written = _bare.rows_of(store.engine, [1] * 1_000)
        with store.engine.begin() as connection:
            _bare.forget(connection)
    write = _bare.write_sqlite if url.startswith("sqlite") else _bare.write_postgres
    written.batches = [batch for batch in written.batches if batch.moved]
    return [seconds * 1000 for seconds in write(place, written)]


def _rows(
    database: str, waiting: int, took: list[float], floor: list[float]
) -> list[dict[str, Any]]:
    made = []
    for name, share, goal in zip(("p50", "p99"), (0.5, 0.99), GOALS[database], strict=True):
        ours, bare = _percentile(took, share), _percentile(floor, share)
        made.append(
            {
                "measure": f"latency: ms {name}, {database}, {waiting:,} waiting; bare write",
                "ours": ours,
                "yardstick": bare,
                "ratio": ours / bare,
                "goal": f"<= {goal:g} ms",
                "holds": ours <= goal,
            }
        )
    return made


def _percentile(values: list[float], share: float) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[round(share * 100) - 1]
