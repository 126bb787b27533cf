"""Trigger: somebody sent us a text message."""

from __future__ import annotations

from typing import ClassVar

from rally_desktop.engine.nodes.letters import LetterTrigger


class SmsReceived(LetterTrigger, frozen=True):
    """Starts when a contact sends us an SMS: any, or an answer to a template, workflow or step."""

    title: ClassVar = "Text message received"
    icon: ClassVar = "message-square-text"
    says: ClassVar = "When a text message comes in"
    records: ClassVar = ("contact",)
    words: ClassVar = ("sms", "reply", "answer")
    line: ClassVar = "sms_received"
    happens: ClassVar = "a text message comes in"
