"""What is known of one account beside the list: facts, a line each, under what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from rally_desktop.ui.widgets.plain_label import PlainLabel, ShortLabel

K = TypeVar("K")


class AccountFacts(QFrame, Generic[K]):
    """Shows one ``K``, or nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.heading = ShortLabel("", "title")
        self.why = PlainLabel("", "body")
        self.why.set_tone("bad")
        self.why.setWordWrap(True)
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(16)
        self.grid.setVerticalSpacing(8)
        self.grid.setColumnStretch(1, 1)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(10)
        self.column.addWidget(self.heading)
        self.column.addWidget(self.why)
        self.column.addLayout(self.grid)
        self.column.addStretch(1)
        self.setMaximumWidth(480)

    def show_one(self, known: K | None) -> None:
        """Show an account, or nothing."""
        self.setVisible(known is not None)
        self._clear()
        if known is not None:
            self.fill(known)

    def fill(self, known: K) -> None:
        """Say what is known."""
        raise NotImplementedError

    def say(self, heading: str, wrong: str, facts: Iterable[tuple[str, str]]) -> None:
        """Put the lines in place."""
        self.heading.setText(heading)
        self.why.setText(wrong)
        self.why.setVisible(bool(wrong))
        for place, (name, value) in enumerate(facts):
            said = PlainLabel(value, "body")
            said.setWordWrap(True)
            self.grid.addWidget(PlainLabel(name, "sub"), place, 0, Qt.AlignmentFlag.AlignTop)
            self.grid.addWidget(said, place, 1)

    def _clear(self) -> None:
        while (item := self.grid.takeAt(0)) is not None:
            widget: QWidget | None = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
