"""Selecting by keys: everything, what comes before or after, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rally_desktop.canvas.editor import FlowEditor


def select_all(editor: FlowEditor) -> None:
    """Select every card."""
    spots = [spot for spot in editor.scene.plan.boxes if spot.id]
    editor.choose(spots)


COMMANDS = {
    "select_all": select_all,
    "let_go": lambda editor: editor.select(None),
}
