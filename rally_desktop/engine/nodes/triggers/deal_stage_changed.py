"""Trigger: a deal moved to another stage."""

from __future__ import annotations

from typing import Annotated, ClassVar

from rally_desktop.core.schema import Pick
from rally_desktop.engine.nodes.base import Event, TriggerKind

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

    def matches(self, event: Event) -> bool:
        """Compare both stages, and the pipeline, with those chosen."""
        moved = event.detail
        return (
            (not self.before or moved["old"] in self.before)
            and (not self.after or moved["new"] in self.after)
            and (not self.pipeline or moved["pipeline"] == self.pipeline)
        )
