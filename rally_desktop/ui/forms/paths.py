"""Filters, and the paths of a branch: each a name and a filter, in the order they are tried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout

from rally_desktop.ui.forms.editor import FieldEditor, Offer
from rally_desktop.ui.widgets.filter_rows import FilterRows
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.sign_button import SignButton

MOST_PATHS = 20


def _builder(offer: Offer) -> FilterRows:
    """Return a builder that says what a filter means and whom it lets in now."""
    rows = FilterRows(offer.record, offer.fields, offer.lists)
    if offer.sample is not None:
        rows.explain(offer.sample.count)
    return rows


class FilterEditor(FieldEditor):
    """One filter over the workflow's record."""

    def __init__(self, offer: Offer) -> None:
        super().__init__()
        self.rows = _builder(offer)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.rows)
        self.setFocusProxy(self.rows.add_button)
        self.rows.changed.connect(self.changed)
        self.rows.stepped.connect(self.stepped)

    def read(self) -> dict[str, Any] | None:
        """Return the filter, or None for everyone."""
        return self.rows.as_stored()

    def fill(self, value: Any) -> None:
        """Show a filter."""
        self.rows.fill(value)

    def problem(self) -> str | None:
        """Say which condition lacks something."""
        return self.rows.problem()


class PathCard(QFrame):
    """One path: its name, its filter, and buttons to move it or take it away."""

    changed = Signal()
    stepped = Signal()
    lifted = Signal()
    lowered = Signal()
    removed = Signal()

    def __init__(self, offer: Offer, stored: Mapping[str, Any]) -> None:
        super().__init__()
        self.setObjectName("card")
        self.exit = stored["exit"]
        self.name = QLineEdit(str(stored.get("name", "")), placeholderText="Name of the path")
        self.name.setAccessibleName("Name of the path")
        self.up = SignButton("Try this path earlier", "arrow-up", self)
        self.down = SignButton("Try this path later", "arrow-down", self)
        self.cross = SignButton("Remove this path", "trash-2", self)
        self.rows = _builder(offer)
        self.rows.fill(stored.get("filter"))
        top = QHBoxLayout()
        top.setSpacing(2)
        top.addWidget(self.name, 1)
        for part in (self.up, self.down, self.cross):
            top.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 6, 8)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.rows)
        self.name.textChanged.connect(self.changed)
        self.rows.changed.connect(self.changed)
        self.rows.stepped.connect(self.stepped)
        self.up.clicked.connect(self.lifted)
        self.down.clicked.connect(self.lowered)
        self.cross.clicked.connect(self.removed)

    def read(self) -> dict[str, Any]:
        """Return the path as it is stored."""
        return {
            "name": self.name.text().strip(),
            "exit": self.exit,
            "filter": self.rows.as_stored(),
        }

    def problem(self) -> str | None:
        """Say what is missing."""
        name = self.name.text().strip()
        if not name:
            return "each path needs a name"
        if (missing := self.rows.problem()) is not None:
            return f"in ‘{name}’: {missing}"
        return None if self.rows.filter() else f"‘{name}’ needs a condition, or all would take it"


class PathsEditor(FieldEditor):
    """The paths in the order they are tried; who matches none takes ‘Else’."""

    def __init__(self, offer: Offer) -> None:
        super().__init__()
        self._offer = offer
        self._cards: list[PathCard] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(10)
        self.add_button = QPushButton("Add a path")
        self.add_button.setAutoDefault(False)
        rest = PlainLabel("Whoever matches none of these takes ‘Else’.", "sub")
        rest.setWordWrap(True)
        foot = QHBoxLayout()
        foot.addWidget(self.add_button)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(self._list)
        column.addLayout(foot)
        column.addWidget(rest)
        self.setFocusProxy(self.add_button)
        self.add_button.clicked.connect(self.add_path)

    def read(self) -> list[dict[str, Any]]:
        """Return the paths as they are stored."""
        return [card.read() for card in self._cards]

    def fill(self, value: Any) -> None:
        """Show other paths."""
        with QSignalBlocker(self):
            for card in tuple(self._cards):
                self._remove(card)
            for stored in value or ():
                self._add(stored)
        self.changed.emit()

    def problem(self) -> str | None:
        """Say what the first path that lacks something lacks."""
        found = (card.problem() for card in self._cards)
        return next((problem for problem in found if problem), None)

    def cards(self) -> list[PathCard]:
        """Return the cards, from the first path to the last."""
        return list(self._cards)

    def add_path(self) -> None:
        """Add a path at the end, its name ready to be typed over."""
        number = len(self._cards) + 1
        card = self._add({"name": f"Path {number}", "exit": self._fresh(), "filter": None})
        card.name.setFocus()
        card.name.selectAll()
        self.step()

    def _fresh(self) -> str:
        taken = {card.exit for card in self._cards}
        return next(name for n in range(1, 1000) if (name := f"path{n}") not in taken)

    def _add(self, stored: Mapping[str, Any]) -> PathCard:
        card = PathCard(self._offer, stored)
        self._cards.append(card)
        self._list.addWidget(card)
        card.changed.connect(self.changed)
        card.stepped.connect(self.stepped)
        card.lifted.connect(lambda: self._move(card, -1))
        card.lowered.connect(lambda: self._move(card, 1))
        card.removed.connect(lambda: self._remove(card))
        self._place()
        return card

    def _move(self, card: PathCard, by: int) -> None:
        old = self._cards.index(card)
        self._cards.insert(old + by, self._cards.pop(old))
        self._list.removeWidget(card)
        self._list.insertWidget(old + by, card)
        self._place()
        self.step()

    def _remove(self, card: PathCard) -> None:
        self._cards.remove(card)
        self._list.removeWidget(card)
        card.hide()
        card.deleteLater()
        self._place()
        self.step()

    def _place(self) -> None:
        for number, card in enumerate(self._cards):
            card.up.setEnabled(number > 0)
            card.down.setEnabled(number < len(self._cards) - 1)
        self.add_button.setEnabled(len(self._cards) < MOST_PATHS)
