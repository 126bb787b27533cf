"""How long an engine that was killed takes to send again, with very many runs waiting."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path
from statistics import quantiles

from benchmarks import _office
from rally_desktop.core.clock import SystemClock
from rally_desktop.model.graph import Step, Trigger
from rally_desktop.model.store import Store
from rally_desktop.outside.mail.loopback import LoopbackServer, Received
from tests.faults import office
from tests.faults.kills import ROOT

LONGEST = 60.0  # seconds


class Arrivals:
    """Knows when something first arrived for somebody, in seconds of the monotonic clock."""

    def __init__(self) -> None:
        self._at: dict[str, float] = {}
        self._news = threading.Condition()

    def heard(self, received: Received) -> None:
        """Write one message down."""
        name = str(message_from_bytes(received.data)["To"]).partition(" ")[0]
        with self._news:
            self._at.setdefault(name, time.monotonic())
            self._news.notify_all()

    def first(self, name: str) -> float:
        """Wait for the first message to somebody and return when it came."""
        with self._news:
            if not self._news.wait_for(lambda: name in self._at, LONGEST):
                raise RuntimeError(f"nothing came for {name} within {LONGEST} seconds")
            return self._at[name]


def recovered(folder: Path, waiting: int, kills: int) -> list[float]:
    """Kill an engine so often; return the seconds from each new start to its first message.

    The start is that of the process: reading the program and the database is part of it.
    """
    url = f"sqlite:///{folder}/office.rally"
    _office.make_office(url, waiting=waiting)
    arrivals, took = Arrivals(), []
    with LoopbackServer(heard=arrivals.heard) as smtp:
        store = Store.open(url, SystemClock())
        office.found(store, port=smtp.port)
        mail = Step("mail", "send_email", {"template": "Welcome"})
        _office.published(store, "At once", Trigger("t", "record_created"), [mail])
        for number in range(kills):
            store.write(office.enrol, [f"r{number}"])
            began = time.monotonic()
            with _engine(folder, url):
                took.append(arrivals.first(f"r{number}") - began)
        store.close()
    return took


@contextmanager
def _engine(folder: Path, url: str) -> Iterator[None]:
    """Run the engine as a service does, and kill it in the end."""
    command = [sys.executable, "-m", "rally_desktop", "engine", "--database", url]
    home = {name: str(folder) for name in ("HOME", "XDG_DATA_HOME", "APPDATA")}
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **home}, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield
        finally:
            process.kill()


def in_words(took: list[float]) -> str:
    """Say the middle and the slowest hundredth."""
    cuts = quantiles(took, n=100, method="inclusive")
    return f"{len(took)} starts: half within {cuts[49]:.2f} s, 99 % within {cuts[98]:.2f} s"
