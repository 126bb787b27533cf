"""The check of the audit log: every line and every link worked out again, from the first on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import func, select

from rally_desktop.core.clock import from_micros
from rally_desktop.model import chain
from rally_desktop.model.chain import Link
from rally_desktop.model.store import Store
from rally_desktop.model.tables import activity
from rally_desktop.model.work import Work
from rally_desktop.outside.heads import Head, Heads
from rally_desktop.services import audit, audit_links

LINKS, LINES = 500, 20_000  # at once
END = 2**62  # no line has such a number
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Broken:
    """The first thing that is wrong: what kind of thing, when it was written, in words.

    ``kind`` is changed, missing, added, link, cut, older or replaced.
    """

    kind: str
    at: datetime | None
    said: str


@dataclass(frozen=True)
class Verdict:
    """What a check found: how many lines in how many links, up to when, and what is wrong.

    ``erased`` lines hold by the digest of what they said; ``kept`` says whether this computer
    knew where the chain stood.
    """

    lines: int
    links: int
    until: datetime | None
    erased: int
    kept: bool
    broken: Broken | None
    at: datetime


def check(
    store: Store,
    heads: Heads,
    progress: Progress | None = None,
    stopped: Callable[[], bool] | None = None,
) -> Verdict | None:
    """Look through the whole audit log; None where it was called off."""
    first, total = store.read(_ends)[0], store.read(_count)
    kept = heads.read(store.url, first.hash if first else "")
    looking = _Looking(kept)
    while not looking.step(store):
        if stopped and stopped():
            return None
        if progress:
            progress(looking.lines, total)
    broken = looking.broken or store.read(looking.compare)
    last = looking.last
    return Verdict(
        looking.lines, last.id if last else 0, from_micros(last.at) if last else None,
        looking.erased, kept is not None, broken, store.clock.now(),
    )  # fmt: skip


def advance(store: Store, heads: Heads) -> bool:
    """Keep where the chain stands now; False where it does not go on from what was kept."""
    first, last = store.read(_ends)
    if first is None or last is None:
        return heads.read(store.url, "") is None
    kept = heads.read(store.url, first.hash)
    if kept is not None:
        there = store.read(audit_links.after, kept.number - 1, 1)
        if not there or there[0].id != kept.number or there[0].hash != kept.hash:
            return False
    if kept is None or kept.number < last.id:
        heads.write(store.url, Head(first.hash, last.id, last.hash, last.at))
    return True


def accept(store: Store, heads: Heads) -> None:
    """Go by the chain as it is from now on, and say so in it: a backup was restored."""
    store.write(audit.say, "audit_accepted", "office")
    first, last = store.read(_ends)
    if first is not None and last is not None:
        heads.write(store.url, Head(first.hash, last.id, last.hash, last.at))


class _Looking:
    """A check as far as it is: the links one after the other, each with its lines."""

    def __init__(self, kept: Head | None) -> None:
        self.last: Link | None = None
        self.lines = self.erased = 0
        self.broken: Broken | None = None
        self._kept = kept
        self._first = self._there = ""  # the hashes of the first link and of the one that is kept
        self._seen: list[tuple[int, int]] = []

    def step(self, store: Store) -> bool:
        """Look at the next links; True where that was the end of it."""
        return store.read(self._step)

    def _step(self, work: Work) -> bool:
        links = self._some(work)
        if not links:
            self.broken = self.broken or self._added(work)
            return True
        held = audit_links.lines(work, links)
        low, high = min(link.first for link in links), max(link.last for link in links)
        gone = audit_links.forgotten(work, low, high)
        for link in links:
            self.broken = self._link(link) or self._lines(work, link, held, gone)
            if self.broken:
                return True
            self._pass(link)
        self.erased += len(gone)
        return False

    def _some(self, work: Work) -> list[Link]:
        """Return the next links, as many as have a bounded number of lines."""
        links = audit_links.after(work, self.last.id if self.last else 0, LINKS)
        room, count = LINES, 0
        while count < len(links) and room > 0:
            room -= sum(high - low + 1 for low, high in links[count].ranges())
            count += 1
        return links[:count]

    def _link(self, link: Link) -> Broken | None:
        number, above = (self.last.id, self.last.hash) if self.last else (0, "")
        if link.id != number + 1:
            said = f"what was written just before is missing (link {number + 1:,})"
            return _broken("missing", link, said)
        if link.hash != chain.hashed(link[:7], above):
            return _broken("link", link, f"link {link.id:,} of the chain itself was changed")
        return None

    def _lines(
        self,
        work: Work,
        link: Link,
        held: dict[int, chain.Stored],
        gone: dict[int, bytes],
    ) -> Broken | None:
        if audit_links.fits(link, held, gone):
            return None
        missing = [number for number in link.numbers() if number not in held]
        if missing:
            return _broken(
                "missing", link, f"{_counted(len(missing))} missing (line {missing[0]:,})"
            )
        before = audit_links.as_written(work, link, held)
        if audit_links.fits(link, before, gone):
            return None
        count = len(link.numbers())
        which = f"line {link.first:,}" if count == 1 else f"one of {count:,} lines"
        return _broken("changed", link, f"{which} was changed afterwards (from {link.first:,} on)")

    def _pass(self, link: Link) -> None:
        self._first = self._first or link.hash
        if self._kept and link.id == self._kept.number:
            self._there = link.hash
        self.last = link
        self.lines += len(link.numbers())
        for low, high in link.ranges():
            if self._seen and self._seen[-1][1] + 1 == low:
                self._seen[-1] = (self._seen[-1][0], high)
            else:
                self._seen.append((low, high))

    def _added(self, work: Work) -> Broken | None:
        """Find a line that no link holds."""
        if _count(work) == self.lines:
            return None
        ends = [(-END, -END), *sorted(self._seen), (END, END)]
        line = activity.c
        for (_, high), (low, _) in pairwise(ends):
            between = line.id > high, line.id < low
            query = select(line.id, line.at).where(*between).order_by(line.id).limit(1)
            if (found := work.connection.execute(query).first()) is None:
                continue
            if low == END:
                return Broken("cut", found.at, f"the chain ends before line {found.id:,}")
            return Broken("added", found.at, f"line {found.id:,} was put in afterwards")
        return None

    def compare(self, work: Work) -> Broken | None:
        """Say whether the chain goes on from where this computer knew it to stand."""
        kept, number = self._kept, self.last.id if self.last else 0
        ever = _ever(work)
        if ever > number:
            return Broken("cut", None, f"{ever - number:,} links were cut off its end")
        if kept is None:
            return None
        at = from_micros(kept.at)
        if self._first not in ("", kept.first):
            return Broken("replaced", at, "another log is in the place of the one known here")
        if kept.number > number:
            said = "it ends earlier than this computer saw it: an older copy was restored"
            return Broken("older", at, said if _on_file(work) else f"{said}, or its end cut off")
        if self._there != kept.hash:
            return Broken("replaced", at, "it was written anew since this computer saw it")
        return None


def _broken(kind: str, link: Link, said: str) -> Broken:
    return Broken(kind, from_micros(link.at), said)


def _counted(count: int) -> str:
    return "1 line is" if count == 1 else f"{count:,} lines are"


def _count(work: Work) -> int:
    return work.connection.execute(select(func.count()).select_from(activity)).scalar_one()


def _ends(work: Work) -> tuple[Link | None, Link | None]:
    found = audit_links.after(work, 0, 1)
    return (found[0] if found else None), audit.latest(work)


def _on_file(work: Work) -> bool:
    return work.connection.dialect.name == "sqlite"


def _ever(work: Work) -> int:
    """Return the highest number that a link ever had; 0 where the database does not know."""
    if not _on_file(work):
        return 0
    asked = "select seq from sqlite_sequence where name = 'audit_link'"
    return work.connection.exec_driver_sql(asked).scalar() or 0
