"""Passwords of accounts: sealed in the database, opened by this computer alone."""

import pytest

from rally_desktop.core.errors import SendFailed
from rally_desktop.engine.carriers import Carriers
from rally_desktop.outside.secrets import Vault
from rally_desktop.services import mail_accounts


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
