"""An office from nothing: what a fresh database needs before anybody can work."""

from __future__ import annotations

import secrets

from rally_desktop.model.work import Work
from rally_desktop.services import deals, lists, settings, users

STAGES = (
    ("New", 10, "open"),
    ("Qualified", 30, "open"),
    ("Proposal", 60, "open"),
    ("Negotiation", 80, "open"),
    ("Closed Won", 100, "won"),
    ("Closed Lost", 0, "lost"),
)


def found(work: Work, name: str = "My office", admin: str = "Admin") -> None:
    """Give a fresh database its epoch, lists, pipeline and first user; leave another alone.

    The epoch is part of every message's key: a copied database has to get a new one before it
    may send (safety.md, Outbox).
    """
    if settings.get(work, "epoch") is not None:
        return
    settings.put(work, "epoch", secrets.token_hex(8))
    settings.put(work, "office_name", name)
    settings.put(work, "time_zone", "Europe/London")
    for list_name, values in lists.DEFAULTS.items():
        lists.add(work, list_name, values)
    deals.add_pipeline(work, "Sales", STAGES)
    users.add(work, admin, role="admin")
