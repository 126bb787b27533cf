"""The people who work in the office."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from rally_desktop.core import texts
from rally_desktop.core.errors import Refused
from rally_desktop.model.changes import Notified, RowAdded
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import user_account
from rally_desktop.model.work import Work

ROLES = ("admin", "staff", "viewer")


@dataclass(frozen=True)
class User:
    """One person of the office."""

    id: int
    name: str
    email: str
    role: str


def add(work: Work, name: str, email: str = "", role: str = "staff") -> int:
    """Add a user and return the number."""
    if not name.strip() or role not in ROLES:
        raise Refused(f"A user needs a name and one of the roles {', '.join(ROLES)}.")
    texts.require(200, name=name.strip())
    texts.require(320, address=email.strip())
    number = work.new_id("user_account")
    work.memo.setdefault("linked", set()).add(("user_account", number))
    row = {"id": number, "name": name.strip(), "email": email.strip(), "role": role}
    work.change(RowAdded("user_account", row))
    return number


def listed(work: Work) -> list[User]:
    """Return the active users by name."""
    columns = user_account.c
    query = select(columns.id, columns.name, columns.email, columns.role)
    found = work.connection.execute(query.where(columns.active).order_by(columns.name))
    return [User(*row) for row in found]


def notify(work: Work, ref: Ref, user: User, text: str) -> None:
    """Tell a user something about a record, in the notification centre."""
    work.change(Notified(ref, work.new_id("notification"), user.id, user.name, text))
