"""The popup that merge fields are picked from: what each is called, and what it would say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.search_popup import Found, SearchPopup

EMPTY = "(empty)"


@dataclass(frozen=True)
class MergeField:
    """A field that can stand in a text: its full name, what people call it, what it is."""

    name: str
    label: str
    group: str
    help: str = ""


class FieldPicker(SearchPopup):
    """``picked`` brings the name of a field and its fallback; ``removed`` takes a chip away."""

    picked = Signal(str, str)
    removed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Find a field", parent)
        self._fields: Sequence[MergeField] = ()
        self.about = PlainLabel("", "sub")
        self.about.setWordWrap(True)
        self.about.setContentsMargins(8, 0, 8, 0)
        self.fallback = QLineEdit(placeholderText="nothing: the step fails")
        self.fallback.setAccessibleName("Where it is empty, write")
        self.fallback.installEventFilter(self)
        self.fallback.setMaxLength(200)
        self.remove = QPushButton("Remove")
        self.remove.setProperty("kind", "quiet")
        self.remove.setAutoDefault(False)
        row = QHBoxLayout()
        row.setContentsMargins(8, 0, 0, 0)
        row.addWidget(PlainLabel("If empty, write", "sub"))
        row.addWidget(self.fallback, 1)
        row.addWidget(self.remove)
        self.column.addWidget(self.about)
        self.column.addLayout(row)
        self.chosen.connect(lambda field: self.picked.emit(field.name, self.fallback.text()))
        self.pointed.connect(self._tell)
        self.remove.clicked.connect(self.close)
        self.remove.clicked.connect(self.removed)

    def show_fields(self, fields: Sequence[MergeField], values: Mapping[str, str]) -> None:
        """Offer fields, each with what it says for whoever was chosen."""
        self._fields = fields
        self.offer(
            [
                Found(
                    each.label,
                    each,
                    (values[each.name] or EMPTY) if each.name in values else "",
                    each.group,
                    f"{each.name} {each.help}",
                )
                for each in fields
            ],
            "No field is called that. Try fewer letters.",
        )

    def ask(self, corner: QPoint) -> None:
        """Ask for a new field."""
        self.fallback.clear()
        self.remove.hide()
        self.open_at(corner)

    def change(self, corner: QPoint, name: str, fallback: str) -> None:
        """Ask for another field or fallback in place of this one."""
        self.fallback.setText(fallback)
        self.remove.show()
        self.open_at(corner)
        self._go_to(name)
        self.fallback.setFocus()
        self.fallback.selectAll()

    def _go_to(self, name: str) -> None:
        for row in range(self._items.rowCount()):
            found = self.found_in(row)
            if found is not None and found.value.name == name:  # type: ignore[attr-defined]
                self.list.setCurrentIndex(self._items.index(row, 0))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Tab lead from the search to the fallback and back."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                (self.fallback if watched is self.search else self.search).setFocus()
                return True
        return super().eventFilter(watched, event)

    def _tell(self, field: MergeField | None) -> None:
        help_ = f"{field.help.rstrip('.')}. " if field and field.help else ""
        self.about.setText(f"{help_}Stored as {{{{ {field.name} }}}}" if field else "")
        self.about.setVisible(field is not None)
