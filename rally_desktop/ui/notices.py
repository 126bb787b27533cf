"""What the program tells the person at the screen in passing, at the foot of the window."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QObject, Signal

from rally_desktop.core.errors import RallyError

Tone = Literal["plain", "ok", "warn", "bad"]


@dataclass(frozen=True)
class Notice:
    """One thing to say; ``action`` is a button's words and what it does, as (“Undo”, …).

    ``also`` is a second one, for whoever wants to look rather than to take it back. ``counts``
    is asked every second what to say; nothing takes the notice away.
    """

    text: str
    tone: Tone = "plain"
    action: tuple[str, Callable[[], None]] | None = None
    detail: str = ""
    also: tuple[str, Callable[[], None]] | None = None
    counts: Callable[[], str] | None = None


class Notices(QObject):
    """Where pages say what happened; the window shows it and takes it away again."""

    posted = Signal(object)

    def tell(
        self,
        text: str,
        tone: Tone = "plain",
        action: tuple[str, Callable[[], None]] | None = None,
        also: tuple[str, Callable[[], None]] | None = None,
        counts: Callable[[], str] | None = None,
    ) -> None:
        """Say something, with at most two things that can be done about it."""
        self.posted.emit(Notice(text, tone, action, also=also, counts=counts))

    def show_error(self, error: Exception) -> None:
        """Say what went wrong; an error that is not ours is a bug and brings its details."""
        if isinstance(error, RallyError):
            self.posted.emit(Notice(str(error), "bad"))
            return
        detail = "".join(traceback.format_exception(error))
        text = "Something in the program itself went wrong. Nothing you saved is lost."
        self.posted.emit(Notice(text, "bad", detail=detail))
