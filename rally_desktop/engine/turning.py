"""Records that turned from not matching a filter to matching it (semantics, section 3).

The table ``matching`` remembers who matches, so that «still true» is no event. Each new line has
the filters asked anew for the record that it is about. Conditions that go by the clock, or by
something of which that record has no line, are compared for everybody every quarter of an hour.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import blake2b
from typing import Any

from sqlalchemy import BigInteger, Delete, Select, String, delete, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from rally_desktop.core.clock import to_micros
from rally_desktop.core.conditions import IN_DAYS, Filter, Not, clauses
from rally_desktop.core.errors import RallyError
from rally_desktop.core.filter import parse
from rally_desktop.engine import clockwork
from rally_desktop.engine.definitions import STATES, Definitions, Started, load_trigger
from rally_desktop.engine.enrolling import Candidate
from rally_desktop.engine.evaluator import Evaluator
from rally_desktop.engine.intake import Arrival, concerned
from rally_desktop.engine.nodes.base import StateTrigger
from rally_desktop.model import filters
from rally_desktop.model.fields import FieldInfo
from rally_desktop.model.graph import Graph
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.model.rows import table, to_json
from rally_desktop.model.tables import matching, watermark
from rally_desktop.model.work import OWN, Work
from rally_desktop.services import merging, workflows

EVERY = timedelta(minutes=15)
_MARK = "="  # what the watermarks of these triggers begin with


@dataclass(frozen=True)
class State:
    """A filter that somebody watches; under ``key`` its matches are remembered.

    What the ``plain`` ones ask stands in the record's own row, whatever the zone and the time.
    """

    workflow_id: int
    record: RecordKind
    tree: Filter
    key: str
    plain: bool

    @classmethod
    def of(
        cls, work: Work, workflow_id: int, trigger: str, record: RecordKind, stored: Any
    ) -> State:
        """Read a stored filter; another filter has another key, and begins anew."""
        told = f"{trigger}:{to_json(stored)}".encode()
        fields = merging.fields(work, record)
        tree = parse(stored, fields)
        plain = all(_is_plain(fields[clause.field]) for clause in clauses(tree))
        return cls(
            workflow_id, record, tree, _MARK + blake2b(told, digest_size=16).hexdigest(), plain
        )

    @cached_property
    def by_clock(self) -> bool:
        """Say whether it may turn without a line about the record itself."""
        return any(
            clause.op in IN_DAYS
            or clause.field in ("in_workflow", "in_sequence")
            or clause.field.startswith(("contact.", "company.", "owner."))
            for clause in clauses(self.tree)
        )


def _is_plain(field: FieldInfo) -> bool:
    own = field.stored or field.name == "tags" or field.name.startswith(OWN)
    return bool(own) and field.link is None and field.type not in ("date", "moment")


def begin(work: Work, workflow_id: int, graph: Graph) -> None:
    """Remember who matches already when a workflow is published: they are not enrolled."""
    for _, state in _unknown(work, workflow_id, graph):
        _take_in(work, state)


def matching_already(work: Work, workflow_id: int, graph: Graph) -> Iterator[tuple[str, int, str]]:
    """Yield the trigger, record and cause of whom publishing would take for matching already."""
    moment = to_micros(work.now)
    for trigger, state in _unknown(work, workflow_id, graph):
        for number in work.connection.execute(_matches(work, state, state.tree, None)).scalars():
            yield trigger, number, f"match:{trigger[:32]}:{number}:{moment}"


def _unknown(work: Work, workflow_id: int, graph: Graph) -> Iterator[tuple[str, State]]:
    """Yield the filters of a definition that nobody has looked at yet, by trigger."""
    known = _known(work)
    for trigger in graph.triggers:
        kind = load_trigger(trigger.kind, trigger.settings)
        if isinstance(kind, StateTrigger):
            one = State.of(work, workflow_id, trigger.id, graph.record, kind.filter)
            if (workflow_id, one.key) not in known:
                yield trigger.id, one


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
    about, asking = _about(work, arrivals), Evaluator(work)
    for started, state in states:
        looked = known.get((state.workflow_id, state.key), work.now)
        yield from _by_lines(asking, started, state, about.get(state.record, {}))
        if state.by_clock and abs(work.now - looked) >= EVERY:
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
    read: dict[tuple[int, str], State] = work.memo.setdefault(STATES, {})
    for one in definitions.states:
        assert isinstance(one.kind, StateTrigger)
        number, record, key = one.version.workflow_id, one.version.record, one.trigger
        try:
            if (number, key) not in read:
                read[number, key] = State.of(work, number, key, record, one.kind.filter)
            yield one, read[number, key]
        except RallyError as error:
            workflows.pause(work, number, str(error))


def _about(work: Work, arrivals: Sequence[Arrival]) -> dict[RecordKind, dict[int, Arrival]]:
    """Return for each record that lines are about, also through a deal, the last of them."""
    found: dict[RecordKind, dict[int, Arrival]] = {}
    for one, refs in concerned(work, arrivals):
        for ref in refs:
            found.setdefault(ref.kind, {})[ref.id] = one
    return found


def _by_lines(
    asking: Evaluator, started: Started, state: State, about: Mapping[int, Arrival]
) -> Iterator[Candidate]:
    """Ask a filter anew for those whom lines are about; the database has the last word."""
    work = asking.work
    begun = ended = about.keys()
    if about and state.plain:
        before, now = _before(work, state, about), _now(asking, state, about)
        begun, ended = now - before, before - now
    if ended:
        _drop(work, state, ended)
    for number in _add(work, state, begun) if begun else ():
        one, ref = about[number], Ref(state.record, number)
        yield Candidate(started.version, started.trigger, ref, one.cause, one.chain)


def _before(work: Work, state: State, about: Collection[int]) -> set[int]:
    """Return who of them is remembered as matching."""
    postgres = work.connection.dialect.name == "postgresql"
    mark, among = ("%s", "= any(%s)") if postgres else ("?", "in (select value from json_each(?))")
    numbers = list(about)
    found = work.connection.exec_driver_sql(
        f'select record_id from matching where workflow_id = {mark} and "trigger" = {mark}'
        f" and record_id {among}",
        (state.workflow_id, state.key, numbers if postgres else to_json(numbers)),
    )
    return {row[0] for row in found.all()}


def _now(asking: Evaluator, state: State, about: Collection[int]) -> set[int]:
    """Return who of them matches, by what stands in their own rows."""
    found = asking.work.records(state.record, about)
    return {number for number in found if asking.test(state.tree, Ref(state.record, number))}


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
