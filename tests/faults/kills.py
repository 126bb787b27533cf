"""The loop of SIGKILLs: a real engine on a real file, killed at any moment, again and again."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path
from threading import Condition
from typing import Any

from rally_desktop.model.store import Store
from rally_desktop.outside.heads import Heads
from rally_desktop.outside.mail.loopback import CUT, LoopbackServer, Received
from rally_desktop.services import audit_check
from rally_desktop.services.audit_check import Verdict
from tests.faults import office
from tests.faults.office import Counted
from tests.faults.zygote import AT_ONCE, SharedClock
from tests.imap_server import Folder, serving

ROOT = Path(__file__).parents[2]
OFFICES = 4  # at once
LONGEST_LIFE = 0.12  # seconds
LONGEST_WAIT = 1.0  # seconds
SERVER_THINKS = 0.01  # seconds between the dot and the answer
# What the server does to us besides: (where, answer, kept all the same, how often a life).
MISCHIEF = (
    ("rcpt", "451 4.7.1 Greylisted, come back later", False, 0.3),
    ("dot", "421 4.3.2 Closing", False, 0.2),
    ("dot", CUT, True, 0.3),
    ("dot", CUT, False, 0.2),
)


@dataclass(frozen=True)
class Outcome:
    """What is left after all kills, and how often each message arrived."""

    kills: int
    cuts: int
    counted: Counted
    arrived: Counter[str]
    log: Verdict | None
    seconds: float

    @property
    def duplicates(self) -> int:
        """Return how many messages arrived more than was meant."""
        return sum(number - 1 for number in self.arrived.values())

    @property
    def lost(self) -> int:
        """Return how many contacts have neither a message sent nor one in doubt."""
        states = self.counted.states
        return self.counted.contacts - states["sent"] - states["doubt"]


class Postbox:
    """Counts what arrives, by Message-ID; it is also what the journal holds."""

    def __init__(self) -> None:
        self.arrived: Counter[str] = Counter()
        self._count = 0
        self._news = Condition()

    def heard(self, received: Received) -> None:
        """Count one message, and let its sender wait for the answer as servers do."""
        with self._news:
            self.arrived[message_from_bytes(received.data)["Message-ID"].strip("<>")] += 1
            self._count += 1
            self._news.notify_all()
        time.sleep(SERVER_THINKS)

    def wait_for(self, more: int) -> None:
        """Wait until so many more have arrived, or for a while."""
        with self._news:
            goal = self._count + more
            self._news.wait_for(lambda: self._count >= goal, LONGEST_WAIT)

    def holds(self, header: str, text: str) -> bool:
        """Say whether a message arrived."""
        return text in self.arrived


def killed(
    folder: Path,
    kills: int,
    *,
    journal: bool,
    dot: bool = True,
    seed: int = 1,
    connections: int = 1,
) -> Outcome:
    """Kill an engine so many times, let the last one finish, and count."""
    began = time.monotonic()
    chance = random.Random(seed)
    postbox = Postbox()
    sent = Folder("Sent", "\\Sent", postbox.holds)
    clock = SharedClock.made(folder / "clock")
    with LoopbackServer(heard=postbox.heard) as smtp, serving(sent) as imap:
        store = Store.open(f"sqlite:///{folder}/office.rally", clock)
        kind = "sent" if journal else "none"
        office.found(
            store, port=smtp.port, journal=kind, journal_port=imap.port, connections=connections
        )
        cuts = 0
        with _zygote(folder, imap.port if journal else 0, dot) as zygote:
            for number in range(kills):
                cuts += _order(smtp, chance)
                child = _born(zygote, str(number))
                _let_live(chance, postbox)
                os.kill(child, signal.SIGKILL)
            _born(zygote, "last")
            if (said := _heard(zygote)) != "over":
                raise RuntimeError(f"the last engine said {said!r}")
        counted = office.counted(store)
        log = audit_check.check(store, Heads(folder / "audit.json"))
        store.close()
    return Outcome(kills, cuts, counted, postbox.arrived, log, time.monotonic() - began)


def killed_at_once(folder: Path, kills: int, *, seed: int = 1, **how: Any) -> list[Outcome]:
    """Kill the engines of four offices, so many times in all: while one waits, others work."""

    def one(number: int) -> Outcome:
        own = folder / f"office{number}"
        own.mkdir()
        return killed(own, kills // OFFICES, seed=seed * OFFICES + number, **how)

    with ThreadPoolExecutor(OFFICES) as pool:
        return list(pool.map(one, range(OFFICES)))


def _let_live(chance: random.Random, postbox: Postbox) -> None:
    """Wait for any moment of a life, or for one about when a message was handed over."""
    if chance.random() < 0.5:
        time.sleep(chance.uniform(0, LONGEST_LIFE))
    else:
        postbox.wait_for(chance.randint(1, AT_ONCE))
        time.sleep(chance.uniform(0, 2 * SERVER_THINKS))


def _order(smtp: LoopbackServer, chance: random.Random) -> int:
    """Plan what the server does in this life; return how many answers are lost by it."""
    cuts = 0
    for at, answer, keep, likely in MISCHIEF:
        if chance.random() < likely:
            smtp.answer(at, answer, keep=keep)  # pyright: ignore[reportArgumentType]
            cuts += answer == CUT
    return cuts


@contextmanager
def _zygote(folder: Path, journal_port: int, dot: bool) -> Iterator[subprocess.Popen[str]]:
    given = [str(folder), str(journal_port), str(int(dot))]
    command = [sys.executable, "-m", "tests.faults.zygote", *given]
    with subprocess.Popen(
        command, cwd=ROOT, text=True, bufsize=1, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _born(zygote: subprocess.Popen[str], life: str) -> int:
    """Ask for a life and return the child's process number."""
    assert zygote.stdin
    zygote.stdin.write(f"{life}\n")
    return int(_heard(zygote))


def _heard(zygote: subprocess.Popen[str]) -> str:
    assert zygote.stdout
    return zygote.stdout.readline().strip()
