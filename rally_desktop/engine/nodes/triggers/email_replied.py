"""Trigger: somebody wrote us an e-mail."""

from __future__ import annotations

from typing import ClassVar

from rally_desktop.engine.nodes.base import Event
from rally_desktop.engine.nodes.letters import LetterTrigger


class EmailReplied(LetterTrigger, frozen=True):
    """Starts when a contact writes back: to any e-mail, or to one of a template, workflow or step.

    Automatic replies, such as those of somebody on holiday, do not count.
    """

    title: ClassVar = "E-mail replied"
    icon: ClassVar = "reply"
    says: ClassVar = "When the contact replies by e-mail"
    records: ClassVar = ("contact",)
    words: ClassVar = ("answer", "response", "wrote")
    line: ClassVar = "email_received"
    happens: ClassVar = "the contact replies by e-mail"

    def matches(self, event: Event) -> bool:
        """Leave out what no person wrote."""
        return not event.detail.get("automatic") and super().matches(event)
