"""What a trigger and a step are; every kind is a file in a folder beside this one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol

from rally_desktop.core.clock import from_micros, to_micros
from rally_desktop.core.schema import Described
from rally_desktop.model.graph import Rules
from rally_desktop.model.ref import RecordKind, Ref

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from rally_desktop.model.work import Snapshot, Work
    from rally_desktop.services.mail_accounts import Account

Family = Literal["trigger", "condition", "talk", "record", "flow"]
Shape = Literal["card", "wait", "end"]
EVERY_RECORD: tuple[RecordKind, ...] = ("contact", "company", "deal")


@dataclass(frozen=True)
class Done:
    """The step did its work; follow the exit."""

    summary: str
    exit: str = "next"
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Skipped:
    """The step had nothing to do or must not do it; ``reason`` is one of the reason codes."""

    reason: str
    summary: str
    exit: str = "next"


@dataclass(frozen=True)
class Failed:
    """The step could not do its work; follow ``failed`` where that leads somewhere.

    What is ``transient`` is tried again after 1 min, 5 min, 30 min and 2 h before it counts.
    """

    reason: str
    summary: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    transient: bool = False


@dataclass(frozen=True)
class Waiting:
    """Go on by the exit at ``until``; with ``awaits`` what ``met`` answers may come first.

    Without ``until`` only what is awaited ends it. ``awaits`` says what that is, for people and
    for whoever looks the run up by it, as ``task:7``.
    """

    until: datetime | None
    summary: str
    exit: str = "next"
    awaits: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Again:
    """Not now: come back to this very step at ``until``; ``reason`` says why.

    With ``awaits`` what ``met`` answers may take the run on before that.
    """

    until: datetime
    reason: str
    summary: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    awaits: str = ""


@dataclass(frozen=True)
class Held:
    """Not without a person: the run is held at this step until somebody decides."""

    reason: str
    summary: str


@dataclass(frozen=True)
class Ended:
    """The run ends here, done."""

    summary: str


Outcome = Done | Skipped | Failed | Waiting | Again | Held | Ended


@dataclass(frozen=True)
class Event:
    """One line of the timeline, as a trigger sees it."""

    kind: str
    ref: Ref
    detail: Mapping[str, Any]


class Here(Protocol):
    """Where a step stands: the run, the record, and what a step may ask for.

    ``entered_at`` is when the visit began, also where the step is come back to; ``due_at`` is
    when the run was due here; ``attempt`` counts the tries before this one; ``said`` is what
    the visit's detail said the time before; ``awaited`` is what an event is asked about for.
    """

    run_id: int
    workflow_id: int
    step_id: str
    seq: int
    ref: Ref
    record: Snapshot
    rules: Rules
    trigger: str
    cause: str
    attempt: int
    due_at: datetime
    entered_at: datetime
    said: Mapping[str, Any]
    awaited: str
    put_off: Again | None

    @property
    def zone(self) -> tzinfo:
        """Return the zone in which days begin and end for the record."""
        ...

    def merge(self, source: str, *, html: bool = False) -> str:
        """Fill the merge fields of a text; raise MissingValue where one is empty."""
        ...

    def test(self, stored: Mapping[str, Any] | None) -> tuple[bool, list[dict[str, Any]]]:
        """Evaluate a filter on the record; return the result and each clause as seen."""
        ...

    def guard(
        self, contact: Snapshot, account: Account, *, transactional: bool
    ) -> Skipped | Again | None:
        """Return why a contact may not be written to, or not now; None where nothing is in the way.

        It is the last thing to ask before a message is queued: it may take a place in the
        account's hour.
        """
        ...


class Node(Described, frozen=True):
    """Base of all kinds: settings as attributes, help as docstring, key as file name."""

    title: ClassVar[str]
    icon: ClassVar[str]
    family: ClassVar[Family]
    shape: ClassVar[Shape] = "card"
    says: ClassVar[str]
    reads: ClassVar[str] = ""  # ``plain``, where title and sentence make no good English
    example: ClassVar[dict[str, Any]] = {}
    records: ClassVar[tuple[RecordKind, ...]] = EVERY_RECORD
    words: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def key(cls) -> str:
        """Return the name under which workflows store this kind."""
        return cls.__module__.rpartition(".")[2]

    def fits(self, record: RecordKind) -> bool:
        """Say whether it can be in a workflow about a kind of record."""
        return record in self.records

    def sentence(self) -> str:
        """Say in one line what this will do; the card on the canvas shows it."""
        said = {s.name: s.field.say(getattr(self, s.name)) for s in self.settings()}
        return self.says.format_map(said)

    def plain(self) -> str:
        """Say in whole words what this will do, for whoever reads the workflow as a text."""
        sentence = self.sentence()
        if self.reads:
            said = {s.name: s.field.say(getattr(self, s.name)) for s in self.settings()}
            return self.reads.format_map({**said, "sentence": sentence})
        if sentence.casefold().startswith(self.title.casefold()):
            return sentence
        what, arrow, value = sentence.partition(" → ")
        return f"Set {what.lower()} to {value}" if arrow else f"{self.title}: {sentence}"

    def preview(self, work: Work, record: RecordKind) -> str:
        """Say what the settings lead to, as the office stands now; the form shows it below."""
        return ""


class TriggerKind(Node, frozen=True):
    """A kind that starts a run when the right line appears on the timeline."""

    family: ClassVar[Family] = "trigger"

    def listens(self) -> tuple[tuple[str, str | None], ...]:
        """Return the (activity kind, changed field or None) pairs to look at: the index key."""
        raise NotImplementedError

    def values(self) -> tuple[str | None, ...]:
        """Return the folded values that the field or tag must have; None is any.

        It only narrows down whom to ask: ``matches`` has the last word.
        """
        return (None,)

    def matches(self, event: Event) -> bool:
        """Say whether this line, one of those listened to, starts the workflow."""
        return True


@dataclass(frozen=True)
class Scan:
    """What a trigger that goes by the clock is asked: who is due after ``since``, up to ``until``.

    Without ``since`` it is asked who is due already, whenever that began. ``zone`` is the
    office's; ``only`` is the audience as a condition on the record's table, where it can be one.
    """

    work: Work
    workflow_id: int
    trigger: str
    record: RecordKind
    since: datetime | None
    until: datetime
    zone: tzinfo
    only: ColumnElement[bool] | None = None

    def cause(self, kind: str, occasion: datetime) -> str:
        """Return what a firing is caused by: its occasion, so that none is fired for twice."""
        return f"{kind}:{self.trigger[:48]}:{to_micros(occasion)}"


@dataclass(frozen=True)
class Firing:
    """One record that a clock trigger starts; the same ``cause`` never enrols twice."""

    ref: Ref
    cause: str
    due_at: datetime


class ClockTrigger(TriggerKind, frozen=True):
    """A kind that starts runs by the clock, not by a line of the timeline."""

    def listens(self) -> tuple[tuple[str, str | None], ...]:
        """Look at no line."""
        return ()

    def due(self, scan: Scan) -> Iterable[Firing]:
        """Yield whoever came due in the scan's stretch of time, in due order."""
        raise NotImplementedError

    def next_due(self, scan: Scan) -> datetime | None:
        """Return when to look again, as far as that is known: not later than anybody is due."""
        raise NotImplementedError

    def due_at(self, cause: str) -> datetime:
        """Return when whoever fired for this cause was due."""
        return from_micros(int(cause.rpartition(":")[2]))

    def missed(self, late_by: timedelta) -> bool:
        """Say whether a firing so late has missed the time in which it was to be."""
        return False

    def over(self, event: Event) -> bool:
        """Say whether a line of the timeline ends what a firing stood for.

        A run that has not begun to act is cancelled then.
        """
        return False

    def holds(self, scan: Scan, ref: Ref, cause: str) -> bool:
        """Say whether what a firing stood for goes on, for one that had to wait for its turn."""
        return True


class StateTrigger(TriggerKind, frozen=True):
    """A kind that starts runs when a record turns from not matching to matching a filter."""

    filter: dict[str, Any] | None

    def listens(self) -> tuple[tuple[str, str | None], ...]:
        """Look at no line in particular: every line about a record may turn it."""
        return ()


class StepKind(Node, frozen=True):
    """A kind that does something when a run comes by.

    ``late_after`` is how long after its moment the step still runs by itself.
    """

    late_after: ClassVar[timedelta] = timedelta(hours=24)

    def exits(self) -> tuple[tuple[str, str], ...]:
        """Return the exits in order, each with its label on the canvas."""
        return (("next", ""),)

    def causes(self) -> tuple[tuple[str, str | None, str | None], ...]:
        """Return the (line, changed field, new value) that this may put on the timeline; None: any.

        So workflows that start each other are found before they are published.
        """
        return ()

    def run(self, work: Work, here: Here) -> Outcome:
        """Do it, within the run's transaction; deciding uses only ``work`` and ``here``."""
        raise NotImplementedError

    def met(self, work: Work, here: Here, event: Event) -> str | None:
        """Return the exit by which an event ends the waiting at this step; None where it does not.

        It is asked only of runs that stand here and await something, for each line on the
        record's timeline.
        """
        return None
