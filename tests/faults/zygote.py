"""A process that has everything imported and makes engines by splitting off, to be killed.

Its arguments are the office's folder, the port of the journal (0: there is none) and whether
the mark «dot» is written (0: the engine is broken on purpose). It lives once itself, so that
everything is imported and prepared: that would take longer than a life. Then each line of its
input, with the number of a life, makes one child; it answers with the child's process number.
The line «last» makes one that ends by itself and says «over», when nothing is left to do.
"""

from __future__ import annotations

import asyncio
import itertools
import mmap
import os
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path

from rally_desktop.core.clock import from_micros, to_micros
from rally_desktop.engine import outbox as sending
from rally_desktop.engine.carriers import smtp_carrier
from rally_desktop.engine.heart import Heart
from rally_desktop.engine.journal import JournalFor
from rally_desktop.engine.outbox import Outbox
from rally_desktop.model.store import Store
from rally_desktop.outside.mail.sent import ImapJournal, ImapPlace
from rally_desktop.services import outbox as outboxes
from rally_desktop.services.outbox import Parcel
from tests.faults import office

# Longer than a claim and a lease: whoever lives next finds the dead one's messages free.
BETWEEN_LIVES = timedelta(minutes=11)
AT_ONCE = 4
sending.WORTH_IT = 1  # where an account may have more connections, it has them for these few
FIRST = "first"
LONGEST_LIFE = 300  # seconds; nobody is left to kill it where the tests themselves were ended


class SharedClock:
    """A clock in a file, so that it stands where the life before left it."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._kept = mmap.mmap(file.fileno(), 8)

    @classmethod
    def made(cls, path: Path) -> SharedClock:
        """Make the file, the clock standing at the office's beginning."""
        path.write_bytes(to_micros(office.START).to_bytes(8, "little"))
        return cls(path)

    def now(self) -> datetime:
        """Return the moment the clock stands at."""
        return from_micros(int.from_bytes(self._kept[:8], "little"))

    def advance(self, by: timedelta) -> None:
        """Turn the clock forward."""
        self._kept[:8] = to_micros(self.now() + by).to_bytes(8, "little")


async def live(store: Store, life: str, journal_port: int, *, to_the_end: bool) -> None:
    """Work as the engine does, turning the clock to whatever comes due, until killed."""
    clock = store.clock
    assert isinstance(clock, SharedClock)
    clock.advance(BETWEEN_LIVES)
    heart = Heart(store)
    outbox = Outbox(store, smtp_carrier, journal_for=_journal(journal_port))
    for born in itertools.count():
        if not to_the_end:
            store.write(office.enrol, [f"c{life}x{born}x{number}" for number in range(AT_ONCE)])
        while (ahead := await _round(store, heart, outbox)) is not None:
            clock.advance(ahead)
        if to_the_end or life == FIRST:
            break
    await outbox.close()


async def _round(store: Store, heart: Heart, outbox: Outbox) -> timedelta | None:
    """Do what is due now, and return how far off the next thing is."""
    while heart.tick() or await outbox.send_due():
        pass
    moments = [heart.next_due(), store.read(outboxes.next_due), _next_look(store)]
    return office.next_moment(moments, store.clock.now())


def _next_look(store: Store) -> datetime | None:
    with store.engine.connect() as connection:
        found = connection.exec_driver_sql(
            "select min(due_at) from outbox where state = 'doubt' and exists (select 1 from"
            " mail_account where mail_account.id = account_id and journal in ('sent', 'bcc'))"
        ).scalar()
    return None if found is None else from_micros(found)


def _journal(port: int) -> JournalFor | None:
    if not port:
        return None
    return lambda access: ImapJournal(
        ImapPlace("127.0.0.1", port, "none", "office@example.com", "secret")
    )


def _forget_the_dot() -> None:
    """Break the engine on purpose: let it send the dot without having written so."""
    kept = Outbox._advance

    def advance(self: Outbox, parcel: Parcel, before: str, after: str) -> bool:
        return after == "dot" or kept(self, parcel, before, after)

    Outbox._advance = advance


def _say(word: str) -> None:
    os.write(sys.stdout.fileno(), f"{word}\n".encode())


def main(folder: Path, journal_port: int, dot: int) -> None:
    """Live once, then split off one engine for each line of the input."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    store = Store.open(f"sqlite:///{folder}/office.rally", SharedClock(folder / "clock"))
    if not dot:
        _forget_the_dot()
    asyncio.run(live(store, FIRST, journal_port, to_the_end=False))
    # A connection must not be shared with a child; what was prepared may be.
    store.close()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            signal.alarm(LONGEST_LIFE)
            last = line.strip() == "last"
            asyncio.run(live(store, line.strip(), journal_port, to_the_end=last))
            _say("over")
            os._exit(0)
        _say(str(child))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
