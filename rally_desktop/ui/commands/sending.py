"""Commands: the brake on everything that is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rally_desktop.ui.commands import command

if TYPE_CHECKING:
    from rally_desktop.ui.desk import Desk


@command("Stop all sending", "octagon-x")
def stop_sending(desk: Desk) -> None:
    """Let no message leave any more, on any computer of the office."""
    desk.go("settings", "stop")


@command("Safeguards", "shield")
def show_safeguards(desk: Desk) -> None:
    """Show what workflows may do by themselves."""
    desk.go("settings", "Safeguards")


@command("Office calendar", "calendar")
def show_calendar(desk: Desk) -> None:
    """Show when the office works and when messages may go out."""
    desk.go("settings", "Calendar")
