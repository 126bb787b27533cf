"""Who is in the mailbox and no contact yet: counted, shown, brought in, or left alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from rally_desktop.core import texts
from rally_desktop.core.fold import fold
from rally_desktop.core.message import Mailbox
from rally_desktop.model.changes import RowAdded, RowChanged
from rally_desktop.model.tables import mail_stranger
from rally_desktop.model.work import Work

AT_ONCE = 400


@dataclass
class Met:
    """How often a stranger wrote and was written to in a batch, last when, and under which name."""

    name: str = ""
    wrote: int = 0
    written: int = 0
    last_at: datetime | None = None

    def once(self, box: Mailbox, at: datetime, *, wrote: bool) -> None:
        """Count one message."""
        self.wrote += wrote
        self.written += not wrote
        if self.last_at is None or at >= self.last_at:
            self.last_at = at
            self.name = box.name or self.name


@dataclass
class Meetings:
    """The strangers of a batch, by address."""

    by_address: dict[str, Met] = field(default_factory=dict)

    def note(self, box: Mailbox, at: datetime, *, wrote: bool) -> None:
        """Count a message from, or to, somebody."""
        address = fold(texts.mended(box.address))[:320]
        if "@" in address:
            self.by_address.setdefault(address, Met()).once(box, at, wrote=wrote)


def count(work: Work, meetings: Meetings) -> None:
    """Add what a batch tells of strangers to what was known."""
    own, wanted = mail_stranger.c, sorted(meetings.by_address)
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        found = work.connection.execute(select(mail_stranger).where(own.address.in_(some)))
        known = {row.address: row for row in found}
        for address in some:
            _add(work, address, meetings.by_address[address], known.get(address))


def _add(work: Work, address: str, met: Met, known: Row[Any] | None) -> None:
    name = texts.mended(met.name)[:200]
    if known is None:
        row = {"id": work.new_id("mail_stranger"), "address": address, "name": name}
        row |= {"wrote": met.wrote, "written": met.written, "last_at": met.last_at}
        work.change(RowAdded("mail_stranger", row))
        return
    later = met.last_at is not None and met.last_at >= known.last_at
    values = {
        "wrote": known.wrote + met.wrote,
        "written": known.written + met.written,
        "last_at": met.last_at if later else known.last_at,
        "name": (later and name) or known.name or name,
    }
    work.change(RowChanged("mail_stranger", known.id, values))
