"""An office of a million contacts to look through, kept from one run to the next where asked."""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zlib import crc32

from sqlalchemy.schema import CreateIndex, CreateTable

from rally_desktop.core.clock import SystemClock, to_micros
from rally_desktop.model import tables
from rally_desktop.model.store import Store
from rally_desktop.model.work import Work

AT_ONCE, OWNERS = 50_000, 20
# The folder where the file is kept: one at a time, 640 MB for a million.
CACHE = "RALLY_BENCHMARKS_CACHE"
STAGES = ("Lead", "Lead", "Qualified", "Opportunity", "Customer", "Evangelist")
COLUMNS = (
    "first_name", "last_name", "email", "email_key", "phone", "city", "lifecycle_stage", "score",
    "company_id", "owner_id", "last_activity_at", "created_at", "updated_at", "custom", "sort_name",
    "search_text",
)  # fmt: skip
PERSON = f"insert into contact ({', '.join(COLUMNS)}) values ({', '.join('?' * len(COLUMNS))})"


@contextmanager
def folder() -> Iterator[Path]:
    """Yield the folder where the file is kept, or one that goes with the measure."""
    kept = os.environ.get(CACHE)
    if kept:
        Path(kept).mkdir(parents=True, exist_ok=True)
        yield Path(kept)
        return
    with tempfile.TemporaryDirectory() as passing:
        yield Path(passing)


def office(folder: Path, rows: int) -> Path:
    """Return the file with so many contacts; one of another schema is made anew."""
    path = folder / f"grid-{rows}-{_schema()}.rally"
    if path.exists():
        return path
    for old in folder.glob(f"grid-{rows}-*"):
        old.unlink()
    made = folder / "grid.new"
    for left in folder.glob("grid.new*"):
        left.unlink()
    store = Store.open(f"sqlite:///{made}", SystemClock())
    store.write(_fill, rows)
    store.close()
    return made.rename(path)


def _schema() -> str:
    """Return a mark that is another one as soon as a table of records is."""
    records = (tables.contact, tables.company, tables.tag, tables.record_tag)
    said = [str(CreateTable(table)) for table in records]
    said += [str(CreateIndex(index)) for table in records for index in table.indexes]
    said += COLUMNS
    return f"{crc32(''.join(sorted(said)).encode()):08x}"


def _fill(work: Work, count: int) -> None:
    """Write contacts with companies and tags by plain statements."""
    dice, now = random.Random(1), to_micros(work.now)
    execute = work.connection.exec_driver_sql
    execute(
        "insert into company (name, sort_name, created_at, updated_at) values (?, ?, ?, ?)",
        [(f"Company {n}", f"company {n}", now, now) for n in range(500)],
    )
    execute(
        "insert into user_account (name, role) values (?, 'user')",
        [(f"Owner {n * 7 % OWNERS:02}",) for n in range(OWNERS)],
    )
    row = "insert into custom_field (record_kind, name, label, kind, position, archived)"
    execute(f"{row} values ('contact', 'size', 'Size', 'number', 1, false)")
    execute("insert into tag (name, name_key) values (?, ?)", [("VIP", "vip"), ("Fair", "fair")])
    # Indexes are built whole afterwards, which takes a tenth of the time.
    for index in tables.contact.indexes:
        index.drop(work.connection)
    for first in range(0, count, AT_ONCE):
        execute(PERSON, [_person(dice, now, n) for n in range(first, min(count, first + AT_ONCE))])
    execute(
        "insert into record_tag (record_kind, record_id, tag_id)"
        " select 'contact', id, 1 + id % 2 from contact where id % 3 = 0"
    )
    for index in tables.contact.indexes:
        index.create(work.connection)
    execute("analyze")


def _person(dice: random.Random, now: int, n: int) -> tuple[Any, ...]:
    first, last = f"First{dice.randrange(500)}", f"Last{dice.randrange(5_000)}"
    email = f"{first}.{last}.{n}@example.com".lower()
    names = f"{last} {first} {email}".lower()
    stage, score = dice.choice(STAGES), dice.randrange(101)
    company, moment = dice.randrange(1, 501), now - dice.randrange(10**13)
    phone, city = f"+44 {dice.randrange(10**9):09}", f"City {dice.randrange(300)}"
    owner = n % (OWNERS + 1) or None
    custom = f'{{"size":{n * 7919 % 1_000}}}' if n % 2 else None
    return (
        first, last, email, email, phone, city, stage, score, company, owner, moment, now, now,
        custom, names, names,
    )  # fmt: skip
