"""Secrets of HTTP requests: sealed, each for one server, named in workflows and never shown."""

from __future__ import annotations

import re

from sqlalchemy import select

from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.model.changes import RowAdded, RowChanged, RowRemoved
from rally_desktop.model.tables import secret
from rally_desktop.model.work import Work
from rally_desktop.outside.secrets import Vault

_PREFIX = "http/"


def put(work: Work, name: str, host: str, value: str, vault: Vault) -> None:
    """Keep a secret under a name, to be told to one host alone; another value replaces it."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,63}", name):
        raise Refused("A secret's name has letters, digits and _ alone, as in CRM_KEY.")
    if not host.strip() or not value:
        raise Refused("A secret needs its server, such as api.example.com, and a value.")
    host = host.strip().lower()
    sealed = f"{host} {vault.seal(_sealed_name(name, host), value)}"
    key = _PREFIX + name
    if _stored(work, name) is None:
        work.change(RowAdded("secret", {"name": key, "sealed": sealed}))
    else:
        work.change(RowChanged("secret", key, {"sealed": sealed}))


def reveal(work: Work, name: str, host: str, vault: Vault) -> str:
    """Return a secret for a host.

    Raises NotFound, Refused where it was added for another host, and Locked where this computer
    cannot open it.
    """
    stored = _stored(work, name)
    if stored is None:
        raise NotFound(f"There is no secret ‘{name}’. Add it in the settings.")
    own, _, sealed = stored.partition(" ")
    if own != host.lower():
        raise Refused(f"The secret ‘{name}’ is for {own} alone, and was not told to {host}.")
    return vault.open(_sealed_name(name, own), sealed)


def names(work: Work) -> list[str]:
    """Return the names of the secrets there are."""
    query = select(secret.c.name).where(secret.c.name.startswith(_PREFIX, autoescape=True))
    found = work.connection.execute(query.order_by(secret.c.name)).scalars()
    return [name.removeprefix(_PREFIX) for name in found]


def remove(work: Work, name: str) -> None:
    """Forget a secret; requests that name it fail from now on."""
    if _stored(work, name) is None:
        raise NotFound(f"There is no secret ‘{name}’.")
    work.change(RowRemoved("secret", _PREFIX + name))


def _stored(work: Work, name: str) -> str | None:
    query = select(secret.c.sealed).where(secret.c.name == _PREFIX + name)
    return work.connection.execute(query).scalar()


def _sealed_name(name: str, host: str) -> str:
    return f"{_PREFIX}{name}/{host}"
