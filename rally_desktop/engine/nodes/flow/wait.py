"""Flow: wait."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, ClassVar, Literal

from rally_desktop.core.days import plus_days, plus_months
from rally_desktop.core.schema import Choice, Number
from rally_desktop.engine import clockwork
from rally_desktop.engine.nodes.base import Family, Here, Outcome, Shape, StepKind, Waiting
from rally_desktop.model.work import Work

Unit = Literal["minutes", "hours", "days", "business days", "weeks", "months"]


class Wait(StepKind, frozen=True):
    """Lets time pass before the next step.

    Minutes and hours are elapsed time. Days, weeks and months keep the time of day where the
    contact lives, also over a change of the clocks; a month after 31 January is 28 February.
    Business days leave out what the office's calendar does.
    """

    title: ClassVar = "Wait"
    icon: ClassVar = "clock"
    family: ClassVar[Family] = "flow"
    shape: ClassVar[Shape] = "wait"
    says: ClassVar = "Wait {amount} {unit}"
    example: ClassVar = {"amount": 2, "unit": "days"}
    words: ClassVar = ("delay", "pause", "later", "days", "months", "business days")

    amount: Annotated[int, Number("How long", least=1, most=10_000)] = 1
    unit: Annotated[Unit, Choice("Unit")] = "days"

    def run(self, work: Work, here: Here) -> Outcome:
        """Say when to go on."""
        until = self._until(work, here)
        rule = {"rule": self._length(), "zone": str(here.zone), "until": until.isoformat()}
        return Waiting(until, f"Waits {self._length()}.", detail=rule)

    def sentence(self) -> str:
        """Say how long, in the singular for one."""
        return f"Wait {self._length()}"

    def _until(self, work: Work, here: Here) -> datetime:
        if self.unit in ("minutes", "hours"):
            return work.now + timedelta(**{self.unit: self.amount})
        if self.unit == "business days":
            return clockwork.plus_business_days(work, work.now, self.amount, here.zone)
        if self.unit == "months":
            return plus_months(work.now, self.amount, here.zone)
        return plus_days(work.now, self.amount * (7 if self.unit == "weeks" else 1), here.zone)

    def _length(self) -> str:
        return f"{self.amount} {self.unit if self.amount != 1 else self.unit[:-1]}"
