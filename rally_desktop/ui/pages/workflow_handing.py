"""What the canvas asks of the office, and what it gives it to keep.

Who is at some steps, what pasted steps lack, which groups this person has folded, and a workflow
that was dropped in to be opened on its own.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from typing import Any

import msgspec
from PySide6.QtCore import QObject

from rally_desktop.core.errors import BadDefinition
from rally_desktop.engine import exchange, publishing
from rally_desktop.services import workflows
from rally_desktop.ui.later import later
from rally_desktop.ui.pages.workflow_page import CanvasPage

FOLDED = "folded_groups"
TOLD = 2  # of what pasted steps lack


class Handing(QObject):
    """Answers the canvas of one workflow, off the screen thread."""

    def __init__(self, page: CanvasPage) -> None:
        super().__init__(page)
        self._page, self._desk = page, page.desk
        self._key = str(page.workflow_id)
        canvas = page.canvas
        canvas.count_people = self.count_people
        canvas.bringer.brought.connect(self.tell_missing)
        canvas.bringer.wanted_new.connect(self.open_new)
        canvas.folding.restore(self._desk.preferences.get(FOLDED, {}).get(self._key, ()))
        canvas.folding.changed.connect(self.remember_folded)

    def remember_folded(self, folded: Set[str]) -> None:
        """Keep which groups this person has folded in this workflow."""
        kept = {**self._desk.preferences.get(FOLDED, {}), self._key: sorted(folded)}
        self._desk.preferences.put(FOLDED, {key: ids for key, ids in kept.items() if ids})

    @later
    async def count_people(self, steps: Set[str], tell: Callable[[int], None]) -> None:
        """Count who stands at some steps, and tell it when it is known."""
        standing = await self._desk.background.read(workflows.inside, self._page.workflow_id)
        tell(sum(one.count for one in standing if one.step in steps))

    @later
    async def tell_missing(self, steps: tuple[str, ...], said: str) -> None:
        """Say after what was said which names in the new steps this office does not have."""
        graph = self._page.draft.graph
        found = await self._desk.background.read(publishing.problems_of, graph)
        if graph is not self._page.draft.graph:
            return
        missing = list(dict.fromkeys(one.text for one in found if one.step in steps))
        if missing:
            more = f" And {len(missing) - TOLD:,} more." if len(missing) > TOLD else ""
            self._page.canvas.say(f"{said} {' '.join(missing[:TOLD])}{more}")

    @later
    async def open_new(self, text: str) -> None:
        """Add a workflow from its text, with the templates it brings, and open it."""
        made = await self._desk.background.write(exchange.unpacked, _stored(text))
        self._desk.go("workflows", made.id)
        self._desk.notices.tell(f"Added ‘{made.graph.name}’ as a draft.", "ok")


def _stored(text: str) -> Any:
    try:
        stored = msgspec.json.decode(text[text.find("{") : text.rfind("}") + 1])
    except (msgspec.DecodeError, RecursionError):
        raise BadDefinition("This text is not a whole workflow.") from None
    name = stored.get("name") if isinstance(stored, dict) else ""
    return {**stored, "name": name or "Pasted steps"} if isinstance(stored, dict) else stored
