"""Trigger: a person enrols a record."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from rally_desktop.core.schema import Choice
from rally_desktop.engine.nodes.base import TriggerKind

_WHO = {
    "Everybody": ("admin", "staff", "viewer"),
    "Staff": ("admin", "staff"),
    "Admins": ("admin",),
}


class ByHand(TriggerKind, frozen=True):
    """Starts when a person enrols a record, or a selection of them.

    It skips the trigger and the rule for entering again, and nothing else. How many people
    and messages it will be is said first.
    """

    title: ClassVar = "By hand"
    icon: ClassVar = "hand"
    says: ClassVar = "When somebody enrols it by hand"
    words: ClassVar = ("manual", "enrol", "selection", "button")

    who: Annotated[Literal["Everybody", "Staff", "Admins"], Choice("Who may")] = "Staff"

    def listens(self) -> tuple[tuple[str, str | None], ...]:
        """Look at no line: a person says it."""
        return ()

    def allows(self, role: str) -> bool:
        """Say whether a user of this role may enrol."""
        return role in _WHO[self.who]
