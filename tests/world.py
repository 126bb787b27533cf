"""A small office to test in: what a test says is about the office, not about the plumbing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import text

from rally_desktop.core.clock import ManualClock
from rally_desktop.engine.carriers import smtp_carrier
from rally_desktop.engine.cookbook import install
from rally_desktop.engine.heart import Beat, Heart
from rally_desktop.engine.outbox import Outbox
from rally_desktop.engine.publishing import publish
from rally_desktop.engine.recipe import Recipe
from rally_desktop.model.changes import Change, Line
from rally_desktop.model.graph import Graph, Step, Trigger
from rally_desktop.model.ref import Ref
from rally_desktop.model.store import Store
from rally_desktop.model.work import Snapshot, Work
from rally_desktop.outside.mail.memory import MemoryCarrier
from rally_desktop.services import (
    companies,
    contacts,
    deals,
    mail_accounts,
    timeline,
    users,
    workflows,
)
from tests.gateway import Phone

P = ParamSpec("P")
T = TypeVar("T")


class Said(Change, frozen=True):
    """A line on a timeline and nothing else."""

    ref: Ref
    kind: str
    detail: dict[str, Any]

    def line(self) -> Line:
        """Say it."""
        return Line(self.ref, self.kind, self.detail)


class _Office:
    """An office with short ways to fill it and to look into it."""

    store: Store

    def do(self, service: Callable[Concatenate[Work, P], T], *args: P.args, **kw: P.kwargs) -> T:
        """Run a service in a transaction of its own."""
        return self.store.write(service, *args, **kw)

    def ask(self, query: Callable[Concatenate[Work, P], T], *args: P.args, **kw: P.kwargs) -> T:
        """Run a query."""
        return self.store.read(query, *args, **kw)

    def contact(self, first_name: str = "Ana", *, tags: tuple[str, ...] = (), **values: Any) -> Ref:
        """Add a contact."""
        return self.do(contacts.create, {"first_name": first_name, **values}, tags)

    def company(self, name: str = "Hill Dental", **values: Any) -> Ref:
        """Add a company."""
        return self.do(companies.create, {"name": name, **values})

    def deal(self, name: str = "New roof", **values: Any) -> Ref:
        """Add a deal, in the first stage of the first pipeline unless told otherwise."""
        return self.do(deals.create, {"name": name, **values})

    def record(self, ref: Ref) -> Snapshot:
        """Return a record as it stands in the database."""
        return self.ask(lambda work: work.record(ref))

    def happened(self, ref: Ref) -> list[str]:
        """Return the kinds of a record's timeline, the oldest first."""
        return [line.kind for line in reversed(self.ask(timeline.lines, ref))]

    def say(self, ref: Ref, kind: str, **detail: Any) -> None:
        """Write a line on a record's timeline, as what comes in from outside does."""
        self.do(lambda work: work.change(Said(ref, kind, detail)))

    def user(self, name: str = "Maria", **values: Any) -> int:
        """Add a user."""
        return self.do(users.add, name, **values)

    def mailbox(self, server: Any = None) -> int:
        """Add an account to send from: on a real server, or into memory."""
        where = (server.host, server.port) if server else ("memory", 25)
        return self.do(
            mail_accounts.add, "Hill Dental", "hello@example.com",
            host=where[0], port=where[1], security="none",
        )  # fmt: skip

    def rows(self, sql: str) -> list[Any]:
        """Return what a statement finds, for what no query of the program asks."""
        with self.store.engine.connect() as connection:
            return list(connection.execute(text(sql)))

    def visits(self) -> list[tuple[str, str, str]]:
        """Return (step, outcome, reason) of every visit, the oldest first."""
        found = self.rows("select step, outcome, reason from visit order by run_id, seq")
        return [tuple(row) for row in found]

    def refusals(self) -> list[str]:
        """Return the reason of every refusal to enrol, the oldest first."""
        found = self.rows("select refusals from verdict order by at, cause")
        return [reason for row in found for reason, ids in json.loads(row[0]).items() for _ in ids]

    def run_states(self) -> list[str]:
        """Return the state of every run, the oldest first."""
        return [row[0] for row in self.rows("select state from run order by id")]


class World(_Office):
    """An office with an engine and a clock that is turned by hand."""

    def __init__(self, store: Store, clock: ManualClock) -> None:
        self.store = store
        self.clock = clock
        self.heart = Heart(store)
        self.mail = MemoryCarrier()
        self.phone = Phone()

    def tick(self) -> Beat:
        """Let the engine do what is due: move runs, then hand messages over."""
        beat = self.heart.tick()
        self.deliver()
        return beat

    def deliver(self) -> int:
        """Hand over what lies in the outbox, by the memory carrier unless a server is there."""
        return asyncio.run(self._send_due())

    async def _send_due(self) -> int:
        outbox = Outbox(self.store, self._carrier)
        try:
            return await outbox.send_due()
        finally:
            await outbox.close()

    def _carrier(self, account: mail_accounts.Account):
        if account.channel == "sms":
            return self.phone
        return self.mail if account.host == "memory" else smtp_carrier(account)

    def turn(self, **by: float) -> Beat:
        """Turn the clock forward, and let the engine do on the way whatever comes due, in time."""
        until = self.clock.now() + timedelta(**by)
        beat = self.tick()
        while (due := self.heart.next_due()) is not None and self.clock.now() < due < until:
            self.clock.advance(seconds=(due - self.clock.now()).total_seconds())
            beat += self.tick()
        return beat + self.leap(until)

    def leap(self, until: datetime) -> Beat:
        """Turn the clock in one go, as when the computer was off meanwhile."""
        self.clock.advance(seconds=(until - self.clock.now()).total_seconds())
        return self.tick()

    def switch_on(self, recipe: type[Recipe]) -> int:
        """Install a recipe and publish it."""
        number = self.do(install, recipe)
        self.do(publish, number)
        return number

    def publish(self, *steps: Step, trigger: str = "record_created", **graph: Any) -> int:
        """Publish a workflow of these steps, each leading to the next where it says nothing."""
        made = chain(*steps)
        settings = graph.pop("trigger_settings", {})
        whole = Graph(
            name="Test", triggers=(Trigger("t", trigger, settings),), steps=made,
            start=next(iter(made), None), **graph,
        )  # fmt: skip
        number = self.do(workflows.create, whole)
        self.do(publish, number)
        return number


def chain(*steps: Step) -> dict[str, Step]:
    """Return steps by id, each leading to the next one where it has no exits of its own."""
    made: dict[str, Step] = {}
    for step, after in zip(steps, [*steps[1:], None], strict=True):
        exits = step.exits or ({"next": after.id} if after and step.kind != "end" else {})
        made[step.id] = Step(step.id, step.kind, step.settings, exits, step.title, step.disabled)
    return made
