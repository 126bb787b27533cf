"""A text message that somebody writes to a person by hand: to whom, when, and whether at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from rally_desktop.core import sms
from rally_desktop.core.errors import Refused
from rally_desktop.core.message import Mailbox
from rally_desktop.engine import clockwork
from rally_desktop.model.ref import Ref
from rally_desktop.model.work import Work
from rally_desktop.services import (
    calendar,
    mail_accounts,
    messages,
    records,
    sms_accounts,
    sms_numbers,
    writing,
)
from rally_desktop.services.mail_accounts import Account
from rally_desktop.services.messages import Content, Origin
from rally_desktop.services.sms_numbers import Number

NO_GATEWAY = "No SMS gateway is set up to send from. Connect one under Settings › SMS."
NOBODY = "There is nobody here to write to: this has no contact."
# Why somebody may not be written to, in words for whoever writes.
REFUSALS = MappingProxyType(
    {
        "gone": "{name} was deleted. Take the contact out of the trash first.",
        "no_number": "No number of {name} is known. Enter one first.",
        "do_not_contact": "{name} is marked ‘Do not contact’, so nothing can be sent. If that is "
        "over, take the mark off in the contact’s fields, under ‘Consent’.",
        "suppressed": "{name} wants no SMS: STOP was written from this number, or it was erased.",
    }
)


@dataclass(frozen=True)
class Texting:
    """Whom an SMS goes to, at which numbers, and from when on; ``wrong`` is what is in the way."""

    name: str = ""
    numbers: tuple[Number, ...] = ()
    sender: str = ""
    opens: datetime | None = None
    wrong: str = ""


def begin(work: Work, about: Ref) -> Texting:
    """Return what one has to know to write to the person a record is about."""
    whom, _ = writing.addressee(work, about)
    if whom is None:
        return Texting(wrong=NOBODY)
    person = work.record(whom)
    name = records.name_of("contact", person)
    account = mail_accounts.account_for(work, "", person["owner_id"], sms_accounts.CHANNEL)
    if account is None:
        return Texting(name, wrong=NO_GATEWAY)
    numbers = tuple(sms_numbers.known(work, person))
    if reason := messages.refusal(work, person, sms_accounts.CHANNEL, transactional=True):
        return Texting(name, numbers, account.address, wrong=_said(reason, name))
    return Texting(name, numbers, account.address, _opens(work, whom, account))


def send(work: Work, about: Ref, number: str, text: str) -> int:
    """Put an SMS into the outbox and return its number there; raise Refused with what is wrong."""
    found = begin(work, about)
    if found.wrong:
        raise Refused(found.wrong)
    if not text.strip():
        raise Refused("There is nothing in the SMS yet. Write something first.")
    if (count := sms.parts(text.strip()).count) > sms.MOST_PARTS:
        raise Refused(f"This is {count:,} SMS; {sms.MOST_PARTS} can be sent at once. Shorten it.")
    if number not in {one.dialled for one in found.numbers}:
        raise Refused("That is no number of this person any more. Choose another one.")
    whom, _ = writing.addressee(work, about)
    assert whom is not None
    person = work.record(whom)
    channel = sms_accounts.CHANNEL
    if reason := messages.refusal(work, person, channel, transactional=True, address=number):
        raise Refused(_said(reason, found.name))
    account = mail_accounts.account_for(work, "", person["owner_id"], channel)
    assert account is not None
    content = Content("", text.strip(), transactional=True, to=Mailbox(number))
    origin = Origin(None, None, messages.BY_HAND, work.new_id("outbox"), work.now)
    return messages.queue(work, whom, person, account, content, origin)


def _said(reason: str, name: str) -> str:
    return REFUSALS.get(reason, "Nothing can be sent to {name}.").format(name=name)


def _opens(work: Work, whom: Ref, account: Account) -> datetime | None:
    """Return when it may go out, in the person's zone; None where that is now."""
    hours = [one for one in (calendar.of(work).hours("sms"), account.open_hours) if one]
    zone = clockwork.zone_of(work, work.record(whom))
    opens = clockwork.next_opening(work.now, zone, hours)
    return opens.astimezone(zone) if opens > work.now + timedelta(seconds=1) else None
