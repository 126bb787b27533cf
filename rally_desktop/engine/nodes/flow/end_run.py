"""Flow: end the run."""

from __future__ import annotations

from typing import Annotated, ClassVar

from rally_desktop.core.schema import Text
from rally_desktop.engine.nodes.base import Ended, Family, Here, Outcome, Shape, StepKind
from rally_desktop.model.work import Work


class EndRun(StepKind, frozen=True):
    """Ends the whole run, with a word why for the run history: nothing more of it follows."""

    title: ClassVar = "End run"
    icon: ClassVar = "octagon-x"
    family: ClassVar[Family] = "flow"
    shape: ClassVar[Shape] = "end"
    says: ClassVar = "End run: {why}"
    example: ClassVar = {"why": "Is a customer already"}
    words: ClassVar = ("stop", "finish", "exit", "quit")

    why: Annotated[str, Text("Why", help="Shown in the run history.", required=False)] = ""

    def exits(self) -> tuple[tuple[str, str], ...]:
        """Lead nowhere."""
        return ()

    def run(self, work: Work, here: Here) -> Outcome:
        """End the run."""
        return Ended(f"Ended the run: {self.why.rstrip('.')}." if self.why else "Ended the run.")

    def sentence(self) -> str:
        """Say why."""
        return f"End run: {self.why}" if self.why else "End run"
