"""The people of a sequence for a table: where each stands, and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from PySide6.QtWidgets import QWidget

from rally_desktop.core.days import in_words
from rally_desktop.engine.control import LEAVING
from rally_desktop.engine.reasons import sentence
from rally_desktop.services import sequence_people
from rally_desktop.services.sequence_people import Person, Wanted
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.widgets.list_table import ROLE, TONE
from rally_desktop.ui.widgets.paged_model import Index, PagedModel, Role
from rally_desktop.ui.widgets.relative_time import exactly
from rally_desktop.ui.widgets.run_words import state_of, step_words

SHOWS = frozenset({"run", "visit", "contact", "company", "deal", "workflow_version"})
SOON = timedelta(minutes=1)
NAME, STATE, HERE, NEXT, WHEN, WHY = range(6)
_FIRST = {"task": "When the task is done", "event": "When that has happened"}


class PeopleModel(PagedModel[Person]):
    """Shows those who are wanted, and keeps up while the engine moves them."""

    titles: ClassVar = ("Name", "State", "At step", "What comes next", "When", "Why")
    settle: ClassVar = 400

    def __init__(self, desk: Desk, workflow_id: int, table: QWidget) -> None:
        super().__init__(desk, table)
        self._workflow_id, self._table = workflow_id, table
        self.wanted = Wanted()

    def ask(self, wanted: Wanted) -> None:
        """Show others; the old ones stay until the new ones are here."""
        self.wanted = wanted
        self.refresh()

    @later
    @newest
    async def refresh(self) -> None:
        """Read who there is, and those in sight anew."""
        wanted = self.wanted
        found = await self._desk.background.read(sequence_people.numbers, self._workflow_id, wanted)
        if wanted != self.wanted:
            return
        self.forget()
        if found == self.ids:
            self.redraw(0, len(found) - 1)
        else:
            self.exchange(found)
        self.counted.emit()

    async def fetch(self, numbers: list[int]) -> Mapping[int, Person]:
        """Read some people by the numbers of their runs."""
        found = await self._desk.background.read(sequence_people.people, numbers)
        return {one.run.id: one for one in found}

    def hear(self, tables: frozenset[str]) -> None:
        """Read anew what is in sight."""
        if tables & SHOWS and self._table.isVisible():
            self.refresh_soon()

    def stretches(self, numbers: set[int]) -> Iterator[tuple[int, int]]:
        """Yield where some runs stand now, as (first, last) of those one below the other."""
        first = None
        for place, number in enumerate(self.ids):
            if number in numbers:
                first = place if first is None else first
            elif first is not None:
                yield first, place - 1
                first = None
        if first is not None:
            yield first, len(self.ids) - 1

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return what stands in a cell; while somebody is being read, nothing."""
        column = index.column()
        if role == ROLE:
            return column == NAME
        if role not in (Role.DisplayRole, Role.ToolTipRole, Role.AccessibleTextRole, TONE):
            return None
        person = self.at(index.row())
        if person is None:
            return "…" if role == Role.DisplayRole and column == NAME else None
        if role == TONE:
            return state_of(person.run)[1] if column == STATE else None
        said = _SAYS[column](self, person)
        return (_full(person, column) or said) if role == Role.ToolTipRole else said

    def when(self, person: Person) -> str:
        """Say when somebody goes on, or ended."""
        run = person.run
        if run.ended_at is not None:
            return f"Ended {self._day(run.ended_at)}"
        if run.reason == LEAVING:
            return "In a moment"
        if run.state == "paused":
            return "When resumed" if run.resume_at is None else self._day(run.resume_at)
        if run.state != "active":
            return "When somebody decides"
        if person.waits_for != "time":
            return _FIRST[person.waits_for]
        return self._due(run.due_at or self._desk.clock.now())

    def _due(self, moment: datetime) -> str:
        ahead = moment - self._desk.clock.now()
        if ahead <= timedelta(0):
            return "Now"
        return "In a moment" if ahead <= SOON else self._day(moment)

    def _day(self, moment: datetime) -> str:
        return in_words(moment, moment.astimezone().tzinfo or UTC)


def _full(person: Person, column: int) -> str:
    """Return what is said of a cell where there is more to say: why, or the moment in full."""
    run = person.run
    if column == STATE and run.reason:
        return sentence(run.reason)
    due = run.due_at if run.state == "active" and person.waits_for == "time" else None
    moment = run.ended_at or (run.resume_at if run.state == "paused" else due)
    return exactly(moment) if column == WHEN and moment is not None else ""


def _next(_: PeopleModel, person: Person) -> str:
    if person.run.ended_at is not None:
        return ""
    if person.run.reason == LEAVING:
        return "Leaves the sequence"
    return step_words(person.next) if person.next else "The end"


_SAYS: tuple[Callable[[PeopleModel, Person], str], ...] = (
    lambda _, person: person.run.record,
    lambda _, person: state_of(person.run)[0],
    lambda _, person: step_words(person.here) if person.here else "",
    _next,
    PeopleModel.when,
    lambda _, person: sentence(person.run.reason) if person.run.reason else "",
)
