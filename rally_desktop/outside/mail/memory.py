"""A carrier that keeps what it is given: for rehearsals, and for tests of what may go wrong."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rally_desktop.core.errors import SendFailed
from rally_desktop.core.message import Letter
from rally_desktop.outside.mail.base import BeforeDot, Envelope
from rally_desktop.outside.mail.letter import build

Stage = Literal["before", "after", "taken"]


@dataclass(frozen=True)
class Fault:
    """An error that the next letter meets.

    ``before``: before the dot. ``after``: after the dot, the message is not delivered.
    ``taken``: after the dot, the message is delivered all the same.
    """

    stage: Stage
    error: BaseException


class MemoryJournal:
    """A journal that holds what it is told to."""

    def __init__(self, kept: Iterable[str] = ()) -> None:
        self.name = "the Sent folder"
        self.kept = set(kept)
        self.asked: list[str] = []
        self.silent = False

    async def holds(self, message_id: str) -> bool | None:
        """Say whether the message was kept; None while it is told to be silent."""
        self.asked.append(message_id)
        return None if self.silent else message_id in self.kept

    def called(self, message_id: str) -> str:
        """Know messages by our names alone."""
        return ""

    async def close(self) -> None:
        """Have nothing to take leave of."""


class MemoryCarrier:
    """Delivers into a list, by the same steps as a real carrier."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.envelopes: list[Envelope] = []
        self.faults: deque[Fault | None] = deque()
        self.closed = False

    def fail(self, stage: Stage, error: BaseException | None = None) -> None:
        """Let one of the next letters fail, in the order of asking."""
        usual = SendFailed("The connection was cut.", after_dot=stage != "before")
        self.faults.append(Fault(stage, error or usual))

    def succeed(self) -> None:
        """Let one of the next letters pass, between two that fail."""
        self.faults.append(None)

    async def check(self) -> None:
        """Find everything in order."""

    async def hand_over(self, letter: Letter, before_dot: BeforeDot) -> str:
        """Keep the letter, unless a fault was asked for."""
        envelope = build(letter)
        fault = self.faults.popleft() if self.faults else None
        if fault and fault.stage == "before":
            raise fault.error
        await before_dot()
        if fault and fault.stage == "after":
            raise fault.error
        self.letters.append(letter)
        self.envelopes.append(envelope)
        if fault:
            raise fault.error
        return f"250 kept as number {len(self.letters)}"

    async def close(self) -> None:
        """Note that nobody needs this carrier any more."""
        self.closed = True
