"""Commands: what is to be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rally_desktop.ui.commands import command

if TYPE_CHECKING:
    from rally_desktop.ui.desk import Desk


@command("All tasks", "square-check")
def show_tasks(desk: Desk) -> None:
    """Show the tasks of everybody in one list."""
    desk.go("tasks")
