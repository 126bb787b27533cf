"""Commands: what the office has of its own, each a section of the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rally_desktop.ui.commands import command

if TYPE_CHECKING:
    from rally_desktop.ui.desk import Desk


@command("Fields of our own", "text-cursor-input")
def show_fields(desk: Desk) -> None:
    """Show the office's own fields, to make and to order them."""
    desk.go("settings", "Fields")


@command("Lists: statuses, sources, types, outcomes", "list")
def show_lists(desk: Desk) -> None:
    """Show what one picks from on cards and in filters."""
    desk.go("settings", "Lists")


@command("Pipelines and stages", "columns-3")
def show_pipelines(desk: Desk) -> None:
    """Show what deals move through."""
    desk.go("settings", "Pipelines")


@command("Tags and their colours", "tags")
def show_tags(desk: Desk) -> None:
    """Show the office's tags."""
    desk.go("settings", "Tags")


@command("People of the office", "users")
def show_people(desk: Desk) -> None:
    """Show who works here, who is away, and who takes over."""
    desk.go("settings", "People")
