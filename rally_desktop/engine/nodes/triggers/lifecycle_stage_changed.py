"""Trigger: a contact's lifecycle stage moved."""

from __future__ import annotations

from typing import Annotated, ClassVar

from rally_desktop.core.fold import fold
from rally_desktop.core.schema import Pick
from rally_desktop.engine.nodes.base import Event, TriggerKind
from rally_desktop.engine.nodes.moves import fits, say_move

_ONE = Pick("From", help="None chosen: any.", source="lifecycle_stage", many=True, required=False)
_OTHER = Pick("To", help="None chosen: any.", source="lifecycle_stage", many=True, required=False)


class LifecycleStageChanged(TriggerKind, frozen=True):
    """Starts when a contact's lifecycle stage changes, for instance from Lead to Customer."""

    title: ClassVar = "Lifecycle stage changed"
    icon: ClassVar = "trending-up"
    says: ClassVar = "When it moves from {before} to {after}"
    example: ClassVar = {"after": ["Customer"]}
    records: ClassVar = ("contact",)
    words: ClassVar = ("stage", "customer", "lead")

    before: Annotated[tuple[str, ...], _ONE] = ()
    after: Annotated[tuple[str, ...], _OTHER] = ()

    def listens(self) -> tuple[tuple[str, str | None], ...]:
        """Look at changes of the lifecycle stage."""
        return (("updated", "lifecycle_stage"),)

    def values(self) -> tuple[str | None, ...]:
        """Ask for what it moves to."""
        return tuple({fold(each) for each in self.after}) or (None,)

    def matches(self, event: Event) -> bool:
        """Compare the lifecycle stage before and afterwards with those chosen."""
        old, new = event.detail["fields"]["lifecycle_stage"]
        return fits(old, self.before) and fits(new, self.after)

    def sentence(self) -> str:
        """Say from where and to where."""
        return say_move("the lifecycle stage", self.before, self.after)
