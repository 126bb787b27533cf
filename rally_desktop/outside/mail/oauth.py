"""Sign in with a mail provider: OAuth 2.0 for native apps (RFC 8252) with PKCE (RFC 7636).

What a provider hands out stands for a password: it is shown to nobody and written nowhere but
into the vault. ``repr`` of everything here is silent about it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from rally_desktop.core.errors import RallyError
from rally_desktop.outside import http
from rally_desktop.outside.mail.providers import Consent

FORM = ("Content-Type", "application/x-www-form-urlencoded")
# Before a token ends it is replaced, so that it does not end on the way.
MARGIN = timedelta(minutes=5)
USUAL_LIFE = 3600
LONGEST_LIFE = 86_400 * 90
LONGEST_TOKEN = 16_384


class SignInFailed(RallyError):
    """Signing in with the provider did not work.

    ``ended`` says that what was agreed to before does not hold any more: sign in again.
    """

    def __init__(self, message: str = "", *, ended: bool = False) -> None:
        self.ended = ended
        super().__init__(message)


@dataclass(frozen=True)
class Client:
    """The office's own registration with a provider, and where that is asked."""

    title: str
    consent: Consent
    id: str
    secret: str = field(default="", repr=False)
    allowed: Collection[str] = ()


@dataclass(frozen=True)
class Tokens:
    """What a provider handed out: until when ``access`` opens, ``refresh`` for the next one."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    ends_at: datetime
    who: str = ""

    def ends_by(self, now: datetime) -> bool:
        """Say whether it is time for the next one."""
        return now >= self.ends_at - MARGIN

    def written(self) -> str:
        """Return all of it as text for the vault."""
        return json.dumps([self.access, self.refresh, self.ends_at.isoformat(), self.who])

    @classmethod
    def read(cls, text: str) -> Tokens:
        """Read what the vault kept."""
        access, refresh, ends_at, who = json.loads(text)
        return cls(access, refresh, datetime.fromisoformat(ends_at), who)


@dataclass(frozen=True)
class Wish:
    """One sign-in that was begun: what the browser is sent to, and what proves that it was us."""

    client: Client
    redirect: str
    login: str
    state: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(64), repr=False)

    @property
    def url(self) -> str:
        """Return the provider's page to open in the browser."""
        challenge = hashlib.sha256(self.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self.client.id,
            "redirect_uri": self.redirect,
            "scope": " ".join(self.client.consent.scopes),
            "state": self.state,
            "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            "login_hint": self.login,
            **dict(self.client.consent.extra),
        }
        return f"{self.client.consent.authorise}?{urlencode(asked)}"


async def redeem(wish: Wish, code: str, now: datetime) -> Tokens:
    """Return the tokens for the code that the browser brought; raise SignInFailed."""
    asked = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": wish.redirect,
        "code_verifier": wish.verifier,
    }
    tokens = _tokens(await _asked(wish.client, asked), now, wish.client.title)
    if not tokens.refresh:
        raise SignInFailed(
            f"{wish.client.title} let this program in for an hour only. Remove its access in the "
            "settings of your account there, then sign in again."
        )
    if tokens.who and tokens.who.casefold() != wish.login.casefold():
        raise SignInFailed(
            f"You signed in as {tokens.who}, and the account is {wish.login}. Sign in as that, or "
            "go back and change the address."
        )
    return tokens


async def refresh(client: Client, tokens: Tokens, now: datetime) -> Tokens:
    """Return tokens that open for a while; raise SignInFailed, ``ended`` where nobody may."""
    asked = {"grant_type": "refresh_token", "refresh_token": tokens.refresh}
    fresh = _tokens(await _asked(client, asked), now, client.title)
    return replace(fresh, refresh=fresh.refresh or tokens.refresh, who=fresh.who or tokens.who)


async def revoke(client: Client, tokens: Tokens) -> bool:
    """Tell the provider that the tokens are not wanted any more; say whether it was told."""
    if not client.consent.revoke:
        return False
    body = urlencode({"token": tokens.refresh}).encode()
    try:
        answer = await http.ask(_request(client.consent.revoke, body), client.allowed)
    except http.RequestFailed:
        return False
    return answer.status == 200


async def _asked(client: Client, values: Mapping[str, str]) -> Mapping[str, Any]:
    given = {**values, "client_id": client.id}
    if client.secret:
        given["client_secret"] = client.secret
    try:
        request = _request(client.consent.token, urlencode(given).encode())
        answer = await http.ask(request, client.allowed)
    except http.RequestFailed as error:
        raise SignInFailed(f"{client.title} cannot be reached. {error}") from error
    try:
        said = json.loads(answer.body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise SignInFailed(f"{client.title} said nothing that can be read ({answer.status}).")
    if answer.status != 200:
        raise _refused(client, str(said.get("error", "")), answer.status)
    return said


def _request(url: str, body: bytes) -> http.Request:
    """Return the question; nothing of it may travel in the open but on this computer."""
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise SignInFailed("The provider’s address is not encrypted, so nothing was sent to it.")
    return http.Request("POST", url, (FORM, ("Accept", "application/json")), body)


def _refused(client: Client, code: str, status: int) -> SignInFailed:
    title = client.title
    if code in ("invalid_grant", "interaction_required", "consent_required", "login_required"):
        return SignInFailed(
            f"{title} does not let this program in any more: the password was changed, or the "
            "access was taken back. Sign in again.",
            ended=True,
        )
    if code in ("invalid_client", "unauthorized_client", "deleted_client", "disabled_client"):
        return SignInFailed(
            f"{title} does not know the client id or its secret. Check both in Settings › Mail.",
            ended=True,
        )
    if code == "invalid_scope":
        return SignInFailed(
            f"{title} does not let this client read and send mail. Allow it at "
            f"{client.consent.console}."
        )
    return SignInFailed(f"{title} did not let this program in ({code[:60] or status}). Try again.")


def _tokens(said: Mapping[str, Any], now: datetime, title: str) -> Tokens:
    access, refresh = said.get("access_token"), said.get("refresh_token") or ""
    life = said.get("expires_in", USUAL_LIFE)
    good = isinstance(access, str) and isinstance(refresh, str) and _is_token(access)
    if not good or (refresh and not _is_token(refresh)):
        raise SignInFailed(f"{title} handed out nothing that opens a mailbox. Sign in again.")
    try:
        seconds = min(max(0, int(life)), LONGEST_LIFE)
    except (TypeError, ValueError):
        seconds = USUAL_LIFE
    who = _who(said.get("id_token"))
    return Tokens(str(access), refresh, now + timedelta(seconds=seconds), who)


def _is_token(text: str) -> bool:
    return 0 < len(text) <= LONGEST_TOKEN and text.isascii() and text.isprintable()


def _who(id_token: object) -> str:
    """Return who signed in.

    It came straight from the provider, encrypted, so its signature says nothing more (OpenID
    Connect Core, 3.1.3.7).
    """
    try:
        body = str(id_token).split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        found = claims.get("email") or claims.get("preferred_username") or ""
    except (IndexError, ValueError, AttributeError):
        return ""
    return found if isinstance(found, str) and "@" in found else ""
