"""Flow: end."""

from __future__ import annotations

from typing import ClassVar

from rally_desktop.engine.nodes.base import Ended, Family, Here, Outcome, Shape, StepKind
from rally_desktop.model.work import Work


class End(StepKind, frozen=True):
    """Ends the path: the run is done."""

    title: ClassVar = "End"
    icon: ClassVar = "square"
    family: ClassVar[Family] = "flow"
    shape: ClassVar[Shape] = "end"
    says: ClassVar = "End"
    words: ClassVar = ("stop", "finish")

    def exits(self) -> tuple[tuple[str, str], ...]:
        """Lead nowhere."""
        return ()

    def run(self, work: Work, here: Here) -> Outcome:
        """End the run."""
        return Ended("Reached the end.")
