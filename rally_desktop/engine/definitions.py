"""Published definitions, made ready to run once and kept until publishing changes something."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, product
from typing import Any, NamedTuple

from sqlalchemy import select

from rally_desktop.core.conditions import Filter
from rally_desktop.core.errors import BadSettings, RallyError
from rally_desktop.core.filter import EVERYTHING, parse
from rally_desktop.engine import matrix, nodes
from rally_desktop.engine.evaluator import TREES
from rally_desktop.engine.nodes.base import (
    ClockTrigger,
    Event,
    StateTrigger,
    StepKind,
    TriggerKind,
)
from rally_desktop.engine.nodes.moves import told
from rally_desktop.engine.runfields import run_fields
from rally_desktop.model.changes import Line
from rally_desktop.model.graph import Graph, Rules
from rally_desktop.model.ref import RECORD_KINDS, RecordKind
from rally_desktop.model.tables import run, workflow, workflow_version
from rally_desktop.model.tables.workflow import OPEN_STATES
from rally_desktop.model.work import Work
from rally_desktop.services import safeguards, scoring, settings, workflows

STATES = "states"  # under which the filters that records start to match are kept, once read
MOVING = ("published", "finishing")  # the states of a workflow in which runs go on


def load_step(kind: str, stored: Mapping[str, Any]) -> StepKind:
    """Return a step ready to run, or raise BadSettings that says what is wrong."""
    known = nodes.step_kinds()
    if kind not in known:
        raise BadSettings({kind: "is a kind of step that this program does not know"})
    return known[kind].load(stored)


def load_trigger(kind: str, stored: Mapping[str, Any]) -> TriggerKind:
    """Return a trigger ready to match, or raise BadSettings that says what is wrong."""
    known = nodes.trigger_kinds()
    if kind not in known:
        raise BadSettings({kind: "is a kind of trigger that this program does not know"})
    return known[kind].load(stored)


@dataclass(frozen=True, eq=False)
class Version:
    """One immutable published definition, ready to run.

    A step that cannot be loaded (its kind is gone, its settings are bad) stands as the error:
    the run that comes by fails there and says so, the others go on.
    """

    id: int
    workflow_id: int
    graph: Graph
    triggers: Mapping[str, TriggerKind]
    audience: Filter
    stop_on: tuple[TriggerKind, ...]
    stop_when: Filter | None
    steps: Mapping[str, StepKind | RallyError]

    @classmethod
    def of(cls, work: Work, number: int, workflow_id: int, graph: Graph) -> Version:
        """Make a definition ready."""
        fields = run_fields(work, graph.record)
        return cls(
            number,
            workflow_id,
            graph,
            {one.id: load_trigger(one.kind, one.settings) for one in graph.triggers},
            parse(graph.audience, fields) if graph.audience else EVERYTHING,
            tuple(load_trigger(one.kind, one.settings) for one in graph.stop_on),
            parse(graph.stop_when, fields) if graph.stop_when else None,
            {key: _step_or_error(step.kind, step.settings) for key, step in graph.steps.items()},
        )

    @property
    def record(self) -> RecordKind:
        """Return which kind of record goes through it."""
        return self.graph.record

    @property
    def rules(self) -> Rules:
        """Return how the whole workflow behaves."""
        return self.graph.settings

    @cached_property
    def sends(self) -> bool:
        """Say whether any step writes or talks to people."""
        return any(getattr(step, "family", "") == "talk" for step in self.steps.values())

    @cached_property
    def watches(self) -> bool:
        """Say whether what happens to a record may stop or wake its run."""
        kinds = (step for step in self.steps.values() if isinstance(step, StepKind))
        waits = any(type(kind).met is not StepKind.met for kind in kinds)
        stops = self.stop_on or self.stop_when is not None or matrix.watches(self.graph)
        clocks = any(isinstance(kind, ClockTrigger) for kind in self.triggers.values())
        return waits or clocks or bool(stops)


def _step_or_error(kind: str, stored: Mapping[str, Any]) -> StepKind | RallyError:
    try:
        return load_step(kind, stored)
    except RallyError as error:
        return error


# What a trigger looks at: the kind of record, of line, and the field that changed (None: any).
Key = tuple[str, str, str | None]


class Started(NamedTuple):
    """A version, and which of its triggers says that somebody is to enter."""

    version: Version
    trigger: str
    kind: TriggerKind


class Definitions:
    """Every version that enrols or that somebody is inside, and which event starts which.

    ``moving`` are the workflows whose runs go on, ``exclusive`` those of which a record is in
    one at a time, ``queueing`` those before which records wait; ``clocks`` and ``states`` are
    the triggers that no single line starts.
    """

    def __init__(self) -> None:
        self.counter: int | None = None
        self._known: dict[Any, Any] = {}
        self._versions: dict[int, Version] = {}
        self._published: dict[int, Version] = {}
        self._index: Mapping[Key, Mapping[str | None, list[Started]]] = {}
        self._kinds: frozenset[str] = frozenset()
        self._heard: frozenset[str] = frozenset()
        self.moving: frozenset[int] = frozenset()
        self.exclusive: frozenset[int] = frozenset()
        self.queueing: frozenset[int] = frozenset()
        self.watched: frozenset[str] = frozenset()
        self.settling: frozenset[str] = frozenset()
        self.clocks: tuple[Started, ...] = ()
        self.states: tuple[Started, ...] = ()
        self.scoring = scoring.Scoring()

    def refresh(self, work: Work) -> None:
        """Read the published workflows again, if publishing has changed any."""
        counter = settings.get(work, workflows.COUNTER, 0)
        if counter == self.counter:
            work.memo.update(self._known)
            return
        self._known = self._learn(work)
        columns = (workflow.c.id, workflow.c.state, workflow_version)
        query = select(*columns).join(
            workflow_version, workflow_version.c.id == workflow.c.published_id
        )
        found = work.connection.execute(query.where(workflow.c.deleted_at.is_(None))).all()
        asked = {row.workflow_id: row for row in found if row.state in MOVING}
        ready = {number: self._keep(work, row) for number, row in asked.items()}
        self.moving = frozenset(number for number, version in ready.items() if version)
        self._published = {
            number: version
            for number, version in ready.items()
            if version and asked[number].state == "published"
        }
        self._index_triggers()
        self._listen(work)
        # Pausing moves the counter; should this transaction fail, the next one looks again.
        self.counter = counter if settings.get(work, workflows.COUNTER, 0) == counter else None

    def _learn(self, work: Work) -> dict[Any, Any]:
        """Read what only an admin changes, and say so with the counter: safeguards, fields."""
        safeguards.of(work)
        self.scoring = scoring.of(work)
        work.memo[TREES], work.memo[STATES] = {}, {}
        for kind in RECORD_KINDS:
            run_fields(work, kind)
        return {key: work.memo[key] for key in work.memo if _lasts(key)}

    def _index_triggers(self) -> None:
        index: defaultdict[Key, defaultdict[str | None, list[Started]]]
        index = defaultdict(lambda: defaultdict(list))
        started = [
            Started(version, key, kind)
            for version in self._published.values()
            for key, kind in version.triggers.items()
        ]
        for one in started:
            for (kind, field), value in product(one.kind.listens(), one.kind.values()):
                index[one.version.record, kind, field][value].append(one)
        self._index = {key: dict(by_value) for key, by_value in index.items()}
        self._kinds = frozenset(kind for _, kind, _ in index)
        self.clocks = tuple(one for one in started if isinstance(one.kind, ClockTrigger))
        self.states = tuple(one for one in started if isinstance(one.kind, StateTrigger))

    def _listen(self, work: Work) -> None:
        """Find out about which kinds of record every line counts, whatever it says."""
        versions = [*self._published.values(), *self._inhabited(work)]
        watched = {version.record for version in versions if version.watches}
        self.watched = frozenset(watched)
        self.settling = frozenset(
            version.record for version in self._published.values() if version.rules.settle_minutes
        )
        self.queueing = frozenset(v.workflow_id for v in versions if v.rules.inside == "queue")
        self.exclusive = frozenset(v.workflow_id for v in versions if v.rules.exclusive)
        turned = {one.version.record for one in self.states}
        heard = {*watched, *self.settling, *turned}
        # A contact's run may ask about the contact's deals, and so may a company's.
        self._heard = frozenset({*heard, "deal"} if heard else ())

    def _inhabited(self, work: Work) -> Iterator[Version]:
        """Yield the versions that somebody is inside, also the old ones."""
        inside = select(run.c.id).where(
            run.c.version_id == workflow_version.c.id, run.c.state.in_(OPEN_STATES)
        )
        query = select(workflow_version.c.id).where(inside.exists())
        for number in work.connection.execute(query).scalars().all():
            if version := self.version(work, number):
                yield version

    def published(self, workflow_id: int) -> Version | None:
        """Return the version of a workflow that enrols; None where none does."""
        return self._published.get(workflow_id)

    def version(self, work: Work, number: int) -> Version | None:
        """Return a version that runs are inside; None where it cannot be read any more."""
        if number not in self._versions:
            query = select(workflow_version, workflow_version.c.id.label("id_1"))
            return self._keep(
                work, work.connection.execute(query.where(workflow_version.c.id == number)).one()
            )
        return self._versions[number]

    def _keep(self, work: Work, row: Any) -> Version | None:
        """Make a version ready; one that cannot be read stops its workflow and no other."""
        if row.id_1 not in self._versions:
            try:
                graph = workflows.read(row.definition)
                made = Version.of(work, row.id_1, row.workflow_id, graph)
                self._versions[row.id_1] = made
            except RallyError as error:
                workflows.pause(work, row.workflow_id, str(error))
                return None
        return self._versions[row.id_1]

    def listens(self, line: Line) -> bool:
        """Say whether any published workflow, or any run, looks at lines like this one."""
        if line.ref.kind in self._heard or self.counts(line):
            return True
        if line.kind not in self._kinds:
            return False
        return any(key in self._index for key in _keys(line))

    def counts(self, line: Line | Event) -> bool:
        """Say whether a line moves the score of its contact."""
        return self.scoring.on and line.ref.kind == "contact" and line.kind in scoring.KINDS

    def started_by(self, event: Event) -> Iterator[Started]:
        """Yield each version that an event starts, once."""
        seen: set[int] = set()
        for key in _keys(event):
            by_value = self._index.get(key)
            if by_value is None:
                continue
            value = _value(event, key[2])
            for one in chain(by_value.get(None, ()), by_value.get(value, ())):
                if one.version.id not in seen and one.kind.matches(event):
                    seen.add(one.version.id)
                    yield one


def _lasts(key: object) -> bool:
    """Say whether what a work remembers under a key holds until the counter moves."""
    kept = (safeguards.NAME, scoring.NAME, TREES, STATES, "fields", "run_fields")
    return (key[0] if isinstance(key, tuple) else key) in kept


def _keys(line: Line | Event) -> Iterator[Key]:
    yield line.ref.kind, line.kind, None
    for name in line.detail.get("fields", ()):
        yield line.ref.kind, line.kind, name


# What a line without fields may be asked for, by its kind: the tag, the form, the new stage.
_TOLD: Mapping[str, str] = {
    "tag_added": "tag", "tag_removed": "tag", "form_submitted": "form", "stage_moved": "new",
}  # fmt: skip


def _value(event: Event, field: str | None) -> str:
    """Return the folded value afterwards of a field, or without a field what the line is about."""
    if field is None:
        return told(event.detail.get(_TOLD.get(event.kind, "")))
    return told(event.detail["fields"][field][1])
