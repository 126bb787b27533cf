"""Messages as one reads them: whole, harmless, with their files, and those of a conversation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Row, func, select

from rally_desktop.core import address_line, quoting
from rally_desktop.core.errors import NotFound
from rally_desktop.core.fold import fold
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import activity, message, outbox
from rally_desktop.model.work import Work
from rally_desktop.outside.mail.plain import plain_text
from rally_desktop.outside.mail.quotes import split_html
from rally_desktop.outside.mail.safe_html import SafeMessage, made_safe
from rally_desktop.services import attachments, conversations, mail_words
from rally_desktop.services.conversations import Conversations
from rally_desktop.services.matching import Matcher
from rally_desktop.services.timeline_mail import LETTERS, UNSUBSCRIBED

GONE = "That message does not exist any more."
BEGINNING, SNIPPET = 2_000, 200


@dataclass(frozen=True)
class Enclosed:
    """A file of a message: its place in the list there, or the digest of what is kept here."""

    name: str
    kind: str
    size: int
    place: int = 0
    digest: str = ""
    content_id: str = ""


class Mark(NamedTuple):
    """By which picture and which words a message is known that is no answer of a person."""

    look: str = ""
    said: str = ""


NOTHING = Mark()


@dataclass(frozen=True)
class Letter:
    """One message; ``html`` is harmless, and None where there is none that can be drawn.

    ``number`` is 0 where only its line is left. ``boxes`` are the accounts that received it,
    ``flaws`` what was wrong with it, ``size`` its bytes where only its beginning was read,
    ``mark`` by what it is known where no person wrote, and ``others`` whether it went
    to more people than its sender and us.
    """

    subject: str
    sender: str
    recipient: str
    at: datetime
    text: str
    html: SafeMessage | None
    number: int = 0
    direction: str = "in"
    message_id: str = ""
    reply_to: str = ""
    files: tuple[Enclosed, ...] = ()
    boxes: tuple[str, ...] = ()
    flaws: tuple[str, ...] = ()
    size: int | None = None
    mark: Mark = NOTHING
    others: bool = False

    @property
    def pictures(self) -> tuple[Enclosed, ...]:
        """Return the files that are shown within the text."""
        shown = set(self.html.embedded) if self.html else set()
        return tuple(one for one in self.files if one.content_id in shown)

    @property
    def quoted(self) -> tuple[str, str]:
        """Return what its writer wrote, and what they quote."""
        return quoting.parted(self.text)


@dataclass(frozen=True)
class Head:
    """A message of a conversation before it is opened."""

    number: int
    direction: str
    sender: str
    at: datetime
    snippet: str
    files: int
    look: str


@dataclass(frozen=True)
class Correspondence:
    """A conversation, the first message first, and which of them was asked for."""

    ref: Ref
    subject: str
    heads: tuple[Head, ...]
    chosen: Letter


def of_line(work: Work, activity_id: int) -> Correspondence:
    """Return the conversation of the message that a line is about, or raise NotFound."""
    asked = select(activity).where(activity.c.id == activity_id, activity.c.kind.in_(LETTERS))
    line = work.connection.execute(asked).one_or_none()
    if line is None:
        raise NotFound(GONE)
    ref, detail = Ref(line.record_kind, line.record_id), msgspec.json.decode(line.detail)
    piece = Conversations(work, ref).of_line(line.at, detail)
    if piece is not None:
        return of_message(work, piece.id)
    subject, text = detail.get("subject") or "", detail.get("text") or ""
    direction = "out" if line.kind == "email_sent" else "in"
    alone = Letter(subject, "", "", line.at, text, None, direction=direction)
    return Correspondence(ref, subject, (), alone)


def of_message(work: Work, number: int) -> Correspondence:
    """Return the conversation of a message, or raise NotFound."""
    ref, _, thread = conversations.one(work, number)
    own = message.c
    columns = (own.id, own.direction, own.sender, own.at, own.message_id, own.subject, own.files)
    query = select(*columns, func.substr(own.text, 1, BEGINNING).label("text"))
    query = query.where(own.id.in_([piece.id for piece in thread]))
    rows: dict[int, Any] = {row.id: row for row in work.connection.execute(query)}
    marks = _marks(work, ref, list(rows.values()))
    heads = tuple(_head(rows[piece.id], marks.get(piece.id, NOTHING)) for piece in thread)
    return Correspondence(ref, rows[thread[0].id].subject, heads, one(work, number))


def one(work: Work, number: int) -> Letter:
    """Return one message by its number, or raise NotFound."""
    row = work.connection.execute(select(message).where(message.c.id == number)).one_or_none()
    if row is None:
        raise NotFound(GONE)
    marks = _marks(work, Ref(row.record_kind, row.record_id), [row])
    return _letter(work, row, marks.get(number, NOTHING))


def _head(row: Row[Any], mark: Mark) -> Head:
    own = mark.said or " ".join(quoting.parted(row.text)[0].split())[:SNIPPET]
    return Head(row.id, row.direction, row.sender, row.at, own, len(row.files or ()), mark.look)


def _letter(work: Work, row: Row[Any], mark: Mark) -> Letter:
    safe = _harmless(row.html) if row.html else None
    text = row.text or (plain_text(row.html) if row.html else "")
    boxes = conversations.received_by(work, [row.digest]) if row.direction == "in" else {}
    return Letter(
        row.subject, row.sender, row.recipient, row.at, text, safe,
        number=row.id, direction=row.direction, message_id=row.message_id,
        reply_to=row.reply_to, files=_files(work, row), boxes=boxes.get(row.digest, ()),
        flaws=tuple(row.flaws or ()), size=row.size, mark=mark, others=_has_others(work, row),
    )  # fmt: skip


def _harmless(html: str) -> SafeMessage | None:
    """Return HTML that can be drawn, its quotes apart, however a mail program marks them."""
    safe, parted = made_safe(html), split_html(html)
    own = made_safe(parted.own) if safe and parted.quoted else None
    if safe is None or own is None or not plain_text(own.own).strip():
        return safe
    return replace(safe, own=own.own)


def _has_others(work: Work, row: Row[Any]) -> bool:
    people = {fold(one.address) for one in address_line.read(row.recipient).people}
    if row.direction == "out":
        return len(people) > 1
    sender = address_line.read(f"{row.sender}, {row.reply_to}").people
    known = {fold(one.address) for one in sender}
    return bool(people - known - Matcher(work, ()).ours)


def _files(work: Work, row: Row[Any]) -> tuple[Enclosed, ...]:
    """Return what came along, or went with it."""
    if row.outbox_id is None:
        return tuple(
            Enclosed(one["name"], one["type"], one["size"], place, "", one["content_id"])
            for place, one in enumerate(row.files or ())
        )
    kept = select(outbox.c.files).where(outbox.c.id == row.outbox_id)
    sent = attachments.read(work.connection.execute(kept).scalar())
    return tuple(Enclosed(one.name, one.kind, one.size, digest=one.digest) for one in sent)


def _marks(work: Work, ref: Ref, found: Sequence[Row[Any]]) -> Mapping[int, Mark]:
    """Return how messages are known that no person wrote, or that ask for no more."""
    arrived = {row.at: row for row in found if row.direction == "in"}
    own = activity.c
    query = select(own.at, own.kind, own.detail).where(
        own.record_kind == ref.kind, own.record_id == ref.id,
        own.kind.in_(("email_received", UNSUBSCRIBED)), own.at.in_(list(arrived)),
    )  # fmt: skip
    made = {}
    for at, kind, stored in work.connection.execute(query):
        detail = msgspec.json.decode(stored)
        if detail.get("message_id", "") != arrived[at].message_id:
            continue
        if kind == UNSUBSCRIBED:
            made[arrived[at].id] = Mark(UNSUBSCRIBED, "Wants no more e-mails")
        elif look := mail_words.look(kind, detail):
            made[arrived[at].id] = Mark(look, mail_words.machine(detail))
    return made
