"""What a dry run would set going: how many would enter which workflow, and be written to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import select

from rally_desktop.engine import sms_costs
from rally_desktop.engine.by_hand import most_messages
from rally_desktop.engine.definitions import Definitions, Version
from rally_desktop.engine.evaluator import Evaluator
from rally_desktop.engine.nodes.base import Event, StateTrigger
from rally_desktop.model.ref import Ref
from rally_desktop.model.store import Store
from rally_desktop.model.tables import matching
from rally_desktop.model.work import Work
from rally_desktop.outside.files.table import Table
from rally_desktop.services import imports


@dataclass(frozen=True)
class Entry:
    """How many records would enter a workflow, and how many messages that may send at most.

    ``parts`` are those of its SMS.
    """

    workflow_id: int
    name: str
    records: int
    messages: int
    parts: int = 0

    @property
    def says(self) -> str:
        """Say it in a sentence."""
        s = "s" * (self.records != 1)
        who = f"Up to {self.records:,} record{s} would enter ‘{self.name}’"
        sends = f"which may send up to {self.messages:,} message{'s' * (self.messages != 1)}"
        return " ".join(filter(None, (f"{who}, {sends}.", sms_costs.said(self.parts))))


def of_import(
    store: Store,
    table: Table,
    mapping: imports.Mapped | None = None,
    options: imports.Options | None = None,
    progress: imports.Progress | None = None,
    cancelled: imports.Cancelled | None = None,
) -> tuple[imports.Result, list[Entry]]:
    """Find out what an import would do, and whom it would enrol at most; nothing is changed."""
    found: dict[int, Entry] = {}

    def heard(work: Work) -> None:
        for one in of(work):
            before = found.get(one.workflow_id, replace(one, records=0, messages=0, parts=0))
            found[one.workflow_id] = replace(
                one,
                records=before.records + one.records,
                messages=before.messages + one.messages,
                parts=before.parts + one.parts,
            )

    silent = options is not None and options.triggers == "no"
    result = imports.try_out(
        store,
        table,
        mapping,
        options,
        heard=None if silent else heard,
        progress=progress,
        cancelled=cancelled,
    )
    return result, sorted(found.values(), key=lambda one: (one.name, one.workflow_id))


def of(work: Work) -> list[Entry]:
    """Return what the changes of a work would start, by the workflows' names.

    Whether somebody has been in a workflow before is not looked at: it is the most there can be.
    """
    definitions = Definitions()
    definitions.refresh(work)
    entered: dict[int, tuple[Version, set[Ref]]] = {}
    for version, ref in (*_by_lines(work, definitions), *_by_filters(work, definitions)):
        entered.setdefault(version.workflow_id, (version, set()))[1].add(ref)
    made = [_entry(work, number, version, len(refs)) for number, (version, refs) in entered.items()]
    return sorted(made, key=lambda one: (one.name, one.workflow_id))


def _entry(work: Work, number: int, version: Version, count: int) -> Entry:
    graph = version.graph
    messages, parts = most_messages(work, graph), sms_costs.most_parts(work, graph)
    return Entry(number, graph.name, count, count * messages, count * parts)


def _by_lines(work: Work, definitions: Definitions) -> Iterator[tuple[Version, Ref]]:
    asking = Evaluator(work)
    for _, line, _ in work.recorded:
        if line is None:
            continue
        for version, trigger, _ in definitions.started_by(Event(line.kind, line.ref, line.detail)):
            if asking.test(version.audience, line.ref, trigger):
                yield version, line.ref


def _by_filters(work: Work, definitions: Definitions) -> Iterator[tuple[Version, Ref]]:
    """Yield whom the changes would turn from not matching a filter to matching it."""
    asking = Evaluator(work)
    about = {line.ref for _, line, _ in work.recorded if line is not None}
    for version, trigger, kind in definitions.states:
        assert isinstance(kind, StateTrigger)
        before = select(matching.c.record_id).where(matching.c.workflow_id == version.workflow_id)
        known = set(work.connection.execute(before).scalars())
        for ref in about:
            if ref.kind != version.record or ref.id in known:
                continue
            turned = asking.test(asking.tree(kind.filter, ref), ref, trigger)
            if turned and asking.test(version.audience, ref, trigger):
                yield version, ref
