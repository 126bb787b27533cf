"""The engine on PostgreSQL: whole runs a second on a server that syncs, against bare COPY."""

from __future__ import annotations

import statistics
from typing import Any

from benchmarks import _bare
from benchmarks._office import make_office
from benchmarks.engine import tick
from rally_desktop.core.clock import SystemClock
from rally_desktop.model.store import Store
from tests.postgres import Server, running_server

GOAL = 0.3
# The tests' server forgets what a power cut would take; this one is as an office would run it.
SAFE = ("fsync=on", "synchronous_commit=on", "full_page_writes=on", "max_wal_size=2GB")


def run(quick: bool) -> list[dict[str, Any]]:
    """Return runs a second on PostgreSQL with 100,000 runs waiting."""
    waiting, coming, rounds = (10_000, 2_000, 3) if quick else (100_000, 10_000, 5)
    with running_server(*SAFE) as server:
        make_office(server.create("template_office"), waiting=waiting, coming=coming)
        measured = [_round(server, coming) for _ in range(rounds)]
    ratio = statistics.median(one / bare for one, bare in measured)
    return [
        {
            "measure": f"engine: runs/s, PostgreSQL, {waiting:,} waiting; bare COPY",
            "ours": statistics.median(one for one, _ in measured),
            "yardstick": statistics.median(bare for _, bare in measured),
            "ratio": ratio,
            "goal": f">= {GOAL} of bare COPY",
            "holds": ratio >= GOAL,
        }
    ]


def _round(server: Server, coming: int) -> tuple[float, float]:
    ours = server.create("ours", "template_office")
    server.create("bare", "template_office")
    sizes, took = tick(ours, coming)
    store = Store.open(ours, SystemClock())
    written = _bare.rows_of(store.engine, sizes)
    store.close()
    place = f"host={server.host} port={server.port} user=postgres dbname=bare"
    bare = sum(_bare.write_postgres(place, written))
    server.drop("ours")
    server.drop("bare")
    return coming / took, coming / bare
