"""What became of what sequences sent: by sequence, by version, by step.

People are counted, not messages: who opens twice, or answers twice, is one. All of it is asked
in a few statements, however many people went through.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Select,
    case,
    distinct,
    func,
    literal,
    literal_column,
    select,
)

from rally_desktop.core import days
from rally_desktop.model.custom import CustomNumber, CustomYesNo
from rally_desktop.model.tables import (
    activity,
    mail_link,
    outbox,
    run,
    touch,
    visit,
    workflow,
    workflow_version,
)
from rally_desktop.model.tables.timeline import ANSWERS
from rally_desktop.model.work import Work
from rally_desktop.services import calendar, runs, versions, web
from rally_desktop.services.mail_links import PICTURE
from rally_desktop.services.runs import IS_OPEN, StepCounts
from rally_desktop.services.tracking import PERSON
from rally_desktop.services.versions import VersionRow

Rows: TypeAlias = "Select[*tuple[Any, ...]]"
AT_ONCE = 5_000  # numbers in one question to the database
# What the lines that are answers count as.
_MEANS = {
    "email_received": "replied", "sms_received": "replied", "email_bounced": "bounced",
    "email_unsubscribed": "unsubscribed", "sms_unsubscribed": "unsubscribed",
}  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """How many are inside, and what became of what was sent; None is not known.

    ``sent`` counts messages, the rest people: ``reached`` those who were written to,
    ``pictured`` and ``linked`` those whose openings or clicks could be counted at all.
    """

    inside: int = 0
    due_today: int = 0
    sent: int = 0
    opened: int | None = None
    clicked: int | None = None
    replied: int = 0
    bounced: int = 0
    unsubscribed: int = 0
    reached: int = 0
    pictured: int = 0
    linked: int = 0

    @property
    def reply_rate(self) -> float | None:
        """Return the share of those written to who replied; None where nobody was."""
        return _share(self.replied, self.reached)

    @property
    def open_rate(self) -> float | None:
        """Return the share of those whose openings are counted; None where nobody's are."""
        return _share(self.opened, self.pictured)

    @property
    def click_rate(self) -> float | None:
        """Return the share of those whose clicks are counted; None where nobody's are."""
        return _share(self.clicked, self.linked)

    @property
    def bounce_rate(self) -> float | None:
        """Return the share of those written to whose messages came back."""
        return _share(self.bounced, self.reached)

    @property
    def leaving_rate(self) -> float | None:
        """Return the share of those written to who unsubscribed."""
        return _share(self.unsubscribed, self.reached)


@dataclass(frozen=True)
class VersionFigures:
    """How one version did; ``entered`` counts the runs that began on it."""

    version: VersionRow
    entered: int
    figures: Figures


@dataclass(frozen=True)
class StepFigures:
    """How one step did; ``skipped`` counts those it passed over by the reason's code."""

    counts: StepCounts = field(default_factory=StepCounts)
    skipped: Mapping[str, int] = field(default_factory=dict)
    figures: Figures = field(default_factory=Figures)


def of_many(work: Work, workflow_ids: Collection[int]) -> dict[int, Figures]:
    """Return the figures of each of some workflows."""
    ids = sorted(set(workflow_ids))
    found = _sent(work, ids, (outbox.c.workflow_id,))
    inside, due = _inside(work, ids), _due_today(work, ids)
    counts = _counting(work, [one for one in ids if not found[(one,)].sent])
    made = {}
    for number in ids:
        one = found[(number,)]
        if number in counts:  # nothing went out yet, but it would be counted
            one = replace(one, **counts[number])
        made[number] = replace(one, inside=inside.get(number, 0), due_today=due.get(number, 0))
    return made


def by_version(work: Work, workflow_id: int) -> list[VersionFigures]:
    """Return the figures of each version of a workflow, the newest first."""
    columns, began = workflow_version.c, run.c
    numbers = select(columns.id, columns.number).where(columns.workflow_id == workflow_id)
    ids = {number: id_ for id_, number in work.connection.execute(numbers)}
    found = _sent(work, [workflow_id], (visit.c.version_id,))
    entered = select(began.version_id, func.count()).where(began.workflow_id == workflow_id)
    came = _numbered(work, entered.group_by(began.version_id))
    inside = _numbered(
        work,
        select(began.version_id, func.count())
        .where(began.version_id.in_(sorted(ids.values())), IS_OPEN)
        .group_by(began.version_id),
    )
    made = []
    for row in versions.listed(work, workflow_id):
        number = ids[row.number]
        figures = replace(found[(number,)], inside=inside.get(number, 0))
        made.append(VersionFigures(row, came.get(number, 0), figures))
    return made


def by_step(work: Work, workflow_id: int, version: int | None = None) -> dict[str, StepFigures]:
    """Return the figures of each step that anybody came to, in one version or in all of them."""
    columns = workflow_version.c
    query = select(columns.id).where(columns.workflow_id == workflow_id)
    if version is not None:
        query = query.where(columns.number == version)
    ids = list(work.connection.execute(query).scalars())
    by = (outbox.c.step,) if version is None else (visit.c.version_id, outbox.c.step)
    sent = _sent(work, [workflow_id], by)
    letters = {key[-1]: one for key, one in sent.items() if key[0] in ids or version is None}
    here, skipped, counts = _here(work, ids), _skipped(work, ids), _counts(work, ids)
    return {
        step: StepFigures(
            counts.get(step, StepCounts()),
            skipped.get(step, {}),
            replace(letters.get(step, Figures()), inside=here.get(step, 0)),
        )
        for step in {*counts, *letters, *here}
    }


# -- messages ------------------------------------------------------------------------------


def _sent(work: Work, ids: list[int], by: tuple[Any, ...]) -> dict[Any, Figures]:
    """Return what became of the messages of some workflows, by some columns."""
    made: dict[Any, Figures] = defaultdict(Figures)
    own, ask = outbox.c, work.connection.execute
    people, among = func.count(distinct(own.run_id)), own.workflow_id.in_(ids)

    def grouped(*what: Any) -> Rows:
        query = select(*by, *what).where(among, own.sent_at.is_not(None)).group_by(*by)
        if any(column.table is visit for column in by):
            query = query.where(visit.c.run_id == own.run_id, visit.c.seq == own.seq)
        return query

    for row in ask(grouped(func.count(), people)):
        made[tuple(row[:-2])] = Figures(sent=row[-2], reached=row[-1])
    for name, place in (("pictured", PICTURE), ("linked", 1)):
        tracked = grouped(people).where(mail_link.c.outbox_id == own.id, mail_link.c.place == place)
        for *key, count in ask(tracked):
            made[tuple(key)] = replace(made[tuple(key)], **{name: count})
    for *key, opened, clicked in ask(_touched(grouped)):
        one = made[tuple(key)]
        made[tuple(key)] = replace(one, opened=opened, clicked=clicked)
    for name, answered in _answered(work, ids, by).items():
        for key, count in answered.items():
            made[key] = replace(made[key], **{name: count})
    known = {key: _only_known(one) for key, one in made.items()}
    return defaultdict(Figures, known)


def _touched(grouped: Any) -> Rows:
    """Return how many people opened something, and how many followed a link."""
    link = mail_link.c
    return grouped(_people(link.place == PICTURE), _people(link.place > 0)).where(
        touch.c.who == PERSON, link.id == touch.c.link_id, link.outbox_id == outbox.c.id
    )


def _answered(work: Work, ids: list[int], by: tuple[Any, ...]) -> dict[str, Counter[Any]]:
    """Return how many people replied, had a message come back and unsubscribed, by some columns.

    The answers are few, so it begins with them and looks up what was answered.
    """
    answers, unnamed = _answers(work), _unnamed(work, ids)
    known = _letters(work, ids, by, {*chain(*answers.values()), *unnamed})
    named = {known[letter][0] for letter in answers["replied"] & known.keys()}
    answers["replied"] |= {one for one in unnamed if one in known and known[one][0] not in named}
    people = {name: {known[one] for one in some & known.keys()} for name, some in answers.items()}
    return {name: Counter(key for _, key in some) for name, some in people.items()}


def _letters(
    work: Work, ids: list[int], by: tuple[Any, ...], letters: Iterable[int]
) -> dict[int, tuple[int, Any]]:
    """Return of messages, those of some workflows, whose run they are and under what they count."""
    own = outbox.c
    query = select(own.id, own.run_id, *by).where(own.workflow_id.in_(ids))
    if any(column.table is visit for column in by):
        query = query.where(visit.c.run_id == own.run_id, visit.c.seq == own.seq)
    return {
        row[0]: (row[1], tuple(row[2:]))
        for some in _pieces(letters)
        for row in work.connection.execute(query.where(own.id.in_(some)))
    }


def _answers(work: Work) -> dict[str, set[int]]:
    """Return the messages that were answered by a person, by what the answer is."""
    line = activity.c
    letter = CustomNumber(line.detail, literal("outbox"))
    machine, stop = (CustomYesNo(line.detail, literal(name)) for name in ("automatic", "stop"))
    query = select(line.kind, letter, stop).where(
        _IS_ANSWER, letter.is_not(None), machine.is_not(True)
    )
    made: dict[str, set[int]] = {name: set() for name in _MEANS.values()}
    for kind, number, stopped in work.connection.execute(query):
        made["unsubscribed" if stopped else _MEANS[kind]].add(int(number))
    return made


def _unnamed(work: Work, ids: list[int]) -> set[int]:
    """Return what those had got last whose runs a reply ended, whatever it said it answers."""
    own, ended = outbox.c, run.c
    replied = select(ended.id, ended.record_kind, ended.record_id).where(
        ended.workflow_id.in_(ids), ended.reason.in_(("reply", "text_back"))
    )
    runs_of: dict[str, dict[int, set[int]]] = {}
    for number, kind, record in work.connection.execute(replied):
        runs_of.setdefault(kind, {}).setdefault(record, set()).add(number)
    found: dict[int, int] = {}
    for kind, records in runs_of.items():
        for some in _pieces(records):
            query = select(own.record_id, own.run_id, own.id).where(
                own.record_kind == kind, own.record_id.in_(some), own.sent_at.is_not(None)
            )
            for record, number, letter in work.connection.execute(query):
                if number in records[record]:
                    found[number] = max(found.get(number, 0), letter)
    return set(found.values())


# Written out, so that the database sees that the index of answers is enough.
_IS_ANSWER = activity.c.kind.in_([literal_column(f"'{kind}'") for kind in ANSWERS])


def _pieces(numbers: Iterable[int]) -> Iterable[list[int]]:
    wanted = sorted(numbers)
    return (wanted[start : start + AT_ONCE] for start in range(0, len(wanted), AT_ONCE))


def _people(which: ColumnElement[bool]) -> Any:
    return func.count(distinct(case((which, outbox.c.run_id))))


def _only_known(one: Figures) -> Figures:
    """Return figures with those left out that nobody counted, which is not nought."""
    opened = (one.opened or 0) if one.pictured else None
    return replace(one, opened=opened, clicked=(one.clicked or 0) if one.linked else None)


def _counting(work: Work, ids: list[int]) -> dict[int, dict[str, int]]:
    """Return what is nought for workflows that sent nothing, as the office would count it."""
    office = web.of(work)
    if not office.base or not ids:
        return {}
    nought = {"opened": 0} if office.opens else {}
    nought |= {"clicked": 0} if office.clicks else {}
    named = select(workflow.c.id, workflow.c.name).where(workflow.c.id.in_(ids))
    return {
        number: nought
        for number, name in work.connection.execute(named)
        if not office.workflows or name in office.workflows
    }


# -- runs and visits -----------------------------------------------------------------------


def _inside(work: Work, ids: list[int]) -> dict[int, int]:
    query = select(run.c.workflow_id, func.count()).where(run.c.workflow_id.in_(ids), IS_OPEN)
    return _numbered(work, query.group_by(run.c.workflow_id))


def _due_today(work: Work, ids: list[int]) -> dict[int, int]:
    """Return how many go on before the office's day is over."""
    own, active = run.c, literal_column("'active'")
    query = (
        select(own.workflow_id, func.count())
        .where(own.state == active, own.due_at.is_not(None), own.due_at < _tomorrow(work))
        .where(own.workflow_id.in_(ids))
        .group_by(own.workflow_id)
    )
    return _numbered(work, query)


def _tomorrow(work: Work) -> datetime | None:
    zone = calendar.office_zone(work)
    return days.day_of(days.local(work.now, zone).date(), zone).high


def _here(work: Work, ids: list[int]) -> dict[str, int]:
    query = select(run.c.step, func.count()).where(run.c.version_id.in_(ids), IS_OPEN)
    found = work.connection.execute(query.group_by(run.c.step))
    return {step: count for step, count in found if step is not None}


def _counts(work: Work, ids: Iterable[int]) -> dict[str, StepCounts]:
    made: dict[str, StepCounts] = {}
    for number in ids:
        for step, counts in runs.counts(work, number).items():
            made[step] = made[step] + counts if step in made else counts
    return made


def _skipped(work: Work, ids: list[int]) -> dict[str, dict[str, int]]:
    own = visit.c
    query = (
        select(own.step, own.reason, func.count())
        .where(own.version_id.in_(ids), own.outcome == "skipped")
        .group_by(own.step, own.reason)
    )
    made: dict[str, dict[str, int]] = {}
    for step, reason, count in work.connection.execute(query):
        made.setdefault(step, {})[reason] = count
    return made


def _numbered(work: Work, query: Rows) -> dict[int, int]:
    return {row[0]: row[1] for row in work.connection.execute(query)}


def _share(count: int | None, of: int) -> float | None:
    return None if count is None or not of else count / of
