"""Where a step is in branches within branches: a thin line above the sheet, each part a way there.

It is there only while a step inside a branch is selected.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QWidget

from rally_desktop.canvas.editor import FlowEditor
from rally_desktop.canvas.items.words import one_line
from rally_desktop.canvas.look import Look
from rally_desktop.canvas.neighbours import first
from rally_desktop.canvas.plan import Slot, Spot
from rally_desktop.canvas.reading import Line, Reading
from rally_desktop.canvas.scene import Target
from rally_desktop.canvas.steady import set_shown

WIDEST, LEAST = 200, 36
AROUND = 30  # the sign after a part, and what a button has around its words
MARGIN = 8
AFTER = 40  # milliseconds; the way is found once what was done is on the screen
AT_ONCE = 4  # so many of the innermost are shown; those before are in a menu
Crumb = tuple[str, Spot]


class Breadcrumbs(QFrame):
    """The way from the trigger to the selected step."""

    def __init__(self, editor: FlowEditor) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAccessibleName("Where the selected step is")
        self._editor = editor
        self._crumbs: list[Crumb] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(MARGIN, 2, MARGIN, 2)
        self._row.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.hide()
        self._soon = QTimer(self, singleShot=True, interval=AFTER)
        self._soon.timeout.connect(self._show)
        editor.scene.picked.connect(lambda _target: self._soon.start())
        editor.scene.replanned.connect(self._soon.start)

    def restyle(self) -> None:
        """Colour the signs between for the scheme."""
        self._fill()

    def texts(self) -> list[str]:
        """Return the words of every part, the outermost first."""
        return [text for text, _ in self._crumbs]

    def _show(self) -> None:
        crumbs = self._way_to(self._editor.scene.selected)
        if crumbs != self._crumbs:
            self._crumbs = crumbs
            self._fill()
        set_shown(self, bool(crumbs), self._editor.view)

    def _way_to(self, target: Target | None) -> list[Crumb]:
        line = _line_of(target)
        if line is None:
            return []
        reading = self._editor.reading
        paths = [each for each in reading.path_to(line) if each.kind == "path"]
        trigger = first(self._editor.scene.plan)
        if not paths or trigger is None:
            return []
        crumbs: list[Crumb] = [("Trigger", trigger)]
        crumbs += [(self._said(reading, path), Spot("step", path.id)) for path in paths]
        if line.kind == "step":
            crumbs.append((one_line(self._title(line.id)), Spot("step", line.id)))
        return crumbs

    def _said(self, reading: Reading, path: Line) -> str:
        return one_line(f"{self._title(path.id)}: {reading.label(path)}")

    def _title(self, key: str) -> str:
        return self._editor.face_of(key).title

    def _fill(self) -> None:
        while self._row.count():
            part = self._row.takeAt(0).widget()
            if part is not None:
                part.setParent(None)
                part.deleteLater()
        shown = self._crumbs
        if len(shown) > AT_ONCE + 2:
            hidden = shown[1:-AT_ONCE]
            self._add(*shown[0])
            self._row.addWidget(self._sign())
            self._row.addWidget(self._more(hidden))
            shown = shown[-AT_ONCE:]
            self._row.addWidget(self._sign())
        for place, crumb in enumerate(shown):
            if place:
                self._row.addWidget(self._sign())
            self._add(*crumb)
        self._row.addStretch(1)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten the longest words until all parts fit."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        buttons = [each for each in self.findChildren(QToolButton) if each.property("whole")]
        if not buttons:
            return
        metrics = QFontMetrics(buttons[0].font())
        wide = [metrics.horizontalAdvance(each.property("whole")) for each in buttons]
        room = self.width() - len(buttons) * AROUND - 2 * MARGIN
        widest = WIDEST if sum(wide) <= room else min(WIDEST, _widest(wide, room))
        for button in buttons:
            text = button.property("whole")
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, widest)
            button.setText(shown.replace("&", "&&"))

    def _add(self, text: str, spot: Spot) -> None:
        button = self._button(text)
        last = (text, spot) == self._crumbs[-1]
        button.setToolTip("" if last else f"Go to {text}".replace("<", "&lt;"))
        button.clicked.connect(partial(self._go, spot))
        self._row.addWidget(button)

    def _more(self, hidden: list[Crumb]) -> QToolButton:
        button = self._button("…")
        button.setAccessibleName(f"{len(hidden)} more branches between")
        menu = QMenu(button)
        for text, spot in hidden:
            menu.addAction(text.replace("&", "&&")).triggered.connect(partial(self._go, spot))
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return button

    def _button(self, text: str) -> QToolButton:
        button = QToolButton(self)
        button.setFont(self._look().font("sub"))
        button.setProperty("whole", text)
        button.setAccessibleName(text)
        return button

    def _sign(self) -> QWidget:
        sign = QLabel(parent=self)
        sign.setPixmap(self._look().icon_in("chevron-right", "ink3", 14, 1.0))
        return sign

    def _go(self, spot: Spot) -> None:
        self._editor.select(spot, by_keys=True)
        self._editor.view.setFocus()

    def _look(self) -> Look:
        return self._editor.view.look


def _widest(wide: list[int], room: int) -> int:
    """Return how wide words may be so that all of them fit."""
    left = sorted(wide)
    while left and left[0] * len(left) < room:
        room -= left.pop(0)
    return max(LEAST, room // max(1, len(left)))


def _line_of(target: Target | None) -> Line | None:
    if isinstance(target, Spot):
        return Line(target.kind, target.id) if target.kind == "step" else None
    if isinstance(target, Slot) and target.kind == "connector":
        return Line("open", target.source, target.exit)
    return None
