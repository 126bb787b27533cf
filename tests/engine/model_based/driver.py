"""The same scenario through the engine and through the reference, and what differs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from rally_desktop.core.clock import ManualClock
from rally_desktop.core.errors import RallyError
from rally_desktop.engine.heart import Heart
from rally_desktop.model.ref import Ref
from rally_desktop.model.scratch import open_scratch
from rally_desktop.model.store import Store
from rally_desktop.services import contacts, office, records, safeguards, workflows
from tests.engine.model_based.reference import Reference
from tests.engine.model_based.scenarios import BEGINNINGS, Operation, Scenario

MICROSECOND = timedelta(microseconds=1)
# A person who is asked, and what pauses a whole workflow, would only hide what comes after.
OFF = {"failures": 0, "enrolments_at_once": 0, "enrolments_a_minute": 0, "circles": "refuse"}


# What lets the engine move, after which both are compared.
LOOKS = ("tick", "due", "pass", "crash")


class _Interrupted(Exception):
    """The transaction does not come to its end."""


@cache
def _founded(begins: datetime) -> Store:
    """Return an office in memory that nothing has happened in yet, to be copied."""
    store = open_scratch(ManualClock(begins))
    store.write(office.found)
    store.write(lambda work: safeguards.save(work, safeguards.Safeguards(**OFF)))
    return store


@cache
def _copies() -> Engine:
    """Return the database in memory that one office after the other is copied into."""
    return open_scratch(ManualClock(BEGINNINGS[0])).engine


def _copied(clock: ManualClock) -> Store:
    """Return an office with its lists that begins now."""
    with _founded(clock.now()).engine.connect() as founded, _copies().connect() as copy:
        source: Any = founded.connection.driver_connection
        source.backup(copy.connection.driver_connection)
    return Store(_copies(), clock)


class Pair:
    """The engine on a store in memory, and the reference, in step."""

    def __init__(self, scenario: Scenario) -> None:
        self.clock = ManualClock(scenario.begins)
        self.store = _copied(self.clock)
        numbers = [self.store.write(workflows.create, graph) for graph in scenario.graphs]
        for number, graph in zip(numbers, scenario.graphs, strict=True):
            self.store.write(workflows.put_version, number, graph)
        self.heart = Heart(self.store)
        self.heart.tick()
        self.reference = Reference(
            scenario.begins, dict(zip(numbers, scenario.graphs, strict=True))
        )

    def do(self, operation: Operation) -> None:
        """Let one thing happen on both sides."""
        name, *given = operation
        getattr(self, f"_{name}")(*given)

    # -- what people do ----------------------------------------------------------------------

    def _create(self, city: str, zone: str, tags: tuple[str, ...]) -> None:
        if len(self.reference.people) < 4:
            values = {"first_name": "Ana", "city": city, "time_zone": zone}
            self.store.write(contacts.create, values, tags)
            self.reference.create(city, zone, tags)

    def _tag(self, whom: int, tag: str) -> None:
        if person := self._person(whom):
            self.store.write(records.add_tag, Ref("contact", person.id), tag)
            self.reference.tag(person, tag)

    def _untag(self, whom: int, tag: str) -> None:
        if person := self._person(whom):
            self.store.write(records.remove_tag, Ref("contact", person.id), tag)
            self.reference.untag(person, tag)

    def _city(self, whom: int, city: str) -> None:
        self._set(whom, "city", city)

    def _department(self, whom: int, department: str) -> None:
        self._set(whom, "department", department)

    def _set(self, whom: int, name: str, value: str) -> None:
        if person := self._person(whom):
            self.store.write(contacts.update, Ref("contact", person.id), {name: value})
            self.reference.set(person, name, value)

    def _delete(self, whom: int) -> None:
        if person := self._person(whom):
            self.store.write(contacts.delete, Ref("contact", person.id))
            self.reference.delete(person)

    def _bar(self, whom: int) -> None:
        if (person := self._person(whom)) and not person.barred:
            self.store.write(contacts.update, Ref("contact", person.id), {"do_not_contact": True})
            self.reference.bar(person)

    def _person(self, whom: int) -> Any:
        people = self.reference.people
        person = people[whom % len(people)]
        return None if person.deleted else person

    # -- what time and misfortune do -----------------------------------------------------------

    def _tick(self) -> None:
        self.heart.watchdog._looked = None  # it looks at most once a minute by itself
        self.heart.tick()
        self.reference.tick()

    def _due(self, offset: int) -> None:
        """Turn the clock to the next due moment, or a microsecond beside it."""
        due = self.reference.next_due()
        if (
            due is not None
            and (wait := due - self.clock.now() + offset * MICROSECOND) > timedelta()
        ):
            self._wait(wait)
        self._tick()

    def _pass(self, minutes: int) -> None:
        self._wait(timedelta(minutes=minutes))
        self._tick()

    def _wait(self, wait: timedelta) -> None:
        self.clock.advance(seconds=wait // timedelta(seconds=1))
        self.clock.advance(microseconds=wait % timedelta(seconds=1) // MICROSECOND)
        self.reference.now = self.clock.now()

    def _crash(self) -> None:
        """Let the engine do one transaction, end it, and start it anew."""
        self.heart.beat()
        self.reference.beat()
        self.store = Store(self.store.engine, self.clock)
        self.heart = Heart(self.store)

    def _rollback(self) -> None:
        """Interrupt a transaction before its end: nothing of it may be seen."""

        def interrupted(work: Any) -> None:
            self.heart._beat(work, 100)
            raise _Interrupted

        with suppress(_Interrupted):
            self.store.write_patiently(interrupted)

    # -- what there is to compare --------------------------------------------------------------

    def difference(self) -> str:
        """Return the first thing that they say otherwise; empty where they agree."""
        engine, reference = self.engine_says(), self.reference_says()
        for name in engine:
            if engine[name] != reference[name]:
                return f"{name}\n  engine    {engine[name]}\n  reference {reference[name]}"
        return ""

    def engine_says(self) -> dict[str, Any]:
        """Return records, runs, visits and refusals as the database has them."""
        with self.store.engine.connect() as connection:

            def rows(sql: str) -> list[tuple[Any, ...]]:
                return [tuple(row) for row in connection.execute(text(sql))]

            tags: dict[int, set[str]] = {}
            for number, name in rows(
                "select record_id, name_key from record_tag join tag on tag.id = tag_id"
            ):
                tags.setdefault(number, set()).add(name)
            people = rows("select id, city, department, deleted_at is not null from contact")
            visits: dict[int, list[tuple[Any, ...]]] = {}
            for run, *visit in rows(
                "select run_id, step, outcome, exit, reason from visit order by run_id, seq"
            ):
                visits.setdefault(run, []).append(tuple(visit))
            runs = rows(
                "select id, workflow_id, record_id, state, reason,"
                " case when state = 'active' then due_at end from run order by id"
            )
            refused = rows("select record_id, refusals from verdict")
        return {
            "people": {
                row[0]: (*row[1:3], bool(row[3]), tags.get(row[0], set())) for row in people
            },
            "runs": sorted((*run[1:], visits.get(run[0], [])) for run in runs),
            "refused": sorted(
                (workflow, number, reason)
                for number, said in refused
                for reason, ids in json.loads(said).items()
                for workflow in ids
            ),
        }

    def reference_says(self) -> dict[str, Any]:
        """Return the same as the reference has it."""
        epoch = self.clock.now().replace(1970, 1, 1, 0, 0, 0, 0)
        runs = [
            (
                run.workflow, run.person.id, run.state, run.reason,
                (run.due - epoch) // MICROSECOND if run.state == "active" and run.due else None,
                [(one.step, one.outcome, one.exit, one.reason) for one in run.visits],
            )
            for run in self.reference.runs
        ]  # fmt: skip
        return {
            "people": {
                one.id: (one.city, one.department, one.deleted, set(one.tags))
                for one in self.reference.people
            },
            "runs": sorted(runs),
            "refused": sorted(
                (workflow, number, reason) for workflow, number, _, reason in self.reference.refused
            ),
        }


def differences(scenario: Scenario) -> Iterator[str]:
    """Yield what the engine says otherwise than the reference, after each step of a scenario."""
    pair = Pair(scenario)
    for place, operation in enumerate(scenario.operations):
        try:
            pair.do(operation)
        except (RallyError, DBAPIError) as error:
            yield f"{place} {operation}: the engine raised {error!r}"
            return
        if operation[0] in LOOKS and (found := pair.difference()):
            yield f"{place} {operation}: {found}"
            return
