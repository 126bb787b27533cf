"""What the engine does for the office once a minute: old trash goes, erasures are ended.

Once a day, beginning soon after the start, it lets files go that nothing names any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from rally_desktop.engine import erasing
from rally_desktop.model.store import Store
from rally_desktop.services import attachments, privacy, trash

EVERY, DAY, SOON = timedelta(minutes=1), timedelta(days=1), timedelta(minutes=10)
MOST = 50  # things deleted for good at a time
# By then whoever began an erasure has ended it, or was interrupted.
PATIENCE = timedelta(minutes=10)


@dataclass
class Housekeeping:
    """Looks once a minute."""

    _looked: datetime | None = None
    _sweep_at: datetime | None = None

    def do(self, store: Store) -> None:
        """Do what is due."""
        now = store.clock.now()
        if self._looked is not None and now - self._looked < EVERY:
            return
        self._looked = now
        if old := store.read(trash.expired, MOST):
            erasing.empty(store, old)
        for one in store.read(privacy.unfinished):
            if one.state == "waiting":
                erasing.settle(store, one)
            elif now - one.at >= PATIENCE:
                erasing.go_on(store, one)
        self._sweep(store, now)

    def _sweep(self, store: Store, now: datetime) -> None:
        if self._sweep_at is None:
            self._sweep_at = now + SOON
        if now < self._sweep_at:
            return
        self._sweep_at = now + DAY
        if unused := store.read(attachments.unused, MOST):
            store.write(attachments.drop, unused)
