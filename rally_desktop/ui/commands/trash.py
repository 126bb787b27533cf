"""Commands: what was deleted, and for how long it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rally_desktop.ui.commands import command

if TYPE_CHECKING:
    from rally_desktop.ui.desk import Desk


@command("Trash: what was deleted", "trash-2")
def show_trash(desk: Desk) -> None:
    """Show what was deleted, to restore it."""
    desk.go("trash")


@command("How long what was deleted is kept", "calendar-x")
def show_keeping(desk: Desk) -> None:
    """Show the settings of the trash."""
    desk.go("settings", "Trash")
