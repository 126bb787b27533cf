"""What a design is filled with: which of the four, and a box for each of its places."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.core import schema, themes
from rally_desktop.core.themes import THEMES, Slot
from rally_desktop.core.themes import Theme as Design
from rally_desktop.ui import fonts
from rally_desktop.ui.forms.editor import Offer
from rally_desktop.ui.forms.merged import MergeEditor
from rally_desktop.ui.pages.workflow_rows import named
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button

LINES = {"line": 1, "link": 1, "text": 4}
WIDE, HIGH = 108, 72
SHOWN = QSize(90, 60)
# Where the bars of each little picture stand: left, top, width, height, colour.
_BARS: Mapping[str, tuple[tuple[int, int, int, int, str], ...]] = {
    "letter": ((14, 16, 50, 4, "edge"), (14, 27, 80, 3, "line_hover"),
               (14, 34, 76, 3, "line_hover"), (14, 41, 80, 3, "line_hover"),
               (14, 54, 36, 3, "edge")),
    "announcement": ((14, 16, 66, 7, "ink2"), (14, 30, 80, 3, "line_hover"),
                     (14, 37, 70, 3, "line_hover"), (14, 48, 36, 11, "accent")),
    "newsletter": ((14, 14, 66, 6, "ink2"), (14, 25, 80, 1, "line_hover"),
                   (14, 30, 40, 4, "edge"), (14, 38, 78, 3, "line_hover"),
                   (14, 47, 80, 1, "line_hover"), (14, 52, 40, 4, "edge"),
                   (14, 60, 70, 3, "line_hover")),
    "appointment": ((14, 14, 56, 6, "ink2"), (14, 26, 80, 30, "talk_tint"),
                    (20, 32, 18, 3, "edge"), (46, 32, 40, 3, "edge_strong"),
                    (20, 40, 18, 3, "edge"), (46, 40, 34, 3, "edge_strong"),
                    (20, 48, 18, 3, "edge"), (46, 48, 38, 3, "edge_strong"),
                    (14, 61, 50, 3, "line_hover")),
}  # fmt: skip


class DesignPicker(QWidget):
    """The four designs as little pictures, of which one is chosen."""

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.buttons: dict[str, QToolButton] = {}
        group, grid = QButtonGroup(self), QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        for place, (key, design) in enumerate(THEMES.items()):
            made = self.buttons[key] = QToolButton(text=design.title, checkable=True)
            made.setToolTip(design.about)
            made.setAccessibleDescription(design.about)
            made.setFont(fonts.font("sub"))
            made.setIconSize(SHOWN)
            made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            made.setMinimumWidth(SHOWN.width() + 16)
            made.clicked.connect(lambda _checked, key=key: self.chosen.emit(key))
            group.addButton(made)
            grid.addWidget(made, place // 4, place % 4)
        theme.changed.connect(self._draw)
        self._draw()

    def choose(self, key: str) -> None:
        """Show that one as chosen."""
        self.buttons[key].setChecked(True)

    def _draw(self) -> None:
        for key, made in self.buttons.items():
            made.setIcon(QIcon(self._picture(key)))

    def _picture(self, key: str) -> QPixmap:
        ratio = self.devicePixelRatioF()
        made = QPixmap(round(WIDE * ratio), round(HIGH * ratio))
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._bar(painter, QRectF(0.5, 0.5, WIDE - 1, HIGH - 1), self._theme.colour("line"))
        self._bar(painter, QRectF(1.5, 1.5, WIDE - 3, HIGH - 3), self._theme.colour("surface"))
        self._bar(painter, QRectF(6, 4, WIDE - 12, 3), self._theme.colour("accent"))
        for left, top, wide, high, colour in _BARS[key]:
            self._bar(painter, QRectF(left, top, wide, high), self._theme.colour(colour))
        painter.end()
        return made

    def _bar(self, painter: QPainter, where: QRectF, colour: QColor) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(where, 2, 2)


class SlotForm(QWidget):
    """A box for each place of the chosen design; what two designs both have is carried over."""

    changed = Signal()

    def __init__(self, theme: Theme, offer: Offer) -> None:
        super().__init__()
        self._theme, self._offer = theme, offer
        self._design = THEMES["letter"]
        self._kept: dict[str, str] = {}
        self.boxes: dict[str, MergeEditor] = {}
        self._rows: dict[int, list[QWidget]] = {}
        self._shown = 1
        self.picker = DesignPicker(theme)
        self.more = button(theme, "Add a section", "plus", "link")
        self._inside = QWidget()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self._column.addWidget(self.picker)
        self._column.addWidget(self._inside)
        self.picker.chosen.connect(self._change)
        self.more.clicked.connect(self._add_section)
        self.more.hide()

    @property
    def design(self) -> str:
        """Return the key of the chosen design."""
        return self._design.key

    def read(self) -> dict[str, str]:
        """Return what the places say, those of the chosen design alone."""
        said = {key: box.read() for key, box in self.boxes.items()}
        return {key: text for key, text in said.items() if text.strip()}

    def fill(self, key: str, slots: Mapping[str, str]) -> None:
        """Show a design with what it is filled with."""
        self._kept = dict(slots)
        self._design = THEMES.get(key) or THEMES["letter"]
        self.picker.choose(self._design.key)
        self._build()

    def begin(self, text: str) -> None:
        """Begin with a design nobody filled in yet; what was written as text goes into it."""
        slots = themes.first_slots(self._design)
        self.fill(self.design, {**slots, **({"body": text} if text.strip() else {})})

    def _change(self, key: str) -> None:
        """Turn to another design: what both have stays, the rest comes back if one returns."""
        self._kept |= {key: box.read() for key, box in self.boxes.items()}
        slots = {**themes.first_slots(THEMES[key]), **self._kept}
        self.fill(key, slots)
        self.changed.emit()

    def _build(self) -> None:
        known = {slot.key for slot in self._design.slots}
        self.boxes, self._rows = {}, {}
        self.more.setParent(self)  # what it stood in goes
        fresh = QWidget()
        column = QVBoxLayout(fresh)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for slot in self._design.slots:
            row = self._row(slot)
            self._rows.setdefault(slot.group, []).append(row)
            column.addWidget(row)
            if slot.group and slot == [one for one in self._design.slots if one.group][-1]:
                column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.replaceWidget(self._inside, fresh)
        self._inside.hide()
        self._inside.deleteLater()
        self._inside = fresh
        used = (slot.group for slot in self._design.slots if self._kept.get(slot.key))
        self._shown = max([1, *used])
        self._show_sections()
        self._kept = {key: said for key, said in self._kept.items() if key not in known}

    def _row(self, slot: Slot) -> QWidget:
        field = schema.Text(slot.label, merge=True, lines=LINES[slot.kind])
        box = self.boxes[slot.key] = MergeEditor(field, self._offer, shows=False)
        box.name(slot.label, slot.help)
        box.fill(self._kept.get(slot.key, ""))
        box.changed.connect(self.changed)
        return named(slot.label, box, slot.help)

    def _add_section(self) -> None:
        self._shown += 1
        self._show_sections()
        self.boxes[f"title_{self._shown}"].setFocus()

    def _show_sections(self) -> None:
        for group, rows in self._rows.items():
            for row in rows:
                row.setVisible(group <= self._shown)
        self.more.setVisible(bool(set(self._rows) - {0}) and self._shown < max(self._rows))


def design_title(key: str) -> str:
    """Return what a design is called."""
    found: Design | None = THEMES.get(key)
    return found.title if found else "Design"
