"""Messages in doubt, and the journal that is asked for them: the account's copies of its mail.

A copy that is there proves that the message was sent. One that is missing proves the contrary
only after several looks, and only where the journal is known to work: a message of the same
account that certainly went out has to be in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, case, exists, select

from rally_desktop.core import texts
from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.model.changes import RowChanged
from rally_desktop.model.tables import mail_account, message, outbox, sent_copy
from rally_desktop.model.work import Work
from rally_desktop.services import mail_accounts
from rally_desktop.services import outbox as outboxes
from rally_desktop.services.outbox import Parcel

# Between one look and the next; copies have arrived once the last of them is over.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 3, 4))
PATIENCE = sum(PAUSES, timedelta())
# While the journal does not answer or cannot be relied on: often for a day, then rarely.
# Kinds of journals that are asked: a folder, copies to oneself, the log of a gateway.
ASKED = ("sent", "bcc", "log")
OFTEN, RARELY, DAY = timedelta(minutes=5), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Access:
    """How the journal of an account is read."""

    account_id: int
    kind: str
    host: str
    port: int
    security: str
    login: str


@dataclass(frozen=True)
class Question:
    """One look for a message in doubt; an answer counts only for the doubt it was asked in."""

    parcel: Parcel
    since: datetime
    looks: int

    @property
    def message_id(self) -> str:
        """Return what is looked for."""
        return self.parcel.row["message_id"]


def set_up(
    work: Work, account_id: int, kind: str, *, host: str = "", port: int = 993, security: str = ""
) -> None:
    """Say where copies of an account's mail are kept: ``none``, ``sent``, ``bcc`` or ``own``.

    Those of our own, which the program puts into the Sent folder itself, are not asked.
    """
    security = security or "tls"
    known = kind in mail_accounts.JOURNALS and security in mail_accounts.SECURITY
    if kind == "none":
        work.change(RowChanged("mail_account", account_id, {"journal": kind}))
        return
    if not known or not host or not 0 < port < 65_536:
        kinds = "none, sent, bcc or own"
        raise Refused(f"A journal needs a kind ({kinds}), a server, a port and security.")
    texts.require(255, server=host)
    values = {"journal": kind, "imap_host": host, "imap_port": port, "imap_security": security}
    work.change(RowChanged("mail_account", account_id, values))


def access(work: Work, account_id: int) -> Access:
    """Return how an account's journal is read; raise NotFound where it keeps none."""
    found = work.connection.execute(_accesses().where(mail_account.c.id == account_id)).first()
    if found is None:
        raise NotFound("This account keeps no journal. Say where copies of its mail are kept.")
    return Access(*found)


def accesses(work: Work) -> dict[int, Access]:
    """Return the accounts in use that keep a journal."""
    found = (Access(*row) for row in work.connection.execute(_accesses()))
    return {one.account_id: one for one in found}


def _accesses() -> Select[int, str, str, int, str, str]:
    columns = mail_account.c
    return select(
        columns.id, columns.journal, columns.imap_host, columns.imap_port, columns.imap_security,
        case((columns.imap_login != "", columns.imap_login), else_=columns.login),
    ).where(columns.active, columns.journal.in_(ASKED))  # fmt: skip


def due(work: Work, limit: int) -> list[Question]:
    """Return the messages in doubt that are to be looked for now."""
    query = (
        select(outbox)
        .join(mail_account, mail_account.c.id == outbox.c.account_id)
        .where(outbox.c.state == "doubt", outbox.c.due_at <= work.now)
        .where(mail_account.c.active, mail_account.c.journal.in_(ASKED))
        .order_by(outbox.c.due_at, outbox.c.id)
        .limit(limit)
    )
    found = [outboxes.parcel_of(row) for row in work.connection.execute(query).mappings()]
    return [Question(one, one.row["doubted_at"], one.row["looks"]) for one in found]


def proof(work: Work, account_id: int) -> str | None:
    """Return the Message-ID of the newest message that the journal must hold by now.

    A copy that the program put there itself proves nothing.
    """
    query = (
        select(message.c.message_id)
        .join(outbox, outbox.c.id == message.c.outbox_id)
        .where(outbox.c.account_id == account_id, outbox.c.state == "sent")
        .where(message.c.at <= work.now - PATIENCE)
        .where(~exists().where(sent_copy.c.outbox_id == outbox.c.id))
        .order_by(message.c.at.desc(), message.c.id.desc())
        .limit(1)
    )
    return work.connection.execute(query).scalar()


def found(work: Work, question: Question, where: str, name: str = "") -> None:
    """Write down that the message was sent: its copy is there, by a ``name`` of its own or ours."""
    if _stands(work, question):
        outboxes.settled(work, question.parcel, f"as its copy in {where} shows", name)


def missing(work: Work, question: Question) -> None:
    """Write down that a journal which works has no copy; at the last look, send the message."""
    if not _stands(work, question):
        return
    looks = question.looks + 1
    if looks <= len(PAUSES):
        _look_again(work, question, looks, PAUSES[question.looks])
    elif work.now - question.since >= PATIENCE:
        outboxes.again(work, question.parcel)
    else:
        _look_again(work, question, question.looks, question.since + PATIENCE - work.now)


def unknown(work: Work, question: Question) -> None:
    """Write down that the journal could not say: the look does not count, a person may decide."""
    if _stands(work, question):
        pause = OFTEN if work.now - question.since < DAY else RARELY
        _look_again(work, question, question.looks, pause)


def _look_again(work: Work, question: Question, looks: int, pause: timedelta) -> None:
    values = {"looks": looks, "due_at": work.now + pause}
    work.change(RowChanged("outbox", question.parcel.id, values))


def _stands(work: Work, question: Question) -> bool:
    """Say whether the message is still in the very doubt in which it was asked for.

    Whoever slept over the answer may find that the message was sent again meanwhile and is in
    doubt once more, of which his answer knows nothing.
    """
    columns = outbox.c
    query = select(columns.state, columns.doubted_at, columns.looks).with_for_update()
    row = work.connection.execute(query.where(columns.id == question.parcel.id)).one()
    return tuple(row) == ("doubt", question.since, question.looks)
