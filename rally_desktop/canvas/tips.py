"""What the tip says of what is pointed at: all of what a card, note or group may show in part."""

from __future__ import annotations

from rally_desktop.canvas.marking import plain
from rally_desktop.canvas.naming import counted
from rally_desktop.canvas.plan import Plan, Spot
from rally_desktop.canvas.shapes import Box, NoteBox

LONGEST = 2_000
OFF = "Off: whoever comes here goes on at once."


def tip_of(plan: Plan, spot: Spot | None) -> str:
    """Return the tip, safe to be shown by Qt."""
    shape = plan.shape(spot) if spot else None
    if isinstance(shape, Box):
        face = shape.face
        lines = [face.title, face.subtitle, face.problem, OFF if shape.disabled else ""]
    elif isinstance(shape, NoteBox):
        lines = [plain(shape.text)[:LONGEST]]
    else:
        lines = [shape.title, counted(len(shape.steps), "step")] if shape else []
    text = "\n".join(filter(None, lines))
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")
