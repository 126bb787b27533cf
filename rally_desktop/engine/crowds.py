"""Many at once: who has to wait for a person's word, and who only for the next minute."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import func, select

from rally_desktop.engine.brakes import name_of, tell_admins
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import enrolment, run
from rally_desktop.model.work import Work
from rally_desktop.services import safeguards

MINUTE = timedelta(minutes=1)
Held = tuple[str, timedelta | None]  # the state of an enrolment that is put off, and for how long


@dataclass
class Crowds:
    """Counts who enters which workflow, in this batch and in the minute before it.

    An import comes in many batches, which count together.
    """

    work: Work
    _asked: Collection[int] = ()
    _minute: dict[int, int] = field(default_factory=dict)
    _waiting: dict[int, int] = field(default_factory=dict)

    def look(self, wanted: Sequence[tuple[int, Ref]], enters: Callable[[int], bool]) -> None:
        """Find the workflows that more records would enter at once than may unasked.

        ``wanted`` are workflows with who wants to enter them; ``enters`` says for a place in it
        whether nothing else is in the way.
        """
        most = safeguards.of(self.work).enrolments_at_once
        if not most or not wanted:
            return
        count = Counter(number for number, _ in wanted)
        lately = self._lately(count)
        many = {
            number
            for number in count
            if count[number] + lately[number] > most and not safeguards.released(self.work, number)
        }
        sure: dict[int, list[Ref]] = {}
        for place, (number, ref) in enumerate(wanted):
            if number in many and enters(place):
                sure.setdefault(number, []).append(ref)
        self._asked = {number for number in sure if len(sure[number]) + lately[number] > most}
        for number in self._asked:
            self._ask(number, sure[number][0])

    def holds(self, workflow_id: int, *, asked: bool) -> Held | None:
        """Count one who enters; return what holds it up, None where nothing does."""
        if workflow_id in self._asked and not asked:
            return "asked", None
        most = safeguards.of(self.work).enrolments_a_minute
        if not most:
            return None
        if workflow_id not in self._minute:
            self._minute[workflow_id] = self._started(workflow_id)
        self._minute[workflow_id] += 1
        if self._minute[workflow_id] <= most:
            return None
        return "throttled", MINUTE * (1 + self._place_in_line(workflow_id) // most)

    def _place_in_line(self, workflow_id: int) -> int:
        """Return how many wait for their turn already, so that each minute has its own."""
        if workflow_id not in self._waiting:
            columns = enrolment.c
            query = select(func.count()).where(
                columns.workflow_id == workflow_id, columns.state == "throttled"
            )
            self._waiting[workflow_id] = self.work.connection.execute(query).scalar_one()
        self._waiting[workflow_id] += 1
        return self._waiting[workflow_id] - 1

    def _started(self, workflow_id: int) -> int:
        query = select(func.count()).where(
            run.c.started_at > self.work.now - MINUTE, run.c.workflow_id == workflow_id
        )
        return self.work.connection.execute(query).scalar_one()

    def _lately(self, numbers: Collection[int]) -> Counter[int]:
        """Return how many entered each workflow within the last minute, or asked to."""
        among, since = sorted(numbers), self.work.now - MINUTE
        entered = select(run.c.workflow_id, func.count()).where(
            run.c.started_at > since, run.c.workflow_id.in_(among)
        )
        columns = enrolment.c
        asked = select(columns.workflow_id, func.count()).where(
            columns.at > since, columns.workflow_id.in_(among), columns.state == "asked"
        )
        found: Counter[int] = Counter()
        for query in (entered.group_by(run.c.workflow_id), asked.group_by(columns.workflow_id)):
            for number, count in self.work.connection.execute(query):
                found[number] += count
        return found

    def _ask(self, workflow_id: int, first: Ref) -> None:
        """Tell the admins once, however many batches follow."""
        columns = enrolment.c
        query = select(columns.id).where(
            columns.workflow_id == workflow_id, columns.state == "asked"
        )
        if self.work.connection.execute(query.limit(1)).scalar() is None:
            text = "Many would enter at once. Look whether that is meant, and let them in."
            tell_admins(self.work, first, f"{name_of(self.work, workflow_id)}: {text}")
