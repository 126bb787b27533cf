"""What the pictures show of sequences: one with people inside, of whom two rest."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from rally_desktop.core.clock import ManualClock
from rally_desktop.engine import by_hand, control, cookbook, publishing
from rally_desktop.engine.heart import Heart
from rally_desktop.engine.outbox import Outbox
from rally_desktop.engine.recipes.outreach import Outreach
from rally_desktop.model.ref import Ref
from rally_desktop.model.store import Store
from rally_desktop.model.tables.workflow import OPEN_STATES
from rally_desktop.outside.mail.memory import MemoryCarrier
from rally_desktop.services import contacts, messages, runs

ANSWER = "Re: Ten minutes next week?"
NAMES = (
    ("Nina", "Novak"), ("Omar", "Osman"), ("Pia", "Paulsen"), ("Quinn", "Quist"),
    ("Rosa", "Ricci"), ("Sven", "Strand"), ("Tomas", "Toth"),
)  # fmt: skip


def fill(store: Store, clock: ManualClock) -> None:
    """Publish a sequence and write to some people by it; two of them have answered."""
    number = store.write(cookbook.install, Outreach)
    store.write(publishing.publish, number)
    heart, carrier = Heart(store), MemoryCarrier()
    people = [_person(store, *names) for names in NAMES]
    store.write(by_hand.enrol, number, people)
    _beat(store, heart, carrier)
    clock.advance(minutes=20)
    for ref in people[:2]:
        store.write(messages.receive, ref, sender="", subject=ANSWER, text="Gladly!")
    _beat(store, heart, carrier)
    inside = store.read(runs.numbers, states=OPEN_STATES, workflow_id=number)
    store.write(control.pause, inside[:1])
    store.write(control.pause, inside[1:2], clock.now() + timedelta(days=7))


def _person(store: Store, first: str, last: str) -> Ref:
    values = {"first_name": first, "last_name": last, "email": f"{first.lower()}@example.com"}
    return store.write(contacts.create, {**values, "lead_source": "Event"})


def _beat(store: Store, heart: Heart, carrier: MemoryCarrier) -> None:
    """Move whoever is due, and hand over what that makes."""
    heart.tick()
    asyncio.run(_send(store, carrier))


async def _send(store: Store, carrier: MemoryCarrier) -> None:
    outbox = Outbox(store, lambda account: carrier)
    try:
        await outbox.send_due()
    finally:
        await outbox.close()
