"""Published definitions, made ready to run once and kept until publishing changes something."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, product
from typing import Any

from sqlalchemy import select

from rally_desktop.core.conditions import Filter
from rally_desktop.core.errors import BadSettings, RallyError
from rally_desktop.core.filter import EVERYTHING, parse
from rally_desktop.core.fold import fold
from rally_desktop.engine import nodes
from rally_desktop.engine.nodes.base import Event, StepKind, TriggerKind
from rally_desktop.model.changes import Line
from rally_desktop.model.fields import fields_of
from rally_desktop.model.graph import Graph
from rally_desktop.model.ref import RecordKind
from rally_desktop.model.tables import workflow, workflow_version
from rally_desktop.model.work import Work
from rally_desktop.services import settings, workflows


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
    triggers: tuple[TriggerKind, ...]
    audience: Filter
    stop_when: Filter | None
    steps: Mapping[str, StepKind | RallyError]

    @classmethod
    def of(cls, number: int, workflow_id: int, graph: Graph) -> Version:
        """Make a definition ready."""
        fields = fields_of(graph.record)
        return cls(
            number,
            workflow_id,
            graph,
            tuple(load_trigger(one.kind, one.settings) for one in graph.triggers),
            parse(graph.audience, fields) if graph.audience else EVERYTHING,
            parse(graph.stop_when, fields) if graph.stop_when else None,
            {key: _step_or_error(step.kind, step.settings) for key, step in graph.steps.items()},
        )

    @property
    def record(self) -> RecordKind:
        """Return which kind of record goes through it."""
        return self.graph.record


def _step_or_error(kind: str, stored: Mapping[str, Any]) -> StepKind | RallyError:
    try:
        return load_step(kind, stored)
    except RallyError as error:
        return error


# What a trigger looks at: the kind of record, of line, and the field that changed (None: any).
Key = tuple[str, str, str | None]
Asked = tuple[Version, TriggerKind]


class Definitions:
    """Every version that enrols or that somebody is inside, and which event starts which."""

    def __init__(self) -> None:
        self._counter: int | None = None
        self._versions: dict[int, Version] = {}
        self._index: Mapping[Key, Mapping[str | None, list[Asked]]] = {}
        self._kinds: frozenset[str] = frozenset()
        self.moving: frozenset[int] = frozenset()

    def refresh(self, work: Work) -> None:
        """Read the published workflows again, if publishing has changed any."""
        counter = settings.get(work, workflows.COUNTER, 0)
        if counter == self._counter:
            return
        columns = (workflow.c.id, workflow.c.state, workflow_version)
        query = select(*columns).join(
            workflow_version, workflow_version.c.id == workflow.c.published_id
        )
        found = work.connection.execute(query.where(workflow.c.deleted_at.is_(None))).all()
        index: defaultdict[Key, defaultdict[str | None, list[Asked]]]
        index = defaultdict(lambda: defaultdict(list))
        moving: set[int] = set()
        for row in found:
            version = self._keep(work, row) if row.state == "published" else None
            if version is None:
                continue
            moving.add(row.workflow_id)
            for trigger in version.triggers:
                for (kind, field), value in product(trigger.listens(), trigger.values()):
                    index[version.record, kind, field][value].append((version, trigger))
        self._index = {key: dict(by_value) for key, by_value in index.items()}
        self._kinds = frozenset(kind for _, kind, _ in index)
        self.moving = frozenset(moving)
        # Pausing moves the counter; should this transaction fail, the next one looks again.
        self._counter = counter if settings.get(work, workflows.COUNTER, 0) == counter else None

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
                self._versions[row.id_1] = Version.of(row.id_1, row.workflow_id, graph)
            except RallyError as error:
                workflows.pause(work, row.workflow_id, str(error))
                return None
        return self._versions[row.id_1]

    def listens(self, line: Line) -> bool:
        """Say whether any published workflow looks at lines like this one."""
        if line.kind not in self._kinds:
            return False
        return any(key in self._index for key in _keys(line))

    def started_by(self, event: Event) -> Iterator[Version]:
        """Yield each version that an event starts, once."""
        seen: set[int] = set()
        for key in _keys(event):
            by_value = self._index.get(key)
            if by_value is None:
                continue
            value = _value(event.detail, key[2])
            for version, trigger in chain(by_value.get(None, ()), by_value.get(value, ())):
                if version.id not in seen and trigger.matches(event):
                    seen.add(version.id)
                    yield version


def _keys(line: Line | Event) -> Iterator[Key]:
    yield line.ref.kind, line.kind, None
    for name in line.detail.get("fields", ()):
        yield line.ref.kind, line.kind, name


def _value(detail: Mapping[str, Any], field: str | None) -> str:
    """Return the folded value afterwards of a field, or without a field the tag."""
    new = detail.get("tag") if field is None else detail["fields"][field][1]
    return fold("" if new is None else str(new))
