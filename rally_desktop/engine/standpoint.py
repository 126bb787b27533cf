"""Where a step stands while it runs: the run, the record, and what the step may ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from rally_desktop.engine import clockwork, guards
from rally_desktop.engine.evaluator import Evaluator
from rally_desktop.engine.nodes.base import Again, Skipped
from rally_desktop.engine.runfacts import About
from rally_desktop.model.graph import Rules
from rally_desktop.model.ref import Ref
from rally_desktop.model.work import Snapshot
from rally_desktop.services.mail_accounts import Account


@dataclass(slots=True)
class Standpoint:
    """What a step is given as ``Here``."""

    asking: Evaluator
    run_id: int
    workflow_id: int
    step_id: str
    seq: int
    ref: Ref
    record: Snapshot
    rules: Rules
    trigger: str
    cause: str
    attempt: int
    due_at: datetime
    entered_at: datetime
    said: Mapping[str, Any] = field(default_factory=dict)
    awaited: str = ""
    stopping: bool = False
    put_off: Again | None = None
    about: Callable[[], About] | None = None

    @property
    def zone(self) -> tzinfo:
        """Return the zone in which days begin and end for the record."""
        return clockwork.zone_of(self.asking.work, self.record)

    def merge(self, source: str, *, html: bool = False) -> str:
        """Fill the merge fields of a text; raise MissingValue where one is empty."""
        return self.asking.merge(source, self.ref, self.about, html=html)

    def test(self, stored: Mapping[str, Any] | None) -> tuple[bool, list[dict[str, Any]]]:
        """Evaluate a filter on the record; return the result and each clause as seen."""
        return self.asking.explain(stored, self.ref, self.trigger)

    def guard(
        self, contact: Snapshot, account: Account, *, transactional: bool
    ) -> Skipped | Again | None:
        """Return why a contact may not be written to, or not now."""
        message = guards.Message(account.channel, contact, account, transactional)
        if not self.stopping:
            return guards.check(self.asking.work, self, message)
        answer = guards.foresee(self.asking.work, self, message)
        if isinstance(answer, Again):
            self.put_off = answer
            return None
        return answer
