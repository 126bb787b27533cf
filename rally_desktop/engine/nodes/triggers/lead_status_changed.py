"""Trigger: a contact's lead status moved."""

from __future__ import annotations

from typing import Annotated, ClassVar

from rally_desktop.core.fold import fold
from rally_desktop.core.schema import Pick
from rally_desktop.engine.nodes.base import Event, TriggerKind
from rally_desktop.engine.nodes.moves import fits, say_move

_ONE = Pick("From", help="None chosen: any.", source="lead_status", many=True, required=False)
_OTHER = Pick("To", help="None chosen: any.", source="lead_status", many=True, required=False)


class LeadStatusChanged(TriggerKind, frozen=True):
    """Starts when a contact's lead status changes, for instance from New to Contacted."""

    title: ClassVar = "Lead status changed"
    icon: ClassVar = "flag"
    says: ClassVar = "When it moves from {before} to {after}"
    example: ClassVar = {"after": ["Contacted"]}
    records: ClassVar = ("contact",)
    words: ClassVar = ("status", "contacted", "lead")

    before: Annotated[tuple[str, ...], _ONE] = ()
    after: Annotated[tuple[str, ...], _OTHER] = ()

    def listens(self) -> tuple[tuple[str, str | None], ...]:
        """Look at changes of the lead status."""
        return (("updated", "lead_status"),)

    def values(self) -> tuple[str | None, ...]:
        """Ask for what it moves to."""
        return tuple({fold(each) for each in self.after}) or (None,)

    def matches(self, event: Event) -> bool:
        """Compare the lead status before and afterwards with those chosen."""
        old, new = event.detail["fields"]["lead_status"]
        return fits(old, self.before) and fits(new, self.after)

    def sentence(self) -> str:
        """Say from where and to where."""
        return say_move("the lead status", self.before, self.after)
