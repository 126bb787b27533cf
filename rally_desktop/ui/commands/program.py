"""Commands: the program itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from rally_desktop.ui.commands import command

if TYPE_CHECKING:
    from rally_desktop.ui.desk import Desk


@command("Close Rally Desktop", "log-out", "Ctrl+Q")
def leave(desk: Desk) -> None:
    """Finish what is being saved, then close."""
    QApplication.closeAllWindows()
