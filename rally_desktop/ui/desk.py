"""What every page is given: the data, the look, a way to speak, and a way to other pages."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from rally_desktop.ui.preferences import Preferences
from rally_desktop.ui.seat import Seat

if TYPE_CHECKING:
    from rally_desktop.core.clock import Clock
    from rally_desktop.ui.background import Background
    from rally_desktop.ui.notices import Notices
    from rally_desktop.ui.tag_colours import TagColours
    from rally_desktop.ui.theme import Theme


class Desk(QObject):
    """The things a page works with; one for the whole window.

    ``wanted`` is heard by the window: the key of a page and what it shall show; ``left`` when
    somebody goes back to the page of the rail that was in front before.
    """

    wanted = Signal(str, tuple)
    left = Signal()

    def __init__(
        self,
        background: Background,
        theme: Theme,
        notices: Notices,
        clock: Clock,
        preferences: Preferences | None = None,
    ) -> None:
        super().__init__()
        self.background = background
        self.theme = theme
        self.notices = notices
        self.clock = clock
        self.preferences = preferences or Preferences()
        self.seat = Seat(background, self.preferences, self)

    @cached_property
    def tag_colours(self) -> TagColours:
        """Return the colours of tags, read once they are asked for and followed from then on."""
        from rally_desktop.ui.tag_colours import TagColours  # the window comes before the database

        return TagColours(self.background, self)

    def go(self, page: str, *args: object) -> None:
        """Show a page by its key; its ``open(*args)`` is called if there is something to open."""
        self.wanted.emit(page, args)

    def back(self) -> None:
        """Show the page of the rail that was in front before."""
        self.left.emit()
