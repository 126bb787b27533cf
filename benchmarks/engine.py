"""The engine on SQLite: whole runs a second, against a bare driver and engines from elsewhere."""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import _bare, _node_red, _peers
from benchmarks._office import make_office
from rally_desktop.core.clock import SystemClock
from rally_desktop.engine.heart import Heart
from rally_desktop.model.store import Store

GOAL = 0.35
PEER_GOALS = {
    "DBOS": 80,
    "SpiffWorkflow": 8,
    "Node-RED, persisted": 3,
    "Node-RED, in memory": 1,
}


def run(quick: bool) -> list[dict[str, Any]]:
    """Return runs a second on SQLite, fully synchronous, with 100,000 runs waiting."""
    waiting, coming, rounds = (10_000, 2_000, 3) if quick else (100_000, 10_000, 5)
    with tempfile.TemporaryDirectory(prefix="rally-bench-") as folder:
        template = Path(folder, "template.rally")
        make_office(f"sqlite:///{template}", waiting=waiting, coming=coming)
        measured = [_round(template, coming) for _ in range(rounds)]
        ours = statistics.median(one for one, _ in measured)
        ratio = statistics.median(one / bare for one, bare in measured)
        rows = [
            {
                "measure": f"engine: runs/s, SQLite, {waiting:,} waiting; bare driver",
                "ours": ours,
                "yardstick": statistics.median(bare for _, bare in measured),
                "ratio": ratio,
                "goal": f">= {GOAL} of the bare driver",
                "holds": ratio >= GOAL,
            }
        ]
        if not quick:
            rows += _against_peers(Path(folder), template, coming)
    return rows


def _round(template: Path, coming: int) -> tuple[float, float]:
    ours, bare = template.with_name("ours.rally"), template.with_name("bare.rally")
    for path in (ours, bare):
        _copy(template, path)
    sizes, took = tick(f"sqlite:///{ours}", coming)
    store = Store.open(f"sqlite:///{ours}", SystemClock())
    written = _bare.rows_of(store.engine, sizes)
    store.close()
    return coming / took, coming / sum(_bare.write_sqlite(str(bare), written))


def _copy(template: Path, path: Path) -> None:
    for tail in ("-wal", "-shm"):
        Path(f"{path}{tail}").unlink(missing_ok=True)
    shutil.copyfile(template, path)


def tick(url: str, coming: int) -> tuple[list[int], float]:
    """Let the heart do all that is due, beat by beat; return the beats' sizes and the time."""
    store = Store.open(url, SystemClock())
    heart, sizes = Heart(store), []
    began = time.perf_counter()
    while beat := heart.beat():
        sizes.append(beat.started)
    took = time.perf_counter() - began
    store.close()
    if sum(sizes) != coming:
        raise RuntimeError(f"{sum(sizes)} runs were started instead of {coming}")
    return sizes, took


def _against_peers(folder: Path, template: Path, coming: int) -> list[dict[str, Any]]:
    def ours() -> float:
        _copy(template, template.with_name("ours.rally"))
        return coming / tick(f"sqlite:///{template.with_name('ours.rally')}", coming)[1]

    return [_peer(name, folder, ours) for name in PEER_GOALS]


def _peer(name: str, folder: Path, ours: Callable[[], float]) -> dict[str, Any]:
    goal = PEER_GOALS[name]
    row = {"measure": f"engine: runs/s, SQLite; {name}", "goal": f">= {goal} x"}
    peers = _node_red if name in _node_red.MODES else _peers
    measure, trouble = peers.prepared(name, folder)
    if measure is None:
        return {**row, "measure": f"{row['measure']} (skipped: {trouble})", "holds": None}
    measured = [(ours(), measure()) for _ in range(3)]
    ratio = statistics.median(one / other for one, other in measured)
    return {
        **row,
        "ours": statistics.median(one for one, _ in measured),
        "yardstick": statistics.median(other for _, other in measured),
        "ratio": ratio,
        "holds": ratio >= goal,
    }
