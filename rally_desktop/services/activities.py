"""What counts as something happening with a record, and when it happened last."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from rally_desktop.model.ref import RecordKind
from rally_desktop.model.tables import activity, contact, deal, run
from rally_desktop.model.work import Work

Activity = Literal[
    "Stage changes", "Messages sent", "Messages received", "Calls", "Meetings", "Tasks done"
]
KINDS: Mapping[Activity, tuple[str, ...]] = MappingProxyType(
    {
        "Stage changes": ("stage_moved",),
        "Messages sent": ("email_sent", "sms_sent"),
        "Messages received": ("email_received", "sms_received"),
        "Calls": ("call_logged",),
        "Meetings": ("meeting_completed",),
        "Tasks done": ("task_completed",),
    }
)
EVERY: tuple[Activity, ...] = tuple(KINDS)
# What was said to a contact was said about the contact's deals and company, too.
_SAID = ("Messages sent", "Messages received", "Calls", "Meetings")
_WORKS_FOR = contact.c.company_id
_BATCH = 500


@dataclass(frozen=True)
class Counted:
    """What counts for a kind of record, and what does not.

    ``stage`` is the field of a contact that stage changes are of. Messages of one workflow,
    ``but_of``, do not count; that a record came to be counts where it is ``born`` into it.
    """

    record: RecordKind
    activities: tuple[Activity, ...] = EVERY
    stage: str = "lifecycle_stage"
    but_of: int = 0
    born: bool = False

    def holds(self, kind: str, fields: Collection[str] = ()) -> bool:
        """Say whether a line of the timeline of that kind, with those fields, counts."""
        if kind == "updated":
            return self._by_field and self.stage in fields
        return any(kind in KINDS[one] for one in self.activities)

    @property
    def _by_field(self) -> bool:
        return self.record == "contact" and "Stage changes" in self.activities

    def lines(self) -> list[tuple[ColumnElement[Any], ColumnElement[bool]]]:
        """Return for each source of lines the record's number and the condition of what counts."""
        line = activity.c
        kinds = [kind for one in self.activities for kind in KINDS[one]]
        if self.born:
            kinds.append("created")
        counts: ColumnElement[bool] = and_(line.kind.in_(kinds), ~self._own())
        if self._by_field:
            moved = line.detail.contains(f'"{self.stage}":[', autoescape=True)
            counts = or_(counts, and_(line.kind == "updated", moved))
        return [(line.record_id, and_(line.record_kind == self.record, counts)), *self._said()]

    def _said(self) -> list[tuple[ColumnElement[Any], ColumnElement[bool]]]:
        """Return the same for what was said to the contact of a deal, or of a company."""
        ours = {"deal": (deal.c.id, deal.c.contact_id), "company": (_WORKS_FOR, contact.c.id)}
        kinds = [kind for one in self.activities if one in _SAID for kind in KINDS[one]]
        if self.record not in ours or not kinds:
            return []
        (number, person), line = ours[self.record], activity.c
        about = and_(line.record_kind == "contact", line.record_id == person, number.is_not(None))
        return [(number, and_(about, line.kind.in_(kinds), ~self._own()))]

    def _own(self) -> ColumnElement[bool]:
        """Return whether a line is a message of the workflow whose messages do not count."""
        ours = exists().where(run.c.id == activity.c.run_id, run.c.workflow_id == self.but_of)
        return and_(activity.c.kind.in_(KINDS["Messages sent"]), ours)


def touched(work: Work, counted: Counted, after: datetime, until: datetime) -> set[int]:
    """Return the records with which something happened in a stretch of time."""
    within = (activity.c.at > after, activity.c.at <= until)
    queries = (select(number).where(counts, *within) for number, counts in counted.lines())
    return {key for query in queries for key in work.connection.execute(query).scalars()}


def latest(work: Work, counted: Counted, numbers: Iterable[int]) -> dict[int, datetime]:
    """Return when something happened last with each of these records, if ever."""
    ordered, found = sorted(numbers), {}
    for start in range(0, len(ordered), _BATCH):
        some = ordered[start : start + _BATCH]
        for number, counts in counted.lines():
            query = select(number, func.max(activity.c.at)).where(counts, number.in_(some))
            for key, at in work.connection.execute(query.group_by(number)):
                found[key] = max(at, found.get(key, at))
    return found


def soonest(work: Work, counted: Counted, after: datetime) -> datetime | None:
    """Return the first moment after another at which something happened with any record."""
    queries = (
        select(func.min(activity.c.at)).where(counts, activity.c.at > after)
        for _, counts in counted.lines()
    )
    found = (work.connection.execute(query).scalar() for query in queries)
    return min((at for at in found if at is not None), default=None)
