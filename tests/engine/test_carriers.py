"""Passwords of accounts: sealed in the database, opened by this computer alone."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from rally_desktop.core.errors import NotFound, Refused, SendFailed
from rally_desktop.engine.carriers import Carriers
from rally_desktop.engine.tokens import Tokens
from rally_desktop.outside.mail import oauth, providers
from rally_desktop.outside.secrets import Vault
from rally_desktop.services import mail_accounts, mail_consent
from tests.oauth_server import OAuthServer


class Pocket:
    """A keyring of ours: it holds one key and says so."""

    name = "a pocket"

    def __init__(self):
        self.key = None

    def read(self):
        """Return the key."""
        return self.key

    def write(self, key):
        """Keep the key."""
        self.key = key


@pytest.fixture
def account(world):
    """An account that asks for a password."""
    where = {"host": "mail.example.com", "port": 465, "login": "hello"}
    world.do(mail_accounts.add, "Hello", "hello@example.com", **where)
    return world.ask(mail_accounts.accounts)[0]


def test_a_password_is_sealed_and_opened_again(world, account):
    """The password comes back from the vault, and stands nowhere in the database."""
    vault = Vault(Pocket())
    for password in ("first", "pa55-canary"):
        world.do(mail_accounts.set_password, account, password, vault)

    assert world.ask(mail_accounts.password_of, account, vault) == "pa55-canary"
    assert "canary" not in str(world.rows("select * from secret"))


def test_another_computer_waits_instead_of_sending(world, account):
    """Without the key the account's messages wait, and say for what; nobody loses a try."""
    world.do(mail_accounts.set_password, account, "secret", Vault(Pocket()))

    with pytest.raises(SendFailed, match="Waiting for a computer with access") as caught:
        Carriers(world.store, Vault(Pocket()))(account)
    assert caught.value.account
    assert not caught.value.permanent


def test_an_account_without_login_needs_no_key(world):
    """A server that asks for no password is used without a look at the keyring."""
    world.mailbox()
    (open_account,) = world.ask(mail_accounts.accounts)

    assert Carriers(world.store, Vault(Pocket()))(open_account) is not None


def test_each_computer_has_its_own_password(world, account):
    """Two computers keep what they were told side by side, and who has it is known."""
    front, back = Vault(Pocket(), "front desk"), Vault(Pocket(), "back office")
    world.do(mail_accounts.set_password, account, "one", front)
    with pytest.raises(NotFound, match="entered on front desk"):
        world.ask(mail_accounts.password_of, account, back)
    world.do(mail_accounts.set_password, account, "two", back)

    assert world.ask(mail_accounts.computers, account) == ["back office", "front desk"]
    assert world.ask(mail_accounts.password_of, account, front) == "one"


@pytest.mark.parametrize("change", [{"host": "evil.example"}, {"port": 587}, {"login": "boss"}])
def test_another_server_is_not_told_the_password(world, account, change):
    """A stored password is bound to server, port and user: changing one drops it."""
    vault = Vault(Pocket())
    world.do(mail_accounts.set_password, account, "secret", vault)
    world.do(mail_accounts.edit, account.id, **change)
    with pytest.raises(NotFound, match="never entered"):
        world.ask(mail_accounts.password_of, world.ask(mail_accounts.accounts)[0], vault)


@pytest.fixture
def signed_in(world, monkeypatch):
    """An account that somebody signed in for, its provider, and the vault."""
    vault = Vault(Pocket())
    where = {"host": "localhost", "port": 465, "login": "office@example.com"}
    with OAuthServer(with_secret=True) as server:
        own = replace(
            providers.GOOGLE, consent=server.client().consent,
            smtp=providers.Server("localhost", 465), imap=providers.Server("localhost", 993),
        )  # fmt: skip
        monkeypatch.setitem(providers.BY_KEY, "google", own)
        number = world.do(
            mail_accounts.add, "Office", "office@example.com", provider="google", **where
        )
        account = world.ask(mail_accounts.one, number)
        world.do(mail_consent.save_client, "google", "our-id", "s3cret-canary", vault)
        server.refreshes.add("refresh-canary")
        given = oauth.Tokens("access-canary", "refresh-canary", world.clock.now())
        world.do(mail_consent.keep, account, given, vault)
        yield server, account, Tokens(world.store, vault, (server.host,))


def test_a_token_is_renewed_before_it_ends(world, signed_in):
    """The provider is asked once, and again only when the token is about to end."""
    server, account, tokens = signed_in

    async def thrice():
        return await asyncio.gather(*(tokens.fresh(account) for _ in range(3)))

    assert len(set(asyncio.run(thrice()))) == 1
    world.clock.advance(minutes=56)
    tokens._locks.clear()
    asyncio.run(tokens.fresh(account))
    assert len(server.asked) == 2
    kept = str(world.rows("select * from secret") + world.rows("select * from setting"))
    assert "canary" not in kept
    assert "canary" not in str(world.rows("select detail from activity"))


def test_an_ended_consent_pauses_the_account(world, signed_in):
    """Where the provider lets nobody in any more, the account waits and says what to do."""
    server, account, tokens = signed_in
    server.take_back()
    with pytest.raises(SendFailed, match="Sign in again") as caught:
        asyncio.run(tokens.fresh(account))
    assert caught.value.permanent
    (paused,) = world.ask(mail_accounts.accounts)
    assert paused.paused_why.endswith("Sign in again.")

    given = oauth.Tokens("a", "b", world.clock.now() + timedelta(hours=1))
    world.do(mail_accounts.resume, paused.id)
    world.do(mail_consent.keep, paused, given, tokens.vault)
    assert asyncio.run(tokens.fresh(paused)) == "a"
    assert world.ask(mail_accounts.accounts)[0].paused_why == ""


def test_a_stranger_is_told_no_token(world, signed_in):
    """A server that is not the provider's never hears what the provider handed out."""
    _, account, tokens = signed_in
    world.do(mail_accounts.edit, account.id, host="evil.example")
    changed = world.ask(mail_accounts.one, account.id)
    with pytest.raises(SendFailed, match="not a server of Gmail"):
        asyncio.run(tokens.fresh(changed))
    with pytest.raises(Refused):
        world.do(
            mail_consent.keep, changed, oauth.Tokens("a", "b", world.clock.now()), tokens.vault
        )
