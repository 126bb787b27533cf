"""Messages that have not left yet: when they go, what holds them; recalled, or hurried on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select

from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.model.changes import RowChanged
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import mail_account
from rally_desktop.model.tables import outbox as letters
from rally_desktop.model.work import Work
from rally_desktop.services import outbox, safeguards, writing
from rally_desktop.services.outbox import IN_HAND, WAITING
from rally_desktop.services.writing import Draft

# What waits for nothing but its time.
FREE = ("", "later")


@dataclass(frozen=True)
class Outgoing:
    """A message in the outbox; ``held`` says in words what holds it besides its ``reason``.

    ``reason`` is a code of the engine, ``answer`` what a server or the engine said. The
    ``subject`` of an SMS is how it begins.
    """

    id: int
    channel: str
    subject: str
    recipient: str
    state: str
    reason: str
    answer: str
    due_at: datetime
    sent_at: datetime | None
    by_hand: bool
    held: str = ""

    @property
    def waits(self) -> bool:
        """Say whether it can still be recalled."""
        return self.state in WAITING

    @property
    def leaves(self) -> bool:
        """Say whether it is being handed over at this moment."""
        return self.state in IN_HAND

    @property
    def may_hurry(self) -> bool:
        """Say whether nothing but its time keeps it."""
        return self.waits and self.reason in FREE and not self.held and self.state != "retry"


def of_record(work: Work, ref: Ref) -> tuple[Outgoing, ...]:
    """Return the messages on a record's timeline that have not left, the next ones first."""
    own = letters.c
    about = (own.record_kind == ref.kind, own.record_id == ref.id)
    query = _QUERY.where(*about, own.state.in_((*WAITING, *IN_HAND))).order_by(own.due_at, own.id)
    return _read(work, query)


def one(work: Work, number: int) -> Outgoing:
    """Return one message of the outbox, whatever became of it; raise NotFound."""
    found = _read(work, _QUERY.where(letters.c.id == number))
    if not found:
        raise NotFound("That message is not there any more.")
    return found[0]


def send_now(work: Work, number: int) -> None:
    """Let a message go that waits for nothing but its time; raise Refused where more holds it."""
    # Held on to, as at that very moment somebody may be about to hand it over.
    work.connection.execute(select(letters.c.id).where(letters.c.id == number).with_for_update())
    found = one(work, number)
    if not found.may_hurry:
        raise Refused("The message waits for something else, or is on its way already.")
    now: dict[str, Any] = {"state": "ready", "due_at": work.now, "reason": ""}
    work.change(RowChanged("outbox", number, now))


def recall(work: Work, number: int) -> Draft | None:
    """Take a message back; what somebody wrote by hand is a draft again. Raise Refused if late."""
    outbox.recall(work, number)
    return writing.take_up(work, number)


_COLUMNS = (
    "id", "channel", "subject", "recipient", "state", "reason", "answer", "due_at", "sent_at",
)  # fmt: skip
_BEGINNING = 80  # characters of an SMS, which has no subject
_SUBJECT = case(
    (letters.c.channel == "sms", func.substr(letters.c.text, 1, _BEGINNING)),
    else_=letters.c.subject,
)
_QUERY: Select[Any] = select(
    *(letters.c[name] if name != "subject" else _SUBJECT.label(name) for name in _COLUMNS),
    letters.c.workflow_id,
    mail_account.c.paused_why,
    mail_account.c.name.label("account"),
).join(mail_account, mail_account.c.id == letters.c.account_id, isouter=True)


def _read(work: Work, query: Select[Any]) -> tuple[Outgoing, ...]:
    stopped = "All sending is stopped." if safeguards.sending_stopped(work) else ""
    found = work.connection.execute(query).all()
    return tuple(
        Outgoing(
            **{name: getattr(row, name) for name in _COLUMNS},
            by_hand=row.workflow_id is None,
            held=stopped or _paused(row),
        )
        for row in found
    )


def _paused(row: Any) -> str:
    if not row.paused_why:
        return ""
    return f"The account ‘{row.account}’ is paused: {row.paused_why}"
