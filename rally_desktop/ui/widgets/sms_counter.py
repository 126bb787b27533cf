"""How long an SMS is that somebody writes, and in how many parts it is sent: each is paid for."""

from __future__ import annotations

from rally_desktop.core import sms
from rally_desktop.ui.widgets.plain_label import PlainLabel


class SmsCounter(PlainLabel):
    """A line below an editor; it warns where one sign makes room for fewer."""

    def __init__(self) -> None:
        super().__init__("", "sub")
        self.setAccessibleName("Length of the SMS")
        self.setWordWrap(True)

    def count(self, text: str) -> None:
        """Say how long a text is."""
        self.setText(sms.counted(text))
        plain = not text or sms.parts(text).plain
        self.set_tone("quiet" if plain else "warn")
