"""Who is in the mailbox and no contact yet: counted, shown, brought in, or left alone."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, func, select

from rally_desktop.core import texts
from rally_desktop.core.errors import Refused
from rally_desktop.core.fold import fold
from rally_desktop.core.message import Mailbox
from rally_desktop.model.changes import RowAdded, RowChanged, RowRemoved
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import (
    company,
    contact,
    contact_address,
    ignored_sender,
    mail_seen,
    mail_stranger,
    mailbox,
)
from rally_desktop.model.work import Work
from rally_desktop.services import contacts, import_log
from rally_desktop.services.matching import Matcher

# Domains at which anybody may have an address: they are no company’s.
PROVIDERS = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com yahoo.co.uk"
    " icloud.com me.com mac.com aol.com gmx.de gmx.net gmx.at gmx.ch web.de t-online.de freenet.de"
    " orange.fr free.fr laposte.net wanadoo.fr libero.it tiscali.it wp.pl o2.pl interia.pl onet.pl"
    " ukr.net i.ua proton.me protonmail.com mail.com zoho.com fastmail.com yandex.com".split()
)
AT_ONCE = 400


@dataclass
class Met:
    """How often a stranger wrote and was written to in a batch, last when, and under which name."""

    name: str = ""
    wrote: int = 0
    written: int = 0
    last_at: datetime | None = None

    def once(self, box: Mailbox, at: datetime, *, wrote: bool) -> None:
        """Count one message."""
        self.wrote += wrote
        self.written += not wrote
        if self.last_at is None or at >= self.last_at:
            self.last_at = at
            self.name = box.name or self.name


class Meeting(NamedTuple):
    """A message from a stranger, or to one; ``digest`` stands for it in every mailbox."""

    digest: str
    box: Mailbox
    at: datetime
    wrote: bool


def count(work: Work, meetings: Sequence[Meeting], role: str) -> None:
    """Add what a batch tells of strangers to what was known.

    What lies in another folder of this role, too, was counted with that. On PostgreSQL one batch
    after the other is counted, so that two mailboxes that are read at once know of each other.
    """
    if not meetings:
        return
    if work.connection.dialect.name == "postgresql":
        lock = func.pg_advisory_xact_lock(func.hashtextextended("strangers", 0))
        work.connection.execute(select(lock))
    counted = _counted(work, sorted({one.digest for one in meetings}), role)
    by_address: dict[str, Met] = {}
    for one in meetings:
        address = fold(texts.mended(one.box.address))[:320]
        if "@" in address and one.digest not in counted:
            by_address.setdefault(address, Met()).once(one.box, one.at, wrote=one.wrote)
    own, wanted = mail_stranger.c, sorted(by_address)
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        found = work.connection.execute(select(mail_stranger).where(own.address.in_(some)))
        known = {row.address: row for row in found}
        for address in some:
            _add(work, address, by_address[address], known.get(address))


def _counted(work: Work, digests: Sequence[str], role: str) -> set[str]:
    """Return which messages were seen before in any folder of a role."""
    made = set[str]()
    for start in range(0, len(digests), AT_ONCE):
        query = (
            select(mail_seen.c.digest)
            .join(mailbox, mailbox.c.id == mail_seen.c.mailbox_id)
            .where(mail_seen.c.digest.in_(digests[start : start + AT_ONCE]))
            .where(mailbox.c.role == role)
        )
        made.update(work.connection.execute(query).scalars())
    return made


def _add(work: Work, address: str, met: Met, known: Row[Any] | None) -> None:
    name = texts.mended(met.name)[:200]
    if known is None:
        row = {"id": work.new_id("mail_stranger"), "address": address, "name": name}
        row |= {"wrote": met.wrote, "written": met.written, "last_at": met.last_at}
        work.change(RowAdded("mail_stranger", row))
        return
    later = met.last_at is not None and met.last_at >= known.last_at
    values = {
        "wrote": known.wrote + met.wrote,
        "written": known.written + met.written,
        "last_at": met.last_at if later else known.last_at,
        "name": (later and name) or known.name or name,
    }
    work.change(RowChanged("mail_stranger", known.id, values))


# -- bringing them in --------------------------------------------------------------------------


@dataclass(frozen=True)
class Newcomer:
    """A stranger as a contact to be: the name guessed, the company known by its domain."""

    address: str
    first_name: str
    last_name: str
    company_id: int | None
    company: str
    wrote: int
    written: int
    last_at: datetime

    @property
    def name(self) -> str:
        """Return first and last name."""
        return f"{self.first_name} {self.last_name}".strip()


def newcomers(work: Work, limit: int = 500) -> list[Newcomer]:
    """Return who is in the mailbox and no contact, who wrote last first, nobody ignored."""
    own = mail_stranger.c
    known = select(contact.c.id).where(
        contact.c.email_key == own.address, contact.c.deleted_at.is_(None)
    )
    further = select(contact_address.c.id).where(contact_address.c.address == own.address)
    query = (
        select(mail_stranger)
        .where(~known.exists(), ~further.exists())
        .order_by(own.last_at.desc(), own.id)
        .limit(limit)
    )
    rows = work.connection.execute(query).all()
    matcher, firms = Matcher(work, ()), _companies(work, {_domain(row.address) for row in rows})
    return [
        _newcomer(row, firms.get(_domain(row.address), (None, "")))
        for row in rows
        if not matcher.is_ignored(row.address) and row.address not in matcher.ours
    ]


def _newcomer(row: Row[Any], firm: tuple[int | None, str]) -> Newcomer:
    first, last = guessed_name(row.name, row.address)
    return Newcomer(row.address, first, last, *firm, row.wrote, row.written, row.last_at)


def guessed_name(shown: str, address: str) -> tuple[str, str]:
    """Return first and last name as a mail says them, else as the address suggests."""
    shown = " ".join(re.sub(r"\(.*?\)|[\"<>]", " ", shown).split()).strip("', ")
    if "@" in shown or not shown:
        shown = _by_address(address)
    last, comma, first = shown.partition(",")
    if comma and first.strip() and len(last.split()) < 3:
        return first.strip()[:200], last.strip()[:200]
    first, _, last = shown.replace(",", " ").partition(" ")
    return first[:200], last.strip()[:200]


def _by_address(address: str) -> str:
    parts = re.split(r"[._-]+", address.partition("@")[0])
    named = 2 <= len(parts) <= 3 and all(part.isalpha() and len(part) > 1 for part in parts)
    return " ".join(part.capitalize() for part in parts) if named else ""


def _domain(address: str) -> str:
    return address.rpartition("@")[2]


def _companies(work: Work, domains: Set[str]) -> dict[str, tuple[int | None, str]]:
    """Return the company of each domain; of a domain that two have, and of providers’, none."""
    own = company.c
    query = select(own.id, own.name, func.lower(own.domain)).where(
        func.lower(own.domain).in_(sorted(domains - PROVIDERS)), own.deleted_at.is_(None)
    )
    made: dict[str, tuple[int | None, str]] = {}
    for number, name, domain in work.connection.execute(query):
        made[domain] = (None, "") if domain in made else (number, name)
    return made


def bring_in(work: Work, chosen: Sequence[Newcomer]) -> int:
    """Make contacts of strangers and return the number of the import, which can be undone."""
    if not chosen:
        raise Refused("Choose at least one person.")
    job = import_log.begin(work, "contact", "Mailbox", ("E-mail", "First name", "Last name"))
    made = 0
    for one in chosen:
        if contacts.with_email(work, one.address) is None:
            values = {"first_name": one.first_name, "last_name": one.last_name}
            values |= {"email": one.address}
            values |= {"company_id": one.company_id} if one.company_id else {}
            contacts.create(work, values, source="mailbox")
            made += 1
    import_log.add_batch(work, job, ())
    import_log.end(work, job, {"created": made})
    return job


def ignore(work: Work, pattern: str) -> int:
    """Hear nothing more of an address, a domain (``@example.com``) or a pattern with a star."""
    folded = fold(pattern.strip())
    texts.require(320, pattern=folded)
    if "@" not in folded and "*" not in folded:
        raise Refused("Type an address, a domain such as @example.com, or a pattern with a star.")
    if not folded.replace("*", "").strip("@. "):
        raise Refused("That would leave out everybody.")
    query = select(ignored_sender.c.id).where(ignored_sender.c.pattern == folded)
    known = work.connection.execute(query).scalar()
    if known is not None:
        return known
    number = work.new_id("ignored_sender")
    work.change(RowAdded("ignored_sender", {"id": number, "pattern": folded}))
    return number


def heed(work: Work, number: int) -> None:
    """Take a pattern off the list of those who are ignored."""
    work.change(RowRemoved("ignored_sender", number))


def ignored(work: Work) -> list[tuple[int, str]]:
    """Return the patterns of whom the office wants to hear nothing, by number."""
    own = ignored_sender.c
    query = select(own.id, own.pattern).order_by(own.pattern)
    return [(row[0], row[1]) for row in work.connection.execute(query)]


# -- further addresses -------------------------------------------------------------------------


def also_known_by(work: Work, ref: Ref, address: str) -> None:
    """Let a contact be known by another address, too; refuse one that somebody else has."""
    person, folded = work.record(ref), fold(address)
    if "@" not in folded:
        raise Refused("That is no e-mail address.")
    holder = contacts.with_email(work, address)
    if holder is not None and holder != ref:
        raise Refused(f"{address} is the address of another contact.")
    own = contact_address.c
    query = select(own.contact_id).where(own.address == folded)
    known = work.connection.execute(query).scalar()
    if known not in (None, ref.id):
        raise Refused(f"{address} is known as another contact’s.")
    if known is None and fold(person["email"]) != folded:
        row = {"id": work.new_id("contact_address"), "contact_id": ref.id, "address": folded}
        work.change(RowAdded("contact_address", row))


def no_longer_known_by(work: Work, ref: Ref, address: str) -> None:
    """Forget that a contact is known by another address, too."""
    own = contact_address.c
    query = select(own.id).where(own.contact_id == ref.id, own.address == fold(address))
    for number in work.connection.execute(query).scalars().all():
        work.change(RowRemoved("contact_address", number))


def further_addresses(work: Work, ref: Ref) -> list[str]:
    """Return by which other addresses a contact is known."""
    own = contact_address.c
    query = select(own.address).where(own.contact_id == ref.id).order_by(own.id)
    return list(work.connection.execute(query).scalars())
