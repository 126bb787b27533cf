"""Records that turned from not matching a filter to matching it (semantics, section 3).

The table ``matching`` remembers who matches, so that «still true» is no event. Each new line has
the filters asked anew for the record that it is about. Conditions that go by the clock, or by
something of which that record has no line, are compared for everybody every quarter of an hour.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from sqlalchemy import BigInteger, Delete, Select, String, delete, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from rally_desktop.core.clock import to_micros
from rally_desktop.core.conditions import IN_DAYS, Filter, Not, clauses
from rally_desktop.core.errors import RallyError
from rally_desktop.core.filter import parse
from rally_desktop.engine import clockwork
from rally_desktop.engine.definitions import Definitions, Started, load_trigger
from rally_desktop.engine.enrolling import Candidate
from rally_desktop.engine.intake import Arrival, concerned
from rally_desktop.engine.nodes.base import StateTrigger
from rally_desktop.model import filters
from rally_desktop.model.graph import Graph
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.model.rows import table, to_json
from rally_desktop.model.tables import matching, watermark
from rally_desktop.model.work import Work
from rally_desktop.services import merging, workflows

EVERY = timedelta(minutes=15)
_MARK = "="  # what the watermarks of these triggers begin with


@dataclass(frozen=True)
class State:
    """A filter that somebody watches; under ``key`` its matches are remembered."""

    workflow_id: int
    record: RecordKind
    tree: Filter
    key: str

    @classmethod
    def of(
        cls, work: Work, workflow_id: int, trigger: str, record: RecordKind, stored: Any
    ) -> State:
        """Read a stored filter; another filter has another key, and begins anew."""
        told = f"{trigger}:{to_json(stored)}".encode()
        tree = parse(stored, merging.fields(work, record))
        return cls(workflow_id, record, tree, _MARK + blake2b(told, digest_size=16).hexdigest())

    @property
    def by_clock(self) -> bool:
        """Say whether it may turn without a line about the record itself."""
        return any(
            clause.op in IN_DAYS
            or clause.field in ("in_workflow", "in_sequence")
            or clause.field.startswith(("contact.", "company.", "owner."))
            for clause in clauses(self.tree)
        )


def begin(work: Work, workflow_id: int, graph: Graph) -> None:
    """Remember who matches already when a workflow is published: they are not enrolled."""
    known = _known(work)
    for trigger in graph.triggers:
        kind = load_trigger(trigger.kind, trigger.settings)
        if isinstance(kind, StateTrigger):
            one = State.of(work, workflow_id, trigger.id, graph.record, kind.filter)
            if (workflow_id, one.key) not in known:
                _take_in(work, one)


def turned(
    work: Work, definitions: Definitions, arrivals: Sequence[Arrival], *, anew: bool
) -> Iterator[Candidate]:
    """Yield a candidate for each record that these lines, or the clock, turned.

    ``anew`` says that what is published may have changed since the last time.
    """
    if not anew and not definitions.states:
        return
    states = list(_states(work, definitions))
    known = _begun_anew(work, [one for _, one in states]) if anew else {}
    if not anew and any(one.by_clock for _, one in states):
        known = _known(work)
    about = _about(work, arrivals)
    for started, state in states:
        looked = known.get((state.workflow_id, state.key), work.now)
        yield from _by_lines(work, started, state, about.get(state.record, {}))
        if state.by_clock and work.now - looked >= EVERY:
            yield from _by_clock(work, started, state)


def _begun_anew(work: Work, states: Sequence[State]) -> dict[tuple[int, str], datetime]:
    """Take in who matches filters that nobody has asked yet, forget those nobody asks any more.

    Return up to when the others have looked.
    """
    known = _known(work)
    _forget(work, known, {(one.workflow_id, one.key) for one in states})
    for state in states:
        if (state.workflow_id, state.key) not in known:
            _take_in(work, state)
    return known


def _states(work: Work, definitions: Definitions) -> Iterator[tuple[Started, State]]:
    """Yield every such trigger with its filter; one that cannot be read pauses its workflow."""
    for one in definitions.states:
        assert isinstance(one.kind, StateTrigger)
        workflow_id, record = one.version.workflow_id, one.version.record
        try:
            yield one, State.of(work, workflow_id, one.trigger, record, one.kind.filter)
        except RallyError as error:
            workflows.pause(work, workflow_id, str(error))


def _about(work: Work, arrivals: Sequence[Arrival]) -> dict[RecordKind, dict[int, Arrival]]:
    """Return for each record that lines are about, also through a deal, the last of them."""
    found: dict[RecordKind, dict[int, Arrival]] = {}
    for one, refs in concerned(work, arrivals):
        for ref in refs:
            found.setdefault(ref.kind, {})[ref.id] = one
    return found


def _by_lines(
    work: Work, started: Started, state: State, about: Mapping[int, Arrival]
) -> Iterator[Candidate]:
    if not about:
        return
    _drop(work, state, about)
    for number in _add(work, state, about):
        one, ref = about[number], Ref(state.record, number)
        yield Candidate(started.version, started.trigger, ref, one.cause, one.chain)


def _by_clock(work: Work, started: Started, state: State) -> Iterator[Candidate]:
    _drop(work, state)
    _looked(work, state)
    moment = to_micros(work.now)
    for number in _add(work, state):
        cause = f"match:{started.trigger[:32]}:{number}:{moment}"
        yield Candidate(started.version, started.trigger, Ref(state.record, number), cause)


# -- who matches -----------------------------------------------------------------------------


def _take_in(work: Work, state: State) -> None:
    """Remember everybody who matches now, and that somebody has looked."""
    _add(work, state)
    row = {"workflow_id": state.workflow_id, "trigger": state.key, "until": work.now}
    dialect = sqlite if work.connection.dialect.name == "sqlite" else postgresql
    work.connection.execute(dialect.insert(watermark).values(row).on_conflict_do_nothing())


def _matches(work: Work, state: State, tree: Filter, among: Collection[int] | None) -> Select[Any]:
    fields, zone = merging.fields(work, state.record), clockwork.office_zone(work)
    found = filters.matching(state.record, tree, zone, work.now, fields)
    return found if among is None else found.where(table(state.record).c.id.in_(among))


def _remembered(state: State) -> tuple[Any, Any]:
    columns = matching.c
    return columns.workflow_id == state.workflow_id, columns.trigger == state.key


def _add(work: Work, state: State, among: Collection[int] | None = None) -> list[int]:
    """Remember those who match and did not before; return them."""
    before = select(matching.c.record_id).where(*_remembered(state))
    found = _matches(work, state, state.tree, among)
    found = found.where(table(state.record).c.id.not_in(before)).add_columns(
        literal(state.workflow_id, BigInteger), literal(state.key, String)
    )
    dialect = sqlite if work.connection.dialect.name == "sqlite" else postgresql
    added = (
        dialect.insert(matching)
        .from_select(["record_id", "workflow_id", "trigger"], found)
        .on_conflict_do_nothing()
        .returning(matching.c.record_id)
    )
    return sorted(work.connection.execute(added).scalars())


def _drop(work: Work, state: State, among: Collection[int] | None = None) -> None:
    """Forget those who do not match any more; whoever is in the trash keeps their place."""
    left = _matches(work, state, Not(state.tree), among)
    gone: Delete = delete(matching).where(*_remembered(state), matching.c.record_id.in_(left))
    work.connection.execute(gone)


# -- when somebody last looked ---------------------------------------------------------------


def _known(work: Work) -> dict[tuple[int, str], datetime]:
    """Return up to when each of these triggers has looked."""
    columns = watermark.c
    query = select(columns.workflow_id, columns.trigger, columns.until).where(
        columns.trigger.startswith(_MARK, autoescape=True)
    )
    return {(row[0], row[1]): row[2] for row in work.connection.execute(query)}


def _looked(work: Work, state: State) -> None:
    columns = watermark.c
    mine = (columns.workflow_id == state.workflow_id, columns.trigger == state.key)
    work.connection.execute(update(watermark).where(*mine).values(until=work.now))


def _forget(
    work: Work, known: Collection[tuple[int, str]], wanted: Collection[tuple[int, str]]
) -> None:
    """Drop what belongs to filters that nobody watches any more."""
    for workflow_id, key in set(known) - set(wanted):
        for rows in (matching, watermark):
            mine = (rows.c.workflow_id == workflow_id, rows.c.trigger == key)
            work.connection.execute(delete(rows).where(*mine))
