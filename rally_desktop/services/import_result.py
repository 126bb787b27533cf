"""What an import may do, and what came of it: options, a verdict for each row, counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from rally_desktop.model.ref import RecordKind

Outcome = Literal["created", "updated", "merged", "unchanged", "skipped"]
OUTCOMES: tuple[Outcome, ...] = ("created", "updated", "merged", "unchanged", "skipped")


@dataclass(frozen=True)
class Options:
    """What an import may do.

    ``update``: make new records, bring known ones up to date, or both. ``overwrite``: let the
    list replace what a known record has; else it only fills what is empty. ``merge``: rows
    that speak of the same become one; else the later ones are left out. ``triggers``:
    whether workflows hear of it at once, not at all, or of so many records an hour.
    """

    kind: RecordKind = "contact"
    update: Literal["create", "update", "both"] = "both"
    overwrite: bool = False
    merge: bool = True
    triggers: Literal["no", "yes"] | int = "yes"
    source: str = ""


class Verdict(NamedTuple):
    """What became of one row: its number in the file, whom it is about, and why."""

    row: int
    outcome: Outcome
    who: str
    reason: str = ""


@dataclass
class Result:
    """What an import did, or in a dry run would do; ``verdicts`` name rows with a reason.

    A dry run has a verdict for every row, up to as many as anybody reads. ``job`` is the
    number under which the import can be undone.
    """

    created: int = 0
    updated: int = 0
    merged: int = 0
    unchanged: int = 0
    skipped: int = 0
    companies: int = 0
    cancelled: bool = False
    job: int = 0
    verdicts: list[Verdict] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Return how many rows were looked at."""
        return sum(getattr(self, outcome) for outcome in OUTCOMES)

    def counts(self) -> dict[str, int]:
        """Return how many rows came to what, and how many companies are new."""
        return {name: getattr(self, name) for name in (*OUTCOMES, "companies")}
