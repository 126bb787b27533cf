"""Flow: branch."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import msgspec

from rally_desktop.core.schema import Paths
from rally_desktop.engine.nodes.base import Done, Family, Here, Outcome, StepKind
from rally_desktop.model.graph import Key
from rally_desktop.model.work import Work


class Path(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One path: its name on the canvas, its exit, and who takes it."""

    name: str
    exit: Key
    filter: dict[str, Any] | None = None


class Branch(StepKind, frozen=True):
    """Sends each record down the first path whose conditions it meets; else down ‘Else’."""

    title: ClassVar = "Branch"
    icon: ClassVar = "split"
    family: ClassVar[Family] = "condition"
    says: ClassVar = "{paths}"
    reads: ClassVar = "Take the first path that fits"
    example: ClassVar = {
        "paths": [
            {
                "name": "Replied",
                "exit": "replied",
                "filter": {"field": "last_replied_at", "op": "is_known"},
            }
        ]
    }
    words: ClassVar = ("if", "condition", "else", "decide", "split")

    paths: Annotated[tuple[Path, ...], Paths("Paths")]

    def exits(self) -> tuple[tuple[str, str], ...]:
        """Lead on by each path in order, and by ‘else’."""
        return (*((path.exit, path.name) for path in self.paths), ("else", "Else"))

    def run(self, work: Work, here: Here) -> Outcome:
        """Take the first path that matches; keep what was seen for the run history."""
        seen: list[dict[str, Any]] = []
        for path in self.paths:
            matches, clauses = here.test(path.filter)
            seen.append({"path": path.name, "matches": matches, "clauses": clauses})
            if matches:
                return Done(f"Took ‘{path.name}’.", path.exit, {"paths": seen})
        return Done("Took ‘Else’: no path matched.", "else", {"paths": seen})

    def problems(self) -> dict[str, str]:
        """Refuse paths that share an exit or take the name of ‘else’."""
        found = super().problems()
        exits = [path.exit for path in self.paths]
        if len(set(exits)) != len(exits) or "else" in exits:
            found["paths"] = "each path needs an exit of its own"
        return found

    def sentence(self) -> str:
        """Say the paths in order."""
        return " · ".join([*(path.name for path in self.paths), "Else"])
