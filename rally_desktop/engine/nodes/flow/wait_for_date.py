"""Flow: wait until a date."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Annotated, Any, ClassVar, Literal

from rally_desktop.core.days import local
from rally_desktop.core.schema import Choice, Moment, Pick
from rally_desktop.engine.nodes import dates
from rally_desktop.engine.nodes.base import (
    Done,
    Ended,
    Failed,
    Family,
    Here,
    Outcome,
    Shape,
    Skipped,
    StepKind,
    Waiting,
)
from rally_desktop.model.work import Work
from rally_desktop.services import merging

_FIELD = Pick("Date of the record", source="date_field", required=False,
              shown_when=("until", "a date of the record"))  # fmt: skip
_FIXED = Moment("Day", required=False, shown_when=("until", "a fixed day"))
_OF_THE_RECORD = ("until", "a date of the record")


class WaitForDate(StepKind, frozen=True):
    """Waits until a date of the record, some days or hours before or after it, or a fixed day.

    The time of day is that of the place where the record lives. The date counts as it stands
    when the run comes by. A 29 February that is sought in another year is the 28th.
    """

    title: ClassVar = "Wait until a date"
    icon: ClassVar = "calendar-clock"
    family: ClassVar[Family] = "flow"
    shape: ClassVar[Shape] = "wait"
    says: ClassVar = "Wait until {until}"
    reads: ClassVar = "{sentence}"
    example: ClassVar = {
        "until": "a date of the record",
        "field": "created_at",
        "when": "after",
        "amount": 10,
    }
    words: ClassVar = ("date", "before", "after", "renewal", "birthday", "deadline")

    until: Annotated[Literal["a date of the record", "a fixed day"], Choice("Until")]
    field: Annotated[str, _FIELD] = ""
    day: Annotated[date | None, _FIXED] = None
    when: Annotated[dates.When, dates.WHEN] = "on"
    amount: Annotated[int, dates.AMOUNT] = 0
    unit: Annotated[dates.Unit, dates.UNIT] = "days"
    at: Annotated[str, dates.AT] = "09:00"
    passed: Annotated[Literal["go on", "skip", "next year", "end"], Choice("If it has passed")] = (
        "go on"
    )
    empty: Annotated[
        Literal["failed", "go on"], Choice("If it is empty", shown_when=_OF_THE_RECORD)
    ] = "failed"

    def exits(self) -> tuple[tuple[str, str], ...]:
        """Go on, or the other way where the date is empty."""
        return (("next", ""), ("failed", "Failed"))

    def run(self, work: Work, here: Here) -> Outcome:
        """Say when to go on."""
        value, timed = self._value(work, here)
        if value is None:
            what = f"‘{self._name(work, here)}’ is empty."
            return Failed("no_date", what) if self.empty == "failed" else Done(f"{what} Goes on.")
        until = dates.moment(self, value, here.zone, timed=timed)
        if until > work.now:
            return self._waiting(here, until)
        return self._passed(work, here, value, timed, until)

    def problems(self) -> dict[str, str]:
        """Ask for the field, or for the day."""
        found = super().problems()
        name = "field" if self.until == "a date of the record" else "day"
        if not getattr(self, name):
            found[name] = "is required"
        return found

    def sentence(self) -> str:
        """Say until when."""
        return f"Wait until {self._rule()}"

    def _rule(self) -> str:
        fixed = self.day is not None and self.until == "a fixed day"
        name = f"{self.day.day} {self.day:%B %Y}" if fixed and self.day else self.field
        return dates.said(self, name).removeprefix("on ")

    def _value(self, work: Work, here: Here) -> tuple[datetime | None, bool]:
        """Return the date, and whether it is a moment."""
        if self.until == "a fixed day":
            day = self.day
            return (datetime.combine(day, time(), UTC) if day else None), False
        info = dates.field(work, here.ref.kind, self.field)
        found: Any = merging.with_paths(work, here.ref, [self.field]).get(self.field)
        return found, info.type == "moment"

    def _name(self, work: Work, here: Here) -> str:
        return dates.field(work, here.ref.kind, self.field).label

    def _waiting(self, here: Here, until: datetime) -> Outcome:
        there = until.astimezone(here.zone)
        rule = {"rule": self._rule(), "zone": str(here.zone), "until": until.isoformat()}
        return Waiting(until, f"Waits until {there.day} {there:%B %Y, %H:%M}.", detail=rule)

    def _passed(
        self, work: Work, here: Here, value: datetime, timed: bool, until: datetime
    ) -> Outcome:
        there = until.astimezone(here.zone)
        said = f"{there.day} {there:%B %Y, %H:%M} has passed."
        if self.passed == "next year":
            year = local(value, here.zone).year if timed else value.year
            while until <= work.now:
                year += 1
                until = dates.moment(self, value, here.zone, timed=timed, year=year)
            return self._waiting(here, until)
        if self.passed == "skip":
            return Skipped("date_passed", said)
        return Ended(said) if self.passed == "end" else Done(f"{said} Goes on.")
