"""An engine at work in this process: what it was told was saved, and what it sent."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy.exc import DBAPIError

from rally_desktop.core.clock import ManualClock
from rally_desktop.core.errors import RallyError
from rally_desktop.engine.heart import Heart
from rally_desktop.engine.outbox import Outbox
from rally_desktop.model.store import Store
from rally_desktop.outside.mail.memory import MemoryCarrier, MemoryJournal
from tests.faults import office

# Longer than a claim and a lease.
PATIENCE = timedelta(minutes=11)
ATTEMPTS = 12


@dataclass
class AtWork:
    """An office at work, what it was told was saved, and what went out on the wire."""

    store: Store
    clock: ManualClock
    mail: MemoryCarrier = field(default_factory=MemoryCarrier)
    enrolled: list[str] = field(default_factory=list)
    said_sent: int = 0

    def __post_init__(self) -> None:
        self.move_to(self.store)

    def move_to(self, store: Store) -> None:
        """Go on with another connection to the data, as after a new start."""
        self.store = store
        self._heart = Heart(store)
        self._outbox = Outbox(store, lambda _: self.mail, lambda _: self._journal())

    def _journal(self) -> MemoryJournal:
        return MemoryJournal(one.message_id for one in self.mail.letters)

    def enrol(self, name: str) -> None:
        """Add a contact; it counts once the database has said that it is saved."""
        self.store.write(office.enrol, [name])
        self.enrolled.append(name)

    def tick(self) -> None:
        """Move the runs that are due."""
        self._heart.tick()

    def close(self) -> None:
        """Let another computer have the accounts."""
        asyncio.run(self._outbox.close())

    def work(self) -> None:
        """Do what is due now."""
        self.tick()
        asyncio.run(self._outbox.send_due())
        self.said_sent = len(self.mail.letters)

    def a_while(self, names: Iterable[str]) -> None:
        """Add contacts one after the other, and write to each."""
        for name in names:
            self.enrol(name)
            self.work()
            self.clock.advance(minutes=1)
            self.work()

    def to_the_end(self) -> None:
        """Let pass what anybody may wait for."""
        for _ in range(ATTEMPTS):
            self.work()
            if not self.rows(_UNDONE):
                break
            self.clock.advance(seconds=PATIENCE.total_seconds())

    def in_spite(self, doing: Callable[[], None], repair: Callable[[], None]) -> None:
        """Do something again until it succeeds; the disk is repaired after the third failure."""
        for attempt in range(ATTEMPTS):
            try:
                doing()
            except (DBAPIError, RallyError):
                if attempt == 2:
                    repair()
                self.clock.advance(seconds=PATIENCE.total_seconds())
            else:
                return
        raise RuntimeError("the engine does not go on any more")

    def rows(self, sql: str) -> list[Any]:
        """Return what a statement finds."""
        with self.store.engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(sql)]

    def forgotten(self) -> list[str]:
        """Return what the database had said and does not know any more."""
        known = {name for (name,) in self.rows("select first_name from contact")}
        wrong = [f"{name} lost" for name in self.enrolled if name not in known]
        states = dict(self.rows("select message_id, state from outbox"))
        sent = [one.message_id for one in self.mail.letters]
        marked = ("dot", "doubt", "sent")
        wrong += [f"{one} not marked" for one in sent if states.get(one) not in marked]
        said = sent[: self.said_sent]
        return wrong + [f"{one} not sent" for one in said if states.get(one) != "sent"]

    def faults(self) -> list[str]:
        """Return what is wrong once all is done: each contact has exactly one letter."""
        letters = Counter(one.recipient.name for one in self.mail.letters)
        known = [name for (name,) in self.rows("select first_name from contact")]
        wrong = [f"{name} {letters[name]} letters" for name in known if letters[name] != 1]
        return wrong + [f"{state} left" for (state,) in self.rows(_UNDONE)]


_UNDONE = """
    select state from outbox where state <> 'sent'
    union all select state from run where state <> 'done'
"""
