"""The look before all safe groups are merged: each of them by name, and what makes it safe."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from rally_desktop.services.duplicates import Group
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.list_table import Column, ListTable
from rally_desktop.ui.widgets.plain_label import PlainLabel


class SafeDialog(QDialog):
    """Accepted when they are to be merged."""

    def __init__(self, theme: Theme, groups: Sequence[Group], parent: QWidget) -> None:
        super().__init__(parent)
        count = f"{len(groups):,} group{'s' * (len(groups) != 1)}"
        self.setWindowTitle(f"Merge {count}")
        self.resize(620, 520)
        words = PlainLabel(
            "In each the names are the same, and the address or the number is, and no second "
            "e-mail address or domain would be lost. The oldest record stays, what it lacks is "
            "filled from the others, and the stricter consent holds. Each merge can be undone by "
            "itself under ‘Merged’."
        )
        words.setWordWrap(True)
        self.table: ListTable[Group] = ListTable(theme, "What is merged", _columns())
        self.table.show_rows(groups, lambda group: group.ids)
        self.merge_button = button(theme, f"Merge {count}", "merge", "primary")
        self.cancel_button = button(theme, "Cancel")
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.merge_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(PlainLabel(f"Merge {count}?", "heading"))
        column.addWidget(words)
        column.addWidget(self.table, 1)
        column.addLayout(foot)
        self.merge_button.setDefault(True)
        self.merge_button.clicked.connect(self.accept)
        self.cancel_button.clicked.connect(self.reject)


def _columns() -> list[Column[Group]]:
    return [
        Column("Who", said_of, strong=True),
        Column("Records", lambda group: f"{len(group.ids)}", 90, right=True),
        Column("Why", lambda group: ", ".join(group.why), 240),
    ]


def said_of(group: Group) -> str:
    """Return the names in a group, each once."""
    return " · ".join(dict.fromkeys(group.names)) or "Chosen by you"
