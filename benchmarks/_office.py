"""An office to measure in: one workflow of four steps, runs that wait, contacts that come in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from rally_desktop.core.clock import SystemClock, to_micros
from rally_desktop.engine.publishing import publish
from rally_desktop.model.changes import RowAdded
from rally_desktop.model.graph import Graph, Step, Trigger
from rally_desktop.model.store import Store
from rally_desktop.model.work import Work
from rally_desktop.services import contacts, office, safeguards, workflows
from rally_desktop.services.safeguards import Safeguards

# What every measure of the engine runs: a condition on two fields, a field, a tag, a task.
_FILTER = {
    "all": [
        {"field": "lead_source", "op": "is", "value": "web"},
        {"field": "score", "op": "ge", "value": 10},
    ]
}
_PATHS = [{"name": "From the web", "exit": "yes", "filter": _FILTER}]
FOUR_STEPS = (
    Step("condition", "branch", {"paths": _PATHS}, {"yes": "field"}),
    Step("field", "update_field", {"field": "department", "value": "Sales"}, {"next": "tag"}),
    Step("tag", "add_tag", {"tag": "Web"}, {"next": "task"}),
    Step("task", "create_task", {"task": "Call {{ contact.first_name }}"}),
)
A_WAIT = (
    Step("wait", "wait", {"amount": 14, "unit": "days"}, {"next": "later"}),
    Step("later", "add_tag", {"tag": "Later"}),
)
# What brakes a workflow on purpose says nothing about how fast the engine is.
UNTHROTTLED = Safeguards(enrolments_a_minute=0, enrolments_at_once=0)
FIRST_WAITING = 10_000_000  # the numbers of those who wait stay clear of those who come in
_NUMBERS = "with recursive k(i) as (select 1 union all select i + 1 from k where i < {count})"


def make_office(url: str, *, waiting: int = 0, coming: int = 0) -> None:
    """Make an office with runs that wait, and contacts that nobody has looked at yet."""
    store = Store.open(url, SystemClock())
    store.write(office.found)
    store.write(safeguards.save, UNTHROTTLED)
    store.write(_tag)
    published(store, "Web lead", Trigger("trigger", "record_created"), FOUR_STEPS)
    called = Trigger("trigger", "activity_completed", {"activity": "Call"})
    workflow_id = published(store, "Nurture", called, A_WAIT)
    bring_in(store, coming)
    if waiting:
        store.write(_let_wait, workflow_id, waiting)
        _take_stock(store)
    store.close()


def _tag(work: Work) -> None:
    row = {"id": work.new_id("tag"), "name": "Web", "name_key": "web"}
    work.change(RowAdded("tag", row))


def published(store: Store, name: str, trigger: Trigger, steps: Sequence[Step]) -> int:
    """Add a workflow and publish it; return its number."""
    graph = Graph(
        name=name,
        triggers=(trigger,),
        steps={step.id: step for step in steps},
        start=steps[0].id,
    )
    number = store.write(workflows.create, graph)
    store.write(publish, number)
    return number


def bring_in(store: Store, count: int, first: int = 0) -> None:
    """Add contacts as the screen does, each of which starts a run."""
    for number in range(first, first + count, 1_000):
        store.write(_add, number, min(first + count, number + 1_000))


def _add(work: Work, first: int, last: int) -> None:
    for number in range(first, last):
        contacts.create(work, newcomer(number))


def newcomer(number: int) -> dict[str, Any]:
    """Return the fields of a contact who takes the long way through the workflow."""
    return {
        "first_name": f"Ann{number}",
        "last_name": "Miller",
        "email": f"ann{number}@example.com",
        "lead_source": "web",
        "score": 50,
    }


def _let_wait(work: Work, workflow_id: int, count: int) -> None:
    """Write contacts and their waiting runs by plain statements: it is they that are waited for."""
    run = work.connection.exec_driver_sql
    now, numbers = to_micros(work.now), _NUMBERS.format(count=count)
    until = to_micros(work.now + timedelta(days=1))
    version = run(f"select published_id from workflow where id = {workflow_id}").scalar_one()
    row = f"{FIRST_WAITING} + i"
    run(
        "insert into contact (id, first_name, last_name, email, email_key, created_at, updated_at,"
        f" sort_name, search_text) {numbers} select {row}, 'Bo' || i, 'Waiting',"
        " 'bo' || i || '@example.com', 'bo' || i || '@example.com',"
        f" {now}, {now}, 'waiting bo' || i, 'bo' || i || ' waiting' from k"
    )
    run(
        "insert into run (id, workflow_id, version_id, record_kind, record_id, state, step, exit,"
        f" due_at, cause, seq, started_at) {numbers} select {row}, {workflow_id}, {version},"
        f" 'contact', {row}, 'active', 'wait', 'next', {until} + cast(i as bigint) * 1000000,"
        f" 'activity:' || i, 1, {now} from k"
    )
    run(
        "insert into visit (run_id, seq, version_id, step, outcome, exit, summary, at, until)"
        f" {numbers} select {row}, 1, {version}, 'wait', 'waiting', 'next', 'Waits 14 days.',"
        f" {now}, {until} from k"
    )


def _take_stock(store: Store) -> None:
    """Let a server's planner know of the rows, and its sequences of the numbers given out."""
    if store.engine.dialect.name != "postgresql":
        return
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in ("contact", "run"):
            connection.exec_driver_sql(
                f"select setval('{table}_id_seq', (select max(id) from {table}))"
            )
        connection.exec_driver_sql("vacuum analyze")
