"""What lines of a timeline that tell of e-mails say besides: their conversation, who got them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy import select

from rally_desktop.core.fold import fold
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import contact, contact_address, message, outbox
from rally_desktop.model.work import Work
from rally_desktop.services import conversations
from rally_desktop.services.conversations import Conversations, Piece

UNSUBSCRIBED = "email_unsubscribed"
QUEUED = frozenset({"email_queued", "sms_queued"})
LETTERS = frozenset({"email_received", "email_sent", UNSUBSCRIBED})


@dataclass(frozen=True)
class MailFacts:
    """What is known of one e-mail: its number, whose it is, how many its conversation has.

    ``files`` is how many came along apart from what the text shows, ``boxes`` are the accounts
    that received it, where there are several, ``stranger`` is the address that it came from and
    that nobody is known by, ``whose`` the person it seems to be.
    """

    number: int
    ref: Ref
    count: int
    files: int = 0
    boxes: tuple[str, ...] = ()
    stranger: str = ""
    whose: str = ""


class TimelineMail:
    """The e-mails behind some lines of one record."""

    def __init__(
        self,
        work: Work,
        known: Conversations,
        found: Sequence[Any],
        details: Sequence[Mapping[str, Any]],
    ) -> None:
        self._work, self._ref, self._known = work, known.ref, known
        told = [
            (row, detail) for row, detail in zip(found, details, strict=True) if row.kind in LETTERS
        ]
        self._pieces: dict[int, Piece] = {}
        for row, detail in told:
            if piece := known.of_line(row.at, detail):
                self._pieces[row.id] = piece
        self._queued: Mapping[int, int] = {
            row.id: detail["outbox"]
            for row, detail in zip(found, details, strict=True)
            if row.kind in QUEUED and detail.get("outbox")
        }
        self._others = {
            row.id: detail["other_address"] for row, detail in told if "other_address" in detail
        }

    def is_folded(self, line: int) -> bool:
        """Say whether a later line stands for a line: the last of a conversation, or the end.

        That a message waits to be sent is said no more once another line says what became of it.
        """
        if self._queued.get(line) in self._left:
            return True
        piece = self._pieces.get(line)
        return piece is not None and self._known.is_folded(piece)

    def of(self, line: int) -> MailFacts | None:
        """Return what is known of the e-mail behind a line; None where none is kept."""
        piece = self._pieces.get(line)
        if piece is None:
            return None
        boxes = self._boxes.get(piece.digest, ()) if piece.direction == "in" else ()
        stranger = self._others.get(line, "")
        stranger = stranger if stranger in self._strangers else ""
        facts = MailFacts(piece.id, self._ref, len(self._known.thread(piece)))
        several = boxes if len(boxes) > 1 else ()
        whose = self._whose if stranger else ""
        files = self._files.get(piece.id, 0)
        return replace(facts, files=files, boxes=several, stranger=stranger, whose=whose)

    @cached_property
    def _left(self) -> frozenset[int]:
        """Return those of the messages that waited and do so no more."""
        own, wanted = outbox.c, sorted(self._queued.values())
        query = select(own.id).where(own.id.in_(wanted), own.state.in_(("sent", "failed")))
        return frozenset(self._work.connection.execute(query).scalars()) if wanted else frozenset()

    @cached_property
    def _files(self) -> Mapping[int, int]:
        own, wanted = message.c, [piece.id for piece in self._pieces.values()]
        query = select(own.id, own.files).where(own.id.in_(wanted), own.files.is_not(None))
        found = self._work.connection.execute(query)
        return {number: sum(not one["inline"] for one in files) for number, files in found}

    @cached_property
    def _boxes(self) -> Mapping[str, tuple[str, ...]]:
        return conversations.received_by(
            self._work, {piece.digest for piece in self._pieces.values()}
        )

    @cached_property
    def _strangers(self) -> frozenset[str]:
        """Return those of the unknown addresses that nobody has been given since."""
        wanted = {fold(address) for address in self._others.values()}
        further = select(contact_address.c.address).where(contact_address.c.address.in_(wanted))
        own = contact.c
        main = select(own.email_key).where(own.email_key.in_(wanted), own.deleted_at.is_(None))
        run = self._work.connection.execute
        known = {*run(further).scalars(), *run(main).scalars()}
        return frozenset(one for one in self._others.values() if fold(one) not in known)

    @cached_property
    def _whose(self) -> str:
        found = self._work.find(self._ref)
        return found.get("first_name") or found.get("last_name") or "" if found else ""
