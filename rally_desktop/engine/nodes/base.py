"""What a trigger and a step are; every kind is a file in a folder beside this one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol

from rally_desktop.core.schema import Described
from rally_desktop.model.ref import RecordKind, Ref

if TYPE_CHECKING:
    from rally_desktop.model.work import Snapshot, Work

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
    """The step could not do its work; follow ``failed`` where that leads somewhere."""

    reason: str
    summary: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Waiting:
    """Come back at ``until`` and go on by the exit."""

    until: datetime
    summary: str
    exit: str = "next"


@dataclass(frozen=True)
class Ended:
    """The run ends here, done."""

    summary: str


Outcome = Done | Skipped | Failed | Waiting | Ended


@dataclass(frozen=True)
class Event:
    """One line of the timeline, as a trigger sees it."""

    kind: str
    ref: Ref
    detail: Mapping[str, Any]


class Here(Protocol):
    """Where a step stands: the run, the record, and what a step may ask for."""

    run_id: int
    workflow_id: int
    step_id: str
    seq: int
    ref: Ref
    record: Snapshot

    def merge(self, source: str, *, html: bool = False) -> str:
        """Fill the merge fields of a text; raise MissingValue where one is empty."""
        ...

    def test(self, stored: Mapping[str, Any] | None) -> tuple[bool, list[dict[str, Any]]]:
        """Evaluate a filter on the record; return the result and each clause as seen."""
        ...


class Node(Described, frozen=True):
    """Base of all kinds: settings as attributes, help as docstring, key as file name."""

    title: ClassVar[str]
    icon: ClassVar[str]
    family: ClassVar[Family]
    shape: ClassVar[Shape] = "card"
    says: ClassVar[str]
    example: ClassVar[dict[str, Any]] = {}
    records: ClassVar[tuple[RecordKind, ...]] = EVERY_RECORD
    words: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def key(cls) -> str:
        """Return the name under which workflows store this kind."""
        return cls.__module__.rpartition(".")[2]

    def sentence(self) -> str:
        """Say in one line what this will do; the card on the canvas shows it."""
        said = {s.name: s.field.say(getattr(self, s.name)) for s in self.settings()}
        return self.says.format_map(said)


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


class StepKind(Node, frozen=True):
    """A kind that does something when a run comes by."""

    def exits(self) -> tuple[tuple[str, str], ...]:
        """Return the exits in order, each with its label on the canvas."""
        return (("next", ""),)

    def run(self, work: Work, here: Here) -> Outcome:
        """Do it, within the run's transaction; deciding uses only ``work`` and ``here``."""
        raise NotImplementedError
