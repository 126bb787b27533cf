"""Action: move a deal to a stage."""

from __future__ import annotations

from typing import Annotated, ClassVar

from rally_desktop.core.errors import Refused
from rally_desktop.core.schema import Pick
from rally_desktop.engine.nodes.base import Done, Failed, Family, Here, Outcome, Skipped, StepKind
from rally_desktop.model.ref import Ref
from rally_desktop.model.work import Work
from rally_desktop.services import deals


class MoveDealStage(StepKind, frozen=True):
    """Moves the deal to a stage of its pipeline.

    For a contact or company it moves all its open deals: those that are neither won nor lost.
    With a pipeline only the deals in that one move. It fails where a pipeline has no such stage.
    """

    title: ClassVar = "Move deal to stage"
    icon: ClassVar = "square-kanban"
    family: ClassVar[Family] = "record"
    says: ClassVar = "Deal → {stage}"
    reads: ClassVar = "Move the deal to {stage}"
    example: ClassVar = {"stage": "Proposal"}
    words: ClassVar = ("pipeline", "opportunity", "won", "lost", "board")

    stage: Annotated[str, Pick("Stage", source="stage")]
    pipeline: Annotated[
        str, Pick("Pipeline", help="Empty: any.", source="pipeline", required=False)
    ] = ""

    def exits(self) -> tuple[tuple[str, str], ...]:
        """Go on, or the other way where a pipeline has no such stage."""
        return (("next", ""), ("failed", "Failed"))

    def causes(self) -> tuple[tuple[str, str | None, str | None], ...]:
        """Move the deal."""
        return (("stage_moved", None, self.stage),)

    def run(self, work: Work, here: Here) -> Outcome:
        """Move the deal, or the open deals, within the run's transaction."""
        found = self._deals(work, here)
        try:
            moved = [ref for ref in found if deals.move(work, ref, self.stage)]
        except Refused as error:
            return Failed("no_stage", str(error))
        if not moved:
            reason = "unchanged" if found else "no_deal"
            return Skipped(reason, f"There is no deal to move to {self.stage}.")
        names = ", ".join(f"“{work.record(ref)['name']}”" for ref in moved)
        return Done(f"Moved {names} to {self.stage}.", detail={"deals": [ref.id for ref in moved]})

    def _deals(self, work: Work, here: Here) -> list[Ref]:
        if here.ref.kind != "deal":
            return deals.open_of(work, here.ref, self.pipeline)
        return [here.ref] if self.pipeline in ("", here.record["pipeline"]) else []
