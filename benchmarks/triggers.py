"""Which of 1,000 published workflows an event starts: by the index, and by asking each of them."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from rally_desktop.core.clock import SystemClock
from rally_desktop.engine.definitions import Definitions, Version
from rally_desktop.engine.nodes.base import Event
from rally_desktop.engine.walk import Walk
from rally_desktop.model.graph import Graph, Step, Trigger
from rally_desktop.model.ref import Ref
from rally_desktop.model.store import Store
from rally_desktop.model.work import Work
from rally_desktop.services import contacts, office, workflows

GOAL = 25.0
VALUES = tuple(f"Value {number}" for number in range(10))
FIELDS = ("lead_source", "lead_type", "lead_status", "city", "country", "department", "title")
END = (Step("end", "end", {}),)


def run(quick: bool) -> list[dict[str, Any]]:
    """Return microseconds an event for 1,000 published workflows."""
    count, events = (1_000, 500) if quick else (1_000, 5_000)
    with tempfile.TemporaryDirectory(prefix="rally-bench-") as folder:
        store = Store.open(f"sqlite:///{Path(folder, 'office.rally')}", SystemClock())
        store.write(office.found)
        chance = random.Random(7)
        numbers = [store.write(workflows.create, _graph(chance, n)) for n in range(count)]
        store.write(_publish, numbers)
        refs = [store.write(contacts.create, _values(chance, n)) for n in range(50)]
        happened = [_event(chance, refs) for _ in range(events)]
        measured = store.read(_measure, happened)
        store.close()
    return [
        {
            "measure": f"triggers: us/event, {count:,} workflows, {what}; asking each",
            "ours": ours,
            "yardstick": scan,
            "ratio": ours / scan,
            "goal": f"<= {GOAL:g} us",
            "holds": ours <= GOAL,
        }
        for what, (ours, scan) in measured.items()
    ]


def _graph(chance: random.Random, number: int) -> Graph:
    field, value = chance.choice(FIELDS), chance.choice(VALUES)
    kind, settings = chance.choice(
        [
            ("record_created", {}),
            ("record_updated", {"fields": [field], "to": value}),
            ("record_updated", {"fields": [field]}),
            ("tag_added", {"tags": [value]}),
            ("lifecycle_stage_changed", {"after": ["Customer"]}),
            ("activity_completed", {"activity": chance.choice(["Task", "Call", "Meeting"])}),
        ]
    )
    audience = {
        "all": [
            {"field": chance.choice(FIELDS), "op": "is", "value": chance.choice(VALUES)},
            {"field": "score", "op": "ge", "value": chance.randrange(100)},
        ]
    }
    return Graph(
        name=f"Workflow {number}",
        triggers=(Trigger("trigger", kind, settings),),
        steps={step.id: step for step in END},
        start="end",
        audience=audience,
    )


def _publish(work: Work, numbers: Iterable[int]) -> None:
    for number in numbers:
        workflows.put_version(work, number, workflows.draft(work, number).graph)


def _values(chance: random.Random, number: int) -> dict[str, Any]:
    given = {field: chance.choice(VALUES) for field in FIELDS}
    return {"first_name": "Ann", "email": f"a{number}@example.com", "score": 50, **given}


def _event(chance: random.Random, refs: list[Ref]) -> Event:
    ref, field = chance.choice(refs), chance.choice(FIELDS)
    moved = {field: [chance.choice(VALUES), chance.choice(VALUES)]}
    stage = {"lifecycle_stage": ["Lead", "Customer"]}
    kind, detail = chance.choice(
        [
            ("created", {}),
            ("updated", {"fields": moved}),
            ("updated", {"fields": stage}),
            ("tag_added", {"tag": chance.choice(VALUES)}),
            ("task_completed", {}),
            ("call_logged", {"outcome": "Reached"}),
        ]
    )
    return Event(kind, ref, detail)


def _measure(work: Work, events: list[Event]) -> dict[str, tuple[float, float]]:
    definitions = Definitions()
    definitions.refresh(work)
    walk = Walk(work, {})
    made = [definitions.version(work, number) for number in sorted(_numbers(work))]
    every = [version for version in made if version is not None]
    work.load(event.ref for event in events)

    def by_index(event: Event) -> list[Version]:
        return [one.version for one in definitions.started_by(event)]

    def by_scan(event: Event) -> list[Version]:
        return [version for version in every if _listens(version, event)]

    def inside(asked: Callable[[Event], list[Version]], event: Event) -> list[Version]:
        return [one for one in asked(event) if walk.asking.test(one.audience, event.ref)]

    asked = {
        "trigger": (by_index, by_scan),
        "trigger and audience": (partial(inside, by_index), partial(inside, by_scan)),
    }
    return {what: _compare(index, scan, events) for what, (index, scan) in asked.items()}


def _compare(
    index: Callable[[Event], list[Version]],
    scan: Callable[[Event], list[Version]],
    events: list[Event],
) -> tuple[float, float]:
    for event in events[:200]:
        if {one.id for one in index(event)} != {one.id for one in scan(event)}:
            raise RuntimeError(f"the index and the scan differ about {event}")
    took = [(_each(index, events), _each(scan, events[:100])) for _ in range(5)]
    ours, other = zip(*took, strict=True)
    return statistics.median(ours), statistics.median(other)


def _numbers(work: Work) -> list[int]:
    found = work.connection.exec_driver_sql("select published_id from workflow")
    return [row[0] for row in found]


def _listens(version: Version, event: Event) -> bool:
    return version.record == event.ref.kind and any(
        event.kind == kind
        and (field is None or field in event.detail.get("fields", ()))
        and trigger.matches(event)
        for trigger in version.triggers.values()
        for kind, field in trigger.listens()
    )


def _each(ask: Callable[[Event], object], events: list[Event]) -> float:
    began = time.perf_counter()
    for event in events:
        ask(event)
    return (time.perf_counter() - began) / len(events) * 1e6
