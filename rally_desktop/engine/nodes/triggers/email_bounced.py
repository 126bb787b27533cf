"""Trigger: an e-mail of ours came back."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from rally_desktop.core.schema import Choice
from rally_desktop.engine.nodes.base import Event
from rally_desktop.engine.nodes.letters import LetterTrigger


class EmailBounced(LetterTrigger, frozen=True):
    """Starts when an e-mail could not be delivered and came back.

    A permanent one means that the address does not exist any more, a passing one that a
    mailbox is full or a server away.
    """

    title: ClassVar = "E-mail bounced"
    icon: ClassVar = "mail-x"
    says: ClassVar = "When an e-mail bounces"
    records: ClassVar = ("contact",)
    words: ClassVar = ("undeliverable", "returned", "address")
    line: ClassVar = "email_bounced"
    happens: ClassVar = "an e-mail bounces"

    which: Annotated[Literal["Any", "Permanent", "Passing"], Choice("Which")] = "Any"

    def matches(self, event: Event) -> bool:
        """Compare whether it is for good, and what the message was."""
        hard = bool(event.detail.get("hard"))
        return self.which in ("Any", "Permanent" if hard else "Passing") and super().matches(event)

    def sentence(self) -> str:
        """Say which bounces, of which message."""
        how = {"Any": "", "Permanent": " for good", "Passing": " for now"}[self.which]
        return super().sentence().replace("bounces", f"bounces{how}", 1)
