"""Points for engagement: what a contact does raises the score, and time lets it sink again.

A score is what was set by hand or by a workflow, and on top of it the points that the rules
give. The row keeps how much of the score is points, so that both can move by themselves.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar

from sqlalchemy import Integer, and_, bindparam, not_, or_, select

from rally_desktop.core.errors import BadSettings
from rally_desktop.core.schema import Described, Number, YesNo
from rally_desktop.model.changes import BandReached, FieldsSet
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import activity, contact
from rally_desktop.model.work import Work
from rally_desktop.services import scores, settings, workflows

NAME = "scoring"
DAY = timedelta(days=1)
HALVINGS = 7  # after so many half-lives nothing is left of a point worth counting
LONGEST = timedelta(days=2 * 365)
_DUE = (
    select(contact.c.id)
    .where(contact.c.score_due_at <= bindparam("moment"))
    .order_by(contact.c.score_due_at)
    .limit(bindparam("most", type_=Integer))
)


class Scoring(Described, frozen=True):
    """How many points a contact gets for what it does, and how fast they are halved."""

    title: ClassVar = "Score"

    on: Annotated[bool, YesNo("Give points for engagement")] = False
    email_received: Annotated[int, Number("They answer an e-mail", least=-100, most=100)] = 15
    sms_received: Annotated[int, Number("They answer an SMS", least=-100, most=100)] = 10
    link_clicked: Annotated[int, Number("They click a link", least=-100, most=100)] = 5
    email_opened: Annotated[int, Number("They open an e-mail", least=-100, most=100)] = 1
    form_submitted: Annotated[int, Number("They fill in a form", least=-100, most=100)] = 20
    call_logged: Annotated[int, Number("They call", least=-100, most=100)] = 10
    meeting_completed: Annotated[int, Number("A meeting takes place", least=-100, most=100)] = 25
    email_unsubscribed: Annotated[int, Number("They unsubscribe", least=-100, most=100)] = -25
    email_bounced: Annotated[int, Number("An e-mail bounces", least=-100, most=100)] = -10
    half_life: Annotated[
        int,
        Number("Halved every", help="Nought: points stay.", unit="days", least=0, most=3_650),
    ] = 30
    a_day: Annotated[
        int,
        Number("Each counts a day at most", help="Ten clicks on one day.", least=1, most=100),
    ] = 3

    def points(self) -> dict[str, int]:
        """Return the points of each kind of line that has any."""
        return {kind: value for kind in KINDS if (value := getattr(self, kind))}

    def share(self, age: timedelta) -> float:
        """Return how much of a point is left after a time."""
        return 0.5 ** max(0.0, age / (self.half_life * DAY)) if self.half_life else 1.0

    def reach(self) -> timedelta:
        """Return how long a line counts."""
        return min(LONGEST, HALVINGS * self.half_life * DAY) if self.half_life else LONGEST


KINDS = (
    "email_received", "sms_received", "link_clicked", "email_opened", "form_submitted",
    "call_logged", "meeting_completed", "email_unsubscribed", "email_bounced",
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """What one kind of line adds to a score now: how often it counted, and the points left."""

    what: str
    times: int
    points: float


@dataclass(frozen=True)
class Explanation:
    """Why a score is what it is; ``given`` was set by hand or by a workflow."""

    score: int
    band: str
    given: int
    parts: tuple[Part, ...]

    def __str__(self) -> str:
        """Say it in a sentence."""
        said = [f"{part.what.lower()} × {part.times}: {part.points:+.0f}" for part in self.parts]
        return "; ".join([f"{self.score} ({self.band}): {self.given} given", *said])


def of(work: Work) -> Scoring:
    """Return the office's rules; what it never set has its default."""
    if NAME not in work.memo:
        try:
            work.memo[NAME] = Scoring.load(settings.get(work, NAME, {}))
        except BadSettings:
            work.memo[NAME] = Scoring()  # of a newer program, or spoilt: no points until saved
    return work.memo[NAME]


def save(work: Work, scoring: Scoring) -> None:
    """Set the office's rules; every score is worked out anew by and by."""
    if problems := scoring.problems():
        raise BadSettings(problems)
    before = of(work)
    settings.put(work, NAME, scoring.dump())
    settings.count_up(work, workflows.COUNTER)  # the engine reads them again
    work.memo[NAME] = scoring
    if before != scoring:
        _work_out_all(work)


def _work_out_all(work: Work) -> None:
    """Make every score due that has points, or whose contact did what now gives some."""
    line = activity.c
    did = select(line.record_id).where(
        line.record_kind == "contact", line.kind.in_(KINDS), line.at > work.now - LONGEST
    )
    meant = or_(contact.c.score_points != 0, contact.c.id.in_(did))
    work.connection.execute(contact.update().where(meant).values(score_due_at=work.now))


def explain(work: Work, ref: Ref) -> Explanation:
    """Return what a contact's score is made of now."""
    found = work.record(ref)
    score = found["score"] or scores.LEAST
    parts = _parts(work, of(work), [ref.id]).get(ref.id, ()) if of(work).on else ()
    given = score - (found["score_points"] or 0)
    return Explanation(score, scores.band(score), given, tuple(parts))


def due(work: Work, limit: int) -> list[int]:
    """Return contacts whose points have sunk by now, those first who have waited longest."""
    return list(work.connection.execute(_DUE, {"moment": work.now, "most": limit}).scalars())


def next_due(work: Work) -> datetime | None:
    """Return when a score is to be looked at next; None where none is."""
    own = contact.c.score_due_at
    query = select(own).where(own.is_not(None)).order_by(own).limit(1)
    return work.connection.execute(query).scalar()


def work_out(work: Work, numbers: Iterable[int]) -> int:
    """Bring the scores of some contacts up to date; return how many moved."""
    scoring = of(work)
    found = work.records("contact", sorted(set(numbers)))
    parts = _parts(work, scoring, list(found)) if scoring.on else {}
    moved = 0
    for number in found:
        mine = parts.get(number, ())
        moved += _settle(work, Ref("contact", number), sum(part.points for part in mine), mine)
    return moved


def _settle(work: Work, ref: Ref, points: float, parts: Sequence[Part]) -> bool:
    """Put a contact's points on top of what was given; say whether the score moved."""
    found = work.record(ref)
    before, was = found["score"] or scores.LEAST, found["score_points"] or 0
    given = before - was
    after = min(scores.MOST, max(scores.LEAST, given + round(points)))
    again = work.now + DAY if parts and of(work).half_life else None
    kept = {"score_points": after - given, "score_due_at": again}
    if after == before:
        # Nobody sees this: the contact is not one that was changed today.
        found.update(kept)
        work.connection.execute(contact.update().where(contact.c.id == ref.id).values(kept))
        return False
    work.mark(ref, kept)
    work.change(FieldsSet(ref, {"score": (found["score"], after)}))
    if scores.band(after) != scores.band(before):
        why = ", ".join(part.what.lower() for part in parts if part.points > 0)
        work.change(BandReached(ref, before, after, scores.band(after), why))
    return True


def _parts(work: Work, scoring: Scoring, numbers: list[int]) -> dict[int, list[Part]]:
    """Return what the rules give each contact, the most first."""
    times: defaultdict[int, Counter[str]] = defaultdict(Counter)
    points: defaultdict[int, Counter[str]] = defaultdict(Counter)
    days: Counter[tuple[int, str, Any]] = Counter()
    worth = scoring.points()
    for number, kind, at in _lines(work, list(worth), numbers, work.now - scoring.reach()):
        days[number, kind, at.date()] += 1
        if days[number, kind, at.date()] <= scoring.a_day:
            times[number][kind] += 1
            points[number][kind] += worth[kind] * scoring.share(work.now - at)  # type: ignore[assignment]
    labels = {setting.name: setting.field.label for setting in Scoring.settings()}
    return {
        number: sorted(
            (Part(labels[kind], count, points[number][kind]) for kind, count in own.items()),
            key=lambda part: -abs(part.points),
        )
        for number, own in times.items()
    }


def _lines(
    work: Work, kinds: list[str], numbers: list[int], since: datetime
) -> Iterable[tuple[int, str, datetime]]:
    """Yield what these contacts did; a call counts where they called us, an SMS but for STOP."""
    line, batch = activity.c, 500
    theirs = and_(
        or_(line.kind != "call_logged", line.detail.contains('"direction":"in"')),
        or_(line.kind != "sms_received", not_(line.detail.contains('"stop":true'))),
    )
    for start in range(0, len(numbers), batch):
        some = numbers[start : start + batch]
        query = (
            select(line.record_id, line.kind, line.at)
            .where(line.record_kind == "contact", line.record_id.in_(some))
            .where(line.kind.in_(kinds), line.at > since, theirs)
            .order_by(line.id)
        )
        yield from ((row[0], row[1], row[2]) for row in work.connection.execute(query))
