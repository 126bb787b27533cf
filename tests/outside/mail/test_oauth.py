"""Signing in with a provider, against a real one on this computer."""

import asyncio
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from rally_desktop.core.errors import SendFailed
from rally_desktop.outside.mail import imap, oauth
from rally_desktop.outside.mail.browser_return import sign_in
from rally_desktop.outside.mail.imap import Place
from rally_desktop.outside.mail.oauth import SignInFailed, Tokens
from rally_desktop.outside.mail.smtp import SmtpCarrier
from tests.imap_server import letters, serving
from tests.mail_server import TokenServer, account, certified
from tests.oauth_server import Browser, OAuthServer

NOW = datetime(2026, 6, 2, 9, tzinfo=UTC)
WHO = "office@example.com"


@pytest.fixture
def provider():
    """A provider that lets people in."""
    with OAuthServer() as server:
        yield server


def come_in(provider, browser, *, login=WHO, patience=5.0, **changes):
    """Sign in and return the tokens."""
    client = provider.client(**changes)
    try:
        return asyncio.run(sign_in(client, login, browser, lambda: NOW, patience))
    finally:
        browser.close()


@pytest.mark.parametrize("redirect", ["127.0.0.1", "localhost"])
def test_somebody_signs_in(provider, redirect, caplog):
    """The browser comes back with a code that only we can redeem, and is told to be closed."""
    caplog.set_level("DEBUG")
    browser = Browser()
    tokens = come_in(provider, browser, redirect=redirect)

    assert provider.knows(WHO, tokens.access)
    assert tokens.ends_at == NOW + timedelta(hours=1)
    assert "You can close this window" in browser.pages[0]
    asked = parse_qs(urlsplit(browser.urls[0]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert "canary" not in f"{tokens!r} {caplog.text} {browser.urls}"


def test_who_says_no_is_not_signed_in(provider):
    """A refusal is said as such, in the browser and here."""
    provider.deny = "access_denied"
    browser = Browser()
    with pytest.raises(SignInFailed, match="did not let this program"):
        come_in(provider, browser)
    assert "did not sign in" in browser.pages[0]


def test_another_state_changes_nothing(provider):
    """A page of another sign-in is turned away, and the right one counts."""
    browser = Browser()

    def twice(url):
        back = parse_qs(urlsplit(url).query)["redirect_uri"][0]
        browser.visit(f"{back}?code=stolen&state=other")
        browser.visit(f"{back}favicon.ico")
        return url

    browser.change = twice
    assert provider.knows(WHO, come_in(provider, browser).access)
    assert "another sign-in" in browser.pages[0]
    assert [given["code"] == "stolen" for given in provider.asked] == [False]


def test_nobody_waits_for_ever(provider):
    """Whoever does not come back in time is told, and the port is closed."""
    addresses = []
    with pytest.raises(SignInFailed, match="Nobody signed in"):
        asyncio.run(sign_in(provider.client(), WHO, addresses.append, lambda: NOW, 0.05))
    back = parse_qs(urlsplit(addresses[0]).query)["redirect_uri"][0]
    with pytest.raises(OSError, match="refused"):
        Browser().visit(back)


def test_a_port_that_is_taken_is_not_insisted_on(provider, monkeypatch):
    """Where a port goes to somebody else another one is tried; where none is free it is said."""
    real, refused = asyncio.start_server, []

    async def taken(*args, **how):
        refused.append(args)
        if len(refused) <= most:
            raise OSError("address in use")
        return await real(*args, **how)

    monkeypatch.setattr(asyncio, "start_server", taken)
    most = 1
    assert come_in(provider, Browser()).access
    most = 1_000
    with pytest.raises(SignInFailed, match="no port is free"):
        come_in(provider, Browser())


def test_it_can_be_called_off(provider):
    """Cancelling ends the wait at once."""

    async def begun():
        opened = asyncio.Event()
        waits = sign_in(provider.client(), WHO, lambda _: opened.set(), lambda: NOW)
        task = asyncio.create_task(waits)
        await opened.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(begun())


def test_somebody_else_is_not_taken_for_the_account(provider):
    """Whoever signs in as another is told which address is wanted."""
    with pytest.raises(SignInFailed, match="You signed in as office"):
        come_in(provider, Browser(), login="boss@example.com")


def test_a_token_is_renewed_until_the_consent_ends(provider):
    """Refreshing gives another token; after the access was taken back, it says: sign in again."""
    tokens = come_in(provider, Browser())
    fresh = asyncio.run(oauth.refresh(provider.client(), tokens, NOW))
    assert fresh.access != tokens.access
    assert Tokens.read(fresh.written()) == fresh

    assert asyncio.run(oauth.revoke(provider.client(), fresh))
    with pytest.raises(SignInFailed, match="Sign in again") as caught:
        asyncio.run(oauth.refresh(provider.client(), fresh, NOW))
    assert caught.value.ended


@pytest.mark.parametrize(
    ("code", "said"),
    [("invalid_client", "client id"), ("invalid_scope", "the console"), ("odd", "Try again")],
)
def test_what_is_wrong_with_the_client_is_said(provider, code, said):
    """Errors of the provider are said with what to do."""
    provider.fails = code
    with pytest.raises(SignInFailed, match=said):
        come_in(provider, Browser())


def test_nothing_is_told_in_the_open(provider):
    """A provider that is not reached by TLS is asked for nothing."""
    with pytest.raises(SignInFailed, match="not encrypted"):
        come_in(provider, Browser(), token="http://example.com/token")


# -- with the tokens -------------------------------------------------------------------------


def test_mail_goes_out_by_a_token(provider, tmp_path):
    """A token that ended early is replaced once, without anybody being asked."""
    refused = []

    async def token(told):
        refused.append(told)
        if told:
            provider.opens["new"] = WHO
        return "new" if told else "old"

    async def check(carrier):
        await carrier.check()
        await carrier.close()

    serves, trusts = certified(tmp_path)
    with TokenServer(provider.knows, tls=serves) as server:
        own = account(server, host="localhost", login=WHO, token=token, security="tls")
        asyncio.run(check(SmtpCarrier(own, tls=trusts)))
    assert refused == ["", "old"]


def test_mail_is_read_by_a_token(provider):
    """IMAP takes a good token, and one that is not good is refused with what to do."""
    provider.opens["good"] = WHO

    async def token(_):
        return "good"

    with serving(letters("INBOX", "", [])) as server:
        server.knows = provider.knows
        place = Place("127.0.0.1", server.port, "none", WHO, "", token)
        imap.leave(imap.connect(place, "good"))
        with pytest.raises(SendFailed, match="Sign in again"):
            imap.connect(place, "bad")
