"""Which e-mails of a record belong together: by what answers what, in whatever order they came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import select

from rally_desktop.core.errors import NotFound
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import mail_account, mail_seen, mailbox, message
from rally_desktop.model.work import Work

AT_ONCE = 400  # messages in one question to the database


@dataclass(frozen=True)
class Piece:
    """A message as far as its conversation needs it; ``names`` are those that connect it."""

    id: int
    at: datetime
    direction: str
    message_id: str
    names: frozenset[str]
    digest: str = ""

    @property
    def order(self) -> tuple[datetime, int]:
        """Return where it stands among the others."""
        return self.at, self.id


class Conversations:
    """The e-mails of one record, read when they are first asked for."""

    def __init__(self, work: Work, ref: Ref) -> None:
        self._work, self.ref = work, ref

    @cached_property
    def pieces(self) -> Mapping[int, Piece]:
        """Return every e-mail by its number."""
        own = message.c
        columns = (own.message_id, own.server_id, own.in_reply_to, own.root)
        query = select(own.id, own.at, own.direction, own.digest, *columns).where(
            own.record_kind == self.ref.kind,
            own.record_id == self.ref.id,
            own.channel == "email",
        )
        made = {}
        for number, at, direction, digest, name, *others in self._work.connection.execute(query):
            names = frozenset(filter(None, (name, *others)))
            made[number] = Piece(number, at, direction, name, names, digest)
        return made

    @cached_property
    def _firsts(self) -> Mapping[int, int]:
        """Return for each message one that stands for its conversation, the same for all of it."""
        leader: dict[int, int] = {}
        by_name: dict[str, int] = {}

        def first(number: int) -> int:
            while leader.setdefault(number, number) != number:
                leader[number] = leader[leader[number]]
                number = leader[number]
            return number

        for piece in self.pieces.values():
            for name in piece.names:
                leader[first(piece.id)] = first(by_name.setdefault(name, piece.id))
        return {number: first(number) for number in self.pieces}

    @cached_property
    def _threads(self) -> Mapping[int, tuple[Piece, ...]]:
        gathered = defaultdict[int, list[Piece]](list)
        for number, piece in self.pieces.items():
            gathered[self._firsts[number]].append(piece)
        return {
            first: tuple(sorted(some, key=lambda one: one.order))
            for first, some in gathered.items()
        }

    @cached_property
    def _by_name(self) -> Mapping[str, Piece]:
        return {one.message_id: one for one in self.pieces.values() if one.message_id}

    @cached_property
    def _by_moment(self) -> Mapping[datetime, Piece]:
        return {one.at: one for one in self.pieces.values() if not one.message_id}

    def of_line(self, at: datetime, detail: Mapping[str, Any]) -> Piece | None:
        """Return the message that a line of the timeline tells of; None where it is not kept."""
        name = detail.get("message_id")
        return self._by_name.get(name) if name else self._by_moment.get(at)

    def thread(self, piece: Piece) -> tuple[Piece, ...]:
        """Return all that belongs to a message, the first one first."""
        return self._threads[self._firsts[piece.id]]

    def is_folded(self, piece: Piece) -> bool:
        """Say whether a later message stands for its conversation."""
        return self.thread(piece)[-1] is not piece


def one(work: Work, message_number: int) -> tuple[Ref, Piece, tuple[Piece, ...]]:
    """Return whose a message is, itself, and its conversation; or raise NotFound."""
    own = message.c
    query = select(own.record_kind, own.record_id).where(own.id == message_number)
    found = work.connection.execute(query).one_or_none()
    if found is None:
        raise NotFound("That message does not exist any more.")
    ref = Ref(*found)
    known = Conversations(work, ref)
    piece = known.pieces[message_number]
    return ref, piece, known.thread(piece)


def received_by(work: Work, digests: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Return the addresses of the accounts in whose mailboxes messages lie."""
    made = defaultdict[str, list[str]](list)
    wanted = sorted(filter(None, digests))
    for start in range(0, len(wanted), AT_ONCE):
        query = (
            select(mail_seen.c.digest, mail_account.c.address)
            .join(mailbox, mailbox.c.id == mail_seen.c.mailbox_id)
            .join(mail_account, mail_account.c.id == mailbox.c.account_id)
            .where(mail_seen.c.digest.in_(wanted[start : start + AT_ONCE]))
            .where(mailbox.c.role == "inbox")
            .order_by(mail_account.c.id)
        )
        for digest, address in work.connection.execute(query):
            if address not in made[digest]:
                made[digest].append(address)
    return {digest: tuple(addresses) for digest, addresses in made.items()}
