"""The reference's office: its people, their runs, and what happens to them, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from rally_desktop.model.graph import Graph, Step

OPEN = ("active", "held", "needs_attention")


@dataclass
class Person:
    """A contact."""

    id: int
    city: str
    zone: str
    tags: dict[str, str]  # by its folded name, as it is written
    department: str = ""
    barred: bool = False
    deleted: bool = False


@dataclass
class Visit:
    """What a run did at one step."""

    step: str
    outcome: str
    exit: str | None = None
    reason: str = ""


@dataclass
class Run:
    """One way through one workflow."""

    id: int
    workflow: int
    person: Person
    cause: int
    chain: tuple[int, ...]
    started: datetime
    state: str = "active"
    reason: str = ""
    step: str | None = None
    waits_for: str | None = None  # the exit by which it will leave the step it waits at
    comes_back: bool = False
    due: datetime | None = None
    since: datetime | None = None
    visits: list[Visit] = field(default_factory=list)


@dataclass
class Line:
    """Something that happened to somebody."""

    id: int
    person: Person
    kind: str
    value: str = ""
    old: str = ""
    run: int | None = None
    chain: tuple[int, ...] = ()


@dataclass
class Waiting:
    """Somebody who is to enter once the run before theirs has ended."""

    workflow: int
    line: Line
    due: datetime | None = None


class Office:
    """Contacts, the runs they are in, and the lines that nobody has looked at yet."""

    def __init__(self, now: datetime, graphs: dict[int, Graph]) -> None:
        self.now = now
        self.graphs = graphs
        self.people: list[Person] = []
        self.runs: list[Run] = []
        self.queue: list[Line] = []
        self.waiting: list[Waiting] = []
        self.refused: set[tuple[int, int, int, str]] = set()
        self._lines = 0
        self._by: Run | None = None

    def step(self, run: Run, key: str) -> Step:
        """Return a step of the workflow that a run goes through."""
        return self.graphs[run.workflow].steps[key]

    # -- what people do ----------------------------------------------------------------------

    def create(self, city: str, zone: str, tags: tuple[str, ...]) -> None:
        """Add a contact."""
        person = Person(len(self.people) + 1, city, zone, {})
        self.people.append(person)
        self._say(person, "created")
        for tag in tags:
            self.tag(person, tag)

    def set(self, person: Person, name: str, value: str) -> bool:
        """Set a field; say whether it moved."""
        old = getattr(person, name)
        if old == value:
            return False
        setattr(person, name, value)
        self._say(person, f"updated {name}", value, old)
        return True

    def tag(self, person: Person, tag: str) -> bool:
        """Put a tag on; case does not matter."""
        if fold(tag) in person.tags:
            return False
        person.tags[fold(tag)] = " ".join(tag.split())
        self._say(person, "tagged", tag)
        return True

    def untag(self, person: Person, tag: str) -> bool:
        """Take a tag off."""
        if person.tags.pop(fold(tag), None) is None:
            return False
        self._say(person, "untagged", tag)
        return True

    def delete(self, person: Person) -> None:
        """Put a contact into the trash."""
        person.deleted = True
        self._say(person, "deleted")

    def bar(self, person: Person) -> None:
        """Mark a contact «do not contact»."""
        person.barred = True
        self._say(person, "updated do_not_contact")

    def _say(self, person: Person, kind: str, value: str = "", old: str = "") -> None:
        self._lines += 1
        run = self._by
        chain = (*run.chain, run.workflow) if run else ()
        self.queue.append(
            Line(self._lines, person, kind, value, old, run.id if run else None, chain)
        )


def fold(text: str) -> str:
    """Return a text as it is compared."""
    return " ".join(text.split()).casefold()
