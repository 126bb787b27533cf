"""Flow: wait."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, ClassVar, Literal

from rally_desktop.core.days import plus_days
from rally_desktop.core.schema import Choice, Number
from rally_desktop.engine import clockwork
from rally_desktop.engine.nodes.base import Family, Here, Outcome, Shape, StepKind, Waiting
from rally_desktop.model.work import Work

Unit = Literal["minutes", "hours", "days", "weeks"]


class Wait(StepKind, frozen=True):
    """Lets time pass before the next step.

    Minutes and hours are elapsed time; days and weeks keep the time of day where the contact
    lives, also over a change of the clocks.
    """

    title: ClassVar = "Wait"
    icon: ClassVar = "clock"
    family: ClassVar[Family] = "flow"
    shape: ClassVar[Shape] = "wait"
    says: ClassVar = "Wait {amount} {unit}"
    example: ClassVar = {"amount": 2, "unit": "days"}
    words: ClassVar = ("delay", "pause", "later", "days")

    amount: Annotated[int, Number("How long", least=1, most=10_000)] = 1
    unit: Annotated[Unit, Choice("Unit")] = "days"

    def run(self, work: Work, here: Here) -> Outcome:
        """Say when to go on."""
        if self.unit in ("minutes", "hours"):
            until = work.now + timedelta(**{self.unit: self.amount})
        else:
            days = self.amount * (7 if self.unit == "weeks" else 1)
            until = plus_days(work.now, days, clockwork.zone_of(work, here.record))
        return Waiting(until, f"Waits {self._length()}.")

    def sentence(self) -> str:
        """Say how long, in the singular for one."""
        return f"Wait {self._length()}"

    def _length(self) -> str:
        return f"{self.amount} {self.unit if self.amount != 1 else self.unit[:-1]}"
