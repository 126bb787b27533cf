"""Commands: the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rally_desktop.ui.commands import command

if TYPE_CHECKING:
    from rally_desktop.ui.desk import Desk


@command("Audit log: who changed what", "scroll-text")
def show_audit_log(desk: Desk) -> None:
    """Show who did what, and whether the log of it is as it was written."""
    desk.go("audit")
