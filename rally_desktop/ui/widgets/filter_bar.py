"""The bar above a grid: a box to type in, chips for what one asks most, rows for the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from rally_desktop.model.fields import fields_of
from rally_desktop.model.ref import ListKind
from rally_desktop.services import grid
from rally_desktop.services.grid import Offer
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.choice_menu import ChoiceButton
from rally_desktop.ui.widgets.filter_rows import FilterRows
from rally_desktop.ui.widgets.find_field import FindField
from rally_desktop.ui.widgets.flow_layout import FlowLayout

TYPING_MS = 180
CHIPS: Mapping[ListKind, tuple[tuple[str, str], ...]] = {
    "contact": (
        ("lifecycle_stage", "Lifecycle stage"),
        ("lead_source", "Source"),
        ("tags", "Tags"),
        ("owner", "Owner"),
    ),
    "company": (("industry", "Industry"), ("tags", "Tags"), ("owner", "Owner")),
    "deal": (("pipeline", "Pipeline"), ("stage", "Stage"), ("tags", "Tags"), ("owner", "Owner")),
    "task": (
        ("done", "State"),
        ("assignee", "Assignee"),
        ("type", "Type"),
        ("priority", "Priority"),
    ),
}
SEARCHED: Mapping[ListKind, str] = {
    "contact": "name, e-mail or phone",
    "company": "name, domain or phone",
    "deal": "name",
    "task": "what is to be done",
}
# What the two sides of a yes or no are called in a chip.
SIDES: Mapping[str, Mapping[str, bool]] = {"done": {"Open": False, "Done": True}}
NOTHING = "(none)"
_WATCHED = frozenset({"tag", "choice", "user_account", "custom_field", "stage", "pipeline"})


class FilterBar(QWidget):
    """Makes one filter and one text out of everything that is set."""

    changed = Signal()
    left = Signal()

    def __init__(self, desk: Desk, kind: ListKind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._kind: ListKind = kind
        self.search = FindField(placeholderText=f"Search by {SEARCHED[kind]}")
        self.search.setAccessibleName("Search")
        self.search.setFixedWidth(260)
        self._glass = self.search.addAction(
            desk.theme.icon("search", "ink3"), QLineEdit.ActionPosition.LeadingPosition
        )
        self._cross = self.search.addAction(
            desk.theme.icon("x", "ink3"), QLineEdit.ActionPosition.TrailingPosition
        )
        self._cross.setToolTip("Clear the search (Esc)")
        self.chips = {name: ChoiceButton(title) for name, title in CHIPS[kind]}
        self.more = QToolButton(text="Add filter", checkable=True)
        self.more.setProperty("chip", True)
        self.more.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clear_button = QPushButton("Clear")
        self.clear_button.setProperty("kind", "quiet")
        self.clear_button.setToolTip("Show everything again")
        self.rows = FilterRows(kind, fields_of(kind))
        self._panel = QFrame()
        self._lay_out()
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._connect()
        self._show_state()

    def _lay_out(self) -> None:
        line = QWidget()
        flow = FlowLayout(line, gap=8)
        for widget in (self.search, *self.chips.values(), self.more, self.clear_button):
            flow.addWidget(widget)
        self._panel.setObjectName("card")
        inside = QVBoxLayout(self._panel)
        inside.setContentsMargins(12, 12, 12, 12)
        inside.addWidget(self.rows)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(line)
        layout.addWidget(self._panel)
        self._panel.hide()

    def _connect(self) -> None:
        self._typing.timeout.connect(self.changed)
        self.search.textChanged.connect(lambda: self._typing.start())
        self.search.textChanged.connect(self._show_state)
        self._cross.triggered.connect(self.search.clear)
        self.search.left.connect(self._leave)
        for chip in self.chips.values():
            chip.changed.connect(self._edited)
        self.rows.changed.connect(self._edited)
        self.more.clicked.connect(self._toggle_rows)
        self.clear_button.clicked.connect(self.clear)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WindowShortcut)
        find.activated.connect(self.focus_search)
        self._desk.background.changed.connect(self._hear)
        self._desk.theme.changed.connect(self._show_state)

    # -- what is asked for ---------------------------------------------------------------

    def text(self) -> str:
        """Return the words typed into the box."""
        return self.search.text().strip()

    def filter(self) -> dict[str, Any] | None:
        """Return the one filter that chips and rows make together, or None."""
        parts = [_of_chip(name, chip.chosen()) for name, chip in self.chips.items()]
        parts = [part for part in parts if part]
        extra = self.rows.complete_filter()
        if extra is not None:
            parts.extend(extra["all"] if "all" in extra else [extra])
        return {"all": parts} if parts else None

    def fill(self, stored: Mapping[str, Any] | None, text: str = "") -> None:
        """Show a stored filter: in chips where they can say it, else in rows."""
        parts = (stored.get("all", [stored]) if stored else []) or []
        chosen: dict[str, list[str]] = {}
        rest = []
        for part in parts:
            name, values = _for_chip(part)
            if name in self.chips and name not in chosen:
                chosen[name] = values
            else:
                rest.append(part)
        for name, chip in self.chips.items():
            chip.blockSignals(True)
            chip.choose(chosen.get(name, ()))
            chip.blockSignals(False)
        self.rows.blockSignals(True)
        self.rows.fill({"all": rest} if rest else None)
        self.rows.blockSignals(False)
        self.search.setText(text)
        self._panel.setVisible(bool(rest))
        self._show_state()
        self.changed.emit()

    def clear(self) -> None:
        """Ask for everything again."""
        self.fill(None)

    def focus_search(self) -> None:
        """Put the cursor into the box."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def type(self, text: str) -> None:
        """Begin a search with a letter that was typed elsewhere."""
        self.search.setFocus()
        self.search.setText(text)

    # -- what can be asked for -----------------------------------------------------------

    @later
    async def start(self) -> None:
        """Read the office's fields and lists in a while."""
        await self.learn()

    async def learn(self) -> None:
        """Read the office's fields and lists."""
        found = await self._desk.background.read(grid.offer, self._kind)
        self._offer(found)

    def _offer(self, found: Offer) -> None:
        for name, chip in self.chips.items():
            field = found.fields[name]
            values: Iterable[str] = field.options or found.lists.get(field.source, ())
            chip.blockSignals(True)
            chip.offer(SIDES[name] if name in SIDES else [*values, NOTHING])
            chip.blockSignals(False)
        self.rows.offer(found.fields, found.lists)

    def _hear(self, touched: frozenset[str]) -> None:
        if touched & _WATCHED:
            self.start()

    # -- following -----------------------------------------------------------------------

    def _leave(self) -> None:
        if self._typing.isActive():
            self._typing.stop()
            self.changed.emit()
        self.left.emit()

    def _edited(self) -> None:
        self._show_state()
        self.changed.emit()

    def _toggle_rows(self) -> None:
        opened = self._panel.isHidden()
        self._panel.setVisible(opened)
        if opened and self.rows.filter() is None:
            self.rows.add_condition()
        self._show_state()

    def _show_state(self) -> None:
        count = self.rows.count()
        self.more.setText(f"{count} condition{'s' * (count != 1)}" if count else "Add filter")
        self.more.setChecked(not self._panel.isHidden())
        active = bool(count)
        if self.more.property("active") != active:
            self.more.setProperty("active", active)
            self.more.style().unpolish(self.more)
            self.more.style().polish(self.more)
        self._glass.setIcon(self._desk.theme.icon("search", "ink3"))
        self._cross.setIcon(self._desk.theme.icon("x", "ink3"))
        self._cross.setVisible(bool(self.text()))
        anything = bool(self.text() or count or any(c.chosen() for c in self.chips.values()))
        self.clear_button.setVisible(anything)


def _of_chip(name: str, chosen: list[str]) -> dict[str, Any] | None:
    if name in SIDES:
        one = len(chosen) == 1
        return {"field": name, "op": "is", "value": SIDES[name][chosen[0]]} if one else None
    values = [value for value in chosen if value != NOTHING]
    empty = {"field": name, "op": "is_empty"}
    some = {"field": name, "op": "any_of", "value": values}
    if values and len(values) < len(chosen):
        return {"any": [some, empty]}
    return (some if values else empty) if chosen else None


def _for_chip(part: Any) -> tuple[str, list[str]]:
    """Return which chip can say a part of a filter, and what is ticked there."""
    if not isinstance(part, Mapping):
        return "", []
    if part.get("field") in SIDES and part.get("op") == "is":
        return _for_side(str(part["field"]), part.get("value"))
    either = part.get("any")
    if isinstance(either, list) and len(either) == 2:
        return _for_either(*map(_for_chip, either))
    if part.get("op") == "any_of" and isinstance(part.get("value"), list):
        return str(part.get("field")), [str(value) for value in part["value"]]
    return (str(part.get("field")), [NOTHING]) if part.get("op") == "is_empty" else ("", [])


def _for_either(some: tuple[str, list[str]], none: tuple[str, list[str]]) -> tuple[str, list[str]]:
    """Return the chip in which values are ticked and also that there is none."""
    (name, values), (other, nothing) = some, none
    matches = name == other and nothing == [NOTHING] and NOTHING not in values
    return (name, [*values, NOTHING]) if matches else ("", [])


def _for_side(name: str, value: Any) -> tuple[str, list[str]]:
    return name, [said for said, side in SIDES[name].items() if side is value]
