"""The time, as something one can hold and, in tests and demonstrations, turn forward."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
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


class SharedClock:
    """The clock of a server that several computers share, asked seldom and counted on between.

    Between two looks the time goes on by this computer's monotonic counter, so that turning the
    computer's own clock changes nothing. It looks again after ``every`` seconds, and at once when
    wall clock and counter drift apart, as they do while a computer sleeps. Where the server's
    clock is put back by less than a minute the time stands still instead of going back; where
    the server does not answer it is counted on.
    """

    def __init__(
        self,
        ask: Callable[[], datetime | None],
        *,
        every: float = 30.0,
        counter: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        """Ask for the time by ``ask``; ``counter`` and ``wall`` are this computer's own (s)."""
        self._ask, self._every = ask, every
        self._counter, self._wall = counter, wall
        self._lock = threading.Lock()
        self._seen_at, self._seen_wall = counter(), wall()
        self._seen = self._last = ask() or EPOCH + timedelta(seconds=self._seen_wall)

    def now(self) -> datetime:
        """Return the server's present moment."""
        with self._lock:
            counted, wall = self._counter(), self._wall()
            passed = counted - self._seen_at
            moment = self._seen + timedelta(seconds=passed)
            slept = abs(wall - self._seen_wall - passed) > self._every
            if passed > self._every or slept:
                moment = self._ask() or moment
                self._seen, self._seen_at, self._seen_wall = moment, counted, wall
            if not self._last - timedelta(minutes=1) < moment < self._last:
                self._last = moment
            return self._last
