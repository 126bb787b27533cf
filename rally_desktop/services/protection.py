"""Workflows protected by a password: looking, stopping and pausing need none, all else does.

Whoever gave the password to a program may go on there until ten minutes after the last change.
Wrong tries are counted in the office, so that another program or a restart gains nobody more.
The ciphers are slow to import and large: not before a password is set or tried.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from unicodedata import normalize
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from rally_desktop.core.errors import RallyError, Refused
from rally_desktop.model.work import Work
from rally_desktop.services import audit, settings

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

SHORTEST, LONGEST = 8, 200
FREE_TRIES = 5
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=24)
OPEN_FOR = timedelta(minutes=10)
BYTES = 32


class Cost(NamedTuple):
    """What trying one password costs, whoever tries it; the memory is in KiB."""

    passes: int = 3
    lanes: int = 4
    memory: int = 64 * 1024


COST = Cost()

# Which workflows were opened in this program, and until when: by database, since there may be two.
_opened: WeakKeyDictionary[Engine, dict[int, datetime]] = WeakKeyDictionary()


class Protected(RallyError):
    """A password protects this workflow. Open it and enter the password first."""


@dataclass(frozen=True)
class Guarded:
    """How a workflow is protected: whether at all, whether it is open in this program."""

    protected: bool = False
    open: bool = True


@dataclass(frozen=True)
class Tried:
    """What came of a password: whether it was right, tries left before a pause, the pause."""

    right: bool
    left: int = FREE_TRIES
    until: datetime | None = None

    def said(self, now: datetime) -> str:
        """Say what came of it, and what to do."""
        if self.right:
            return ""
        if self.until is None:
            tries = "one more try" if self.left == 1 else f"{self.left} more tries"
            return f"That is not the password. There {_are(self.left)} {tries} before a pause."
        minutes = max(1, -(-int((self.until - now).total_seconds()) // 60))
        wait = "a minute" if minutes == 1 else f"{minutes:,} minutes"
        return f"Too many wrong passwords. Try again in {wait}."


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def of(work: Work, workflow_id: int, spare: timedelta = timedelta()) -> Guarded:
    """Return how a workflow is protected; it counts as open only with time to ``spare``."""
    if _stored(work, workflow_id) is None:
        return Guarded()
    return Guarded(True, _is_open(work, workflow_id, spare))


def require(work: Work, workflow_id: int) -> None:
    """Raise Protected unless a workflow may be changed in this program; it stays open then."""
    if _stored(work, workflow_id) is None:
        return
    if not _is_open(work, workflow_id):
        raise Protected
    _open(work, workflow_id)


def unlock(work: Work, workflow_id: int, password: str) -> Tried:
    """Open a workflow in this program if the password is right.

    After five wrong ones none is looked at for five minutes, then for twice as long each time.
    """
    found = _stored(work, workflow_id)
    if found is None:
        return Tried(True)
    until = datetime.fromisoformat(found["until"]) if found.get("until") else None
    # A pause that ends later than any would is from a clock that was put back.
    if until is not None and work.now < until <= work.now + LONGEST_PAUSE:
        return Tried(False, 0, until)
    if _matches(found, password):
        if found["wrong"]:
            settings.put(work, _name(workflow_id), {**found, "wrong": 0, "until": None})
        else:
            audit.say(work, "unlocked", "workflow", workflow_id)
        _open(work, workflow_id)
        return Tried(True)
    wrong = found["wrong"] + 1
    pause = _pause(wrong)
    until = work.now + pause if pause else None
    kept = {**found, "wrong": wrong, "until": until.isoformat() if until else None}
    settings.put(work, _name(workflow_id), kept)
    return Tried(False, max(0, FREE_TRIES - wrong), until)


def protect(work: Work, workflow_id: int, password: str) -> None:
    """Protect a workflow by a password, or change the one that it has; it stays open here."""
    require(work, workflow_id)
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused(f"A password needs {SHORTEST} to {LONGEST} characters.")
    salt = os.urandom(16)
    derived = _derive(salt).derive(_bytes(password))
    stored = {"salt": _text(salt), "hash": _text(derived), "wrong": 0, "until": None}
    settings.put(work, _name(workflow_id), stored)
    _open(work, workflow_id)


def unprotect(work: Work, workflow_id: int) -> None:
    """Let everybody change a workflow again."""
    require(work, workflow_id)
    if _stored(work, workflow_id) is not None:
        settings.put(work, _name(workflow_id), None)


def lock(work: Work, workflow_id: int) -> None:
    """Ask for the password again in this program, at once."""
    _here(work).pop(workflow_id, None)


# -- inside ------------------------------------------------------------------------------------


def _pause(wrong: int) -> timedelta | None:
    if wrong < FREE_TRIES:
        return None
    return min(FIRST_PAUSE * 2 ** min(wrong - FREE_TRIES, 16), LONGEST_PAUSE)


def _name(workflow_id: int) -> str:
    return f"password/{workflow_id}"


def _stored(work: Work, workflow_id: int) -> dict[str, Any] | None:
    return settings.get(work, _name(workflow_id))


def _here(work: Work) -> dict[int, datetime]:
    return _opened.setdefault(work.connection.engine, {})


def _open(work: Work, workflow_id: int) -> None:
    _here(work)[workflow_id] = work.now + OPEN_FOR


def _is_open(work: Work, workflow_id: int, spare: timedelta = timedelta()) -> bool:
    until = _here(work).get(workflow_id)
    return until is not None and work.now + spare < until <= work.now + OPEN_FOR


def _matches(found: dict[str, Any], password: str) -> bool:
    from cryptography.exceptions import InvalidKey

    try:
        _derive(b64decode(found["salt"])).verify(_bytes(password), b64decode(found["hash"]))
    except InvalidKey:
        return False
    return True


def _derive(salt: bytes) -> Argon2id:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    return Argon2id(
        salt=salt,
        length=BYTES,
        iterations=COST.passes,
        lanes=COST.lanes,
        memory_cost=COST.memory,
    )


def _bytes(password: str) -> bytes:
    """Return the same bytes for the same letters, however a keyboard writes them."""
    return normalize("NFC", password).encode("utf-8", "surrogatepass")


def _text(given: bytes) -> str:
    return b64encode(given).decode("ascii")
