"""What comes to be known from gateways of text messages: who wrote, and what became of ours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rally_desktop.model.change import Change, Line
from rally_desktop.model.ref import Ref


class TextArrived(Change, frozen=True):
    """A person wrote to us by SMS; ``said`` is what is known besides."""

    ref: Ref
    number: str
    text: str
    said: Mapping[str, Any]
    at: datetime | None = None

    def line(self) -> Line:
        """Say what came in."""
        detail = {"subject": "", "text": self.text, "sender": self.number, **self.said}
        return Line(self.ref, "sms_received", detail, self.at)


class TextDelivered(Change, frozen=True):
    """A text message of ours has reached the telephone."""

    ref: Ref
    outbox_id: int
    address: str

    def line(self) -> Line:
        """Say which."""
        return Line(self.ref, "sms_delivered", {"outbox": self.outbox_id, "address": self.address})


class TextBounced(Change, frozen=True):
    """A text message of ours will not reach the telephone; ``answer`` says why, where known.

    It is ``hard`` where none ever will, as there is no such number.
    """

    ref: Ref
    outbox_id: int
    address: str
    answer: str
    hard: bool = False

    def line(self) -> Line:
        """Say which, and why."""
        detail = {"outbox": self.outbox_id, "address": self.address, "answer": self.answer}
        return Line(self.ref, "sms_bounced", {**detail, "hard": True} if self.hard else detail)
