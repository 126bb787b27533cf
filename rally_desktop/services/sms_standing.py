"""How the office's gateways of text messages are: what they send, how answers come in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rally_desktop.core.errors import NotFound
from rally_desktop.model.work import Work
from rally_desktop.outside.sms.gateways import Kind
from rally_desktop.services import (
    calendar,
    mail_standing,
    sms_accounts,
    sms_numbers,
    sms_strangers,
    web,
)
from rally_desktop.services.mail_accounts import Account
from rally_desktop.services.mail_standing import Standing, ago

Facts = Iterator[tuple[str, str]]
HTTPS = 443


@dataclass(frozen=True)
class SmsStanding:
    """One gateway at this moment; ``callback`` is where it reaches us, empty where it cannot."""

    standing: Standing
    kind: Kind | None
    callback: str
    signs: bool
    hours: str

    @property
    def account(self) -> Account:
        """Return the account."""
        return self.standing.account

    @property
    def tone(self) -> str:
        """Say whether it works: ``ok``, or ``bad`` where it is paused."""
        return "bad" if self.account.paused_why else "ok"

    @property
    def line(self) -> str:
        """Say in one line how the gateway is."""
        account = self.account
        if account.paused_why:
            return "paused"
        if account.login and not self.standing.computers:
            return "no password yet"
        said = [self.kind.title if self.kind else "of a newer program"]
        said.append("sends, asks for answers" if self._asks else "sends, hears answers")
        if not self._asks and not self.hears:
            said[-1] = "sends only"
        said.append(f"{self.standing.today:,} in 24 hours")
        return " · ".join(said)

    @property
    def hears(self) -> bool:
        """Say whether the gateway can tell us what came in."""
        return bool(self.callback) and self.signs and sms_accounts.can_receive(self.account)

    @property
    def trouble(self) -> str:
        """Return what is wrong; empty where nothing is."""
        if self.account.paused_why:
            return f"Paused. {self.account.paused_why}"
        unread = self.standing.trouble
        return f"What came in cannot be asked for. {unread}" if unread else ""

    @property
    def _asks(self) -> bool:
        rules = sms_accounts.rules_of(self.account)
        return rules.polls and self.kind is not None and self.kind.inbox

    def facts(self) -> Facts:
        """Yield what there is to know, as name and words."""
        account, standing = self.account, self.standing
        yield "Gateway", self._place()
        yield "Sends as", account.address
        if account.login or standing.computers:
            yield "Opened by", ", ".join(standing.computers) or "no computer; set it up again"
        yield "Sent", f"{standing.this_hour:,} this hour, {standing.today:,} in 24 hours"
        if standing.waiting or standing.in_doubt:
            doubt = f", {standing.in_doubt:,} in doubt" if standing.in_doubt else ""
            yield "Waiting", f"{standing.waiting:,}{doubt}"
        yield "Hours", self.hours
        yield "Writes for", self._whom()
        yield "Answers", self._answers()
        log = self.kind is not None and self.kind.log
        yield "If an answer is lost", "Its log is asked" if log else "A person is asked"
        yield "STOP", self._stop()

    def _place(self) -> str:
        account, title = self.account, self.kind.title if self.kind else "Unknown"
        port = "" if account.port == HTTPS else f", port {account.port}"
        return f"{title}, {account.host}{port}"

    def _whom(self) -> str:
        others = ["everybody else"] if self.account.fallback else []
        return ", ".join([*self.standing.writes_for, *others]) or "nobody; another gateway does"

    def _answers(self) -> str:
        if not sms_accounts.can_receive(self.account):
            return "Nobody can answer a name"
        if self._asks:
            read = self.standing.read
            return "Asked for every minute" + (f", last {ago(read)}" if read is not None else "")
        if self.hears:
            return "Told by the gateway"
        if not self.callback:
            return "Not received: the office has no public address (Web)"
        return "Not received: enter what the gateway signs with"

    def _stop(self) -> str:
        if self.kind is not None and self.kind.confirms:
            return f"Nothing more is sent; {self.kind.title} confirms it"
        rules = sms_accounts.rules_of(self.account)
        return "Nothing more is sent" + ("; one SMS confirms it" if rules.confirms else "")


@dataclass(frozen=True)
class Overview:
    """All gateways, how many unknown numbers wrote, and where numbers without a country are."""

    gateways: tuple[SmsStanding, ...]
    strangers: int
    country: str


def overview(work: Work) -> Overview:
    """Return the gateways in use, the oldest first."""
    found = tuple(of(work, account.id) for account in sms_accounts.listed(work))
    return Overview(found, len(sms_strangers.listed(work)), sms_numbers.country(work))


def of(work: Work, number: int) -> SmsStanding:
    """Return how one gateway is; raise NotFound."""
    standing = mail_standing.of(work, number)
    account = standing.account
    try:
        kind = sms_accounts.kind_of(account)
    except NotFound:
        return SmsStanding(standing, None, "", signs=False, hours=_hours(work, account))
    callback, signs = sms_accounts.callback(work, account), sms_accounts.signs(work, account)
    return SmsStanding(standing, kind, callback, signs, _hours(work, account))


def reachable(work: Work) -> bool:
    """Say whether the office has a public address, by which gateways tell what came in."""
    return bool(web.of(work).base)


def _hours(work: Work, account: Account) -> str:
    quiet = calendar.of(work).hours("sms")
    said = f"{quiet.opens} to {quiet.closes} where the recipient is" if quiet else "at any time"
    return f"{said}, and the gateway’s own" if account.hours else said
