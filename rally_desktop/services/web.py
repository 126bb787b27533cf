"""The office's web service: whether it is on, where it listens, and how the world reaches it."""

from __future__ import annotations

import platform
import re
import secrets
from typing import Annotated, ClassVar, Literal
from urllib.parse import urlsplit

import msgspec
from sqlalchemy import select

from rally_desktop.core.errors import BadSettings, NotFound, Refused
from rally_desktop.core.schema import Choice, Described, Number, Pick, Text, YesNo
from rally_desktop.core.signing import KEY_BYTES
from rally_desktop.model.changes import RowAdded, RowChanged
from rally_desktop.model.tables import secret
from rally_desktop.model.work import Work
from rally_desktop.outside.secrets import Vault
from rally_desktop.services import settings

NAME, STATE, COMPUTER = "web", "web_state", "web_computer"
LOOPBACK = "127.0.0.1"
# A name and, where it is not the usual one, a port; nobody's name, no query.
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(:[1-9][0-9]{0,4})?(/[A-Za-z0-9./_-]*)?", re.ASCII)
Listening = Literal["This computer alone", "The network"]


class Web(Described, frozen=True):
    """How the office is reached from the web, and what is counted there."""

    title: ClassVar = "Web"

    on: Annotated[bool, YesNo("Answer on the web")] = False
    port: Annotated[int, Number("Port", least=1_024, most=65_535)] = 8_642
    listens: Annotated[
        Listening,
        Choice(
            "Who can reach the port",
            help="‘This computer alone’ is right where the reverse proxy runs here too.",
        ),
    ] = "This computer alone"
    public: Annotated[
        str,
        Text(
            "Public address",
            help="What your reverse proxy answers to, such as https://office.example.com. "
            "Without it nothing is counted and nobody can unsubscribe by a link.",
            required=False,
        ),
    ] = ""
    opens: Annotated[
        bool,
        YesNo("Count who opens e-mails", help="By a tiny picture. A hint, never a proof."),
    ] = False
    clicks: Annotated[
        bool, YesNo("Count who follows links", help="Links lead over the public address.")
    ] = False
    templates: Annotated[
        tuple[str, ...],
        Pick(
            "Only of these templates",
            help="Empty: of all templates.",
            source="template",
            many=True,
            required=False,
        ),
    ] = ()
    workflows: Annotated[
        tuple[str, ...],
        Pick(
            "Only of these workflows",
            help="Empty: of all workflows.",
            source="workflow",
            many=True,
            required=False,
        ),
    ] = ()

    def problems(self) -> dict[str, str]:
        """Return what is wrong, by setting; the public address has a form of its own."""
        found = super().problems()
        if self.public and (problem := _not_public(self.public)):
            found.setdefault("public", problem)
        return found

    @property
    def base(self) -> str:
        """Return how every address of ours begins for the world; empty where it has none."""
        return self.public.strip().rstrip("/") if self.on else ""


class State(msgspec.Struct, frozen=True):
    """How the service is: off, on or in trouble; on which computer, and what there is to say."""

    state: Literal["off", "on", "trouble"] = "off"
    computer: str = ""
    said: str = ""


def of(work: Work) -> Web:
    """Return the office's settings; what it never set has its default."""
    if NAME not in work.memo:
        try:
            work.memo[NAME] = Web.load(settings.get(work, NAME, {}))
        except BadSettings:
            work.memo[NAME] = Web()  # of a newer program, or spoilt: off until saved
    return work.memo[NAME]


def save(work: Work, web: Web) -> None:
    """Set them; the computer on which the service is switched on is the one that answers."""
    if problems := web.problems():
        labels = {one.name: one.field.label for one in Web.settings()}
        raise BadSettings({labels[name]: problem for name, problem in problems.items()})
    if web.on and not of(work).on:
        settings.put(work, COMPUTER, platform.node())
    settings.put(work, NAME, web.dump())
    work.memo[NAME] = web


def answers_here(work: Work) -> Web | None:
    """Return the settings where this computer is to answer; else None."""
    web = of(work)
    return web if web.on and settings.get(work, COMPUTER, "") == platform.node() else None


def base(work: Work) -> str:
    """Return how every address of ours begins for the world; empty where it has none."""
    return of(work).base


def reached_at(work: Work) -> str:
    """Return how addresses of ours begin for whoever is to use one: here, without a public one."""
    settings = of(work)
    return settings.public.strip().rstrip("/") or f"http://{LOOPBACK}:{settings.port}"


def hosts(web: Web) -> frozenset[str]:
    """Return the Host headers that are answered, and no others (DNS rebinding)."""
    own = {f"{name}:{web.port}" for name in (LOOPBACK, "localhost", "[::1]")}
    public = urlsplit(web.base)
    if not public.hostname:
        return frozenset(own)
    usual = {"https": 443, "http": 80}[public.scheme]
    own.add(public.netloc.lower())
    if public.port in (None, usual):
        own |= {public.hostname, f"{public.hostname}:{usual}"}
    return frozenset(own)


def state(work: Work) -> State:
    """Return how the service is, as the computer that answers said last."""
    return msgspec.convert(settings.get(work, STATE, {}), State)


def say_state(work: Work, now: State) -> None:
    """Write down how the service is."""
    if state(work) != now:
        settings.put(work, STATE, msgspec.to_builtins(now))


# -- the key of our links ------------------------------------------------------------------


def make_key(work: Work, vault: Vault) -> bytes:
    """Return the key that links are signed with, making it the first time; may raise Locked."""
    try:
        return key(work, vault)
    except NotFound:
        made = secrets.token_hex(KEY_BYTES)
        give_key(work, made, vault)
        return bytes.fromhex(made)


def give_key(work: Work, text: str, vault: Vault) -> None:
    """Let this computer sign links with a key, as another one told it; raise Refused."""
    if not re.fullmatch(rf"[0-9a-f]{{{KEY_BYTES * 2}}}", text.strip()):
        raise Refused(f"The key of links is {KEY_BYTES * 2} characters from 0–9 and a–f.")
    name = _key_name()
    values = {"sealed": vault.seal(name, text.strip())}
    if _sealed_key(work) is None:
        work.change(RowAdded("secret", {"name": name, **values}))
    else:
        work.change(RowChanged("secret", name, values))


def key(work: Work, vault: Vault) -> bytes:
    """Return the key; raise NotFound where this computer has none, or Locked."""
    sealed = _sealed_key(work)
    if sealed is None:
        raise NotFound("This computer was not given the key of links.")
    return bytes.fromhex(vault.open(_key_name(), sealed))


def _sealed_key(work: Work) -> str | None:
    query = select(secret.c.sealed).where(secret.c.name == _key_name())
    return work.connection.execute(query).scalar()


def _key_name() -> str:
    return f"web/links@{platform.node()}"


def _not_public(text: str) -> str | None:
    """Say what is wrong with an address that the world is to use, or None."""
    found = _ADDRESS.fullmatch(text.strip())
    if found is None or int((found[1] or ":0")[1:]) > 65_535:
        return "must be an address such as https://office.example.com"
    said = urlsplit(text.strip())
    if said.path not in ("", "/"):
        return "must end after the name: a reverse proxy answers for the whole name"
    if said.scheme == "http" and said.hostname not in (LOOPBACK, "localhost"):
        return "must begin with https://, or anybody on the way can read along"
    return None
