"""The proof of one message: why it was written, when what was done, what the server answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import select

from rally_desktop.core.errors import NotFound
from rally_desktop.core.message import Copy, Mailbox
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import activity, mail_account, message, outbox
from rally_desktop.model.work import Work
from rally_desktop.services import mail_words, sms_words, tracking, verdicts, writing
from rally_desktop.services.tracking import Figures
from rally_desktop.services.verdicts import Why


@dataclass(frozen=True)
class Proof:
    """One message of the outbox; ``reason`` is a code of the engine, ``answer`` the server's word.

    ``why`` tells what led to it, where its line is left; ``by`` is whoever wrote it by hand,
    and ``again`` says that it can be taken up as a draft once more. ``known``
    says how it came to be known that it was sent, where the server's answer was lost. Its
    ``server_id`` is what our server called it, where that is not its Message-ID; ``report`` is
    what was told of it since, where it came back or was not delivered.
    """

    id: int
    ref: Ref
    channel: str
    subject: str
    sender: str
    recipient: str
    copies: tuple[Copy, ...]
    account: str
    state: str
    reason: str
    answer: str
    attempt: int
    created_at: datetime
    due_at: datetime
    sent_at: datetime | None
    template: str
    template_version: int | None
    message_id: str
    in_reply_to: str
    by: str
    again: bool
    why: Why | None
    known: str
    server_id: str
    figures: Figures
    report: str = ""


_SAME = (
    "id", "channel", "subject", "sender", "recipient", "state", "reason", "answer", "attempt",
    "created_at", "due_at", "sent_at", "template", "template_version", "message_id", "in_reply_to",
)  # fmt: skip


def of(work: Work, number: int) -> Proof:
    """Return the proof of a message, or raise NotFound."""
    query = (
        select(outbox, mail_account.c.name.label("account"))
        .join(mail_account, mail_account.c.id == outbox.c.account_id, isouter=True)
        .where(outbox.c.id == number)
    )
    row = work.connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound("That message is not there any more.")
    ref = Ref(row["record_kind"], row["record_id"])
    decided, _ = _line(work, ref, f"{row['channel']}_queued", number)
    _, told = _line(work, ref, f"{row['channel']}_sent", number)
    why = verdicts.why(work, decided) if decided else None
    kept = select(message.c.server_id).where(message.c.outbox_id == number)
    return Proof(
        **{name: row[name] for name in _SAME},
        ref=ref,
        copies=tuple(Copy(line, Mailbox.read(who)) for line, who in row["copies"] or ()),
        account=row["account"] or "",
        by=why.line.by if why and why.run is None else "",
        again=row["state"] == "failed" and writing.has_draft(work, number),
        why=why,
        known=told.get("known", ""),
        server_id=work.connection.execute(kept).scalar() or "",
        figures=tracking.of_message(work, number),
        report=_report(work, ref, row["channel"], number),
    )


def _report(work: Work, ref: Ref, channel: str, number: int) -> str:
    """Return in words that a message came back, and why; nothing where it did not."""
    line, told = _line(work, ref, f"{channel}_bounced", number, newest=True)
    if not line:
        return ""
    words = mail_words if channel == "email" else sms_words
    return "\n".join(filter(None, words.came_back({**told, "subject": ""})))


def _line(
    work: Work, ref: Ref, kind: str, number: int, *, newest: bool = False
) -> tuple[int, dict[str, str]]:
    """Return the line of the timeline that tells one thing of a message; 0 where none is left."""
    own = activity.c
    query = (
        select(own.id, own.detail)
        .where(own.record_kind == ref.kind, own.record_id == ref.id, own.kind == kind)
        .where(own.detail.contains(f'"outbox":{number},', autoescape=True))
        .order_by(own.id.desc() if newest else own.id)
        .limit(1)
    )
    found = work.connection.execute(query).one_or_none()
    return (found.id, msgspec.json.decode(found.detail)) if found else (0, {})
