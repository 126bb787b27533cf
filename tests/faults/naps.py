"""Two engines on one office, one of which falls asleep at any point of a hand-over."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta
from typing import Any

from rally_desktop.core.clock import ManualClock
from rally_desktop.core.errors import SendFailed
from rally_desktop.core.message import Letter
from rally_desktop.engine.outbox import Outbox
from rally_desktop.model.store import Store
from rally_desktop.outside.mail.base import BeforeDot
from rally_desktop.outside.mail.memory import MemoryCarrier
from rally_desktop.services import outbox as outboxes
from tests.faults import office
from tests.faults.at_work import AtWork

NAPS = ("claimed", "before the mark", "at the mark", "before the dot", "before the answer")
# Past the lease only, past the claim too, past the patience with the journal.
LENGTHS = tuple(timedelta(minutes=minutes) for minutes in (3, 11, 40))
# After so long without a word a server has hung up (RFC 5321, 4.5.3.2: at least five minutes).
SERVER_WAITS = timedelta(minutes=15)


class Sleeper:
    """A computer that falls asleep once, at one point, while the other goes on working."""

    def __init__(self, at_work: AtWork, nap: str, length: timedelta) -> None:
        self._at_work = at_work
        self._nap = nap
        self._length = length
        self.slept = False
        self._outbox = Outbox(at_work.store, lambda _: self, holder="asleep")

    async def send_due(self) -> None:
        """Send what is due, sleeping on the way."""
        advance = self._outbox._advance

        def sleepy(parcel: outboxes.Parcel, before: str, after: str) -> bool:
            if before == "claimed":
                self._sleep("claimed")
            moved = advance(parcel, before, after)
            if after == "dot":
                self._sleep("at the mark")
            return moved

        self._outbox._advance = sleepy  # pyright: ignore[reportAttributeAccessIssue]
        await self._outbox.send_due()
        await self._outbox.close()

    def _sleep(self, where: str) -> None:
        """Let the other computer work for as long as the nap takes, if it is time for it."""
        if self.slept or where != self._nap:
            return
        self.slept = True
        asleep = asyncio.get_running_loop()
        until = self._at_work.clock.now() + self._length
        asyncio._set_running_loop(None)
        try:
            while self._at_work.clock.now() < until:
                self._at_work.clock.advance(minutes=1)
                self._at_work.work()
        finally:
            asyncio._set_running_loop(asleep)

    async def check(self) -> None:
        """Find everything in order."""

    async def hand_over(self, letter: Letter, before_dot: BeforeDot) -> str:
        """Hand a letter over to the server that both computers write to."""
        self._sleep("before the mark")

        async def marked() -> None:
            await before_dot()
            self._sleep("before the dot")
            if self.slept and self._nap == "before the dot" and self._length > SERVER_WAITS:
                raise SendFailed("The server had hung up.", after_dot=True)

        answer = await self._at_work.mail.hand_over(letter, marked)
        self._sleep("before the answer")
        return answer

    async def close(self) -> None:
        """Have nothing to take leave of."""


def napped(url: str, naps: int, *, fenced: bool = True, seed: int = 1) -> list[str]:
    """Let one of two computers fall asleep so often; return what went wrong."""
    chance = random.Random(seed)
    clock = ManualClock(office.START)
    store = Store.open(url, clock)
    office.found(store, port=25, journal="sent")
    at_work = AtWork(store, clock, MemoryCarrier())
    at_work.a_while(["first"])
    clock.advance(minutes=15)
    for number in range(naps):
        at_work.enrol(f"c{number}")
        at_work.tick()
        clock.advance(minutes=1)
        at_work.tick()
        at_work.close()
        nap, length = NAPS[number % len(NAPS)], chance.choice(LENGTHS)
        sleeper = Sleeper(at_work, nap, length)
        if not fenced:
            _trust_the_lease(sleeper)
        asyncio.run(sleeper.send_due())
        if not sleeper.slept:
            raise RuntimeError(f"nobody slept {nap}")
    at_work.to_the_end()
    wrong = at_work.forgotten() + at_work.faults()
    store.close()
    return wrong


def _trust_the_lease(sleeper: Sleeper) -> None:
    """Break the engine on purpose: let it go on without asking whose the message is."""
    advance: Any = sleeper._outbox._advance
    sleeper._outbox._advance = lambda *given: advance(*given) or True
