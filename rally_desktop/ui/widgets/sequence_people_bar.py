"""The line above the people of a sequence: what can be done to the chosen, or how far that is."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button, tool
from rally_desktop.ui.widgets.deed_faces import DeedFaces
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.sequence_people_deeds import PeopleDeeds

HEIGHT, LEAST = 44, 300
ROOMY = 720  # a narrower one leaves to its menu what is done less often


class PeopleBar(QWidget):
    """Two faces: what can be done, and how far what is being done has come."""

    all_wanted = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, theme: Theme, deeds: PeopleDeeds) -> None:
        super().__init__()
        self.setFixedHeight(HEIGHT)
        self.setMinimumWidth(LEAST)
        self._chosen = self._all = 0
        self.words = PlainLabel("", "strong")
        self.all_button = button(theme, "", kind="link")
        self.pause = button(theme, "Pause", "pause", "quiet")
        self.resume = button(theme, "Resume", "play", "quiet")
        self.skip = button(theme, "Skip to next", "skip-forward", "quiet")
        self.remove = button(theme, "Remove", "circle-stop", "quiet")
        self.more = tool(theme, "More that can be done", "ellipsis")
        self.faces = DeedFaces(theme, 10, 4)
        self._lay_out()
        self.pause.clicked.connect(lambda: deeds.pause())
        self.resume.clicked.connect(deeds.resume)
        self.skip.clicked.connect(deeds.skip)
        self.remove.clicked.connect(deeds.remove)
        self.all_button.clicked.connect(self.all_wanted)
        self.more.clicked.connect(
            lambda: self.menu_wanted.emit(self.more.mapToGlobal(self.more.rect().bottomLeft()))
        )
        self.faces.stop_button.clicked.connect(deeds.call_off)
        deeds.moved.connect(self.faces.show_far)
        deeds.ended.connect(self.faces.show_choosing)

    def offer(self, chosen: int, all_: int) -> None:
        """Offer what can be done to so many of all that are listed."""
        self._chosen, self._all = chosen, all_
        people = "person" if all_ == 1 else "people"
        self.words.setText(f"{chosen:,} of {all_:,} chosen" if chosen else f"{all_:,} {people}")
        self.all_button.setText(f"Choose all {all_:,}")
        roomy = self.width() >= ROOMY
        self.all_button.setVisible(0 < chosen < all_ and roomy)
        for each in (self.pause, self.resume, self.more):
            each.setVisible(chosen > 0)
        for each in (self.skip, self.remove):
            each.setVisible(chosen > 0 and roomy)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Offer as much as there is room for."""
        super().resizeEvent(event)
        self.offer(self._chosen, self._all)

    def _lay_out(self) -> None:
        row = self.faces.choosing
        row.addWidget(self.words)
        row.addWidget(self.all_button)
        row.addStretch(1)
        for each in (self.pause, self.resume, self.skip, self.remove, self.more):
            row.addWidget(each)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.faces)
