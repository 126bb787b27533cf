"""What arrived becomes lines of timelines: replies, bounces, wishes, and what we wrote by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import select

from rally_desktop.core import texts
from rally_desktop.core.fold import fold
from rally_desktop.model.changes import FieldsSet, RowAdded, RowChanged
from rally_desktop.model.mailings import MailArrived, MailBounced, MailWritten
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import message, suppression
from rally_desktop.model.touches import Unsubscribed
from rally_desktop.model.work import Work
from rally_desktop.outside.mail.arrived import Arrived
from rally_desktop.services import receiving, records, sent_lately, strangers
from rally_desktop.services.matching import Found, Letter, Mail, Matcher, bracketed, failed
from rally_desktop.services.receiving import Box
from rally_desktop.services.strangers import Meeting

# What machines send to many, or about a message on its way, tells nothing about a person.
SILENT = ("list", "receipt", "delay")
LONGEST_SAID = 20_000
BY_MAIL, COMPLAINT = "mail", "complaint"


@dataclass(frozen=True)
class CameBack:
    """A message of the outbox that came back: hard, soft or refused."""

    letter: Letter
    how: str


@dataclass
class Taken:
    """What came of a batch: how many lines were written, and what came back."""

    lines: int = 0
    came_back: list[CameBack] = field(default_factory=list)


def take(work: Work, box: Box, mails: Sequence[Mail]) -> Taken:
    """Write down what a batch of messages tells; each is known from now on.

    What came to another mailbox too, and was taken from there in the meantime, tells no more.
    """
    taking = _Taking(work, box, mails)
    elsewhere = receiving.seen(work, box, {mail.digest for mail in mails}).taken
    known = [
        (mail.digest, mail.uid, mail.digest not in elsewhere and taking.take(mail))
        for mail in mails
    ]
    strangers.count(work, taking.meetings, box.role)
    receiving.note_seen(work, box, known)
    return taking.taken


class _Taking:
    def __init__(self, work: Work, box: Box, mails: Sequence[Mail]) -> None:
        self.work, self.box = work, box
        self.matcher = Matcher(work, mails)
        self.meetings = list[Meeting]()
        self.taken = Taken()
        # On PostgreSQL these are ours until all is written: who reads the same mail waits.
        work.load(self.matcher.refs)
        own = message.c
        query = select(own.digest, own.record_kind, own.record_id)
        query = query.where(own.digest.in_(sorted({mail.digest for mail in mails})))
        found = work.connection.execute(query)
        self._written = {(digest, Ref(kind, number)) for digest, kind, number in found}

    def take(self, mail: Mail) -> bool:
        """Write one message down; say whether anything came of it."""
        if self.box.role == "sent":
            return self._sent(mail)
        if mail.judged.bounce:
            return self._bounced(mail)
        return not self._is_left_out(mail) and self._arrived(mail)

    def _is_left_out(self, mail: Mail) -> bool:
        """Say whether a message is none of the office’s dealings with people outside."""
        sender = fold(mail.arrived.sender.address)
        inside = sender in self.matcher.ours or self.matcher.own_copy(mail) is not None
        return inside or self.matcher.is_ignored(sender)

    def _arrived(self, mail: Mail) -> bool:
        machine, found = mail.judged.automatic, self.matcher.of(mail)
        kind = machine.kind if machine else ""
        if mail.judged.stop or kind == COMPLAINT:
            return self._left(mail, found, COMPLAINT if kind == COMPLAINT else BY_MAIL)
        if kind in SILENT:
            return False
        sender = mail.arrived.sender
        if not found.refs and not kind and not self.matcher.is_nobody(sender.address):
            self.meetings.append(Meeting(mail.digest, sender, mail.at, wrote=True))
        return sum(self._received(mail, found, ref) for ref in found.refs) > 0

    # -- what people wrote -------------------------------------------------------------------

    def _received(self, mail: Mail, found: Found, ref: Ref) -> bool:
        if not self._is_new(mail, ref):
            return False
        machine, letter = mail.judged.automatic, found.letter
        said: dict[str, Any] = {"text": texts.mended(mail.judged.own)[:LONGEST_SAID]}
        if letter and letter.outbox_id and ref == letter.ref:
            said["outbox"] = letter.outbox_id
        if found.other and letter and ref == letter.ref:
            said["other_address"] = found.other
        if machine:
            said |= {"automatic": True, "machine": machine.kind}
            said |= {"returns": machine.back.isoformat()} if machine.back else {}
        row = self._row(mail, ref, "in", letter)
        self.work.change(MailArrived(ref, row, said))
        self.work.change(RowAdded("message", row))
        return True

    def _left(self, mail: Mail, found: Found, how: str) -> bool:
        """Send no more marketing to whoever asks for that by mail, or called it spam."""
        letter = found.letter
        addresses = {fold(mail.arrived.sender.address)} if how == BY_MAIL else set()
        if letter and letter.address:
            addresses.add(fold(letter.address))
        new = sorted(addresses - self._suppressed(addresses))
        for address in new:
            row = {"channel": "email", "address": address, "reason": "unsubscribed"}
            self.work.change(RowAdded("suppression", {**row, "at": self.work.now}))
        for ref in found.refs:
            if self._is_new(mail, ref):
                self._refused(mail, ref, letter, how)
        return bool(new or found.refs)

    def _refused(self, mail: Mail, ref: Ref, letter: Letter | None, how: str) -> None:
        person = self.work.find(ref)
        if person is None or ref.kind != "contact":
            return
        number = (letter.outbox_id if letter else None) or 0
        before, subject = person["consent_email"], texts.mended(mail.arrived.subject)
        row = self._row(mail, ref, "in", letter)
        left = Unsubscribed(
            ref, "email", number, subject, how, before, row["message_id"], row["at"]
        )
        self.work.change(left)
        self.work.change(RowAdded("message", row))
        said = "Asked by mail for no more" if how == BY_MAIL else "Called a message spam"
        wanted = {"consent_email": "refused", "consent_email_at": self.work.now}
        moved = {**wanted, "consent_email_how": said}
        self.work.change(FieldsSet(ref, {key: (person[key], new) for key, new in moved.items()}))

    def _suppressed(self, addresses: set[str]) -> set[str]:
        own = suppression.c
        query = select(own.address).where(own.channel == "email", own.address.in_(addresses))
        return set(self.work.connection.execute(query).scalars())

    # -- what came back ----------------------------------------------------------------------

    def _bounced(self, mail: Mail) -> bool:
        bounce, found = mail.judged.bounce, self.matcher.came_back(mail)
        assert bounce is not None
        worst, letter = bounce.worst, found.letter
        for ref in found.refs:
            if not letter and not sent_lately.may_be(self.work, ref, mail):
                self._stray(mail, ref)
                continue
            subject = letter.subject if letter else texts.mended(mail.arrived.subject)
            number = letter.outbox_id if letter else None
            said = texts.mended(worst.said)[:2_000]
            back = MailBounced(
                ref, number, subject, worst.address, worst.kind, worst.status, said, mail.at
            )
            self.work.change(back)
            self.taken.lines += 1
            if worst.kind == "hard":
                self._spoil(ref, mail, letter)
        if letter and letter.outbox_id:
            self.taken.came_back.append(CameBack(letter, worst.kind))
        return bool(found.refs)

    def _stray(self, mail: Mail, ref: Ref) -> None:
        """Keep a report about nothing that we sent, which anybody may make up: it does nothing."""
        if self._is_new(mail, ref):
            row, said = self._row(mail, ref, "in"), texts.mended(mail.judged.own)[:LONGEST_SAID]
            heard = {"text": said, "automatic": True, "machine": "stray"}
            self.work.change(MailArrived(ref, row, heard))
            self.work.change(RowAdded("message", row))

    def _spoil(self, ref: Ref, mail: Mail, letter: Letter | None) -> None:
        """Mark the address of a contact as invalid, where it failed and was written to."""
        person = self.work.find(ref)
        if ref.kind != "contact" or person is None or person["deleted_at"] is not None:
            return
        address, gone = fold(person["email"]), set(map(fold, failed(mail)))
        written_to = fold(letter.address) if letter else ""
        if written_to in ("", address) and (address in gone or not gone):
            records.set_fields(self.work, ref, {"email_invalid": True})

    # -- what we wrote -----------------------------------------------------------------------

    def _sent(self, mail: Mail) -> bool:
        """Take what somebody wrote by hand; of what the program sent this is but the copy."""
        if letter := self.matcher.own_copy(mail):
            self._know(letter, bracketed(mail.arrived.message_id))
            return True
        written = False
        for one in dict.fromkeys((*mail.arrived.to, *mail.arrived.cc)):
            address = fold(one.address)
            if address in self.matcher.ours or self.matcher.is_ignored(address):
                continue
            people = self.matcher.people(address)
            if not people and not self.matcher.is_nobody(address):
                self.meetings.append(Meeting(mail.digest, one, mail.at, wrote=False))
            for ref in people:
                written |= self._by_hand(mail, ref)
        return written

    def _by_hand(self, mail: Mail, ref: Ref) -> bool:
        if not self._is_new(mail, ref):
            return False
        row = self._row(mail, ref, "out")
        self.work.change(MailWritten(ref, row, texts.mended(mail.judged.own)[:LONGEST_SAID]))
        self.work.change(RowAdded("message", row))
        return True

    def _know(self, letter: Letter, name: str) -> None:
        """Remember by which name our server sends a message on, as answers will call it that."""
        if name in ("<>", letter.message_id):
            return
        own = message.c
        query = select(own.id).where(own.outbox_id == letter.outbox_id, own.server_id.is_(None))
        if (number := self.work.connection.execute(query).scalar()) is not None:
            self.work.change(RowChanged("message", number, {"server_id": name}))

    # -- rows --------------------------------------------------------------------------------

    def _is_new(self, mail: Mail, ref: Ref) -> bool:
        if (mail.digest, ref) in self._written:
            return False
        self._written.add((mail.digest, ref))
        self.taken.lines += 1
        return True

    def _row(
        self, mail: Mail, ref: Ref, direction: str, letter: Letter | None = None
    ) -> Mapping[str, Any]:
        one = mail.arrived
        first = letter.message_id if letter else next(iter(one.references), "")
        to = ", ".join(str(person) for person in (*one.to, *one.cc))
        return {
            "id": self.work.new_id("message"), "channel": "email", "direction": direction,
            "record_kind": ref.kind, "record_id": ref.id,
            "message_id": bracketed(one.message_id) if one.message_id else "",
            "in_reply_to": bracketed(one.in_reply_to) if one.in_reply_to else "",
            "root": bracketed(first) if first else "",
            "sender": texts.mended(str(one.sender))[:400],
            "recipient": texts.mended(to)[:LONGEST_SAID],
            "reply_to": texts.mended(", ".join(map(str, one.reply_to)))[:LONGEST_SAID],
            "subject": texts.mended(one.subject),
            "text": texts.mended(one.text), "html": texts.mended(one.html), "at": mail.at,
            "account_id": self.box.account_id, "digest": mail.digest,
            "files": msgspec.to_builtins(one.attachments) or None,
            "flaws": list(one.flaws) or None, "size": mail.size,
        }  # fmt: skip


def complete(work: Work, digest: str, one: Arrived) -> None:
    """Write down the whole of a message of which only the beginning was read."""
    values = {
        "text": texts.mended(one.text), "html": texts.mended(one.html), "size": None,
        "files": msgspec.to_builtins(one.attachments) or None, "flaws": list(one.flaws) or None,
    }  # fmt: skip
    found = work.connection.execute(select(message.c.id).where(message.c.digest == digest))
    for number in found.scalars().all():
        work.change(RowChanged("message", number, values))
