"""What becomes of those inside a workflow that changes: asked with the numbers, never guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from PySide6.QtWidgets import QWidget

from rally_desktop.services import workflows
from rally_desktop.services.workflows import Standing
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.widgets.ask import choose

Unpublishing = Literal["hold", "finish", "stop"]
UNPUBLISHING: Mapping[str, Unpublishing] = {
    "Hold": "hold",
    "Let finish": "finish",
    "Stop all": "stop",
}
SHOWN = 4  # places where people stand, in a question


async def ask_unpublishing(
    desk: Desk, parent: QWidget, workflow_id: int, name: str
) -> Unpublishing | None:
    """Ask what becomes of those inside; None where the person thought better of it."""
    standing = await desk.background.read(workflows.inside, workflow_id)
    if not standing:
        return "hold"
    words = (
        f"Nobody new will enter. {standing_said(standing)} can be held where they are until it is "
        "published again, finish their way, or stop now with the Stop Actions."
    )
    answer = await choose(parent, f"Unpublish ‘{name}’?", words, [*UNPUBLISHING])
    return UNPUBLISHING[answer] if answer else None


def standing_said(standing: Sequence[Standing]) -> str:
    """Say how many are inside, and where most of them stand."""
    count = sum(one.count for one in standing)
    who = "The one record" if count == 1 else f"The {count:,} records"
    most = sorted(standing, key=lambda one: -one.count)[:SHOWN]
    places = ", ".join(f"{one.count:,} at ‘{one.title or one.step}’" for one in most)
    more = " and elsewhere" if len(standing) > SHOWN else ""
    return f"{who} inside ({places}{more})"
