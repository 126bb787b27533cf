"""Keeping the office's users: who they are, what is theirs, and what becomes of it when they leave.

Handing over is a long job in batches: it can be called off at any time, and taken back as a whole.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import func, select, update

from rally_desktop.core import texts
from rally_desktop.core.errors import Refused
from rally_desktop.core.fold import fold
from rally_desktop.model.changes import RowChanged
from rally_desktop.model.ref import RECORD_KINDS, RecordKind
from rally_desktop.model.rows import table
from rally_desktop.model.store import Store
from rally_desktop.model.tables import task, user_account
from rally_desktop.model.work import Work
from rally_desktop.services import audit, bulk, calendar, cells, in_order, users
from rally_desktop.services.bulk import Done
from rally_desktop.services.edits import Undone

_BATCH = 500


@dataclass(frozen=True)
class Member:
    """One user, here or gone, with how many records and open tasks are theirs.

    ``back_on`` is the day on which somebody who is away is back, in their own ``time_zone``;
    where that is empty it is the office's.
    """

    id: int
    name: str
    email: str
    role: str
    active: bool
    time_zone: str
    away_until: datetime | None
    back_on: date | None
    records: Mapping[str, int]
    tasks: int


def listed(work: Work) -> list[Member]:
    """Return all users by name, those who left last."""
    owned: dict[int, dict[str, int]] = {}
    for kind in RECORD_KINDS:
        own = table(kind).c
        query = select(own.owner_id, func.count()).where(own.deleted_at.is_(None))
        for number, count in work.connection.execute(query.group_by(own.owner_id)):
            owned.setdefault(number, {})[kind] = count
    due = select(task.c.assignee_id, func.count()).where(task.c.done_at.is_(None))
    tasks = dict(work.connection.execute(due.group_by(task.c.assignee_id)).all())
    found = work.connection.execute(select(user_account)).all()
    zone = calendar.office_zone(work)
    ordered = sorted(found, key=lambda row: (not row.active, fold(row.name), row.id))
    return [
        Member(
            row.id, row.name, row.email, row.role, row.active, row.time_zone, row.away_until,
            _back_on(row.away_until, work.now, calendar.zone_named(row.time_zone) or zone),
            owned.get(row.id, {}), tasks.get(row.id, 0),
        )
        for row in ordered
    ]  # fmt: skip


def _back_on(until: datetime | None, now: datetime, zone: tzinfo) -> date | None:
    return until.astimezone(zone).date() if until is not None and until > now else None


def edit(work: Work, number: int, values: Mapping[str, str]) -> dict[str, str]:
    """Set name, e-mail, role or time zone of a user; return what these were."""
    found = one(work, number)
    given = {name: " ".join(value.split()) for name, value in values.items()}
    if given.get("name") == "":
        raise Refused("Type a name for the user.")
    texts.require(200, name=given.get("name", ""))
    texts.require(320, address=given.get("email", ""))
    if given.get("time_zone"):
        given["time_zone"], problem = cells.time_zone(given["time_zone"])
        if problem:
            raise Refused("Type a time zone such as Europe/Paris, or none for the office’s.")
    role = given.get("role", found.role)
    if role not in users.ROLES:
        raise Refused(f"A user has one of the roles {', '.join(users.ROLES)}.")
    if role != "admin":
        _keep_admin(work, found)
    _refuse_taken(work, number, given.get("email", ""))
    work.change(RowChanged("user_account", number, given))
    return {name: getattr(found, name) for name in given}


def _refuse_taken(work: Work, number: int, address: str) -> None:
    for user in users.listed(work):
        if address and user.id != number and fold(user.email) == fold(address):
            raise Refused(f"{user.name} has the address {address} already. Type another one.")


def _keep_admin(work: Work, found: Any) -> None:
    """Refuse to take the last admin from the office."""
    others = (user for user in users.listed(work) if user.id != found.id)
    if found.role == "admin" and not any(user.role == "admin" for user in others):
        raise Refused("The office needs an admin. Make somebody else one first.")


def deactivate(work: Work, number: int) -> None:
    """Let a user work here no more; what is theirs stays so until it is handed over."""
    _keep_admin(work, one(work, number))
    work.change(RowChanged("user_account", number, {"active": False}))


def activate(work: Work, number: int) -> None:
    """Let a user who left work here again."""
    _refuse_taken(work, number, one(work, number).email)
    work.change(RowChanged("user_account", number, {"active": True}))


# -- handing over ------------------------------------------------------------------------------


@dataclass
class Handing:
    """How far it is, and what takes it back."""

    user: int
    wanted: int = 0
    parts: dict[RecordKind, Done] = field(default_factory=dict)
    tasks: tuple[int, ...] = ()
    to: int = 0
    left: bool = False

    @property
    def looked_at(self) -> int:
        """Return how many records were looked at."""
        return sum(done.looked_at for done in self.parts.values())

    @property
    def changed(self) -> int:
        """Return how many records have another owner."""
        return sum(done.changed for done in self.parts.values())


def hand_over(store: Store, to: int, handing: Handing, stopped: Callable[[], bool]) -> Handing:
    """Give all records and open tasks of a user to another one, then let the user go.

    Called off, the user stays, and so does what was handed over until it is taken back.
    """
    store.read(lambda work: _keep_admin(work, one(work, handing.user)))
    label = store.read(_label, to)
    owned: dict[RecordKind, array[int]] = {}
    for kind in RECORD_KINDS:
        owned[kind] = store.read(_owned, kind, handing.user)
    handing.wanted, handing.to = sum(map(len, owned.values())), to
    for kind, numbers in owned.items():
        done = handing.parts[kind] = Done()
        bulk.run(store, kind, numbers, bulk.setting(kind, "owner", label), done, stopped)
        if done.called_off:
            return handing
    handing.tasks = store.write(_give_tasks, handing.user, to)
    store.write(deactivate, handing.user)
    told = {"to": label, "records": handing.changed, "tasks": len(handing.tasks)}
    store.write(audit.say, "handed_over", "user", handing.user, **told)
    handing.left = True
    return handing


def take_back(store: Store, handing: Handing) -> Undone:
    """Let the user come back to what was theirs, save what was changed since."""
    if handing.left:
        store.write(activate, handing.user)
    undone = Undone()
    for done in handing.parts.values():
        undone += bulk.undo(store, done.notes, Done(), lambda: False)
    store.write(_take_tasks, handing)
    return undone


def _label(work: Work, number: int) -> str:
    return next(label for label, user in users.by_label(work).items() if user.id == number)


def _owned(work: Work, kind: RecordKind, number: int) -> array[int]:
    own = table(kind).c
    query = select(own.id).where(own.owner_id == number, own.deleted_at.is_(None))
    return array("q", work.connection.execute(query.order_by(own.id)).scalars())


def _give_tasks(work: Work, number: int, to: int) -> tuple[int, ...]:
    query = select(task.c.id).where(task.c.assignee_id == number, task.c.done_at.is_(None))
    found = tuple(work.connection.execute(query).scalars())
    _assign(work, found, number, to)
    return found


def _take_tasks(work: Work, handing: Handing) -> None:
    _assign(work, handing.tasks, handing.to, handing.user)


def _assign(work: Work, numbers: Sequence[int], before: int, to: int) -> None:
    for start in range(0, len(numbers), _BATCH):
        some = task.c.id.in_(numbers[start : start + _BATCH]) & (task.c.assignee_id == before)
        work.connection.execute(update(task).where(some).values(assignee_id=to))
    work.touched.add("task")


def one(work: Work, number: int) -> Any:
    """Return the row of a user; raise NotFound."""
    return in_order.one(work, "user_account", number, "user")
