"""A million runs that wait: how soon a started program does new work, and what memory they take.

A process of its own opens the office and runs one new contact through; the control is the same
office without anybody waiting.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks._office import bring_in, make_office
from rally_desktop.core.clock import SystemClock
from rally_desktop.engine.heart import Heart
from rally_desktop.model.store import Store

SECONDS, MEGABYTES = {"SQLite": 0.25, "PostgreSQL": 1.0}, 20.0


def run(quick: bool) -> list[dict[str, Any]]:
    """Return the seconds from start to the first new run, and the growth of memory."""
    from benchmarks.engine_postgres import SAFE
    from tests.postgres import running_server

    waiting, rounds = (100_000, 3) if quick else (1_000_000, 5)
    with tempfile.TemporaryDirectory(prefix="rally-bench-") as folder:
        rows = _measured(
            "SQLite", waiting, rounds, lambda name: f"sqlite:///{Path(folder, name)}.rally"
        )
    with running_server(*SAFE) as server:
        return rows + _measured("PostgreSQL", waiting, rounds, server.create)


def _measured(
    database: str, waiting: int, rounds: int, place: Callable[[str], str]
) -> list[dict[str, Any]]:
    full, empty = place("full"), place("empty")
    make_office(full, waiting=waiting)
    make_office(empty)
    found = [(_probe(full, each), _probe(empty, each)) for each in range(rounds)]
    ours, control = (statistics.median(each[side]["seconds"] for each in found) for side in (0, 1))
    grown = statistics.median(one["megabytes"] - other["megabytes"] for one, other in found)
    whole = statistics.median(one["megabytes"] for one, _ in found)
    goal = SECONDS[database]
    return [
        {
            "measure": f"waiting: s to first run, {database}, {waiting:,} waiting; none waiting",
            "ours": ours,
            "yardstick": control,
            "ratio": ours / control,
            "goal": f"< {goal:g} s",
            "holds": ours < goal,
        },
        {
            "measure": f"waiting: MB grown, {database}, {waiting:,} waiting; none waiting",
            "ours": whole,
            "yardstick": whole - grown,
            "ratio": whole / max(whole - grown, 0.1),
            "goal": f"< {MEGABYTES:g} MB more",
            "holds": grown < MEGABYTES,
        },
    ]


def _probe(url: str, number: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.waiting", url, str(number)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return json.loads(said.splitlines()[-1])


def _first_run(url: str, number: int) -> None:
    """Bring a contact in, then start anew and run it; say how long and how much memory."""
    store = Store.open(url, SystemClock())
    bring_in(store, 1, first=number)
    store.close()
    before, began = _memory(), time.perf_counter()
    store = Store.open(url, SystemClock())
    beat = Heart(store).beat()
    took = time.perf_counter() - began
    if not beat.started:
        raise RuntimeError("no run was started")
    heart = Heart(store)
    heart.tick()
    heart.next_due()
    print(json.dumps({"seconds": took, "megabytes": _memory() - before}))
    store.close()


def _memory() -> float:
    """Return the memory of this process in MB, where the system tells."""
    import psutil

    return psutil.Process().memory_info().rss / 2**20


if __name__ == "__main__":
    _first_run(sys.argv[1], int(sys.argv[2]))
