"""A template sent to an address to be looked at: on the real way out, and never counted.

It goes by the account's own connection, built and read back as every message. It is in no
outbox and on no timeline: no step decided it, and nobody in the office's records gets it.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select

from rally_desktop.core.errors import NotFound, Refused, SendFailed
from rally_desktop.core.message import WAY_OUT, Attached, Letter, Mailbox
from rally_desktop.engine import samples
from rally_desktop.model.ref import Ref
from rally_desktop.model.store import Store
from rally_desktop.model.tables import user_account
from rally_desktop.model.work import Work
from rally_desktop.outside.mail.base import Carrier
from rally_desktop.services import (
    attachments,
    installation,
    mail_accounts,
    safeguards,
    sms_trial,
)
from rally_desktop.services.mail_accounts import Account
from rally_desktop.services.templates import Template

MARK = "[Test] "


@dataclass(frozen=True)
class Trial:
    """What is sent: a template as it stands, filled in for ``ref``, to an address."""

    template: Template
    ref: Ref
    address: str
    account: str = ""


def addresses(work: Work) -> list[str]:
    """Return where a test may be meant to go: to whoever sits here, and to the accounts."""
    query = select(user_account.c.email).where(user_account.c.id == work.user_id)
    own = work.connection.execute(query).scalar() if work.user_id else ""
    known = (one.address for one in mail_accounts.accounts(work) if one.channel == "email")
    return list(dict.fromkeys(filter(None, (own, *known))))


def send(store: Store, trial: Trial, carrier_for: Callable[[Account], Carrier]) -> str:
    """Send it now and return the server's answer.

    Raises Refused where nothing may be sent or a field is empty, and SendFailed with the
    server's own word.
    """
    account, letter = store.read(_letter, trial)

    async def hand_over() -> str:
        carrier = carrier_for(account)
        try:
            return await carrier.hand_over(letter, _nothing)
        finally:
            await carrier.close()

    try:
        return asyncio.run(hand_over())
    except SendFailed as error:
        raise Refused(f"The test was not sent: {error}") from error


async def _nothing() -> None:
    """Mark nothing: what becomes of a test is told at once."""


def _letter(work: Work, trial: Trial) -> tuple[Account, Letter]:
    account = _account(work, trial)
    filled = samples.written(work, trial.template, trial.ref)
    if filled.problem:
        raise Refused(f"It cannot be filled in: {filled.problem}")
    mail = trial.template.channel == "email"
    leave = f"mailto:{account.address}?subject=unsubscribe"
    files = tuple(
        Attached(one.name, one.kind, attachments.content(work, one.digest))
        for one in trial.template.files
    )
    return account, Letter(
        message_id=_message_id(account, work.now),
        sender=Mailbox(account.address, account.name),
        recipient=Mailbox(_address(work, trial)),
        subject=f"{MARK}{' '.join(filled.subject.text.split())}" if mail else "",
        text=filled.text.text.replace(WAY_OUT, leave),
        html=filled.html.text.replace(WAY_OUT, leave),
        date=work.now,
        headers=(("X-Rally-Test", "yes"),),
        files=files,
    )


def _account(work: Work, trial: Trial) -> Account:
    if safeguards.sending_stopped(work):
        raise Refused("All sending is stopped: start it again first.")
    if locked := installation.locked(work):
        raise Refused(locked)
    channel = trial.template.channel
    found = mail_accounts.account_for(work, trial.account, work.user_id, channel)
    if found is None:
        what, where = ("mail account", "Mail") if channel == "email" else ("SMS gateway", "SMS")
        raise NotFound(f"No {what} is set up to send from. Connect one under Settings › {where}.")
    if found.paused_why:
        raise Refused(f"The account is paused: {found.paused_why}")
    return found


def _address(work: Work, trial: Trial) -> str:
    typed = trial.address.strip()
    if trial.template.channel == "sms":
        return sms_trial.number_of(work, typed)
    try:
        return validate_email(typed, check_deliverability=False).normalized
    except EmailNotValidError:
        raise Refused("Type a whole e-mail address, such as ana@company.com.") from None


def _message_id(account: Account, now: datetime) -> str:
    domain = account.address.rpartition("@")[2] or "localhost"
    return f"<test.{now:%Y%m%d%H%M%S}.{secrets.token_hex(8)}@{domain}>"
