"""How the office's mail accounts are: what they send, what waits, and what removing one means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from rally_desktop.core.errors import Refused
from rally_desktop.model.tables import outbox
from rally_desktop.model.work import Work
from rally_desktop.outside.mail import providers
from rally_desktop.services import (
    account_secrets,
    mail_accounts,
    pace,
    receiving,
    sent_copies,
    sms_received,
    users,
)
from rally_desktop.services import outbox as outboxes
from rally_desktop.services.mail_accounts import Account


@dataclass(frozen=True)
class Standing:
    """One account, and how it is at this moment; ``minutes`` ago it was last checked.

    ``read`` minutes ago its mail was read; ``trouble`` is why it cannot be. ``uncopied`` is how
    many copies that the program makes are not in the Sent folder.
    """

    account: Account
    this_hour: int
    today: int
    waiting: int
    under_way: int
    in_doubt: int
    minutes: int | None
    computers: tuple[str, ...]
    writes_for: tuple[str, ...]
    read: int | None = None
    trouble: str = ""
    uncopied: int = 0

    @property
    def tone(self) -> str:
        """Say whether it works: ``ok``, ``warn`` where something is missing, ``bad``."""
        if self.account.paused_why:
            return "bad"
        return "ok" if not self._is_shut and not self.trouble else "warn"

    @property
    def _is_shut(self) -> bool:
        return bool(self.account.login) and not self.computers

    @property
    def line(self) -> str:
        """Say in one line how the account is."""
        account = self.account
        if account.paused_why:
            return "paused"
        if self._is_shut:
            return "sign in first" if account.provider else "no password yet"
        receives = "mail cannot be read" if self.trouble else "receives"
        does = [f"sends, {receives}" if account.receives else "sends"]
        if self.minutes is not None:
            does.append(f"checked {ago(self.minutes)}")
        if account.hourly_limit:
            does.append(f"{self.this_hour:,} of {account.hourly_limit:,} this hour")
        elif self.this_hour:
            does.append(f"{self.this_hour:,} this hour")
        if account.daily_limit:
            does.append(f"{self.today:,} of {account.daily_limit:,} in 24 hours")
        return " · ".join(does)


def ago(minutes: int) -> str:
    """Say how long ago something was."""
    if minutes < 1:
        return "just now"
    for size, unit in ((1440, "day"), (60, "hour"), (1, "min")):
        if minutes >= size:
            count = minutes // size
            return f"{count} {unit}{'s' if count > 1 and unit != 'min' else ''} ago"
    return "just now"


def listed(work: Work) -> list[Standing]:
    """Return the mail accounts in use, the oldest first."""
    names = {user.id: label for label, user in users.by_label(work).items()}
    return [
        _standing(work, account, names)
        for account in mail_accounts.accounts(work)
        if account.channel == "email"
    ]


def of(work: Work, number: int) -> Standing:
    """Return how one account is; raise NotFound."""
    names = {user.id: label for label, user in users.by_label(work).items()}
    return _standing(work, mail_accounts.one(work, number), names)


def _standing(work: Work, account: Account, names: dict[int, str]) -> Standing:
    columns = outbox.c
    states = (*outboxes.WAITING, *outboxes.IN_HAND, "doubt")
    query = select(columns.state, func.count()).where(
        columns.account_id == account.id, columns.state.in_(states)
    )
    held = dict(work.connection.execute(query.group_by(columns.state)).all())
    read = receiving.looked_at(work).get(account.id)
    unread = receiving.troubles(work).get(account.id)
    return Standing(
        account,
        pace.sent_since(work, account.id, work.now - pace.HOUR),
        pace.sent_since(work, account.id, work.now - pace.DAY),
        sum(held.get(state, 0) for state in outboxes.WAITING),
        sum(held.get(state, 0) for state in outboxes.IN_HAND),
        held.get("doubt", 0),
        _minutes(work, account.checked_at),
        tuple(mail_accounts.computers(work, account)),
        tuple(names[number] for number in account.writes_for if number in names),
        _minutes(work, read),
        unread.trouble if unread else "",
        sent_copies.missing(work, account),
    )


def _minutes(work: Work, moment: datetime | None) -> int | None:
    """Return how many minutes ago something was."""
    return None if moment is None else max(0, int((work.now - moment).total_seconds() // 60))


def remove(work: Work, number: int) -> int:
    """Take an account out of use; return how many messages that waited are not sent any more.

    Its passwords are forgotten on every computer, and what is there of long text messages is
    shown as it is. Raises NotFound, or Refused while one of its messages is on its way.
    """
    standing = of(work, number)
    if standing.under_way:
        raise Refused("A message of this account is on its way. Try again in a minute.")
    columns = outbox.c
    waiting = select(columns.id).where(
        columns.account_id == number, columns.state.in_(outboxes.WAITING)
    )
    for message in work.connection.execute(waiting).scalars().all():
        outboxes.recall(work, message)
    sms_received.take_leave(work, standing.account)
    account_secrets.forget(work, str(number))
    mail_accounts.retire(work, number)
    return standing.waiting


def removal(standing: Standing) -> list[str]:
    """Say what removing an account means, a sentence each."""
    account, said = standing.account, []
    if standing.waiting:
        said.append(
            f"{_many(standing.waiting)} that {'waits' if standing.waiting == 1 else 'wait'} will "
            "not be sent any more."
        )
    if standing.in_doubt:
        said.append(f"{_many(standing.in_doubt)} in doubt can then only be decided by hand.")
    if standing.writes_for:
        said.append(
            f"Contacts of {', '.join(standing.writes_for)} will hear from the office’s other "
            "account, where there is one."
        )
    if account.provider:
        said.append(_withdrawn(account.provider))
    elif account.login:
        said.append("Its password is forgotten on every computer.")
    said.append("What was sent and received stays on the timelines.")
    return said


def _withdrawn(key: str) -> str:
    """Say what becomes of the permission that a provider has."""
    provider = providers.BY_KEY[key]
    consent = provider.consent
    if consent is None or consent.revoke:
        return f"Its sign-in is forgotten on every computer, and withdrawn at {provider.title}."
    return f"Its sign-in is forgotten on every computer; take it away at {consent.manage}, too."


def _many(count: int) -> str:
    return f"{count:,} message{'s' * (count != 1)}"
