"""One message that stands on a timeline, whole: from whom, to whom, its text and its HTML."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select

from rally_desktop.core.errors import NotFound
from rally_desktop.model.tables import activity, message
from rally_desktop.model.work import Work
from rally_desktop.outside.mail.plain import plain_text
from rally_desktop.outside.mail.safe_html import SafeMessage, made_safe

KINDS = frozenset({"email_received", "email_sent"})


@dataclass(frozen=True)
class Letter:
    """One message; ``html`` is harmless, and None where there is none that can be drawn."""

    subject: str
    sender: str
    recipient: str
    at: datetime
    text: str
    html: SafeMessage | None


def of_line(work: Work, activity_id: int) -> Letter:
    """Return the message that a line of a timeline is about, or raise NotFound."""
    line = work.connection.execute(
        select(activity).where(activity.c.id == activity_id, activity.c.kind.in_(KINDS))
    ).one_or_none()
    if line is None:
        raise NotFound("That message does not exist any more.")
    detail = msgspec.json.decode(line.detail)
    found = work.connection.execute(
        select(message)
        .where(message.c.record_kind == line.record_kind, message.c.record_id == line.record_id)
        .where(message.c.message_id == detail.get("message_id", ""))
        .order_by(message.c.id.desc())
        .limit(1)
    ).one_or_none()
    if found is None:
        text = detail.get("text", "")
        return Letter(detail.get("subject", ""), "", "", line.at, text, None)
    return _letter(found)


def _letter(found: Any) -> Letter:
    safe = made_safe(found.html) if found.html else None
    text = found.text or (plain_text(found.html) if found.html else "")
    return Letter(found.subject, found.sender, found.recipient, found.at, text, safe)
