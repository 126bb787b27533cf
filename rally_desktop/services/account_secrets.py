"""Passwords and tokens of mail accounts: sealed, one for each computer that was given it.

A secret is bound to all it is for, such as server, port and user: where one of these changes, what
was kept is not found any more, and never told to anybody else.
"""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import ColumnElement, select

from rally_desktop.core.errors import NotFound
from rally_desktop.model.changes import RowAdded, RowChanged, RowRemoved
from rally_desktop.model.tables import secret
from rally_desktop.model.work import Work
from rally_desktop.outside.secrets import Vault

_PREFIX = "mail/"


def keep(work: Work, about: str, bound: str, value: str, vault: Vault) -> None:
    """Keep a secret about something (``7/smtp``), bound to a text, for this computer."""
    name = _start(about) + f"{_digest(bound)}@{vault.computer}"
    values = {"sealed": vault.seal(bound, value)}
    known = select(secret.c.name).where(secret.c.name == name)
    if work.connection.execute(known).first():
        work.change(RowChanged("secret", name, values))
    else:
        _drop(work, secret.c.name.like(f"{_start(about)}%@{vault.computer}"))
        work.change(RowAdded("secret", {"name": name, **values}))


def reveal(work: Work, about: str, bound: str, vault: Vault) -> str:
    """Return a secret; raise NotFound where this computer was not given it, or Locked."""
    name = _start(about) + f"{_digest(bound)}@{vault.computer}"
    sealed = work.connection.execute(select(secret.c.sealed).where(secret.c.name == name)).scalar()
    if sealed is None:
        there = computers(work, about, bound)
        if there:
            raise NotFound(f"Its password was entered on {', '.join(there)}, not on this computer.")
        raise NotFound("Its password was never entered.")
    return vault.open(bound, sealed)


def computers(work: Work, about: str, bound: str) -> list[str]:
    """Return the names of the computers that were given a secret."""
    start = _start(about) + _digest(bound)
    query = select(secret.c.name).where(secret.c.name.startswith(start, autoescape=True))
    return sorted(name.partition("@")[2] for name in work.connection.execute(query).scalars())


def forget(work: Work, about: str) -> None:
    """Forget, for every computer, the secrets about something, or about all below it (``7``)."""
    _drop(work, secret.c.name.startswith(_start(about), autoescape=True))


def _drop(work: Work, which: ColumnElement[bool]) -> None:
    for name in work.connection.execute(select(secret.c.name).where(which)).scalars().all():
        work.change(RowRemoved("secret", name))


def _start(about: str) -> str:
    return f"{_PREFIX}{about}/"


def _digest(bound: str) -> str:
    return sha256(bound.encode()).hexdigest()[:16]
