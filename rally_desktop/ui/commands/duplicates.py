"""Commands: what is there twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rally_desktop.ui.commands import command

if TYPE_CHECKING:
    from rally_desktop.ui.desk import Desk


@command("Find duplicate contacts", "copy")
def find_contacts(desk: Desk) -> None:
    """Look for contacts that are probably the same."""
    desk.go("duplicates", "contact")


@command("Find duplicate companies", "copy")
def find_companies(desk: Desk) -> None:
    """Look for companies that are probably the same."""
    desk.go("duplicates", "company")
