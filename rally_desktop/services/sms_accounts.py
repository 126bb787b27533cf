"""Gateways of text messages: set up, opened, and how they treat wishes.

They are accounts as those for mail are: the outbox, the limits, the hours and whom they write for
are the same. What only a gateway has is in ``Rules``, and in the options of its kind.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import msgspec

from rally_desktop.core import numbers, texts
from rally_desktop.core.errors import BadSettings, NotFound, Refused
from rally_desktop.model.changes import RowChanged
from rally_desktop.model.work import Work
from rally_desktop.outside import http
from rally_desktop.outside.addresses import is_public
from rally_desktop.outside.http import RequestFailed
from rally_desktop.outside.secrets import Vault
from rally_desktop.outside.sms.base import Gateway, Place
from rally_desktop.outside.sms.gateways import KINDS, Kind
from rally_desktop.outside.sms.generic import Options
from rally_desktop.services import account_secrets, mail_accounts, settings, web
from rally_desktop.services.mail_accounts import Account

CHANNEL = "sms"
_NEAR = (".local", ".lan", ".home", ".internal", ".home.arpa", ".localdomain")
_FURTHER = ("status_url", "reports")  # options that are addresses, too
DAILY_LIMIT = 200
LONGEST_ANSWER = 320
_SENDER = re.compile(r"\+[1-9][0-9]{6,14}|[0-9]{3,8}|MG[0-9a-f]{32}|[A-Za-z0-9 ._&-]{1,11}")
# Where a name as the sender is not shown, or has to be registered before.
NAMED_BY_NUMBER = frozenset("US CA CN CO CR EC EG HU KR MX MY NZ PK PE SA TR UY VE ZA".split())
REGISTERED = frozenset("AE BY CZ GB GR IN ID IE IT JO KE KW KZ MA NG OM PH PL QA RO RS RU".split()
                       + "SG SK TH TN UA VN".split())  # fmt: skip


class Rules(msgspec.Struct, frozen=True):
    """What the office has decided about one gateway.

    ``inside`` allows its server to stand in the office's network. ``polls`` asks it for what came
    in; ``confirms`` answers STOP and START; ``asks`` are the options of its kind.
    """

    inside: bool = False
    polls: bool = False
    confirms: bool = True
    stopped: str = ""
    started: str = ""
    help: str = ""
    asks: dict[str, Any] = msgspec.field(default_factory=dict)


@dataclass(frozen=True)
class Draft:
    """A gateway as it is being set up; empty secrets leave those there are."""

    kind: str
    name: str
    sender: str
    url: str = ""
    login: str = ""
    secret: str = field(default="", repr=False)
    signing: str = field(default="", repr=False)
    rules: Rules = field(default_factory=Rules)

    @property
    def where(self) -> str:
        """Return where it is asked."""
        return self.url.strip().rstrip("/") or KINDS[self.kind].url


def kind_of(account: Account) -> Kind:
    """Return the kind of an account's gateway; raise NotFound where it has none."""
    found = KINDS.get(account.gateway)
    if found is None:
        raise NotFound("This gateway is of a newer program, or of a test: it cannot be opened.")
    return found


def rules_of(account: Account) -> Rules:
    """Return what the office has decided about a gateway; what is spoilt has its default."""
    try:
        return msgspec.convert(dict(account.options or {}), Rules)
    except msgspec.ValidationError:
        return Rules()


def listed(work: Work) -> list[Account]:
    """Return the gateways in use, the oldest first."""
    return [one for one in mail_accounts.accounts(work) if one.channel == CHANNEL]


def keyed(work: Work, key: str) -> Account:
    """Return the gateway that an address of ours is for; raise NotFound."""
    found = next((one for one in listed(work) if key and one.gateway_key == key), None)
    if found is None:
        raise NotFound("There is no such gateway any more.")
    return found


def named(work: Work, name: str) -> Account:
    """Return a gateway by its name; raise NotFound."""
    found = next((one for one in listed(work) if one.name == name), None)
    if found is None:
        raise NotFound(f"There is no SMS gateway ‘{name}’. Look at: rally-desktop sms list")
    return found


# -- setting up ------------------------------------------------------------------------------


def check(draft: Draft) -> None:
    """Raise BadSettings where a gateway cannot be so, by what is wrong."""
    found: dict[str, str] = {}
    kind = KINDS.get(draft.kind)
    if kind is None:
        raise Refused("There is no such kind of gateway.")
    if not _SENDER.fullmatch(draft.sender):
        found["sender"] = "is a number such as +441632960000, or a name of up to 11 letters"
    if problem := _wrong_address(draft):
        found["address"] = problem
    elif astray := _astray(draft):
        found[astray] = "is at the same server as the gateway, as the password goes there"
    if draft.kind != "generic" and not draft.login.strip():
        found[kind.login] = "is missing"
    if draft.kind == "generic":
        try:
            found |= msgspec.convert(draft.rules.asks, Options).problems()
        except msgspec.ValidationError as error:
            found["options"] = str(error)
    for name in ("stopped", "started", "help"):
        if len(getattr(draft.rules, name)) > LONGEST_ANSWER:
            found[name] = f"has more than {LONGEST_ANSWER} characters"
    if found:
        raise BadSettings(found)
    texts.require(200, name=draft.name)
    texts.require(320, login=draft.login, sender=draft.sender)


def _wrong_address(draft: Draft) -> str:
    """Return what is wrong with where a gateway is asked.

    Its server is told plainly: no field says whom a message is handed to. What is secret goes
    without TLS only to the office's own network.
    """
    try:
        scheme, host, _, _ = http.place_of(draft.where)
    except RequestFailed as error:
        return str(error)
    if "{" in host or "{" in draft.where.partition("//")[2].partition("/")[0]:
        return "has its server in plain words, without {{ }}"
    if scheme == "https":
        return ""
    if not draft.rules.inside:
        return "begins with https://; in the office’s own network it need not: tick that below"
    return "" if _is_near(host) else "begins with https://, as it is not in your own network"


def _astray(draft: Draft) -> str:
    """Return which further address is at another server than the gateway; empty where none is."""
    asks, own = draft.rules.asks, http.place_of(draft.where)[:3]
    for name in _FURTHER:
        try:
            if asks.get(name) and http.place_of(str(asks[name]))[:3] != own:
                return name
        except RequestFailed:
            return name
    return ""


def _is_near(host: str) -> bool:
    """Say whether a server is in the office's network, as far as its name or address tells."""
    try:
        return not is_public(host)
    except ValueError:
        return "." not in host or host.endswith(_NEAR)


def save(work: Work, draft: Draft, vault: Vault, account: Account | None = None) -> int:
    """Keep a gateway that was set up, or set up anew; return its number.

    Raises BadSettings, or Refused where there is another of its name.
    """
    check(draft)
    for other in mail_accounts.accounts(work):
        if other.name == draft.name.strip() and (account is None or other.id != account.id):
            raise Refused(f"There is another account called ‘{other.name}’. Type another name.")
    values = _values(draft)
    if account is None:
        first = not listed(work)
        given: dict[str, Any] = {
            **values, "gateway_key": secrets.token_hex(10), "fallback": first,
            "daily_limit": DAILY_LIMIT, "hourly_limit": 0, "channel": CHANNEL,
        }  # fmt: skip
        number = mail_accounts.add(work, draft.name.strip(), draft.sender, **given)
    else:
        number = account.id
        name = draft.name.strip() or account.name
        mail_accounts.edit(work, number, name=name, address=draft.sender, **values)
        mail_accounts.resume(work, number)
    blank = Account(number, draft.name, draft.sender, "", 0, "tls", "")
    kept = replace(account or blank, **values)
    _keep_secrets(work, kept, draft, vault)
    return number


def _values(draft: Draft) -> dict[str, Any]:
    scheme, host, port, _ = http.place_of(draft.where)
    return {
        "host": host, "port": port, "security": "tls" if scheme == "https" else "none",
        "login": draft.login.strip(), "gateway": draft.kind, "gateway_url": draft.where,
        "journal": "log" if KINDS[draft.kind].log else None,
        "options": msgspec.to_builtins(draft.rules),
    }  # fmt: skip


def _keep_secrets(work: Work, account: Account, draft: Draft, vault: Vault) -> None:
    for part, value in (("out", draft.secret), ("signing", draft.signing)):
        if value:
            bound = _bound(account, part)
            account_secrets.keep(work, f"{account.id}/{part}", bound, value, vault)
    if draft.secret or draft.signing:
        work.change(RowChanged("mail_account", account.id, {"secret_at": work.now}))


def _bound(account: Account, part: str) -> str:
    return account.out if part == "out" else f"signing/{account.id}/{account.gateway}"


def change_rules(work: Work, number: int, rules: Rules) -> None:
    """Decide anew how a gateway treats wishes and whether it is asked for what came in."""
    account = mail_accounts.one(work, number)
    check(replace(draft_of(account), rules=rules))
    work.change(RowChanged("mail_account", number, {"options": msgspec.to_builtins(rules)}))


def draft_of(account: Account) -> Draft:
    """Return a gateway as it is, to be changed; its secrets stay as they are."""
    return Draft(
        account.gateway, account.name, account.address, account.gateway_url, account.login,
        rules=rules_of(account),
    )  # fmt: skip


# -- opening ---------------------------------------------------------------------------------


def opened(work: Work, account: Account, vault: Vault, now: Callable[[], datetime]) -> Gateway:
    """Return an account's gateway, ready to be asked.

    Raises NotFound or Locked where its secret is not kept on this computer, and Refused where it
    would be told to another server than the one it was entered for.
    """
    kind, draft, secret = kind_of(account), draft_of(account), ""
    if http.place_of(draft.where)[1:3] != (account.host, account.port) or _astray(draft):
        raise Refused(
            "Its addresses are at another server than its password is for. Set it up anew."
        )
    if account.login or account.gateway != "generic" or _has(work, account, "out"):
        secret = account_secrets.reveal(work, f"{account.id}/out", account.out, vault)
    signing = secret if not kind.signing else _signing(work, account, vault)
    return _made(draft, secret, signing, callback(work, account), now)


def tried(
    work: Work, draft: Draft, account: Account | None, vault: Vault, now: Callable[[], datetime]
) -> Gateway:
    """Return a gateway that is being set up; what was not typed anew is taken from the account."""
    check(draft)
    secret = draft.secret
    if not secret and account is not None:
        kept = replace(account, **{name: _values(draft)[name] for name in _BOUND})
        secret = account_secrets.reveal(work, f"{account.id}/out", kept.out, vault)
    return _made(draft, secret, draft.signing, "", now)


_BOUND = ("host", "port", "login")


def _made(
    draft: Draft, secret: str, signing: str, back: str, now: Callable[[], datetime]
) -> Gateway:
    place = Place(
        draft.where, draft.login.strip(), secret, signing, draft.sender, back,
        draft.rules.inside, draft.rules.asks,
    )  # fmt: skip
    return KINDS[draft.kind].made(place, now)


def _signing(work: Work, account: Account, vault: Vault) -> str:
    try:
        bound = _bound(account, "signing")
        return account_secrets.reveal(work, f"{account.id}/signing", bound, vault)
    except NotFound:
        return ""  # nothing that claims to be the gateway is believed then


def _has(work: Work, account: Account, part: str) -> bool:
    bound = _bound(account, part)
    return bool(account_secrets.computers(work, f"{account.id}/{part}", bound))


def signs(work: Work, account: Account) -> bool:
    """Say whether anybody has entered what a gateway's webhooks are known by."""
    return _has(work, account, "signing" if kind_of(account).signing else "out")


def callback(work: Work, account: Account) -> str:
    """Return where a gateway reaches us; empty where the office has no public address."""
    base = web.of(work).base
    return f"{base}/v1/sms/{account.gateway_key}" if base and account.gateway_key else ""


# -- senders by country ------------------------------------------------------------------------


def sender_hint(sender: str, country: str) -> str:
    """Say what one must know of a sender in a country; empty where there is nothing."""
    if not sender or sender.startswith(("+", "MG")) or sender.isdecimal():
        return ""
    said = "Nobody can answer a name, so STOP cannot come by SMS either."
    if country in NAMED_BY_NUMBER:
        return f"In your country ({country}) the sender has to be a number. {said}"
    if country in REGISTERED:
        return f"In your country ({country}) names are registered with the gateway first. {said}"
    return said


def office_name(work: Work) -> str:
    """Return what the office calls itself."""
    return settings.get(work, "office_name", "")


def words(work: Work, account: Account) -> Mapping[str, str]:
    """Return what wishes are answered with, by wish; empty where nothing is to be said."""
    rules, usual = rules_of(account), usual_words(work)
    confirms = rules.confirms and not kind_of(account).confirms
    return {
        "stop": (rules.stopped or usual["stop"]) if confirms else "",
        "start": (rules.started or usual["start"]) if confirms else "",
        "help": rules.help,
    }


def usual_words(work: Work) -> Mapping[str, str]:
    """Return what STOP and START are answered with where the office wrote nothing of its own."""
    office = office_name(work)
    return {
        "stop": f"{office}: you will get no more SMS from us. START brings them back.",
        "start": f"{office}: you get our SMS again. STOP ends them.",
    }


def can_receive(account: Account) -> bool:
    """Say whether anybody can answer what it sends."""
    sender = account.address
    return bool(numbers.e164(sender)) or sender.startswith("MG")
