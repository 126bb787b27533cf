"""One look into an account’s mailbox: what is new is read, judged and written down in batches.

A batch is one transaction, with the number up to which the folder was read: where it is broken off
the same messages come again, and nothing is lost or doubled.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Protocol, TypeVar

from sqlalchemy.exc import DBAPIError

from rally_desktop.engine import brakes
from rally_desktop.model import trouble
from rally_desktop.model.change import Line
from rally_desktop.model.store import Store
from rally_desktop.model.work import Work
from rally_desktop.outside.mail import arrived, judging
from rally_desktop.outside.mail.mailbox import Opened, Outline, Role
from rally_desktop.outside.mail.structure import Copy
from rally_desktop.services import received, receiving
from rally_desktop.services.mail_accounts import Account
from rally_desktop.services.matching import Mail
from rally_desktop.services.receiving import Box

log = logging.getLogger(__name__)
T = TypeVar("T")
R = TypeVar("R")
Fetched = tuple[list[Outline], Mapping[int, Copy]]

OUTLINES, MESSAGES, BYTES = 500, 200, 8 * 1024 * 1024
# A message that a server names and does not give is mostly gone: so often, and of so many at a
# time, it is asked for again.
TRIES, MOST_OWED = 5, 500


def _nothing(work: Work) -> None:
    """Write nothing."""


class NotOurs(Exception):
    """Another computer reads this mailbox now."""


class Mailbox(Protocol):
    """What a look needs of a mailbox."""

    def folders(self) -> list[tuple[str, Role]]:
        """Return the folders to read."""
        ...

    def open(self, folder: str) -> Opened | None:
        """Open one of them."""
        ...

    def numbers(self, *, above: int, since: datetime | None = None) -> list[int]:
        """Return the numbers of its messages."""
        ...

    def outlines(self, uids: Sequence[int]) -> list[Outline]:
        """Return what can be known of messages without reading them."""
        ...

    def messages(self, outlines: Sequence[Outline]) -> Mapping[int, Copy]:
        """Return messages by their numbers."""
        ...


@dataclass
class Look:
    """Reads all that is new; ``holds`` renews the claim to the mailbox, ``stopped`` ends it."""

    store: Store
    account: Account
    mailbox: Mailbox
    holds: Callable[[Work], bool] = lambda work: True
    stopped: Callable[[], bool] = lambda: False
    read: int = 0
    lines: int = 0
    _owed: dict[int, int] = field(default_factory=dict)

    def through(self) -> int:
        """Read every folder; return how many messages were read. Raises NotOurs.

        What we sent comes first: what answers it, or reports that it failed, is known by it.
        """
        folders = sorted(self.mailbox.folders(), key=lambda one: one[1] != "sent")
        with ThreadPoolExecutor(1, "mail") as line:
            for folder, role in folders:
                if self.stopped():
                    break
                if (state := self.mailbox.open(folder)) is not None:
                    self._folder(line, folder, role, state)
        if not self.stopped():
            self._write(partial(receiving.looked, account_id=self.account.id))
        return self.read

    def _folder(self, line: Executor, folder: str, role: Role, state: Opened) -> None:
        box = self._write(
            lambda work: receiving.opened(
                work, self.account.id, folder, role, validity=state.validity, top=state.top
            )
        )
        self._owed = dict(box.owed or ())
        self._take(line, box, sorted(self._owed), "again")
        self._take(line, box, self.mailbox.numbers(above=box.last), "last")
        if box.back is None or self.stopped():
            return
        past = self.mailbox.numbers(above=0, since=box.since)
        self._take(line, box, [uid for uid in reversed(past) if uid < box.back], "back")
        if not self.stopped():
            self._write(lambda work: receiving.read_on(work, box, back=None))

    def _take(self, line: Executor, box: Box, uids: Sequence[int], place: str) -> None:
        """Read messages in batches, those left out that are known already."""
        for some, outlines in _ahead(line, self.mailbox.outlines, _pieces(uids, OUTLINES)):
            missed = set(some) - {one.uid for one in outlines}
            self._owe(box, missed)
            seen = self.store.read(receiving.seen, box, {one.digest for one in outlines})
            known = seen.here | seen.taken

            def fetch(batch: list[Outline], known: frozenset[str] = known) -> Fetched:
                new = [one for one in batch if one.digest not in known]
                return new, self.mailbox.messages(new)

            for batch, (new, found) in _ahead(line, fetch, _batches(outlines, known)):
                if self.stopped():
                    return
                lacking = {one.uid for one in new} - found.keys()
                self._owe(box, lacking)
                missed |= lacking
                there = [one for one in batch if one.uid not in lacking]
                self._batch(box, self._mails(new, found), there, {place: batch[-1].uid})
            if self.stopped():
                return
            for uid in set(some) - missed:
                self._owed.pop(uid, None)
            at = {place: some[-1], "owed": [*self._owed.items()]}
            self._write(partial(receiving.read_on, box=box, **at))

    def _owe(self, box: Box, missed: Collection[int]) -> None:
        """Write down what was not given before it is passed over, but not without end."""
        if not missed:
            return
        for uid in missed:
            self._owed[uid] = self._owed.get(uid, 0) + 1
        left = sorted(uid for uid, tries in self._owed.items() if tries <= TRIES)[-MOST_OWED:]
        self._owed = {uid: self._owed[uid] for uid in left}
        self._write(partial(receiving.read_on, box=box, owed=[*self._owed.items()]))

    def _mails(self, outlines: Sequence[Outline], found: Mapping[int, Copy]) -> list[Mail]:
        """Return messages as they are to be written down, a Message-ID once."""
        made = dict[str, Mail]()
        now = self.store.clock.now()
        for one in outlines:
            if one.uid not in found:
                continue
            read = arrived.read(found[one.uid].data, found[one.uid].leaves)
            at = min(one.at or read.sent_at or now, now)
            judged = judging.judge(read, at.date())
            cut = one.size > len(found[one.uid].data) and not found[one.uid].leaves
            size = one.size if cut else None
            made.setdefault(one.digest, Mail(one.uid, one.digest, at, read, judged, one.key, size))
        self.read += len(found)
        return list(made.values())

    def _batch(
        self, box: Box, mails: Sequence[Mail], batch: Sequence[Outline], place: Mapping[str, int]
    ) -> None:
        """Write a batch down; what came before the mailbox was read starts nothing."""
        seen = {mail.digest for mail in mails}

        def note(work: Work) -> None:
            again = [(one.digest, one.uid, False) for one in batch if one.digest not in seen]
            receiving.note_seen(work, box, again)
            receiving.read_on(work, box, **place)

        if past := [mail for mail in mails if mail.at < box.began_at]:
            self._write_mails(box, past, _answers)
        present = [mail for mail in mails if mail.at >= box.began_at]
        self._write_mails(box, present, None, then=note)

    def _write_mails(
        self,
        box: Box,
        mails: Sequence[Mail],
        listened: Callable[[Line], bool] | None,
        then: Callable[[Work], None] = _nothing,
    ) -> None:
        """Write messages down; where the database refuses one of them, all but that.

        What has nothing to do with them is raised: they are read again the next time.
        """

        def write(work: Work) -> int:
            lines = _written(work, box, mails, listened)
            then(work)
            return lines

        try:
            self.lines += self._write(write)
        except DBAPIError as error:
            if trouble.passes(error):
                raise
            if len(mails) == 1:
                log.exception("A message could not be kept.")
                lost = [(mail.digest, mail.uid, False) for mail in mails]
                self._write(lambda work: receiving.note_seen(work, box, lost))
            else:
                for mail in mails:
                    self._write_mails(box, [mail], listened)
            self._write(then)

    def _write(self, service: Callable[[Work], T]) -> T:
        def ours(work: Work) -> T:
            if not self.holds(work):
                raise NotOurs
            return service(work)

        return self.store.write_patiently(ours)


def _written(
    work: Work, box: Box, mails: Sequence[Mail], listened: Callable[[Line], bool] | None
) -> int:
    work.listened = listened
    taken = received.take(work, box, mails)
    for back in taken.came_back:
        brakes.came_back(work, back.letter, back.how)
    return taken.lines


def _answers(line: Line) -> bool:
    """Say whether a line is about a message of a workflow, and so is heard however old it is."""
    return bool(line.detail.get("outbox"))


def _ahead(line: Executor, fetch: Callable[[T], R], wanted: Iterable[T]) -> Iterator[tuple[T, R]]:
    """Yield each with what was fetched for it; by then the next is on its way."""
    coming = deque[tuple[T, Future[R]]]()
    for one in wanted:
        coming.append((one, line.submit(fetch, one)))
        if len(coming) > 1:
            before, found = coming.popleft()
            yield before, found.result()
    for one, found in coming:
        yield one, found.result()


def _pieces(uids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (uids[start : start + size] for start in range(0, len(uids), size))


def _batches(outlines: Sequence[Outline], known: frozenset[str]) -> Iterator[list[Outline]]:
    """Cut outlines where so many new messages, or bytes of them, have come together."""
    batch, count, size = list[Outline](), 0, 0
    for one in outlines:
        batch.append(one)
        if one.digest not in known:
            count, size = count + 1, size + one.size
        if count >= MESSAGES or size >= BYTES:
            yield batch
            batch, count, size = [], 0, 0
    if batch:
        yield batch
