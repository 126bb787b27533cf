"""What somebody ought to know while they write to a person: what holds it, whom it touches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from rally_desktop.core import address_line
from rally_desktop.core.errors import BadDefinition, NotFound, Refused
from rally_desktop.core.fold import fold
from rally_desktop.engine import clockwork, matrix
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import (
    message,
    outbox,
    run,
    suppression,
    workflow,
    workflow_version,
)
from rally_desktop.model.tables.workflow import OPEN_STATES
from rally_desktop.model.work import Work
from rally_desktop.outside.mail import arrived
from rally_desktop.services import (
    calendar,
    composing,
    mail_accounts,
    records,
    safeguards,
    templates,
    workflows,
)
from rally_desktop.services.calendar import office_zone
from rally_desktop.services.mail_accounts import Account
from rally_desktop.services.writing import Draft


@dataclass(frozen=True)
class Scene:
    """Whom one writes to, from which accounts, with which templates.

    ``signatures`` are by the number of the account; ``zone`` is where the person lives.
    """

    name: str
    first_name: str
    zone: ZoneInfo
    accounts: tuple[Account, ...]
    templates: tuple[str, ...]
    signatures: dict[int, str]


@dataclass(frozen=True)
class Remark:
    """Something to know before one sends; ``fix`` is what an address was meant to be.

    What is ``stopping`` is in the way of sending.
    """

    text: str
    tone: str = "warn"
    fix: tuple[str, str] | None = None
    stopping: bool = False


def scene(work: Work, contact: Ref) -> Scene:
    """Return what a letter to a person is written with, or raise NotFound."""
    found = work.record(contact)
    name = records.name_of("contact", found)
    accounts = tuple(one for one in mail_accounts.accounts(work) if one.channel == "email")
    names = tuple(one.name for one in templates.listed(work) if one.channel == "email")
    signatures = {one.id: composing.signature(work, one) for one in accounts}
    zone = clockwork.zone_of(work, found)
    return Scene(name, found["first_name"] or name, zone, accounts, names, signatures)


def remarks(work: Work, draft: Draft) -> tuple[Remark, ...]:
    """Return what there is to know of a draft as it stands; raise NotFound."""
    refused = composing.refusal(work, draft)
    found = [Remark(refused, "bad", stopping=True)] if refused else _wishes(work, draft)
    found += [Remark(said)] if (said := composing.missing(work, draft)) else []
    if said := composing.awaited(draft):
        found.append(Remark(said, "quiet", stopping=True))
    left = [one for one in draft.awaited if one.why]
    found += [Remark(f"‘{one.name}’ is not attached: {one.why}") for one in left]
    lost = _lost(work, draft)
    found += [Remark(f"What you forward may not be all of it. {said}") for said in lost]
    found += _slips(work, draft)
    return (*found, *_automated(work, draft), *_resting(work, draft), *_held(work, draft))


def _lost(work: Work, draft: Draft) -> list[str]:
    """Return what could not be read of the message that is passed on."""
    query = select(message.c.flaws).where(message.c.id == draft.passed_on)
    flaws = work.connection.execute(query).scalar() if draft.passed_on else None
    return [said for said in flaws or () if said not in arrived.HARMLESS]


def _wishes(work: Work, draft: Draft) -> list[Remark]:
    """Say who wants no marketing, and may be answered all the same."""
    contact = work.record(draft.contact)
    name = contact["first_name"] or records.name_of("contact", contact)
    if contact["consent_email"] == "refused":
        return [Remark(f"{name} wants no marketing by e-mail. What you write yourself still goes.")]
    lines = (address_line.read(line).people for line in (draft.to, draft.cc, draft.bcc))
    whom = {fold(box.address): box.address for people in lines for box in people}
    own = suppression.c
    query = select(own.address).where(own.channel == "email", own.address.in_(sorted(whom)))
    left = sorted(work.connection.execute(query).scalars())
    return [
        Remark(f"{whom[one]} has unsubscribed. What you write yourself still goes.") for one in left
    ]


def _slips(work: Work, draft: Draft) -> list[Remark]:
    """Say which addresses look mistyped."""
    known = work.record(draft.contact)["email"]
    near = [known.rpartition("@")[2]] if known else []
    made = []
    for line in (draft.to, draft.cc, draft.bcc):
        for box in address_line.read(line).people:
            meant = address_line.slip(box.address, near)
            if meant and fold(box.address) != fold(known or ""):
                text = f"{box.address}: did you mean {meant}?"
                made.append(Remark(text, fix=(box.address, meant)))
    return made


def _automated(work: Work, draft: Draft) -> list[Remark]:
    """Say whether the person also gets an automated message today."""
    zone = office_zone(work)
    today = work.now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    own = outbox.c
    query = (
        select(own.subject, workflow.c.name, own.sent_at)
        .join(workflow, workflow.c.id == own.workflow_id)
        .where(own.contact_id == draft.contact.id, own.channel == "email", own.state != "failed")
        .where((own.sent_at >= today) | (own.sent_at.is_(None) & (own.created_at >= today)))
        .order_by(own.id.desc())
        .limit(1)
    )
    row = work.connection.execute(query).one_or_none()
    if row is None:
        return []
    name = work.record(draft.contact)["first_name"] or "This person"
    got = "got" if row.sent_at else "gets"
    return [Remark(f"{name} also {got} an automated message today: ‘{row.subject}’ ({row.name}).")]


def _resting(work: Work, draft: Draft) -> list[Remark]:
    """Say what a letter by hand does to the workflows that the person is in."""
    query = (
        select(workflow.c.name, workflow_version.c.definition)
        .join(workflow, workflow.c.id == run.c.workflow_id)
        .join(workflow_version, workflow_version.c.id == run.c.version_id)
        .where(run.c.record_kind == draft.contact.kind, run.c.record_id == draft.contact.id)
        .where(run.c.state.in_(OPEN_STATES))
        .order_by(workflow.c.name)
    )
    made = []
    for name, definition in work.connection.execute(query):
        try:
            action = matrix.of(workflows.read(definition)).get("written_by_hand")
        except BadDefinition:
            continue
        days = matrix.PAUSES["written_by_hand"].days
        if action == "pause":
            made.append(Remark(f"‘{name}’ rests for {days} days once this is sent.", "quiet"))
        elif action == "stop":
            made.append(Remark(f"‘{name}’ ends for this person once this is sent.", "quiet"))
    return made


def _held(work: Work, draft: Draft) -> list[Remark]:
    """Say what will hold the letter back."""
    if draft.account_id is None:
        words = "No mail account is set up to send from. Add one in Settings › Mail."
        return [Remark(words, "bad", stopping=True)]
    try:
        account = mail_accounts.one(work, draft.account_id)
    except NotFound:
        return [Remark("The account is not there any more. Choose another one.", "bad")]
    if safeguards.sending_stopped(work):
        return [Remark("All sending is stopped: it waits until somebody lets messages go again.")]
    if account.paused_why:
        return [Remark(f"{account.address} is paused, so it waits. {account.paused_why}")]
    return _closed(work, draft, account)


def _closed(work: Work, draft: Draft, account: Account) -> list[Remark]:
    hours = [one for one in (calendar.of(work).hours("email"), account.open_hours) if one]
    at = max(draft.send_at or work.now, work.now)
    zone = clockwork.zone_of(work, work.record(draft.contact))
    try:
        opens = clockwork.next_opening(at, zone, hours)
    except Refused as error:
        return [Remark(str(error), "bad")]
    if opens <= at:
        return []
    return [Remark(f"E-mails rest at that time: it goes out after {_moment(opens, zone)}.")]


def _moment(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local:%A}, {local.day} {local:%B, %H:%M} ({zone.key})"
