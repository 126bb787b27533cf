"""Who sits at this computer: chosen once from the office's users, and kept for each office."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from rally_desktop.ui.later import later

if TYPE_CHECKING:
    from rally_desktop.model.work import Work
    from rally_desktop.ui.background import Background
    from rally_desktop.ui.preferences import Preferences

KEPT = "who"
WATCHED = frozenset({"user_account"})


class Seat(QObject):
    """Whose notes, calls and views those are that are made here.

    Where the office has one user only, it is that one; nobody needs to say so.
    """

    changed = Signal()
    chosen = Signal()
    """Somebody said just now who it is."""

    def __init__(self, background: Background, preferences: Preferences, parent: QObject) -> None:
        super().__init__(parent)
        self._background, self._preferences = background, preferences
        self.people: Mapping[str, int] = {}
        self.user: int | None = None
        background.changed.connect(self._hear)

    @property
    def name(self) -> str:
        """Return what the user is called on lists; empty while nobody said who it is."""
        return next((name for name, number in self.people.items() if number == self.user), "")

    @later
    async def settle(self) -> None:
        """Learn who may sit here, and seat who was chosen before."""
        self.people = await self._background.read(_people)
        kept = self._preferences.get(KEPT, {}).get(self._background.office)
        alone = next(iter(self.people.values())) if len(self.people) == 1 else None
        self._take(kept if kept in self.people.values() else alone)

    def choose(self, user: int) -> None:
        """Let somebody sit here from now on."""
        kept = self._preferences.get(KEPT, {})
        self._preferences.put(KEPT, {**kept, self._background.office: user})
        self._take(user)
        self.chosen.emit()

    def _take(self, user: int | None) -> None:
        if user != self.user:
            self.user = user
            self._background.seat(user)
        self.changed.emit()

    def _hear(self, touched: frozenset[str]) -> None:
        if touched & WATCHED and self.people:
            self.settle()


def _people(work: Work) -> Mapping[str, int]:
    from rally_desktop.services import users  # the window comes before the database

    return {label: user.id for label, user in users.by_label(work).items()}
