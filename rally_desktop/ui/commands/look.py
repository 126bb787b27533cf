"""Commands: light and dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rally_desktop.ui.commands import command

if TYPE_CHECKING:
    from rally_desktop.ui.desk import Desk
    from rally_desktop.ui.theme import Wish


@command("Switch between light and dark", "sun-moon", "Ctrl+Shift+L")
def switch(desk: Desk) -> None:
    """Turn light into dark, and dark into light, and remember it."""
    _wish(desk, "light" if desk.theme.dark else "dark")


@command("Follow the system's light and dark", "monitor")
def follow(desk: Desk) -> None:
    """Look as the rest of the computer does."""
    _wish(desk, "system")


def _wish(desk: Desk, wish: Wish) -> None:
    desk.theme.wish(wish)
    desk.preferences.put("look", wish)
