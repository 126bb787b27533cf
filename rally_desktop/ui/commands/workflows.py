"""Commands: workflows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rally_desktop.ui.commands import command

if TYPE_CHECKING:
    from rally_desktop.ui.desk import Desk


@command("New workflow", "circle-plus")
def new_workflow(desk: Desk) -> None:
    """Begin a workflow."""
    desk.go("workflows", "new")


@command("Enrol the chosen contacts in a sequence", "send")
def enrol(desk: Desk) -> None:
    """Ask in what the contacts that are chosen in their list are to be enrolled."""
    desk.go("contacts", "enrol")
