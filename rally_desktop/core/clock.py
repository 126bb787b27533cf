"""The time, as something one can hold and, in tests and demonstrations, turn forward."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Protocol

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def to_micros(moment: datetime) -> int:
    """Return a zone-aware moment as microseconds since 1970 (UTC), the form that is stored."""
    return (moment - EPOCH) // MICROSECOND


def from_micros(stored: int) -> datetime:
    """Return stored microseconds since 1970 as a moment in UTC."""
    return EPOCH + timedelta(microseconds=stored)


class Clock(Protocol):
    """Anything that knows the time."""

    def now(self) -> datetime:
        """Return the present moment, in UTC."""
        ...


class SystemClock:
    """The time of this computer."""

    def now(self) -> datetime:
        """Return the present moment, in UTC."""
        return datetime.now(UTC)


class ManualClock:
    """A clock that stands still until told otherwise; safe to turn from another thread."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Return the moment the clock stands at."""
        with self._lock:
            return self._now

    def advance(self, **by: float) -> None:
        """Turn the clock forward, as in ``advance(days=3)``."""
        with self._lock:
            self._now += timedelta(**by)


class TurnedClock(ManualClock):
    """The computer's clock, turned forward: it goes on by itself from wherever it was put."""

    def __init__(self) -> None:
        super().__init__(EPOCH)

    def now(self) -> datetime:
        """Return the present moment plus all that the clock was turned forward by."""
        return datetime.now(UTC) + (super().now() - EPOCH)
