"""Passwords are kept sealed: opened by whom they were sealed for, by nobody else."""

import os
import subprocess
import sys

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from rally_desktop.outside import secrets
from rally_desktop.outside.secrets import Keyring, Locked, PassphraseFile, Vault


class MemoryKeyring(KeyringBackend):
    """A keyring that lasts as long as a test."""

    priority = 5
    name = "a keyring in memory"

    def __init__(self):
        super().__init__()
        self.kept = {}
        self.locked = False

    def get_password(self, service, username):
        """Return what was kept."""
        if self.locked:
            raise KeyringLocked
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        """Keep it."""
        if self.locked:
            raise KeyringLocked
        self.kept[service, username] = password


@pytest.fixture
def ring():
    """Put a keyring in memory in the place of this computer's."""
    before = keyring.get_keyring()
    ring = MemoryKeyring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


@pytest.fixture
def cheap(monkeypatch):
    """Make guessing passphrases cheap, for tests alone."""
    monkeypatch.setattr(secrets, "_SCRYPT", {"n": 2, "r": 8, "p": 1})


def test_what_was_sealed_can_be_opened_later(ring):
    """A password sealed today is opened by another session with the same keyring."""
    sealed = Vault(Keyring()).seal("mail_account/7", "fäble 🙂")
    assert Vault(Keyring()).open("mail_account/7", sealed) == "fäble 🙂"


def test_the_keyring_holds_one_key_and_no_password(ring):
    """However many secrets there are, the keyring holds 32 bytes."""
    vault = Vault(Keyring())
    sealed = [vault.seal(f"mail_account/{n}", "fable") for n in range(5)]
    assert list(ring.kept) == [("Rally Desktop", "master key")]
    assert len(ring.kept["Rally Desktop", "master key"]) == 44
    assert len(set(sealed)) == 5
    assert not any("fable" in text for text in sealed)


def test_a_secret_opens_under_its_own_name_only(ring):
    """A sealed password that is moved to another account stays shut."""
    vault = Vault(Keyring())
    sealed = vault.seal("mail_account/7/smtp.example.com", "fable")
    with pytest.raises(Locked, match="Enter it again"):
        vault.open("mail_account/7/evil.example.com", sealed)


@pytest.mark.parametrize(
    "spoil", [lambda s: s[:-8] + "AAAAAAA=", lambda s: s[2:], lambda s: "1:", str.upper]
)
def test_a_changed_secret_stays_shut(ring, spoil):
    """A sealed text that was altered or cut is refused in words."""
    vault = Vault(Keyring())
    sealed = vault.seal("a", "fable")
    with pytest.raises(Locked):
        vault.open("a", spoil(sealed))


def test_another_computer_cannot_open_it(ring):
    """Without the key of this keyring, a copied database keeps its secrets."""
    sealed = Vault(Keyring()).seal("a", "fable")
    ring.kept.clear()
    with pytest.raises(Locked, match="Enter the password of each account"):
        Vault(Keyring()).open("a", sealed)
    Vault(Keyring()).seal("b", "other")
    with pytest.raises(Locked, match="another computer"):
        Vault(Keyring()).open("a", sealed)


def test_a_locked_keyring_says_what_to_do(ring):
    """A keyring that does not answer is named, and no new key is made beside it."""
    sealed = Vault(Keyring()).seal("a", "fable")
    ring.locked = True
    with pytest.raises(Locked, match="Unlock it"):
        Vault(Keyring()).open("a", sealed)
    with pytest.raises(Locked, match="Unlock it"):
        Vault(Keyring()).seal("b", "fable")


def test_a_damaged_key_is_not_replaced_in_silence(ring):
    """A key that is no key is refused rather than overwritten."""
    ring.kept["Rally Desktop", "master key"] = "rubbish"
    with pytest.raises(Locked, match="damaged"):
        Vault(Keyring()).seal("a", "fable")
    assert ring.kept["Rally Desktop", "master key"] == "rubbish"


def test_where_names_the_keyring_or_nothing(ring):
    """A keyring that keeps things is named; one that refuses everything is none."""
    assert secrets.where() == "a keyring in memory"
    ring.__class__.priority, before = 0, ring.__class__.priority
    assert secrets.where() == ""
    ring.__class__.priority = before


def test_a_passphrase_opens_the_file(tmp_path, cheap):
    """Without a keyring, the right passphrase opens what was sealed, and a wrong one does not."""
    path = tmp_path / "rally.key"
    sealed = Vault(PassphraseFile(path, "correct horse")).seal("a", "fable")
    assert Vault(PassphraseFile(path, "correct horse")).open("a", sealed) == "fable"
    with pytest.raises(Locked, match="not the passphrase"):
        Vault(PassphraseFile(path, "wrong")).open("a", sealed)
    assert b"fable" not in path.read_bytes()


def test_the_file_is_for_its_owner_alone(tmp_path, cheap):
    """Nobody else on this computer may read the file, and its name says how it is protected."""
    place = PassphraseFile(tmp_path / "rally.key", "correct horse")
    place.write(b"k" * 32)
    if os.name == "posix":
        assert (tmp_path / "rally.key").stat().st_mode & 0o077 == 0
    assert "no keyring" in place.name
    assert [entry.name for entry in tmp_path.iterdir()] == ["rally.key"]


@pytest.mark.parametrize("content", [b"", b"{}", b'{"salt": 1}', b"\xff\xfe"])
def test_a_damaged_file_is_named(tmp_path, cheap, content):
    """A key file that cannot be read says so, and is not overwritten."""
    path = tmp_path / "rally.key"
    path.write_bytes(content)
    with pytest.raises(Locked, match="damaged"):
        Vault(PassphraseFile(path, "x")).seal("a", "fable")
    assert path.read_bytes() == content


def test_the_keyring_is_not_imported_before_it_is_asked():
    """Knowing of the vault costs no look at the desktop's keyring."""
    code = (
        "import sys; from rally_desktop.outside import secrets; sys.exit('keyring' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
