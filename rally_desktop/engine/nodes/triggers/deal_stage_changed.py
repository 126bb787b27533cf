"""Trigger: a deal moved to another stage."""

from __future__ import annotations

from typing import Annotated, ClassVar

from rally_desktop.core.fold import fold
from rally_desktop.core.schema import Pick
from rally_desktop.engine.nodes.base import Event, TriggerKind
from rally_desktop.engine.nodes.moves import fits, say_move

_ONE = Pick("From", help="None chosen: any.", source="stage", many=True, required=False)
_OTHER = Pick("To", help="None chosen: any.", source="stage", many=True, required=False)
_PIPELINE = Pick("Pipeline", help="Empty: any.", source="pipeline", required=False)


class DealStageChanged(TriggerKind, frozen=True):
    """Starts when a deal moves from one stage to another, for instance to Closed Won."""

    title: ClassVar = "Deal stage changed"
    icon: ClassVar = "handshake"
    says: ClassVar = "When it moves from {before} to {after}"
    example: ClassVar = {"after": ["Closed Won"]}
    records: ClassVar = ("deal",)
    words: ClassVar = ("won", "lost", "pipeline", "stage")

    before: Annotated[tuple[str, ...], _ONE] = ()
    after: Annotated[tuple[str, ...], _OTHER] = ()
    pipeline: Annotated[str, _PIPELINE] = ""

    def listens(self) -> tuple[tuple[str, str | None], ...]:
        """Look at deals that move."""
        return (("stage_moved", None),)

    def values(self) -> tuple[str | None, ...]:
        """Ask for the stage it moves to."""
        return tuple({fold(each) for each in self.after}) or (None,)

    def matches(self, event: Event) -> bool:
        """Compare both stages, and the pipeline, with those chosen."""
        moved = event.detail
        return (
            fits(moved["old"], self.before)
            and fits(moved["new"], self.after)
            and (not self.pipeline or fits(moved["pipeline"], (self.pipeline,)))
        )

    def sentence(self) -> str:
        """Say from where and to where, and in which pipeline."""
        what = f"the stage in {self.pipeline}" if self.pipeline else "the stage"
        return say_move(what, self.before, self.after)
