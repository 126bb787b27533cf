"""What a filter means and how many match it now, below the conditions it is made of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from rally_desktop.core.conditions import Fields
from rally_desktop.core.errors import RallyError
from rally_desktop.core.filter import parse, say
from rally_desktop.model.ref import ListKind
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.widgets.plain_label import PlainLabel

Stored: TypeAlias = Mapping[str, Any] | None
Count: TypeAlias = Callable[[Stored], Awaitable[int | None]]

COUNT_AFTER = 350
LONGEST = 1_000  # letters of a sentence that are shown
MANY: Mapping[ListKind, str] = {
    "contact": "contacts", "company": "companies", "deal": "deals", "task": "tasks",
}  # fmt: skip


class FilterSays(QWidget):
    """The sentence of a filter, and its count, read off the screen's thread as soon as one rests.

    Only the newest filter is counted; whoever does not want to wait stops the counting.
    """

    def __init__(self, record: ListKind, count: Count) -> None:
        super().__init__()
        self._record: ListKind = record
        self._count = count
        self._stored: Stored = None
        self._asked = 0
        self.sentence = PlainLabel("", "sub")
        self.sentence.setWordWrap(True)
        self.sentence.setAccessibleName("What the conditions mean")
        self.matching = PlainLabel("", "sub")
        self.matching.setAccessibleName("How many match now")
        self.stop = QPushButton("Stop counting")
        self.stop.setProperty("kind", "link")
        self.stop.setAutoDefault(False)
        self.stop.hide()
        row = QHBoxLayout()
        row.addWidget(self.matching)
        row.addWidget(self.stop)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.sentence)
        column.addLayout(row)
        self._soon = QTimer(self, singleShot=True, interval=COUNT_AFTER)
        self._soon.timeout.connect(self._look)
        self.stop.clicked.connect(self._give_up)

    def show_filter(self, stored: Stored, fields: Fields) -> None:
        """Say what a filter means at once, and count soon; nothing while it is not complete."""
        self._asked += 1
        self._stored = stored
        try:
            said = say(parse(stored, fields), fields) if stored else ""
        except RallyError:
            self._soon.stop()
            self._tell("", "")
            return
        said = f"{said[:1].upper()}{said[1:]}." if said else ""
        short = said if len(said) <= LONGEST else f"{said[:LONGEST].rstrip()} …"
        self._tell(short, "Counting …")
        self._soon.start()

    def _tell(self, sentence: str, matching: str, tone: str = "quiet") -> None:
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))
        self._say_count(matching, tone)

    def _say_count(self, text: str, tone: str = "quiet") -> None:
        self.matching.setText(text)
        self.matching.set_tone(tone)
        self.matching.setVisible(bool(text))
        self.stop.hide()

    def _give_up(self) -> None:
        self._asked += 1
        self._say_count("Not counted.")

    @later
    @newest
    async def _look(self) -> None:
        asked = self._asked
        QTimer.singleShot(COUNT_AFTER, self, lambda: self._offer_to_stop(asked))
        try:
            found = await self._count(self._stored)
        except RallyError:
            found = None  # the check of the workflow says what is wrong with it
        if asked != self._asked:
            return
        self._asked += 1
        self._say_count(self._said(found), "warn" if found == 0 else "quiet")

    def _offer_to_stop(self, asked: int) -> None:
        if asked == self._asked:
            self.stop.show()

    def _said(self, count: int | None) -> str:
        many = MANY[self._record]
        if count is None:
            return "How many match depends on how they enter."
        if count == 1:
            return f"1 {self._record} matches now."
        return f"{count:,} {many} match now." if count else f"No {self._record} matches now."
