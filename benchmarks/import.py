"""Import: rows a second from a CSV file into the office, and what that takes of memory.

Everything is on: decoding line by line, mapping, address check, duplicates, companies, tags,
timeline, search text, the way back, FULL sync. Yardstick in the same interleaved run: the standard
library's ``csv`` and SQLAlchemy Core inserting the bare contact rows into the same schema.
"""

from __future__ import annotations

import csv
import resource
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from rally_desktop.core.clock import SystemClock
from rally_desktop.model.store import Store
from rally_desktop.model.tables import contact
from rally_desktop.services import imports, office

GOAL = 40_000
MOST_MEMORY = 300
_HEADINGS = ("First name", "Last name", "E-mail", "Phone", "Company", "City", "Tags")


def run(quick: bool) -> list[dict[str, Any]]:
    """Measure and return one row."""
    rounds, count, many = (2, 5_000, 20_000) if quick else (5, 50_000, 1_000_000)
    with tempfile.TemporaryDirectory() as folder:
        long = many / _ours(Path(folder) / "many.rally", _listed(Path(folder), many))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        path = _listed(Path(folder), count)
        ours, bare = [], []
        for number in range(rounds):
            ours.append(count / _ours(Path(folder) / f"ours{number}.rally", path))
            bare.append(count / _bare(Path(folder) / f"bare{number}.rally", path))
    mine, theirs = statistics.median(ours), statistics.median(bare)
    return [
        {
            "measure": "contacts imported a second",
            "ours": round(mine),
            "yardstick": round(theirs),
            "ratio": round(mine / theirs, 3),
            "goal": f"≥ {GOAL}",
            "holds": mine >= GOAL,
            "rows": count,
        },
        {
            "measure": f"the same, of {many:,} rows",
            "ours": round(long),
            "yardstick": round(theirs),
            "ratio": round(long / theirs, 3),
            "goal": f"≥ {GOAL}",
            "holds": long >= GOAL,
            "rows": many,
        },
        {
            "measure": f"memory at most for {many:,} rows, MB",
            "ours": round(peak),
            "goal": f"≤ {MOST_MEMORY}",
            "holds": peak <= MOST_MEMORY,
        },
    ]


def _listed(folder: Path, count: int) -> Path:
    path = folder / "people.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADINGS)
        for number in range(count):
            # Every hundredth row says somebody again.
            who = number - 50 if number % 100 == 99 else number
            row = (f"Zoë{who}", "Müller", f"zoe{who}@example.com", f"+44 20 {who:07}")
            writer.writerow((*row, f"Company {who % 200}", "Genève", "VIP" if who % 5 == 0 else ""))
    return path


def _office(path: Path) -> Store:
    store = Store.open(f"sqlite:///{path}", SystemClock())
    store.write(office.found)
    return store


def _ours(database: Path, path: Path) -> float:
    store = _office(database)
    start = time.perf_counter()
    imports.import_file(store, path)
    seconds = time.perf_counter() - start
    store.close()
    return seconds


def _bare(database: Path, path: Path) -> float:
    store = _office(database)
    now = store.clock.now()
    start = time.perf_counter()
    with path.open(newline="", encoding="utf-8") as file, store.engine.begin() as connection:
        rows = [
            {
                "first_name": row["First name"], "last_name": row["Last name"],
                "email": row["E-mail"], "phone": row["Phone"], "city": row["City"],
                "created_at": now, "updated_at": now,
            }
            for row in csv.DictReader(file)
        ]  # fmt: skip
        connection.execute(insert(contact), rows)
    seconds = time.perf_counter() - start
    store.close()
    return seconds
