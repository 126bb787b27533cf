"""What a block of cells would change, cell by cell, before it is pasted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from rally_desktop.services.pasting import Verdict
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.list_table import Column, ListTable
from rally_desktop.ui.widgets.plain_label import PlainLabel


class PasteDialog(QDialog):
    """Lists the cells that cannot be pasted, then those that change; the others are counted."""

    def __init__(
        self,
        theme: Theme,
        parent: QWidget,
        verdicts: Sequence[Verdict],
        labels: Mapping[str, str],
        beyond: int,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Paste cells")
        self.resize(960, 480)
        changing = sum(one.changes for one in verdicts)
        self.words = PlainLabel(_said(verdicts, beyond), "body")
        self.words.setWordWrap(True)
        self.table: ListTable[Verdict] = ListTable(theme, "Cells to paste", _columns(labels))
        shown = [one for one in verdicts if one.problem] + [one for one in verdicts if one.changes]
        self.table.show_rows(shown, lambda one: (one.place.id, one.place.key))
        many = f"{changing:,} cell{'s' * (changing != 1)}"
        self.paste_button = button(theme, f"Paste {many}", kind="primary")
        self.paste_button.setDefault(True)
        self.paste_button.setEnabled(bool(changing))
        cancel = button(theme, "Cancel" if changing else "Close")
        frame = QFrame()
        frame.setObjectName("card")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self.table)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.paste_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(PlainLabel("Paste cells", role="title"))
        layout.addWidget(self.words)
        layout.addWidget(frame, 1)
        layout.addLayout(foot)
        cancel.clicked.connect(self.reject)
        self.paste_button.clicked.connect(self.accept)


def _said(verdicts: Sequence[Verdict], beyond: int) -> str:
    changing = sum(one.changes for one in verdicts)
    refused = sum(bool(one.problem) for one in verdicts)
    same = len(verdicts) - changing - refused
    said = [f"{changing:,} will change, {same:,} stay as they are, {refused:,} cannot be pasted."]
    if beyond:
        said.append(f"{beyond:,} have no place below or to the right and are left out.")
    return " ".join(said)


def _columns(labels: Mapping[str, str]) -> list[Column[Verdict]]:
    return [
        Column("Record", lambda one: one.who, 160, strong=True, tip=lambda one: one.who),
        Column("Field", lambda one: labels.get(one.place.key, ""), 120),
        Column("Before", lambda one: one.place.now or "–", 130, tip=lambda one: one.place.now),
        Column("After", lambda one: one.text.strip() or "–", 150, tip=lambda one: one.text),
        Column("Verdict", _verdict, tip=_verdict),
    ]


def _verdict(one: Verdict) -> str:
    return one.problem or "Changes"
