"""The grid on PostgreSQL: the first rows of another order and of a filter, and then all numbers.

The yardstick is the bare statement that a person would write for the same rows, by the driver.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from rally_desktop.core.clock import SystemClock, to_micros
from rally_desktop.model import tables
from rally_desktop.model.store import Store
from rally_desktop.model.work import Work
from rally_desktop.services import grid
from rally_desktop.services.grid import Query
from tests.postgres import running_server

ROWS, ROWS_QUICK = 1_000_000, 20_000
ROUNDS = 9
FIRST = 256
GOAL_MS, UNINDEXED_MS = 100.0, 1_000.0
STAGE = {"all": [{"field": "lifecycle_stage", "op": "any_of", "value": ["Customer"]}]}
ALIVE = "select id from contact where deleted_at is null"
ASKED = (
    ("names", Query(), f"{ALIVE} order by sort_name, id"),
    ("sort by score", Query(None, "", "score", True),
     f"{ALIVE} order by score desc nulls last, id desc"),
    ("sort by last activity", Query(None, "", "last_activity_at", True),
     f"{ALIVE} order by last_activity_at desc nulls last, id desc"),
    ("sort by company", Query(None, "", "company_id"),
     "select contact.id from contact join company on company.id = company_id"
     " where contact.deleted_at is null"
     " order by company.sort_name, company.id, contact.sort_name, contact.id"),
    ("sort by owner", Query(None, "", "owner_id"),
     "select contact.id from contact join user_account on user_account.id = owner_id"
     " where deleted_at is null order by lower(name), user_account.id, sort_name, contact.id"),
    ("sort by phone, no index", Query(None, "", "phone"),
     f"{ALIVE} and lower(phone) <> '' order by lower(phone), sort_name, id"),
    ("filter by stage", Query(STAGE),
     f"{ALIVE} and lower(lifecycle_stage) = 'customer' order by sort_name, id"),
)  # fmt: skip


def run(quick: bool) -> list[dict[str, Any]]:
    """Measure with 1,000,000 contacts, or 20,000 for a first look."""
    with running_server() as server:
        store = Store.open(server.create("grid"), SystemClock())
        store.write(_fill, ROWS_QUICK if quick else ROWS)
        _take_stock(store)
        found = [_measured(store, *asked) for asked in ASKED]
        store.close()
    return found


def _measured(store: Store, name: str, query: Query, bare: str) -> dict[str, Any]:
    first, plain = [], []
    for _ in range(ROUNDS):
        first.append(_timed(lambda: store.read(grid.ids, "contact", query, FIRST)))
        plain.append(_timed(lambda: store.read(_bare, f"{bare} limit {FIRST}")))
    goal = UNINDEXED_MS if "no index" in name else GOAL_MS
    ours, yardstick = statistics.median(first), statistics.median(plain)
    return {
        "measure": f"grid on PostgreSQL: first rows, {name}, ms",
        "ours": round(ours, 2),
        "yardstick": round(yardstick, 2),
        "ratio": round(ours / yardstick, 3),
        "goal": f"<= {goal:g}",
        "holds": ours <= goal,
    }


def _timed(does: Callable[[], object]) -> float:
    begun = time.perf_counter()
    does()
    return (time.perf_counter() - begun) * 1e3


def _bare(work: Work, statement: str) -> object:
    return work.connection.exec_driver_sql(statement).all()


def _fill(work: Work, count: int) -> None:
    """Write contacts by one statement; indexes are built whole afterwards."""
    now = to_micros(work.now)
    # However long it takes, and without looking up each link.
    for setting in ("statement_timeout = 0", "session_replication_role = replica"):
        work.connection.exec_driver_sql(f"set local {setting}")
    for index in tables.contact.indexes:
        index.drop(work.connection)
    work.connection.exec_driver_sql(
        "insert into company (name, sort_name, created_at, updated_at)"
        f" select 'Company ' || i, 'company ' || i, {now}, {now} from generate_series(1, 500) i"
    )
    work.connection.exec_driver_sql(
        "insert into user_account (name, role) select 'Owner ' || i, 'user'"
        " from generate_series(1, 20) i"
    )
    work.connection.exec_driver_sql(
        "insert into contact (first_name, last_name, email, email_key, lifecycle_stage, score,"
        " phone, company_id, owner_id, last_activity_at, created_at, updated_at, sort_name,"
        " search_text)"
        " select 'First' || i %% 500, 'Last' || i %% 5003, 'p' || i || '@example.com',"
        " 'p' || i || '@example.com',"
        " (array['Lead','Lead','Qualified','Opportunity','Customer','Evangelist'])[1 + i %% 6],"
        " i * 7919 %% 101, '+44 ' || i * 7919 %% 1000003, 1 + i %% 500, nullif(i %% 21, 0),"
        f" {now} - i * 7919 %% 10000000000, {now}, {now},"
        " 'last' || i %% 5003 || ' first' || i %% 500, 'last' || i %% 5003 || ' first' || i %% 500"
        f" from generate_series(1, {count}::bigint) i"
    )
    for index in tables.contact.indexes:
        index.create(work.connection)


def _take_stock(store: Store) -> None:
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("vacuum analyze")
