"""What comes to be known from mailboxes: who wrote, what we wrote by hand, what came back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rally_desktop.model.change import Change, Line
from rally_desktop.model.ref import Ref


class MailArrived(Change, frozen=True):
    """A person, or a machine on behalf of one, wrote to us; ``said`` is what is known besides."""

    ref: Ref
    row: Mapping[str, Any]
    said: Mapping[str, Any]

    def line(self) -> Line:
        """Say what came in."""
        detail = {name: self.row[name] for name in ("subject", "message_id", "in_reply_to")}
        return Line(self.ref, "email_received", {**detail, **self.said}, self.row["at"])


class MailWritten(Change, frozen=True):
    """Somebody of us wrote to a person by hand, in a mail program."""

    ref: Ref
    row: Mapping[str, Any]
    text: str

    def line(self) -> Line:
        """Say what was written."""
        detail = {name: self.row[name] for name in ("subject", "recipient", "message_id")}
        return Line(self.ref, "email_sent", {**detail, "text": self.text}, self.row["at"])


class MailBounced(Change, frozen=True):
    """A message of ours came back; ``how`` is hard, soft or refused."""

    ref: Ref
    outbox_id: int | None
    subject: str
    address: str
    how: str
    status: str
    answer: str
    at: datetime

    def line(self) -> Line:
        """Say which message, why, and whether that is for good."""
        detail = {
            "outbox": self.outbox_id, "subject": self.subject, "address": self.address,
            "hard": self.how == "hard", "how": self.how, "status": self.status,
            "answer": self.answer,
        }  # fmt: skip
        return Line(self.ref, "email_bounced", detail, self.at)
