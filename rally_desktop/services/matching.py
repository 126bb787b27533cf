"""Whose mail it is: by the message of ours that it answers, else by who wrote it."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Row, or_, select

from rally_desktop.core import texts
from rally_desktop.core.fold import fold
from rally_desktop.core.message import Mailbox
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import (
    contact,
    contact_address,
    ignored_sender,
    mail_account,
    message,
    outbox,
    user_account,
)
from rally_desktop.model.work import Work
from rally_desktop.outside.mail.arrived import Arrived
from rally_desktop.outside.mail.judging import Judged
from rally_desktop.services import answer_address

AT_ONCE = 400  # names in one question to the database
# Who writes like this is nobody to get to know.
NOBODY = (
    "noreply*", "no-reply*", "no_reply*", "donotreply*", "do-not-reply*", "nicht-antworten*",
    "mailer-daemon@*", "postmaster@*", "bounce*@*", "notifications@*", "notification@*",
)  # fmt: skip


@dataclass(frozen=True)
class Mail:
    """A message as it arrived, what it is, and where it lies: ``digest`` stands for it.

    ``size`` is how many bytes it has, where only its beginning was read.
    """

    uid: int
    digest: str
    at: datetime
    arrived: Arrived
    judged: Judged
    key: str = ""
    size: int | None = None


@dataclass(frozen=True)
class Letter:
    """A message that others are about; without ``outbox_id`` it was written by hand.

    Not ``ours`` is what somebody wrote to us.
    """

    ref: Ref
    message_id: str
    subject: str
    address: str = ""
    outbox_id: int | None = None
    workflow_id: int | None = None
    account_id: int | None = None
    ours: bool = True


@dataclass(frozen=True)
class Found:
    """Whose a message is: the letter that it answers, and everybody it is about.

    ``other`` is an address that answered the letter and is not known as that person's.
    """

    refs: tuple[Ref, ...]
    letter: Letter | None = None
    other: str = ""


class Matcher:
    """Knows what is needed to match a batch of messages, asked in a few statements."""

    def __init__(self, work: Work, mails: Sequence[Mail]) -> None:
        self._work = work
        named = {name for mail in mails for name in (*_named(mail), *_itself(mail))}
        self._letters = self._find_letters(named) | self._find_signed(mails)
        self._people = self._find_people(
            {fold(one.address) for mail in mails for one in _everybody(mail)}
            | {fold(one) for mail in mails for one in failed(mail)}
        )

    @property
    def refs(self) -> set[Ref]:
        """Return all records that the batch may be about."""
        people = {ref for refs in self._people.values() for ref in refs}
        return people | {letter.ref for letter in self._letters.values()}

    @cached_property
    def ours(self) -> frozenset[str]:
        """Return the addresses of everybody who works here, and of every account."""
        own, user = mail_account.c, user_account.c
        accounts = self._work.connection.execute(
            select(own.address, own.login, own.imap_login)
        ).all()
        people = self._work.connection.execute(select(user.email).where(user.active)).scalars()
        found = {fold(one) for row in accounts for one in row} | {fold(one) for one in people}
        return frozenset(one for one in found if "@" in one)

    @cached_property
    def _ignored(self) -> tuple[str, ...]:
        found = self._work.connection.execute(select(ignored_sender.c.pattern)).scalars()
        return tuple(f"*{one}" if one.startswith("@") else one for one in found)

    def is_ignored(self, address: str) -> bool:
        """Say whether the office wants to hear nothing of who writes from an address."""
        return _like(fold(address), self._ignored)

    def is_nobody(self, address: str) -> bool:
        """Say whether an address is a machine's, as far as its name tells."""
        return _like(fold(address), NOBODY)

    def own_copy(self, mail: Mail) -> Letter | None:
        """Return the message of the outbox that this is a copy of; None where it is none."""
        found = (self._letters.get(name) for name in _itself(mail))
        return next((one for one in found if one and one.outbox_id), None)

    def of(self, mail: Mail) -> Found:
        """Say whose a message is that arrived."""
        sender = fold(mail.arrived.sender.address)
        people = self.people(sender)
        letter = self._answered(mail)
        if letter is None:
            return Found(people or self.people_of(mail.arrived.reply_to))
        known = letter.ref in people or sender == fold(letter.address)
        other = "" if known or letter.ref.kind != "contact" else sender
        return Found(tuple(dict.fromkeys((letter.ref, *people))), letter, other)

    def came_back(self, mail: Mail) -> Found:
        """Say which message of ours came back, else whose address failed."""
        about = (self._letters.get(name) for name in _named(mail))
        if letter := next((one for one in about if one and one.ours), None):
            return Found((letter.ref,), letter)
        people = [ref for one in failed(mail) for ref in self.people(fold(one))]
        return Found(tuple(dict.fromkeys(people)))

    def people(self, address: str) -> tuple[Ref, ...]:
        """Return the contacts that are known by a folded address."""
        return self._people.get(address, ())

    def people_of(self, boxes: Iterable[Mailbox]) -> tuple[Ref, ...]:
        """Return the contacts that are known by any of some addresses."""
        return tuple(dict.fromkeys(ref for one in boxes for ref in self.people(fold(one.address))))

    def _answered(self, mail: Mail) -> Letter | None:
        return next((self._letters[name] for name in _named(mail) if name in self._letters), None)

    def _find_letters(self, names: set[str]) -> dict[str, Letter]:
        made: dict[str, Letter] = {}
        for some in _pieces(names):
            by_hand, sent = message.c, outbox.c
            query = select(
                by_hand.record_kind, by_hand.record_id, by_hand.message_id, by_hand.subject,
                by_hand.server_id, by_hand.direction,
            ).where(
                or_(by_hand.message_id.in_(some), by_hand.server_id.in_(some)),
                by_hand.outbox_id.is_(None), by_hand.channel == "email",
            ).order_by(by_hand.id)  # fmt: skip
            for row in self._work.connection.execute(query):
                ref, ours = Ref(row[0], row[1]), row.direction == "out"
                letter = Letter(ref, row.message_id, row.subject, ours=ours)
                made.setdefault(row.message_id, letter)
            named = select(message.c.server_id, message.c.outbox_id).where(
                message.c.server_id.in_(some)
            )
            also = {row[1]: row[0] for row in self._work.connection.execute(named)}
            query = select(outbox).where(
                or_(sent.message_id.in_(some), sent.id.in_(sorted(also))), sent.channel == "email"
            )
            for row in self._work.connection.execute(query):
                letter = _letter(row)
                made[row.message_id] = letter
                if row.id in also:
                    made[also[row.id]] = letter
        return made

    def _find_signed(self, mails: Sequence[Mail]) -> dict[str, Letter]:
        """Return the messages that an address of their own stands for, by its sign."""
        signs = answer_address.signs(one for mail in mails for one in _delivered(mail))
        made: dict[str, Letter] = {}
        for some in _pieces(set(signs)):
            numbers = sorted({signs[one] for one in some})
            query = select(outbox).where(outbox.c.id.in_(numbers), outbox.c.channel == "email")
            for row in self._work.connection.execute(query):
                made[answer_address.sign(row.id, row.message_id)] = _letter(row)
        return {one: letter for one, letter in made.items() if one in signs}

    def _find_people(self, addresses: set[str]) -> dict[str, tuple[Ref, ...]]:
        made: dict[str, tuple[Ref, ...]] = {}
        for some in _pieces(addresses):
            own, other = contact.c, contact_address.c
            main = select(own.email_key, own.id).where(
                own.email_key.in_(some), own.deleted_at.is_(None)
            )
            further = (
                select(other.address, own.id)
                .join(contact, own.id == other.contact_id)
                .where(other.address.in_(some), own.deleted_at.is_(None))
            )
            for query in (main, further):
                for address, number in self._work.connection.execute(query):
                    ref = Ref("contact", number)
                    made[address] = tuple(dict.fromkeys((*made.get(address, ()), ref)))
        return made


def _letter(row: Row[Any]) -> Letter:
    """Return a message of the outbox, about the person it was written to."""
    known = row.contact_id is not None
    ref = Ref("contact", row.contact_id) if known else Ref(row.record_kind, row.record_id)
    return Letter(
        ref, row.message_id, row.subject, row.address, row.id, row.workflow_id, row.account_id
    )


def _named(mail: Mail) -> list[str]:
    """Return the messages that a message says it is about, the nearest first."""
    one, bounce = mail.arrived, mail.judged.bounce
    returned = one.returned
    names = [one.in_reply_to, *reversed(one.references), mail.key]
    if bounce:
        names = [bounce.message_id, bounce.key, *names]
    elif returned:
        names += [returned.message_id, returned.key]
    return [*(bracketed(name) for name in dict.fromkeys(names) if name), *_signs(mail)]


def _signs(mail: Mail) -> Iterable[str]:
    return answer_address.signs(_delivered(mail))


def _delivered(mail: Mail) -> Iterable[str]:
    """Return the addresses to which a message was sent, also by way of others."""
    one = mail.arrived
    headers = (one.header(name) for name in ("Delivered-To", "X-Original-To", "Envelope-To"))
    return (*(box.address for box in (*one.to, *one.cc)), *headers)


def _itself(mail: Mail) -> list[str]:
    """Return the names under which a message may be one of ours."""
    return [bracketed(name) for name in (mail.arrived.message_id, mail.key) if name]


def bracketed(name: str) -> str:
    """Return a Message-ID as the outbox has it, at most as long as it is kept."""
    name = texts.mended(name)
    return (name if name.startswith("<") else f"<{name}>")[:300]


def _everybody(mail: Mail) -> Iterable[Mailbox]:
    one = mail.arrived
    return (one.sender, *one.reply_to, *one.to, *one.cc)


def failed(mail: Mail) -> tuple[str, ...]:
    """Return the addresses that a message says were not reached, and that it was written to."""
    bounce = mail.judged.bounce
    return (*bounce.addresses, *bounce.sent_to) if bounce else ()


def _like(address: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch.fnmatchcase(address, pattern) for pattern in patterns)


def _pieces(names: set[str]) -> Iterable[list[str]]:
    wanted = sorted(name for name in names if name)
    return (wanted[start : start + AT_ONCE] for start in range(0, len(wanted), AT_ONCE))
