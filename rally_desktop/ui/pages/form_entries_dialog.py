"""What came in by one form: when, from whom, what was agreed to, and what became of it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from rally_desktop.services import form_entries
from rally_desktop.services.form_entries import Entry
from rally_desktop.services.forms import WebForm
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.empty_panel import EmptyPanel
from rally_desktop.ui.widgets.list_table import Column, ListTable
from rally_desktop.ui.widgets.plain_label import PlainLabel

WIDTH, HEIGHT = 960, 600
_BECAME = {
    "created": ("New contact", "ok"),
    "updated": ("Filled in", "accent"),
    "unchanged": ("Known already", "plain"),
    "waiting": ("Waits for the link", "warn"),
    "confirmed": ("Confirmed", "ok"),
}


class EntriesDialog(QDialog):
    """A table of submissions; the chosen one in full below."""

    def __init__(self, desk: Desk, form: WebForm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Submissions of ‘{form.name}’")
        self.resize(WIDTH, HEIGHT)
        self.desk, self.form = desk, form
        self.table: ListTable[Entry] = ListTable(desk.theme, "Submissions", _columns())
        self.empty = EmptyPanel(desk.theme)
        words = "Copy its HTML into a page of your website, or open its own page and try it."
        self.empty.say("inbox", "Nothing came in yet", words)
        self.detail = PlainLabel()
        self.detail.setWordWrap(True)
        self.detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.go = button(desk.theme, "Open the contact", "user")
        self._build()
        self.table.chosen.connect(lambda _: self._show_chosen())
        self.table.opened.connect(lambda _: self._open_contact())
        self.go.clicked.connect(self._open_contact)
        desk.background.changed.connect(self._hear)
        self._show([])
        self.refresh()

    @later
    @newest
    async def refresh(self) -> None:
        """Read what came in."""
        self._show(await self.desk.background.read(form_entries.listed, self.form.id))

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self.desk.notices.show_error(error)

    def _show(self, entries: list[Entry]) -> None:
        self.table.show_rows(entries, lambda entry: entry.id)
        self.table.setVisible(bool(entries))
        self.empty.setVisible(not entries)
        self._show_chosen()

    def _show_chosen(self) -> None:
        entry = self.table.current()
        self.detail.setVisible(entry is not None)
        self.go.setVisible(entry is not None and entry.ref is not None)
        if entry is not None:
            lines = [f"{label}: {value}" for label, value in entry.answers.items()]
            if entry.consent:
                lines.append(f"Agreed on {entry.at:%d %B %Y at %H:%M} UTC to: {entry.consent}")
            if entry.confirmed_at:
                lines.append(f"Confirmed by e-mail on {entry.confirmed_at:%d %B %Y at %H:%M} UTC")
            self.detail.setText("\n".join(lines))

    def _open_contact(self) -> None:
        entry = self.table.current()
        if entry is not None and entry.ref is not None:
            self.accept()
            self.desk.go("contacts", entry.ref)

    def _hear(self, tables: frozenset[str]) -> None:
        if tables & {"form_entry", "contact"}:
            self.refresh()

    def _build(self) -> None:
        close = button(self.desk.theme, "Close")
        close.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addWidget(self.go)
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(PlainLabel(f"Submissions of ‘{self.form.name}’", "heading"))
        column.addWidget(self.table, 1)
        column.addWidget(self.empty, 1)
        column.addWidget(self.detail)
        column.addLayout(foot)


def _columns() -> tuple[Column[Entry], ...]:
    return (
        Column("When", lambda entry: f"{entry.at.astimezone():%d %b %Y, %H:%M}", 160,
               sort=lambda entry: entry.at),
        Column("Contact", lambda entry: entry.name, 200, strong=True),
        Column("Answers", lambda entry: " · ".join(entry.answers.values()), 0),
        Column("Agreed", lambda entry: "Yes" if entry.consent else "", 80),
        Column("What became of it", lambda entry: _BECAME[entry.outcome][0], 170,
               pill=lambda entry: _BECAME[entry.outcome][1]),
    )  # fmt: skip
