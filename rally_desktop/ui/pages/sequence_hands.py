"""What presses and keys in the list of a sequence's steps mean for the sequence."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtGui import QKeyEvent

from rally_desktop.ui.pages import sequence_commands
from rally_desktop.ui.pages.sequence_deeds import SequenceDeeds


class SequenceHands(SequenceDeeds):
    """The hands of the rows."""

    def offer(self, key: str, there: QPoint) -> None:
        """Offer what can be done with a step."""
        self.choose(key)
        sequence_commands.menu(self).popup(there)

    def key(self, event: QKeyEvent) -> bool:
        """Do what a key says; return whether it says something."""
        command = sequence_commands.command_of(event)
        return command is not None and sequence_commands.do(self, command)
