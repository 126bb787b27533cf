"""What a sequence can be given: the usual steps as buttons, all others behind one more."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from rally_desktop.canvas.faces import Offer
from rally_desktop.engine.sequence_plan import BRANCH, SPLIT, WAITS
from rally_desktop.ui.pages.sequence_words import NAMES
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.flow_layout import FlowLayout
from rally_desktop.ui.widgets.plain_label import PlainLabel

USUAL = ("send_email", "call_step", "linkedin_step", "send_sms", "create_task")


class AddBar(QWidget):
    """Buttons below the steps; ``chosen`` brings an offer, ``asked`` wants all of them."""

    chosen = Signal(object)
    asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.words = PlainLabel("", "strong")
        self.buttons: dict[str, QPushButton] = {}
        self.more = button(theme, "More …", "plus")
        self.more.clicked.connect(self.asked)
        self._row = FlowLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.words)
        column.addLayout(self._row)

    def show_offers(self, offers: Sequence[Offer], empty: bool) -> None:
        """Offer the usual steps of a kind of record."""
        self.words.setText("What comes first?" if empty else "Add at the end")
        known = {offer.kind: offer for offer in offers}
        kinds = [kind for kind in USUAL if kind in known]
        if list(self.buttons) == kinds:
            return
        for old in self.buttons.values():
            self._row.removeWidget(old)
            old.deleteLater()
        self._row.removeWidget(self.more)
        self.buttons = {kind: self._button(known[kind]) for kind in kinds}
        for each in (*self.buttons.values(), self.more):
            self._row.addWidget(each)

    def lock(self, locked: bool) -> None:
        """Let nothing be added, or something again."""
        self.setEnabled(not locked)

    def _button(self, offer: Offer) -> QPushButton:
        made = button(self._theme, NAMES[offer.kind], offer.icon)
        made.setToolTip(offer.help)
        made.clicked.connect(lambda: self.chosen.emit(offer))
        return made


def in_line(offers: Sequence[Offer]) -> tuple[Offer, ...]:
    """Return what can stand in a list: what goes on in one way, and is no wait."""
    left_out = {*WAITS, BRANCH, SPLIT}
    return tuple(one for one in offers if one.exits and one.kind not in left_out)
