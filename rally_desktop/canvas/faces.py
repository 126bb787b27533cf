"""What the canvas knows of a kind: how a step looks, and what can be added; no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

from rally_desktop.model.graph import Place, Step, Trigger

Family = Literal["trigger", "condition", "talk", "record", "flow"]
Shape = Literal["card", "wait", "end"]
Severity = Literal["", "warning", "error"]

FAMILY_TITLES: dict[Family, str] = {
    "talk": "Messages",
    "record": "Records",
    "condition": "Decisions",
    "flow": "Flow",
    "trigger": "Triggers",
}


@dataclass(frozen=True)
class Face:
    """One card as a person sees it; ``exits`` are (name, label) in order from left to right."""

    title: str
    subtitle: str = ""
    icon: str = "circle-question-mark"
    family: Family = "flow"
    shape: Shape = "card"
    exits: tuple[tuple[str, str], ...] = ()
    problem: str = ""
    severity: Severity = ""
    problems: int = 0


@dataclass(frozen=True)
class Chain:
    """Several steps that are added as one, the first one first.

    What follows them goes on after each of ``exits``.
    """

    steps: tuple[Step, ...]
    exits: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Offer:
    """What can be added: a kind, what it is called, found by, and starts out as; or a chain.

    ``lengths`` are the units of a kind that waits for some time and has no other settings; its
    settings are ``amount`` and ``unit``.
    """

    kind: str
    title: str
    icon: str
    family: Family
    shape: Shape = "card"
    help: str = ""
    words: tuple[str, ...] = ()
    exits: tuple[str, ...] = ()
    settings: tuple[tuple[str, Any], ...] = ()
    lengths: tuple[str, ...] = ()
    chain: Chain | None = None


class Faces(Protocol):
    """Whoever can say how steps and triggers look."""

    def face(self, step: Step) -> Face:
        """Return the card of a step."""
        ...

    def trigger_face(self, trigger: Trigger) -> Face:
        """Return the card of a trigger."""
        ...


class Catalogue(Protocol):
    """Whoever can say what may be added to a workflow about this kind of record."""

    def steps(self, record: str) -> tuple[Offer, ...]:
        """Return the kinds of step, family by family."""
        ...

    def triggers(self, record: str) -> tuple[Offer, ...]:
        """Return the kinds of trigger."""
        ...

    def recipes(self, record: str) -> tuple[Offer, ...]:
        """Return the chains that can be put in whole."""
        ...

    def turned(self, step: Step, kind: str) -> tuple[Step, tuple[str, ...]]:
        """Return a step made one of another kind, and by name what is lost on the way."""
        ...
