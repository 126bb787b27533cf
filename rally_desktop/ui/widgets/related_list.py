"""The records around the one on the card: each a line that leads there, and a way to add one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.services import related
from rally_desktop.services.related import Around, Related
from rally_desktop.ui import figures
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.grid_cells import tile
from rally_desktop.ui.widgets.plain_label import PlainLabel, ShortLabel

PAGES = {"contact": "contacts", "company": "companies", "deal": "deals"}
TILE, AT_ONCE = 24, 6
_ICONS = {"company": "building-2", "deal": "handshake"}


class RelatedRow(QFrame):
    """One record; a click or Enter goes there."""

    wanted = Signal(object)

    def __init__(self, desk: Desk, one: Related) -> None:
        super().__init__(objectName="related_row")
        self.one = one
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        amount = figures.money(one.amount)
        said = ", ".join(filter(None, (one.name, one.about, amount)))
        self.setAccessibleName(said)
        self.setToolTip(said.replace("<", "&lt;"))
        picture = QLabel()
        if one.ref.kind == "contact":
            picture.setPixmap(tile(desk.theme, one.name, TILE, self.devicePixelRatioF()))
        else:
            icon: QIcon = desk.theme.icon(_ICONS[one.ref.kind], "record")
            picture.setPixmap(icon.pixmap(QSize(16, 16), self.devicePixelRatioF()))
            picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        picture.setFixedSize(TILE, TILE)
        name, about = ShortLabel(), ShortLabel(role="sub")
        name.setText(one.name)
        about.setText(one.about)
        about.set_tone("quiet")
        number = PlainLabel(amount)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 3, 8, 3)
        row.setSpacing(8)
        row.addWidget(picture)
        row.addWidget(name, 3)
        row.addWidget(about, 2)
        row.addWidget(number)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Go there."""
        inside = self.rect().contains(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and inside:
            self.wanted.emit(self.one.ref)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go there with Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.wanted.emit(self.one.ref)
        else:
            super().keyPressEvent(event)


class RelatedList(QWidget):
    """People and deals; ``add_wanted`` brings the kind of record that is to be added."""

    add_wanted = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.ref: Ref | None = None
        self.rows: list[RelatedRow] = []
        self._all: set[str] = set()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self.desk.notices.show_error(error)

    def show_ref(self, ref: Ref) -> None:
        """Show what is around a record."""
        if ref != self.ref:
            self._all.clear()
        self.ref = ref
        self._read()

    @later
    async def _read(self) -> None:
        ref = self.ref
        if ref is None:
            return
        found = await self.desk.background.read(related.of, ref)
        if ref == self.ref:
            self._show(ref, found)

    def _show(self, ref: Ref, found: Around) -> None:
        while item := self._column.takeAt(0):
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.rows = []
        if found.companies:
            self._part("Company", "", found.companies, 0)
        people = {"company": "People", "contact": "Colleagues", "deal": "With"}[ref.kind]
        if found.people or ref.kind == "company":
            adds = "contact" if ref.kind == "company" else ""
            self._part(people, adds, found.people, found.people_count if adds else 0)
        if ref.kind != "deal":
            total = figures.money(found.deals_total) if found.deals_total else ""
            self._part("Deals", "deal", found.deals, found.deals_count, total)

    def _part(
        self,
        title: str,
        adds: RecordKind | Literal[""],
        some: Sequence[Related],
        count: int,
        total: str = "",
    ) -> None:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(8, 12, 4, 2)
        said = f"{title} · {count:,}" if count else title
        row.addWidget(PlainLabel(f"{said} · {total}" if total else said, role="small"))
        row.addStretch(1)
        if adds:
            add = QPushButton("Add")
            add.setProperty("kind", "link")
            add.setAccessibleName(f"Add a {adds}")
            add.clicked.connect(lambda: self.add_wanted.emit(adds))
            row.addWidget(add)
        self._column.addWidget(head)
        shown = some if title in self._all else some[:AT_ONCE]
        for one in shown:
            line = RelatedRow(self.desk, one)
            line.wanted.connect(lambda ref: self.desk.go(PAGES[ref.kind], ref))
            self.rows.append(line)
            self._column.addWidget(line)
        if len(shown) < len(some):
            self._column.addWidget(self._more(title, len(some) - len(shown)))

    def _more(self, title: str, count: int) -> QPushButton:
        more = QPushButton(f"Show {count} more")
        more.setProperty("kind", "quiet")
        more.clicked.connect(lambda: self._unfold(title))
        return more

    def _unfold(self, title: str) -> None:
        self._all.add(title)
        self._read()
