"""The log of a gateway, asked for messages whose answer was lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from rally_desktop.core import texts
from rally_desktop.model.store import Store
from rally_desktop.outside.mail.base import LONGEST_NAME
from rally_desktop.outside.sms.base import Gateway, Text, reference_of
from rally_desktop.services import sms_status


@dataclass
class SmsLog:
    """Looks for messages by our name for them, or by number, time and words."""

    store: Store
    gateway: Gateway
    _names: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return what people call it."""
        return f"the log of {self.gateway.title}"

    async def holds(self, message_id: str) -> bool | None:
        """Say whether the gateway has a message; None where that cannot be told."""
        wanted = self.store.read(sms_status.wanted, message_id)
        if wanted is None:
            return None
        text = Text(reference_of(message_id), wanted.sender, wanted.number, wanted.text)
        since: datetime = wanted.since
        name = await self.gateway.find(text, since, wanted.others)
        self._names[message_id] = texts.mended(name or "")[:LONGEST_NAME]
        return None if name is None else bool(name)

    def called(self, message_id: str) -> str:
        """Return the gateway's name for a message: what becomes of it is told by that."""
        return self._names.get(message_id, "")

    async def close(self) -> None:
        """Have nothing to take leave of."""
