"""Export: rows a second of what a view shows, into CSV and into an Excel workbook.

Everything is on: reading by batches, links by name, tags, owners, what a spreadsheet would
calculate made harmless. Yardsticks in the same interleaved run: the standard library's ``csv``
and XlsxWriter alone, writing the very same cells out of memory; and ``csv`` behind one bare query
that finds them, on SQLite and on PostgreSQL.
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
from rally_desktop.model.work import Work
from rally_desktop.outside.files.opening import open_table
from rally_desktop.services import exports, imports, office
from tests.postgres import running_server

KEYS = ("name", "email", "phone", "company_id", "city", "tags", "owner_id", "score")
GOAL_CSV, GOAL_QUERY, GOAL_EXCEL = 200_000, 0.8, 0.8
EXPORT = exports.Export("contact", keys=KEYS)


def run(quick: bool) -> list[dict[str, Any]]:
    """Measure and return a row for each kind of file and each database."""
    rounds, count = (2, 5_000) if quick else (5, 100_000)
    with tempfile.TemporaryDirectory() as name, running_server() as server:
        folder = Path(name)
        store = _office(f"sqlite:///{folder}/office.rally", folder, count)
        served = _office(server.create("export"), folder, count)
        exports.write(store, folder / "first.csv", EXPORT)
        cells = [row.cells for row in open_table(folder / "first.csv").rows()]
        ways: dict[str, Callable[[Path], object]] = {
            "ours.csv": lambda path: exports.write(store, path, EXPORT),
            "bare.csv": lambda path: _csv(path, cells),
            "query.csv": lambda path: store.read(_query, path),
            "served.csv": lambda path: exports.write(served, path, EXPORT),
            "served_query.csv": lambda path: served.read(_query, path),
            "ours.xlsx": lambda path: exports.write(store, path, EXPORT),
            "bare.xlsx": lambda path: _excel(path, cells),
        }
        made: dict[str, list[float]] = {file: [] for file in ways}
        for _ in range(rounds):
            for file, write in ways.items():
                start = time.perf_counter()
                write(folder / file)
                made[file].append(count / (time.perf_counter() - start))
        store.close()
        served.close()
    rate = {file: statistics.median(found) for file, found in made.items()}
    return [
        _row("rows to CSV a second", rate, "ours.csv", "bare.csv", least=GOAL_CSV),
        _row("rows to CSV, beside a bare query", rate, "ours.csv", "query.csv", GOAL_QUERY),
        _row("the same on PostgreSQL", rate, "served.csv", "served_query.csv", GOAL_QUERY),
        _row("rows to Excel a second", rate, "ours.xlsx", "bare.xlsx", GOAL_EXCEL),
    ]  # fmt: skip


def _row(
    measure: str, rate: dict[str, float], ours: str, bare: str, share: float = 0, least: float = 0
) -> dict[str, Any]:
    """Return a figure that must be so much of its yardstick, or so many rows a second."""
    ratio = rate[ours] / rate[bare]
    return {
        "measure": measure,
        "ours": round(rate[ours]),
        "yardstick": round(rate[bare]),
        "ratio": round(ratio, 3),
        "goal": f"≥ {share} ×" if share else f"≥ {least}",
        "holds": ratio >= share and rate[ours] >= least,
    }


def _office(url: str, folder: Path, count: int) -> Store:
    store = Store.open(url, SystemClock())
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


def _query(work: Work, path: Path) -> None:
    """Write what one statement finds."""
    joined = "string_agg" if work.connection.dialect.name == "postgresql" else "group_concat"
    found = work.connection.exec_driver_sql(
        "select first_name, last_name, contact.email, contact.phone, company.name, contact.city,"
        f" (select {joined}(tag.name, '; ') from record_tag join tag on tag.id = tag_id"
        " where record_kind = 'contact' and record_id = contact.id), user_account.name, score"
        " from contact left join company on company.id = company_id"
        " left join user_account on user_account.id = contact.owner_id"
        " where contact.deleted_at is null order by contact.sort_name, contact.id"
    )
    assert found.cursor is not None
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows(found.cursor.fetchall())


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
