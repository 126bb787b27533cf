"""Whom a program outside means: by number, e-mail or mobile number; who is unknown can be added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from rally_desktop.core import texts
from rally_desktop.core.errors import BadSettings, NotFound, Refused, UnknownField
from rally_desktop.core.fold import fold
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import contact, contact_address
from rally_desktop.model.work import Work
from rally_desktop.services import contacts, entry, forms, sms_numbers, sms_received

LONGEST = 4_000  # characters of one value


class NoContact(NotFound):
    """There is no such contact."""


class Ambiguous(Refused):
    """Several contacts have that; name one of them by its id."""


class MayNotAdd(Refused):
    """There is no such contact, and this key may not add one."""


@dataclass(frozen=True)
class Named:
    """A contact as a program names it, in one of three ways; ``fields`` are for somebody new."""

    id: int | None = None
    email: str = ""
    mobile: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


def find(work: Work, named: Named) -> Ref | None:
    """Return the contact that is meant, None where nobody is; raise Ambiguous or BadSettings."""
    problems = {
        name: problem
        for name, text in (("email", named.email), ("mobile", named.mobile))
        if (problem := texts.unfit(text))
    }
    if problems:
        raise BadSettings(problems)
    if named.id is not None:
        ref = Ref("contact", named.id)
        return ref if work.records("contact", [named.id]) else None
    if named.email:
        return contacts.with_email(work, named.email) or _further(work, named.email)
    return _called(work, named.mobile)


def add(work: Work, named: Named, source: str) -> Ref:
    """Add a contact of what a program says; raise BadSettings, or NoContact where that is an id.

    It may say what a form of the website may ask for, and nothing else.
    """
    if named.id is not None:
        raise NoContact
    known = forms.askable(work)
    told = {**named.fields, **({"email": named.email} if named.email else {})}
    told |= {"mobile": named.mobile} if named.mobile else {}
    for name in told:
        if name not in known:
            raise UnknownField(name, list(known))
    problems = {known[name]: said for name, text in told.items() if (said := _unfit(text))}
    if problems:
        raise BadSettings(problems)
    return entry.create(work, "contact", told, source=source)


def _unfit(text: str) -> str | None:
    long = len(text) > LONGEST
    return f"is longer than {LONGEST:,} characters" if long else texts.unfit(text)


def _further(work: Work, email: str) -> Ref | None:
    """Return who answers from an address, too, though it is not the one that is written to."""
    own = contact_address.c
    query = (
        select(own.contact_id)
        .join(contact, contact.c.id == own.contact_id)
        .where(own.address == fold(email), contact.c.deleted_at.is_(None))
        .distinct()
    )
    found = work.connection.execute(query).scalars().all()
    if len(found) > 1:
        raise Ambiguous
    return Ref("contact", found[0]) if found else None


def _called(work: Work, mobile: str) -> Ref | None:
    if not sms_numbers.dialled(work, mobile):
        raise BadSettings({"mobile": "must be a number, such as +351912345678"})
    sender = sms_received.whose(work, mobile)
    if sender.others:
        raise Ambiguous
    return sender.ref
