"""The door by which gateways tell what came in and what became of messages."""

from __future__ import annotations

from collections.abc import Iterable

from rally_desktop.core.webhook import Reply, Webhook
from rally_desktop.model.work import Work
from rally_desktop.outside.secrets import Vault
from rally_desktop.outside.sms.base import Incoming, Status, Told
from rally_desktop.services import sms_accounts, sms_received, sms_status
from rally_desktop.services.mail_accounts import Account


def door(work: Work, gateway: str, request: Webhook, vault: Vault) -> Reply:
    """Take what a gateway tells and return what it wants to hear.

    Raises NotFound where there is no such gateway or its secret is on another computer, Locked
    where the keyring is, and Refused where the request is not from it.
    """
    account = sms_accounts.keyed(work, gateway)
    opened = sms_accounts.opened(work, account, vault, lambda: work.now)
    opened.verify(request)
    take(work, account, opened.read(request))
    return opened.answer()


def take(work: Work, account: Account, told: Iterable[Told], *, asked: bool = False) -> int:
    """Write down what a gateway told or was asked for; return how much of it was news."""
    known = list(told)
    became = [one for one in known if isinstance(one, Status)]
    came_in = [one for one in known if isinstance(one, Incoming)]
    count = sms_status.take(work, account.id, became, asked=asked)
    return count + sms_received.take(work, account, came_in)
