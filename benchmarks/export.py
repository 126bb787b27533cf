"""Export: rows a second of what a view shows, into CSV and into an Excel workbook.

Everything is on: reading by batches, links by name, tags, owners, what a spreadsheet would
calculate made harmless. Yardsticks in the same interleaved run: the standard library's ``csv``
and XlsxWriter alone, writing the very same cells out of memory.
"""

from __future__ import annotations

import csv
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from rally_desktop.core.clock import SystemClock
from rally_desktop.model.store import Store
from rally_desktop.outside.files.opening import open_table
from rally_desktop.services import exports, imports, office

KEYS = ("name", "email", "phone", "company_id", "city", "tags", "owner_id", "score")
GOAL_CSV, GOAL_EXCEL = 200_000, 0.8


def run(quick: bool) -> list[dict[str, Any]]:
    """Measure and return a row for each kind of file."""
    rounds, count = (2, 5_000) if quick else (5, 100_000)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = _office(folder, count)
        export = exports.Export("contact", keys=KEYS)
        exports.write(store, folder / "first.csv", export)
        cells = [row.cells for row in open_table(folder / "first.csv").rows()]
        made: dict[str, list[float]] = {
            "ours.csv": [],
            "bare.csv": [],
            "ours.xlsx": [],
            "bare.xlsx": [],
        }
        ways: dict[str, Callable[[Path], object]] = {
            "ours.csv": lambda path: exports.write(store, path, export),
            "bare.csv": lambda path: _csv(path, cells),
            "ours.xlsx": lambda path: exports.write(store, path, export),
            "bare.xlsx": lambda path: _excel(path, cells),
        }
        for _ in range(rounds):
            for file, write in ways.items():
                start = time.perf_counter()
                write(folder / file)
                made[file].append(count / (time.perf_counter() - start))
        store.close()
    rate = {file: statistics.median(found) for file, found in made.items()}
    return [
        _row("csv", "rows to CSV a second", rate, f"≥ {GOAL_CSV}", rate["ours.csv"] >= GOAL_CSV),
        _row(
            "xlsx", "rows to Excel a second", rate, f"≥ {GOAL_EXCEL} × XlsxWriter",
            rate["ours.xlsx"] >= GOAL_EXCEL * rate["bare.xlsx"],
        ),
    ]  # fmt: skip


def _row(kind: str, measure: str, rate: dict[str, float], goal: str, holds: bool) -> dict[str, Any]:
    ours, bare = rate[f"ours.{kind}"], rate[f"bare.{kind}"]
    return {
        "measure": measure, "ours": round(ours), "yardstick": round(bare),
        "ratio": round(ours / bare, 3), "goal": goal, "holds": holds,
    }  # fmt: skip


def _office(folder: Path, count: int) -> Store:
    store = Store.open(f"sqlite:///{folder}/office.rally", SystemClock())
    store.write(office.found)
    path = folder / "people.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("First name", "Last name", "E-mail", "Phone", "Company", "City", "Tags"))
        for number in range(count):
            who = (f"Zoë{number}", "Müller", f"zoe{number}@example.com", f"+44 20 {number:07}")
            tag = "VIP" if number % 5 == 0 else ""
            writer.writerow((*who, f"Company {number % 200}", "Genève", tag))
    imports.import_file(store, path, options=imports.Options(triggers="no"))
    return store


def _csv(path: Path, cells: Sequence[Sequence[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows(cells)


def _excel(path: Path, cells: Sequence[Sequence[str]]) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for place, row in enumerate(cells):
            for column, cell in enumerate(row):
                if cell:
                    sheet.write_string(place, column, cell)
