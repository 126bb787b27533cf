"""Keys by which programs outside prove who they are: made once, kept as a digest, revocable.

A key is ``rally_``, eight characters by which it is found, and 256 bits that nobody can guess.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import select, update

from rally_desktop.core import texts
from rally_desktop.core.errors import BadSettings, NotFound, Refused
from rally_desktop.core.fold import fold
from rally_desktop.model.changes import RowAdded, RowChanged
from rally_desktop.model.tables import api_key, user_account
from rally_desktop.model.work import Work

MOST, LONGEST = 50, 100
SECRET_BYTES, HANDLE_BYTES = 32, 4
_KEY = re.compile(r"rally_([0-9a-f]{8})_([A-Za-z0-9_-]{43})", re.ASCII)
NOTED_EVERY = timedelta(minutes=1)  # a key in use writes no more often than that


@dataclass(frozen=True)
class ApiKey:
    """One key as it is listed; ``adds`` says that its program may add contacts, too."""

    id: int
    name: str
    handle: str
    adds: bool
    created_at: datetime
    created_by: str = ""
    used_at: datetime | None = None
    revoked_at: datetime | None = None

    @property
    def begins(self) -> str:
        """Return how the key begins, by which it is recognised where it is used."""
        return f"rally_{self.handle}_…"


def listed(work: Work) -> list[ApiKey]:
    """Return every key by name, those that were revoked at the end."""
    own = api_key.c
    query = select(api_key, user_account.c.name.label("maker")).outerjoin(
        user_account, user_account.c.id == own.created_by
    )
    made = [_key(row) for row in work.connection.execute(query).mappings()]
    return sorted(made, key=lambda one: (one.revoked_at is not None, fold(one.name), one.id))


def make(work: Work, name: str, *, adds: bool = False) -> str:
    """Make a key and return it, the only time that it can be had; refuse who is no admin."""
    _require_admin(work)
    if problem := _problem(work, name):
        raise BadSettings({"Name": problem})
    handle, secret = secrets.token_hex(HANDLE_BYTES), secrets.token_urlsafe(SECRET_BYTES)
    row = {
        "id": work.new_id("api_key"), "name": " ".join(name.split()), "handle": handle,
        "digest": _digest(secret), "adds": adds, "created_at": work.now,
        "created_by": work.user_id,
    }  # fmt: skip
    work.change(RowAdded("api_key", row))
    return f"rally_{handle}_{secret}"


def revoke(work: Work, number: int) -> None:
    """Let a key open nothing any more, from this moment on and for good."""
    _require_admin(work)
    query = select(api_key.c.revoked_at).where(api_key.c.id == number)
    found = work.connection.execute(query).one_or_none()
    if found is None:
        raise NotFound("That key does not exist any more.")
    if found.revoked_at is None:
        work.change(RowChanged("api_key", number, {"revoked_at": work.now}))


def holder(work: Work, said: str) -> ApiKey | None:
    """Return the key that somebody shows, where it is one of ours and was not revoked."""
    found = _KEY.fullmatch(said)
    handle, secret = found.groups() if found else ("", "")
    query = select(api_key).where(api_key.c.handle == handle)
    row = work.connection.execute(query).mappings().one_or_none()
    known = hmac.compare_digest(_digest(secret), row["digest"] if row else _digest(handle))
    return _key(row) if row and known and row["revoked_at"] is None else None


def take_turn(work: Work, key: ApiKey) -> None:
    """Wait until whatever else is being written by a key is there, and let the next one wait."""
    work.connection.execute(select(api_key.c.id).where(api_key.c.id == key.id).with_for_update())


def is_noted(work: Work, key: ApiKey) -> bool:
    """Say whether it is written down that a key was used just now."""
    return key.used_at is not None and work.now - key.used_at < NOTED_EVERY


def note_use(work: Work, key: ApiKey) -> None:
    """Write down that a key was used; it is no change that anybody made."""
    used = update(api_key).where(api_key.c.id == key.id).values(used_at=work.now)
    work.connection.execute(used)
    work.touched.add("api_key")


def _problem(work: Work, name: str) -> str:
    if not name.strip() or texts.unfit(name, LONGEST):
        return f"must have 1 to {LONGEST} characters"
    held = [one for one in listed(work) if one.revoked_at is None]
    if fold(name) in {fold(one.name) for one in held}:
        return "belongs to another key already"
    return f"is one too many: there are {MOST} keys already" if len(held) >= MOST else ""


def _require_admin(work: Work) -> None:
    """Refuse who works here and is no admin."""
    if work.user_id is None:
        return
    query = select(user_account.c.role).where(user_account.c.id == work.user_id)
    if work.connection.execute(query).scalar() != "admin":
        raise Refused("Only an admin of the office makes and revokes API keys.")


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _key(row: Mapping[Any, Any]) -> ApiKey:
    return ApiKey(
        row["id"], row["name"], row["handle"], row["adds"], row["created_at"],
        row.get("maker") or "", row["used_at"], row["revoked_at"],
    )  # fmt: skip
