"""The runs that records are inside of, as the engine holds them while it moves them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import select

from rally_desktop.core.clock import to_micros
from rally_desktop.model.changes import RunState
from rally_desktop.model.ref import Ref
from rally_desktop.model.rows import readers, snapshot, to_json
from rally_desktop.model.tables import deal, run
from rally_desktop.model.tables.workflow import OPEN_STATES
from rally_desktop.model.work import Work

_RUN = ", ".join(f'"{column}"' for column, _ in readers("run"))
_OPEN = ", ".join(f"'{state}'" for state in OPEN_STATES)


def due(
    work: Work, moving: Collection[int], limit: int, but: Collection[int] = ()
) -> list[RunState]:
    """Return up to ``limit`` runs whose time has come, of workflows that move, in due order."""
    if limit <= 0 or not moving:
        return []
    postgres = work.connection.dialect.name == "postgresql"
    mark, among = ("%s", "= any(%s)") if postgres else ("?", "in (select value from json_each(?))")
    tail = " for update skip locked" if postgres else ""
    found = work.connection.exec_driver_sql(
        f"select {_RUN} from run where state = 'active' and due_at <= {mark}"
        # The plus keeps the index by moment: by workflow, all that wait would be looked at.
        f" and +workflow_id {among} order by due_at, id limit {mark}{tail}",
        (to_micros(work.now), list(moving) if postgres else to_json(list(moving)), limit),
    )
    return [state for row in found if (state := _state(row)).id not in but]


def open_runs(
    work: Work, refs: Iterable[Ref], workflows: Collection[int] | None = None
) -> list[RunState]:
    """Return the runs that records are inside of, of all workflows or of some, locked."""
    ids: dict[str, set[int]] = {}
    for ref in refs:
        ids.setdefault(ref.kind, set()).add(ref.id)
    postgres = work.connection.dialect.name == "postgresql"
    mark, among = ("%s", "= any(%s)") if postgres else ("?", "in (select value from json_each(?))")
    tail = " for update" if postgres else ""
    made: list[RunState] = []
    for kind, numbers in ids.items():
        keys = sorted(numbers)
        found = work.connection.exec_driver_sql(
            f"select {_RUN} from run where record_kind = {mark} and record_id {among}"
            f" and state in ({_OPEN}) order by id{tail}",
            (kind, keys if postgres else to_json(keys)),
        )
        made += [_state(row) for row in found]
    return [state for state in made if workflows is None or state.workflow_id in workflows]


def deals_of(work: Work, people: Collection[int]) -> dict[int, list[Ref]]:
    """Return the deals of contacts that are inside of a workflow, by the contacts' numbers."""
    made: dict[int, list[Ref]] = {}
    if not people:
        return made
    within = select(run.c.id).where(
        run.c.record_kind == "deal", run.c.record_id == deal.c.id, run.c.state.in_(OPEN_STATES)
    )
    query = select(deal.c.contact_id, deal.c.id).where(
        deal.c.contact_id.in_(sorted(people)), deal.c.deleted_at.is_(None), within.exists()
    )
    for person, number in work.connection.execute(query.order_by(deal.c.id)):
        made.setdefault(person, []).append(Ref("deal", number))
    return made


def some(work: Work, ids: Iterable[int]) -> list[RunState]:
    """Return those of these runs that there are, by number, locked."""
    postgres = work.connection.dialect.name == "postgresql"
    among = "= any(%s)" if postgres else "in (select value from json_each(?))"
    tail = " for update" if postgres else ""
    keys = sorted(ids)
    found = work.connection.exec_driver_sql(
        f"select {_RUN} from run where id {among} order by id{tail}",
        (keys if postgres else to_json(keys),),
    )
    return [_state(row) for row in found]


def one(work: Work, run_id: int) -> RunState | None:
    """Return a run by its number, locked; None where there is none."""
    return next(iter(some(work, [run_id])), None)


def _state(row: Any) -> RunState:
    values = snapshot("run", row)
    ref = Ref(values.pop("record_kind"), values.pop("record_id"))
    return RunState(ref=ref, **values)
