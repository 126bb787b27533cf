"""Whom texts are shown for: «Preview with Ana Alvarez», and a popup that finds somebody else."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QHBoxLayout, QWidget

from rally_desktop.ui.forms.sample import SampleChoice
from rally_desktop.ui.later import later
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.search_popup import Found, SearchPopup

NOBODY = "nobody yet"


class SampleLine(QWidget):
    """Says who was chosen; a press finds somebody else by typing."""

    def __init__(self, theme: Theme, choice: SampleChoice) -> None:
        super().__init__()
        self._choice = choice
        self.button = button(theme, "", "chevrons-up-down", "link")
        self.popup = SearchPopup("Find somebody", self)
        self.nobody = PlainLabel("There is nobody yet to show the texts for.", "sub")
        self.nobody.setWordWrap(True)
        self._words = PlainLabel("Preview with", "sub")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._words)
        row.addWidget(self.button)
        row.addWidget(self.nobody, 1)
        row.addStretch(1)
        self.button.clicked.connect(self._ask)
        self.popup.typed.connect(lambda _typed: self._look())
        self.popup.chosen.connect(choice.choose)
        choice.changed.connect(self._say)
        self._say()

    def _say(self) -> None:
        sample = self._choice.sample
        self.button.setText(f" {_short(sample.name)}" if sample else "")
        said = f"Preview with {sample.name}" if sample else NOBODY
        self.button.setAccessibleName(said)
        self.button.setToolTip("Choose whom the texts are shown for")
        self.button.setVisible(sample is not None)
        self._words.setVisible(sample is not None)
        self.nobody.setVisible(sample is None)

    def _ask(self) -> None:
        self.popup.offer((), "Looking …")
        self.popup.open_at(self.button.mapToGlobal(QPoint(0, self.button.height() + 2)))
        self._look()

    @later
    async def _look(self) -> None:
        typed = self.popup.search.text()
        samples = await self._choice.found(typed)
        if typed == self.popup.search.text():
            found = [Found(one.name, one, one.about, words=typed) for one in samples]
            self.popup.offer(found, "Nobody is called that.")


def _short(name: str) -> str:
    line = " ".join(name.split())
    return line if len(line) <= 28 else f"{line[:27]}…"
