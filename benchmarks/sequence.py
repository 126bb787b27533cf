"""A sequence with 100,000 people in it: its figures, and who is inside.

The yardstick is to read all that was sent and all that happened through, in the same run.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks._office import UNTHROTTLED
from rally_desktop.core.clock import SystemClock, to_micros
from rally_desktop.engine.cookbook import install
from rally_desktop.engine.publishing import publish
from rally_desktop.engine.recipes.outreach import Outreach
from rally_desktop.model.store import Store
from rally_desktop.model.work import Work
from rally_desktop.services import office, safeguards, sequence_figures, sequence_people
from rally_desktop.services.sequence_people import Wanted

Result = dict[str, Any]
ROUNDS = 5
GOAL = 1.0  # seconds, off the screen thread
SECOND = "i % 2 = 0"  # who got the second letter, too
_NUMBERS = "with recursive k(i) as (select 1 union all select i + 1 from k where i < {count})"


def run(quick: bool) -> list[Result]:
    """Measure with 100,000 people, or 10,000 for a first look."""
    people = 10_000 if quick else 100_000
    with tempfile.TemporaryDirectory(prefix="rally-bench-") as folder:
        store = Store.open(f"sqlite:///{Path(folder, 'sequence.rally')}", SystemClock())
        number = furnish(store, people)
        rows = [
            _row(store, people, "figures in the list", sequence_figures.of_many, [number]),
            _row(store, people, "figures by version", sequence_figures.by_version, number),
            _row(store, people, "figures by step", sequence_figures.by_step, number),
            _row(store, people, "who is inside", sequence_people.numbers, number, Wanted()),
        ]
        store.close()
    return rows


def furnish(store: Store, people: int) -> int:
    """Make an office with a sequence that wrote to so many people; return its number."""
    store.write(office.found)
    store.write(safeguards.save, UNTHROTTLED)
    number = store.write(install, Outreach)
    store.write(publish, number)
    store.write(_let_in, number, people)
    store.write(_write, number, people)
    return number


def _row(store: Store, people: int, what: str, query: Callable[..., object], *given: Any) -> Result:
    ours = _seconds(store, query, *given)
    yardstick = _seconds(store, _read_through)
    return {
        "measure": f"sequence: s for {what}, {people:,} people; reading the tables through",
        "ours": ours,
        "yardstick": yardstick,
        "ratio": ours / yardstick,
        "goal": f"< {GOAL:g} s",
        "holds": ours < GOAL,
    }


def _seconds(store: Store, query: Callable[..., object], *given: Any) -> float:
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        store.read(query, *given)
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def _read_through(work: Work) -> None:
    for table, column in (("outbox", "text"), ("activity", "detail")):
        work.connection.exec_driver_sql(f"select sum(length({column})) from {table}").scalar()


def _let_in(work: Work, number: int, people: int) -> None:
    """Write people and their runs by plain statements: it is they that are measured."""
    run, numbers = work.connection.exec_driver_sql, _NUMBERS.format(count=people)
    now, day = to_micros(work.now), int(timedelta(days=1) / timedelta(microseconds=1))
    version = run(f"select published_id from workflow where id = {number}").scalar_one()
    run(
        "insert into contact (id, first_name, last_name, email, email_key, created_at, updated_at,"
        f" sort_name, search_text) {numbers} select i, 'Bo' || i, 'Lund',"
        f" 'bo' || i || '@example.com', 'bo' || i || '@example.com', {now}, {now},"
        " 'lund bo' || i, 'bo' || i || ' lund' from k"
    )
    run(
        "insert into run (id, workflow_id, version_id, record_kind, record_id, state, step, exit,"
        f" due_at, cause, seq, started_at) {numbers} select i, {number}, {version}, 'contact', i,"
        f" case when i % 10 = 3 then 'stopped' else 'active' end,"
        f" case when {SECOND} then 'rest' else 'pause' end, 'next',"
        f" {now} + (i % 7) * {day}, 'user:' || i, case when {SECOND} then 4 else 2 end,"
        f" {now} - 5 * {day} from k"
    )
    for seq, step, outcome, who in (
        (1, "first", "done", "1"), (2, "pause", "waiting", "1"), (4, "last", "done", SECOND)
    ):  # fmt: skip
        run(
            "insert into visit (run_id, seq, version_id, step, outcome, exit, summary, at)"
            f" {numbers} select i, {seq}, {version}, '{step}', '{outcome}', 'next', 'Done.',"
            f" {now} - 4 * {day} from k where {who}"
        )


def _write(work: Work, number: int, people: int) -> None:
    """Write two letters, their links and what came of them."""
    run, numbers = work.connection.exec_driver_sql, _NUMBERS.format(count=people)
    now, day = to_micros(work.now), int(timedelta(days=1) / timedelta(microseconds=1))
    text, html = "word " * 150, "<p>word</p>" * 300
    for seq, step, who, shift in ((1, "first", "1", 0), (4, "last", SECOND, people)):
        run(
            "insert into outbox (id, key, channel, workflow_id, contact_id, run_id, step, seq,"
            " record_kind, record_id, state, due_at, created_at, sent_at, message_id, sender,"
            f" address, recipient, subject, text, html) {numbers} select i + {shift},"
            f" 'k' || (i + {shift}), 'email', {number}, i, i, '{step}', {seq}, 'contact', i,"
            f" 'sent', {now}, {now}, {now} - 3 * {day}, '<' || (i + {shift}) || '@example.com>',"
            f" 'us', 'x', 'x', 'Hello', '{text}', '{html}' from k where {who}"
        )
    for place in (-1, 1, 2):
        run(
            "insert into mail_link (code, outbox_id, place, url) select"
            f" id || '/' || {place}, id, {place}, 'https://example.com' from outbox"
        )
    run(
        "insert into touch (link_id, who, count, first_at, last_at) select id, 'person', 1,"
        f" {now}, {now} from mail_link where (place = -1 and outbox_id % 5 < 2)"
        " or (place = 1 and outbox_id % 20 = 0)"
    )
    detail = '\'{"outbox":\' || id || \',"subject":"Hello"}\''
    for kind, which in (
        ("email_sent", "1"), ("email_opened", "id % 5 < 2"), ("updated", "1"),
        ("email_received", "id % 12 = 3"), ("email_bounced", "id % 50 = 7"),
        ("email_unsubscribed", "id % 100 = 9"),
    ):  # fmt: skip
        run(
            "insert into activity (at, kind, record_kind, record_id, detail) select"
            f" {now}, '{kind}', 'contact', record_id, {detail} from outbox where {which}"
        )
