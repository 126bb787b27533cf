"""Flow: split by percentages."""

from __future__ import annotations

import hashlib
from itertools import accumulate
from typing import Annotated, ClassVar

import msgspec

from rally_desktop.core.schema import Shares
from rally_desktop.engine.nodes.base import Done, Family, Here, Outcome, StepKind
from rally_desktop.model.graph import Key
from rally_desktop.model.work import Work

WHOLE = 100


class Share(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One path: its name on the canvas, its exit, and how many of a hundred take it."""

    name: str
    exit: Key
    percent: Annotated[int, msgspec.Meta(ge=0, le=WHOLE)]


class Split(StepKind, frozen=True):
    """Sends the records down several paths by percentages, to compare which does better.

    Chance decides, once: the same record takes the same path here whenever it comes by, as long
    as the percentages stay as they are. They add up to 100.
    """

    title: ClassVar = "Split"
    icon: ClassVar = "chart-pie"
    family: ClassVar[Family] = "condition"
    says: ClassVar = "{paths}"
    reads: ClassVar = "Take a path at random"
    example: ClassVar = {
        "paths": [
            {"name": "Short letter", "exit": "a", "percent": 50},
            {"name": "Long letter", "exit": "b", "percent": 50},
        ]
    }
    words: ClassVar = ("a/b test", "percentage", "random", "share", "compare")

    paths: Annotated[tuple[Share, ...], Shares("Paths")] = (
        Share("A", "a", 50),
        Share("B", "b", 50),
    )

    def exits(self) -> tuple[tuple[str, str], ...]:
        """Lead on by each path in order."""
        return tuple((path.exit, path.name) for path in self.paths)

    def run(self, work: Work, here: Here) -> Outcome:
        """Take the path that the record's place among the hundred lies on."""
        place = _place(f"{here.workflow_id}:{here.step_id}:{here.ref.kind}:{here.ref.id}")
        borders = accumulate(path.percent for path in self.paths)
        path = next(path for path, end in zip(self.paths, borders, strict=True) if place < end)
        return Done(f"Took ‘{path.name}’, as {path.percent} of 100 do.", path.exit)

    def problems(self) -> dict[str, str]:
        """Refuse paths that share an exit or lack a name, and percentages that make no whole."""
        found = super().problems()
        exits, total = [path.exit for path in self.paths], sum(one.percent for one in self.paths)
        if not all(path.name.strip() for path in self.paths):
            found["paths"] = "each path needs a name"
        elif len(set(exits)) != len(exits) or not all(exits):
            found["paths"] = "each path needs an exit of its own"
        elif total != WHOLE:
            found["paths"] = f"must add up to 100 %, and now make {total} %"
        return found

    def sentence(self) -> str:
        """Say the paths with their percentages."""
        return " · ".join(f"{path.name} {path.percent} %" for path in self.paths)


def _place(name: str) -> int:
    """Return a number below a hundred that is always the same for a name."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) % WHOLE
