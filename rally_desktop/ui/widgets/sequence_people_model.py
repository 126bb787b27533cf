"""The people of a sequence for a table: all numbers at once, the people as one comes to them."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtWidgets import QWidget

from rally_desktop.core.days import in_words
from rally_desktop.engine.reasons import sentence
from rally_desktop.services import sequence_people
from rally_desktop.services.sequence_people import Person, Wanted
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.widgets.list_table import ROLE, TONE
from rally_desktop.ui.widgets.relative_time import exactly
from rally_desktop.ui.widgets.run_words import state_of, step_words

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
PAGE, KEPT = 100, 4_000  # people
SETTLE = 400  # milliseconds; while the engine works, changes come in bursts
SHOWS = frozenset({"run", "visit", "contact", "company", "deal", "workflow_version"})
NAME, STATE, HERE, NEXT, WHEN, WHY = range(6)
TITLES = ("Name", "State", "At step", "What comes next", "When", "Why")
_FIRST = {"task": "When the task is done", "event": "When that has happened"}


class PeopleModel(QAbstractTableModel):
    """Shows those who are wanted, and keeps up while the engine moves them."""

    counted = Signal()
    """Other numbers are in place."""
    about_to_change = Signal()
    """They are about to be exchanged: remember by number what must stay chosen."""

    def __init__(self, desk: Desk, workflow_id: int, table: QWidget) -> None:
        super().__init__(table)
        self._desk, self._workflow_id, self._table = desk, workflow_id, table
        self.wanted = Wanted()
        self.ids: array[int] = array("q")
        self._people: OrderedDict[int, Person] = OrderedDict()
        self._pages: list[int] = []
        self._reading = False
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(lambda: self._read())
        self._settle = QTimer(self, singleShot=True, interval=SETTLE)
        self._settle.timeout.connect(lambda: self.refresh())
        desk.background.changed.connect(self._hear)

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
        self._people.clear()
        if found == self.ids:
            self._redraw(0, len(found) - 1)
        else:
            self.about_to_change.emit()
            self.beginResetModel()
            self.ids = found
            self.endResetModel()
        self.counted.emit()

    def person(self, place: int) -> Person | None:
        """Return who stands in a place, or None while that is being read."""
        if not 0 <= place < len(self.ids):
            return None
        found = self._people.get(self.ids[place])
        if found is None:
            self._want(place // PAGE)
        return found

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

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return how many people there are."""
        return 0 if parent.isValid() else len(self.ids)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return how many columns there are."""
        return len(TITLES)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:
        """Return a column's title."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Role.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return TITLES[section] if role == Role.DisplayRole else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return what stands in a cell; while somebody is being read, nothing."""
        column = index.column()
        if role == ROLE:
            return column == NAME
        if role not in (Role.DisplayRole, Role.ToolTipRole, Role.AccessibleTextRole, TONE):
            return None
        person = self.person(index.row())
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
        if run.state == "paused":
            return "When resumed" if run.resume_at is None else self._day(run.resume_at)
        if run.state != "active":
            return "When somebody decides"
        if person.waits_for != "time":
            return _FIRST[person.waits_for]
        if run.due_at is None or run.due_at <= self._desk.clock.now():
            return "Now"
        return self._day(run.due_at)

    # -- reading ---------------------------------------------------------------------------

    def _want(self, page: int) -> None:
        if page not in self._pages:
            self._pages = [*self._pages[-3:], page]
        if not self._reading and not self._soon.isActive():
            self._soon.start()

    @later
    async def _read(self) -> None:
        """Read the page asked for last, then the next."""
        if self._reading or not self._pages:
            return
        self._reading, page = True, self._pages.pop()
        some = self.ids[page * PAGE : (page + 1) * PAGE].tolist()
        try:
            for one in await self._desk.background.read(sequence_people.people, some):
                self._people[one.run.id] = one
        finally:
            self._reading = False
        while len(self._people) > KEPT:
            self._people.popitem(last=False)
        self._redraw(page * PAGE, min((page + 1) * PAGE, len(self.ids)) - 1)
        if self._pages:
            self._soon.start()

    def _redraw(self, first: int, last: int) -> None:
        if first <= last:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(TITLES) - 1))

    def _hear(self, tables: frozenset[str]) -> None:
        if tables & SHOWS and self._table.isVisible() and not self._settle.isActive():
            self._settle.start()

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
    return step_words(person.next) if person.next else "The end"


_SAYS: tuple[Callable[[PeopleModel, Person], str], ...] = (
    lambda _, person: person.run.record,
    lambda _, person: state_of(person.run)[0],
    lambda _, person: step_words(person.here) if person.here else "",
    _next,
    PeopleModel.when,
    lambda _, person: sentence(person.run.reason) if person.run.reason else "",
)
