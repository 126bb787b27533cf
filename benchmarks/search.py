"""Search as you type in a million contacts: from the letters to what is shown of the best.

The yardstick is a LIKE over the same contacts in the same run, for the same letters: what a search
costs without an index. What the index adds to the file is measured, too.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from rally_desktop.core.clock import SystemClock, to_micros
from rally_desktop.core.fold import fold
from rally_desktop.model import tables
from rally_desktop.model.store import Store
from rally_desktop.model.work import Work
from rally_desktop.services import search, search_care

Result = dict[str, Any]
ROWS, ROWS_QUICK = 1_000_000, 10_000
AT_ONCE = 50_000
ALONE = 25.0  # times as much in one transaction: nobody else works here
ROUNDS, ROUNDS_OF_SCAN = 15, 3
GOAL_MS, GOAL_BYTES = 10.0, 250.0
# Names are made of these, so that some beginnings are those of a hundred thousand people.
SYLLABLES = (
    "an", "ma", "ri", "lo", "ko", "sa", "te", "ne", "vi", "do",
    "ra", "li", "mu", "be", "ka", "jo", "el", "os", "in", "er",
)  # fmt: skip
COLUMNS = (
    "first_name", "last_name", "email", "email_key", "phone", "created_at", "updated_at",
    "sort_name", "search_text",
)  # fmt: skip
PERSON = f"insert into contact ({', '.join(COLUMNS)}) values ({', '.join('?' * len(COLUMNS))})"


def run(quick: bool) -> list[Result]:
    """Measure with 1,000,000 contacts, or 10,000 for a first look."""
    rows = ROWS_QUICK if quick else ROWS
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{Path(folder, 'search.rally')}", SystemClock())
        try:
            store.write(_fill, rows)
            before = store.read(_size)
            begun = time.perf_counter()
            search_care.read_all(store, told, share=ALONE)
            seconds = time.perf_counter() - begun
            added = (store.read(_size) - before) / rows
            found = [measured(store, name, text) for name, text in store.read(asked)]
        finally:
            store.close()
    return [
        *found,
        row("search: the index in the file, bytes a contact", added, None, GOAL_BYTES),
        row("search: read in anew, contacts/s", rows / seconds),
    ]


def row(
    measure: str, ours: float, yardstick: float | None = None, goal: float | None = None
) -> Result:
    """Return one figure; without a goal it only tells."""
    return {
        "measure": measure,
        "ours": round(ours, 2),
        "yardstick": None if yardstick is None else round(yardstick, 2),
        "ratio": None if not yardstick else round(ours / yardstick, 4),
        "goal": None if goal is None else f"<= {goal:g}",
        "holds": goal is None or ours <= goal,
    }


def measured(store: Store, name: str, text: str, goal: float = GOAL_MS, where: str = "") -> Result:
    """Measure one question, and the scan for the same letters, each by its median."""
    word = f"%{fold(text).split()[0]}%"
    times = [_timed(lambda: store.read(search.find, text)) for _ in range(ROUNDS)]
    scans = [_timed(lambda: store.read(_scan, word)) for _ in range(ROUNDS_OF_SCAN)]
    ours = statistics.median(times)
    return row(f"search{where}: {name}, ms", ours, statistics.median(scans), goal)


def _timed(does: Callable[[], object]) -> float:
    begun = time.perf_counter()
    does()
    return (time.perf_counter() - begun) * 1e3


def _scan(work: Work, word: str) -> object:
    """Look through all contacts, as one has to who wants the best and not the first."""
    own = tables.contact.c
    query = select(func.count()).where(own.deleted_at.is_(None), own.search_text.like(word))
    return work.connection.execute(query).scalar()


def asked(work: Work) -> list[tuple[str, str]]:
    """Return what is asked, about somebody in the middle."""
    one = work.connection.exec_driver_sql(
        "select first_name, last_name, phone from contact where length(last_name) > 7"
        " and length(first_name) > 3 and id > 1000 order by id limit 1"
    ).one()
    first, last, phone = one
    wrong = f"{last[:2]}{last[3]}{last[2]}{last[4:-2]}{last[-1]}"
    return [
        ("one letter", "a"),
        ("two letters that 100,000 names begin with", "an"),
        ("three letters", "mar"),
        ("four letters", "anma"),
        ("a whole name", f"{first} {last}"),
        ("the name turned round, not whole", f"{last} {first[:1]}"),
        ("two words that many have, never together", "an zz"),
        ("a word that everybody has", "example"),
        ("nearly a word that everybody has", "exampl"),
        ("part of an address", f"{first}.{last}@ex"),
        ("a telephone number", f"0{phone[4:10]}"),
        ("a name with two errors", wrong),
        ("what nobody is called", "zzyzx qwrtz"),
    ]


def _fill(work: Work, count: int) -> None:
    """Write contacts by plain statements; what is not searched by needs no index here."""
    for index in tables.contact.indexes:
        index.drop(work.connection)
    found = people(to_micros(work.now), count)
    while some := [row for row, _ in zip(found, range(AT_ONCE), strict=False)]:
        work.connection.exec_driver_sql(PERSON, some)


def people(now: int, count: int) -> Iterator[tuple[Any, ...]]:
    """Yield contacts in the order of ``COLUMNS``; some names are common, most are rare."""
    dice = random.Random(1)
    firsts = [_name(dice, (2, 2, 3)) for _ in range(3_000)]
    lasts = [_name(dice, (2, 3, 3, 4)) for _ in range(60_000)]
    for number in range(count):
        first = firsts[int(dice.random() ** 2 * len(firsts))]
        last = lasts[int(dice.random() ** 2 * len(lasts))]
        email = f"{first}.{last}.{number}@example.com"
        phone = f"+49 {dice.randrange(10**9, 10**10)}"
        said = f"{first} {last} {email} {phone}"
        names = (first.title(), last.title(), email, email, phone)
        yield (*names, now, now, f"{last} {first} {email}", said)


def _name(dice: random.Random, lengths: tuple[int, ...]) -> str:
    return "".join(dice.choice(SYLLABLES) for _ in range(dice.choice(lengths)))


def _size(work: Work) -> int:
    execute = work.connection.exec_driver_sql
    pages, free, size = (
        execute(f"pragma {name}").scalar_one()
        for name in ("page_count", "freelist_count", "page_size")
    )
    return (pages - free) * size


def told(done: int) -> None:
    """Tell how it goes."""
    if done % 100_000 == 0:
        print(f"{done:,} read in")
