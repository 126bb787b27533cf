"""Flow: wait until something happens, or a filter matches."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Literal

from rally_desktop.core.conditions import IN_DAYS, clauses
from rally_desktop.core.days import plus_days
from rally_desktop.core.filter import parse
from rally_desktop.core.fold import fold
from rally_desktop.core.schema import Choice, Filter, Number, Pick
from rally_desktop.engine.nodes.base import (
    Again,
    Done,
    Event,
    Family,
    Here,
    Outcome,
    Shape,
    StepKind,
    Waiting,
)
from rally_desktop.engine.runfields import run_fields
from rally_desktop.model.work import Work

What = Literal[
    "a reply", "an e-mail opened", "a link clicked", "a task done", "a meeting planned",
    "another deal stage", "another lifecycle stage", "a tag", "a filter",
]  # fmt: skip
_LINES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "a reply": ("email_received", "sms_received"),
        "an e-mail opened": ("email_opened",),
        "a link clicked": ("link_clicked",),
        "a task done": ("task_completed",),
        "a meeting planned": ("meeting_planned",),
        "another deal stage": ("stage_moved",),
        "another lifecycle stage": ("updated",),
        "a tag": ("tag_added",),
        "a filter": (),
    }
)
# How what is waited for is said where it has names, and the setting that holds them.
_NAMED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "another deal stage": ("the stage", "stages"),
        "another lifecycle stage": ("the lifecycle stage", "lifecycle_stages"),
        "a tag": ("the tag", "tags"),
    }
)
# How often a filter is looked at that the clock, or another record, may make true.
POLL = timedelta(hours=1)
_STAGES = Pick("To stage", help="None chosen: any.", source="stage", many=True, required=False,
               shown_when=("what", "another deal stage"))  # fmt: skip
_LIFECYCLE = Pick("To lifecycle stage", help="None chosen: any.", source="lifecycle_stage",
                  many=True, required=False,
                  shown_when=("what", "another lifecycle stage"))  # fmt: skip
_TAGS = Pick("Tag", help="None chosen: any.", source="tag", many=True, required=False,
             shown_when=("what", "a tag"))  # fmt: skip


class WaitUntil(StepKind, frozen=True):
    """Waits until something happens with the record or a filter matches it, but not for ever.

    A filter that matches already goes on at once. One that asks for days from today, or for
    other records, is looked at every hour; all others as soon as something happens.
    """

    title: ClassVar = "Wait until"
    icon: ClassVar = "hourglass"
    family: ClassVar[Family] = "flow"
    shape: ClassVar[Shape] = "wait"
    says: ClassVar = "Wait until {what}"
    example: ClassVar = {"what": "a reply", "amount": 3, "unit": "days"}
    words: ClassVar = ("reply", "event", "condition", "time-out", "happens", "opened", "clicked")
    late_after: ClassVar = timedelta.max  # what follows is late, looking again is not

    what: Annotated[What, Choice("Until")] = "a reply"
    stages: Annotated[tuple[str, ...], _STAGES] = ()
    lifecycle_stages: Annotated[tuple[str, ...], _LIFECYCLE] = ()
    tags: Annotated[tuple[str, ...], _TAGS] = ()
    filter: Annotated[
        dict[str, Any] | None,
        Filter("Matches", required=False, shown_when=("what", "a filter")),
    ] = None
    amount: Annotated[int, Number("At most", least=1, most=3_650)] = 7
    unit: Annotated[Literal["hours", "days", "weeks"], Choice("Unit")] = "days"

    def exits(self) -> tuple[tuple[str, str], ...]:
        """Tell what came from what did not."""
        return (("happened", "Happened"), ("timed_out", "Timed out"))

    def run(self, work: Work, here: Here) -> Outcome:
        """Go on at once where the filter matches; else wait, and look again where need be."""
        if self.filter and self.what == "a filter":
            matches, seen = here.test(self.filter)
            if matches:
                return Done("The filter matches.", "happened", {"clauses": seen})
        until = self._until(here)
        waits = f"Waits for {self._said()}, {self._length()} at most."
        rule = {"rule": self._length(), "zone": str(here.zone), "until": until.isoformat()}
        awaits = f"event:{self.what}"
        if self._polls(work, here) and until - work.now > POLL:
            return Again(work.now + POLL, "polled", waits, rule, awaits)
        return Waiting(until, waits, "timed_out", awaits, rule)

    def met(self, work: Work, here: Here, event: Event) -> str | None:
        """Say whether it happened, or the filter matches now."""
        if self.what == "a filter":
            return "happened" if here.test(self.filter)[0] else None
        return "happened" if event.kind in _LINES[self.what] and self._fits(event) else None

    def problems(self) -> dict[str, str]:
        """Ask for the filter, where one is waited for."""
        found = super().problems()
        if self.what == "a filter" and not self.filter:
            found["filter"] = "is required"
        return found

    def sentence(self) -> str:
        """Say what is waited for, and for how long at most."""
        return f"Wait until {self._said()}, {self._length()} at most"

    def _said(self) -> str:
        what, names = _NAMED.get(self.what, ("", ""))
        if chosen := getattr(self, names, ()):
            return f"{what} {Pick('').say(chosen)}"
        return self.what.replace("a filter", "a filter matches")

    def _length(self) -> str:
        return f"{self.amount} {self.unit if self.amount != 1 else self.unit[:-1]}"

    def _until(self, here: Here) -> datetime:
        """Return when it has been waited for long enough, reckoned from the first look."""
        if self.unit == "hours":
            return here.entered_at + timedelta(hours=self.amount)
        days = self.amount * (7 if self.unit == "weeks" else 1)
        return plus_days(here.entered_at, days, here.zone)

    def _polls(self, work: Work, here: Here) -> bool:
        """Say whether the filter may come true without a line on the record's timeline."""
        if self.what != "a filter" or not self.filter:
            return False
        fields, known = run_fields(work, here.ref.kind), here.record
        asked = clauses(parse(self.filter, fields))
        return any(one.op in IN_DAYS or fields[one.field].stored not in known for one in asked)

    def _fits(self, event: Event) -> bool:
        """Compare what a line says with what is asked for."""
        detail = event.detail
        if self.what == "a reply":
            return not detail.get("automatic")
        if self.what == "a tag":
            return _among(detail.get("tag"), self.tags)
        if self.what == "another deal stage":
            return _among(detail.get("new"), self.stages)
        if self.what == "another lifecycle stage":
            moved = detail["fields"].get("lifecycle_stage")
            return moved is not None and _among(moved[1], self.lifecycle_stages)
        return True


def _among(value: Any, wanted: tuple[str, ...]) -> bool:
    return not wanted or fold(str(value or "")) in {fold(each) for each in wanted}
