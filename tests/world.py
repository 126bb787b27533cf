"""A small office to test in: what a test says is about the office, not about the plumbing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from rally_desktop.core.clock import ManualClock
from rally_desktop.model.ref import Ref
from rally_desktop.model.store import Store
from rally_desktop.model.work import Snapshot, Work
from rally_desktop.services import companies, contacts, deals, timeline

P = ParamSpec("P")
T = TypeVar("T")


class World:
    """An office with a store, a clock that is turned by hand, and short ways to fill both."""

    def __init__(self, store: Store, clock: ManualClock) -> None:
        self.store = store
        self.clock = clock

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
