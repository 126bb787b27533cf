"""A gateway as a way to send messages, as the outbox knows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from rally_desktop.core.errors import SendFailed
from rally_desktop.core.message import Letter
from rally_desktop.outside.mail.base import BeforeDot
from rally_desktop.outside.sms.base import Gateway, Text, reference_of


@dataclass
class SmsCarrier:
    """Hands messages over one at a time, and leaves a gateway alone that asked for it."""

    gateway: Gateway
    now: Callable[[], datetime]
    _closed_until: datetime | None = None
    _why: str = ""

    async def check(self) -> None:
        """Raise SendFailed where the gateway does not let us in."""
        await self.gateway.check()

    async def hand_over(self, letter: Letter, before_dot: BeforeDot) -> str:
        """Hand a message over and return the gateway's answer, with its name for the message."""
        if self._closed_until is not None and (left := self._closed_until - self.now()).days >= 0:
            raise SendFailed(self._why, account=True, wait=left)
        text = Text(
            reference_of(letter.message_id), letter.sender.address, letter.recipient.address,
            letter.text,
        )  # fmt: skip
        try:
            return await self.gateway.send(text, before_dot)
        except SendFailed as error:
            if error.wait is not None:
                self._closed_until, self._why = self.now() + error.wait, str(error)
            raise

    async def close(self) -> None:
        """Have nothing to take leave of: every message has a connection of its own."""
