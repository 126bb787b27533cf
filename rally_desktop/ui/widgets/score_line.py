"""A contact's score on the card: what it is called, what it is made of, and a way to move it."""

from __future__ import annotations

from typing import Literal

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from rally_desktop.model.ref import Ref
from rally_desktop.services import scores, scoring
from rally_desktop.services.scoring import Explanation
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.widgets.buttons import tool
from rally_desktop.ui.widgets.plain_label import PlainLabel

STEP = 5
_TONES = {"cold": "plain", "warm": "warn", "hot": "accent", "sales-ready": "ok"}


class ScoreLine(QWidget):
    """Explains the score of the contact on screen; minus and plus move it by five points."""

    def __init__(self, desk: Desk, indent: int) -> None:
        super().__init__()
        self._desk = desk
        self._ref: Ref | None = None
        self.band = PlainLabel("", "pill")
        self.band.setProperty("pill", True)
        self.why = PlainLabel("", "sub")
        self.why.setWordWrap(True)
        self.less = tool(desk.theme, f"Take {STEP} points away", "minus")
        self.more = tool(desk.theme, f"Give {STEP} points", "plus")
        first = QHBoxLayout()
        first.setSpacing(4)
        first.addWidget(self.band)
        first.addStretch(1)
        first.addWidget(self.less)
        first.addWidget(self.more)
        column = QVBoxLayout(self)
        column.setContentsMargins(indent, 0, 4, 6)
        column.setSpacing(2)
        column.addLayout(first)
        column.addWidget(self.why)
        self.less.clicked.connect(lambda: self._change("subtract"))
        self.more.clicked.connect(lambda: self._change("add"))

    def show_ref(self, ref: Ref) -> None:
        """Explain the score of a contact, as it is now."""
        self._ref = ref
        self._read()

    @later
    @newest
    async def _read(self) -> None:
        ref = self._ref
        if ref is not None:
            found = await self._desk.background.read(scoring.explain, ref)
            if ref == self._ref:
                self._show(found)

    def _show(self, found: Explanation) -> None:
        self.band.setText(found.band.capitalize())
        self.band.set_tone(_TONES[found.band])
        self.why.setText("\n".join(_lines(found)))
        self.why.setVisible(bool(found.parts))
        self.less.setEnabled(found.score > scores.LEAST)
        self.more.setEnabled(found.score < scores.MOST)

    @later
    async def _change(self, how: Literal["add", "subtract"]) -> None:
        """Move the score by hand, and offer to take that back."""
        if (ref := self._ref) is not None:
            before, after = await self._desk.background.write(scores.change, ref, how, STEP)
            undo = ("Undo", lambda: self._set(ref, before))
            self._desk.notices.tell(f"The score went from {before} to {after}.", action=undo)

    @later
    async def _set(self, ref: Ref, points: int) -> None:
        await self._desk.background.write(scores.change, ref, "set", points)


def _lines(found: Explanation) -> list[str]:
    """Say what a score is made of, a line each."""
    given = [f"{found.given} given by hand or by workflows"] if found.given else []
    parts = [
        f"{part.points:+.0f} {part.what[:1].lower()}{part.what[1:]}"
        + (f", {part.times} times" if part.times > 1 else "")
        for part in found.parts
    ]
    return given + parts
