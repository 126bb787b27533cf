"""Commands: sequences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rally_desktop.ui.commands import command

if TYPE_CHECKING:
    from rally_desktop.ui.desk import Desk


@command("New sequence", "circle-plus")
def new_sequence(desk: Desk) -> None:
    """Begin a sequence."""
    desk.go("sequences", "new")
