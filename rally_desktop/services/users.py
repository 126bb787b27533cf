"""The people who work in the office."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select

from rally_desktop.core import texts
from rally_desktop.core.days import in_zone
from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.core.fold import fold
from rally_desktop.model.changes import Notified, RowAdded, RowChanged
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import user_account
from rally_desktop.model.work import Work
from rally_desktop.services import calendar

ROLES = ("admin", "staff", "viewer")
_LABELS, _CALLED = "users by label", "users by what they are called"


@dataclass(frozen=True)
class User:
    """One person of the office; ``away_until`` is when a holiday ends."""

    id: int
    name: str
    email: str
    role: str
    away_until: datetime | None = None

    def away(self, now: datetime) -> bool:
        """Say whether the person is not here at a moment."""
        return self.away_until is not None and now < self.away_until


class SameName(Refused):
    """Several people in the office have that name."""


class NoUser(Refused):
    """Nobody in the office has that name, or not any more."""


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
    return list(by_label(work).values())


def by_label(work: Work) -> Mapping[str, User]:
    """Return the active users, in the order of their names, by a label that nobody else has.

    Those who share a name have their e-mail behind it, and without one of their own a number.
    """
    if _LABELS not in work.memo:
        work.memo[_LABELS] = _labelled(_active(work))
    return work.memo[_LABELS]


def labels(everybody: Sequence[User]) -> dict[int, str]:
    """Return what each of these people would be called on lists, by number."""
    return {user.id: label for label, user in _labelled(everybody).items()}


def _active(work: Work) -> list[User]:
    columns = user_account.c
    query = select(columns.id, columns.name, columns.email, columns.role, columns.away_until)
    query = query.where(columns.active).order_by(columns.name, columns.id)
    return [User(*row) for row in work.connection.execute(query)]


def _labelled(everybody: Sequence[User]) -> dict[str, User]:
    names = Counter(fold(user.name) for user in everybody)
    labels = [
        user.name if names[fold(user.name)] == 1 else f"{user.name} <{user.email}>"
        for user in everybody
    ]
    said = Counter(map(fold, labels))
    return {
        label if said[fold(label)] == 1 else f"{user.name} (user {user.id})": user
        for label, user in zip(labels, everybody, strict=True)
    }


def named(work: Work, name: str) -> User:
    """Return the user with a name, an e-mail address, or a label such as «Ana <ana@…>».

    Raises SameName where the name alone does not tell, and NoUser where nobody has it.
    """
    found = called(work).get(fold(name), ())
    if not found:
        raise NoUser(f"Nobody in the office is called ‘{name.strip()}’; choose one from the list.")
    if len(found) > 1:
        raise SameName(f"Several people are called ‘{name.strip()}’; choose one by the e-mail.")
    return found[0]


def called(work: Work) -> Mapping[str, Sequence[User]]:
    """Return the active users by everything that they answer to, folded; a label is one's own."""
    if _CALLED not in work.memo:
        found: dict[str, list[User]] = {}
        for user in listed(work):
            for name in {fold(user.name), fold(user.email)} - {""}:
                found.setdefault(name, []).append(user)
        own = {fold(label): [user] for label, user in by_label(work).items()}
        work.memo[_CALLED] = found | own
    return work.memo[_CALLED]


def set_away(work: Work, user_id: int, until: datetime | None) -> None:
    """Say until when somebody is not here; None says that the person is back."""
    query = select(user_account.c.id).where(user_account.c.id == user_id)
    if work.connection.execute(query).scalar() is None:
        raise NotFound("That user does not exist any more.")
    if until is not None and until.tzinfo is None:
        raise Refused("Say until when with the zone.")
    work.change(RowChanged("user_account", user_id, {"away_until": until}))


def away_until(work: Work, user_id: int, day: date | None) -> None:
    """Say on which day somebody is back, as it begins where they are; None says that it is now."""
    query = select(user_account.c.time_zone).where(user_account.c.id == user_id)
    own = calendar.zone_named(work.connection.execute(query).scalar() or "")
    where = own or calendar.office_zone(work)
    set_away(work, user_id, in_zone(datetime.combine(day, time()), where) if day else None)


def notify(work: Work, ref: Ref, user: User, text: str) -> None:
    """Tell a user something about a record, in the notification centre."""
    work.change(Notified(ref, work.new_id("notification"), user.id, user.name, text))
