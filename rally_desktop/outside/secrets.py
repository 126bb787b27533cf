"""Passwords, sealed: one master key in this computer's keyring, everything else as sealed text.

The sealed text may lie in the database and its copies: without the key it says nothing, and it
opens only under the name it was sealed for, so that no row can be passed off as another.
Where there is no keyring, the key lies in a file that a passphrase opens.

The ciphers and the keyring are slow to import and large: not before a secret is sealed or opened.
"""

from __future__ import annotations

import json
import os
import platform
import secrets
from base64 import b64decode, b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from rally_desktop.core.errors import RallyError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SERVICE, USER = "Rally Desktop", "master key"
KEY_BYTES, NONCE_BYTES = 32, 12
# OWASP's second choice for scrypt: 64 MiB, and slow enough off the screen's thread.
_SCRYPT = {"n": 2**16, "r": 8, "p": 1}


class Locked(RallyError):
    """The passwords kept on this computer cannot be opened."""


class KeyPlace(Protocol):
    """Where the master key lies; ``name`` says so to a person."""

    @property
    def name(self) -> str:
        """Return what people call the place."""
        ...

    def read(self) -> bytes | None:
        """Return the key, or None where none was ever put there; may raise Locked."""
        ...

    def write(self, key: bytes) -> None:
        """Put a key there; may raise Locked."""
        ...


class Vault:
    """Seals and opens secrets with the master key of one place, making the key when needed."""

    def __init__(self, place: KeyPlace, computer: str = "") -> None:
        """Keep the place of the key; ``computer`` is what people call this one."""
        self.place = place
        self.computer = (computer or platform.node() or "this computer")[:60]
        self._cipher: AESGCM | None = None

    def seal(self, name: str, secret: str) -> str:
        """Return a secret as text that only this vault opens, and only under this name.

        The name should hold all that the secret is for, as ``mail_account/7/host/587/login``:
        changing one of them then drops the secret instead of telling it to somebody else.
        """
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._open_cipher(make=True).encrypt(nonce, secret.encode(), name.encode())
        return "1:" + b64encode(nonce + sealed).decode("ascii")

    def open(self, name: str, sealed: str) -> str:
        """Return the secret sealed under a name, or raise Locked."""
        from cryptography.exceptions import InvalidTag

        version, _, text = sealed.partition(":")
        try:
            blob = b64decode(text, validate=True) if version == "1" else b""
            cipher = self._open_cipher(make=False)
            return cipher.decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], name.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise Locked(
                "The password kept here was made on another computer or for another account. "
                "Enter it again."
            ) from error

    def _open_cipher(self, *, make: bool) -> AESGCM:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        if self._cipher is None:
            key = self.place.read()
            if key is None and not make:
                raise Locked(
                    "No passwords are kept on this computer yet. Enter the password of each "
                    "account once."
                )
            if key is None:
                key = secrets.token_bytes(KEY_BYTES)
                self.place.write(key)
            self._cipher = AESGCM(key)
        return self._cipher


class Keyring:
    """The keyring of whoever is logged in: Keychain, Credential Locker or Secret Service."""

    @property
    def name(self) -> str:
        """Return what the keyring calls itself."""
        return where()

    def read(self) -> bytes | None:
        """Return the key; raise Locked where the keyring does not answer."""
        import keyring
        from keyring.errors import KeyringError

        try:
            kept = keyring.get_password(SERVICE, USER)
        except KeyringError as error:
            raise Locked(_KEYRING_SHUT) from error
        if kept is None:
            return None
        return _sound(kept)

    def write(self, key: bytes) -> None:
        """Keep the key; raise Locked where the keyring does not take it."""
        import keyring
        from keyring.errors import KeyringError

        try:
            keyring.set_password(SERVICE, USER, b64encode(key).decode("ascii"))
        except KeyringError as error:
            raise Locked(_KEYRING_SHUT) from error


class PassphraseFile:
    """A file with the key under a passphrase, for computers without a keyring.

    That is as safe as the passphrase: whoever has the file can try passphrases at leisure.
    """

    def __init__(self, path: Path, passphrase: str) -> None:
        self._path = path
        self._passphrase = passphrase

    @property
    def name(self) -> str:
        """Say honestly what protects the key."""
        return f"a file under your passphrase ({self._path.name}), as this computer has no keyring"

    def read(self) -> bytes | None:
        """Return the key; raise Locked where the passphrase is another."""
        from cryptography.exceptions import InvalidTag

        try:
            kept = json.loads(self._path.read_bytes())
            salt, nonce, sealed = (b64decode(kept[part]) for part in ("salt", "nonce", "key"))
            return self._cipher(salt).decrypt(nonce, sealed, USER.encode())
        except FileNotFoundError:
            return None
        except InvalidTag as error:
            raise Locked("That is not the passphrase. Try again.") from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Locked(
                f"{self._path.name} is damaged. Move it away and enter the passwords again."
            ) from error

    def write(self, key: bytes) -> None:
        """Keep the key in a file that only its owner may read."""
        salt, nonce = os.urandom(16), os.urandom(NONCE_BYTES)
        sealed = self._cipher(salt).encrypt(nonce, key, USER.encode())
        parts = {"salt": salt, "nonce": nonce, "key": sealed}
        text = json.dumps({name: b64encode(part).decode("ascii") for name, part in parts.items()})
        fresh = self._path.with_name(self._path.name + ".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            fresh.unlink(missing_ok=True)
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._path)
        except OSError as error:
            raise Locked(f"{self._path.name} cannot be written ({error.strerror}).") from error

    def _cipher(self, salt: bytes) -> AESGCM:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

        derive = Scrypt(salt=salt, length=KEY_BYTES, **_SCRYPT)
        return AESGCM(derive.derive(self._passphrase.encode()))


def where() -> str:
    """Return the name of this computer's keyring; empty where there is none to be used."""
    import keyring
    from keyring.errors import KeyringError

    try:
        found = keyring.get_keyring()
        # The stand-ins that refuse or forget everything rate themselves at nought or below.
        return found.name if found.priority > 0 else ""
    except (KeyringError, RuntimeError):
        return ""


def _sound(kept: str) -> bytes:
    try:
        key = b64decode(kept, validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise Locked(
            "The key in this computer’s keyring is damaged. Remove the entry «Rally Desktop» "
            "there and enter the passwords again."
        )
    return key


_KEYRING_SHUT = (
    "This computer’s keyring is locked or does not answer. Unlock it (log in again), then retry."
)
