"""Notices at the foot of the window: shown for a while, longer while they can be acted on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from rally_desktop.ui.notices import Notice
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button, tool
from rally_desktop.ui.widgets.plain_label import PlainLabel

AT_ONCE = 3
STAYS = {"plain": 5_000, "ok": 5_000, "warn": 10_000, "bad": 15_000}  # milliseconds
WITH_ACTION = 12_000
_ICONS = {"plain": "info", "ok": "circle-check", "warn": "triangle-alert", "bad": "circle-alert"}
_COLOURS = {"plain": "ink2", "ok": "ok", "warn": "warn", "bad": "bad"}


class NoticeCard(QFrame):
    """One notice: its sign, its words, what can be done, and a cross."""

    def __init__(self, notice: Notice, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.notice = notice
        self.setProperty("notice", True)
        self.setAccessibleName(notice.text)
        sign = QLabel()
        sign.setPixmap(theme.pixmap(_ICONS[notice.tone], _COLOURS[notice.tone], 18))
        words = PlainLabel(notice.text)
        words.setWordWrap(True)
        words.setMinimumWidth(min(420, words.fontMetrics().horizontalAdvance(notice.text) + 8))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 8, 8, 8)
        layout.setSpacing(10)
        layout.addWidget(sign)
        layout.addWidget(words, 1)
        for action in filter(None, (notice.action, notice.also)):
            does = button(theme, action[0], kind="link")
            does.clicked.connect(partial(self._act, action[1]))
            layout.addWidget(does)
        if notice.detail:
            copies = button(theme, "Copy details", kind="link")
            copies.clicked.connect(self._copy)
            layout.addWidget(copies)
        cross = tool(theme, "Close", "x")
        cross.clicked.connect(self.close)
        layout.addWidget(cross)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        stays = WITH_ACTION if notice.action else STAYS[notice.tone]
        QTimer.singleShot(stays, self, self.close)

    def _act(self, does: Callable[[], None]) -> None:
        does()
        self.close()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.notice.detail)


class NoticeStack(QWidget):
    """Lays the notices over the foot of another widget, the newest below."""

    def __init__(self, theme: Theme, over: QWidget) -> None:
        super().__init__(over)
        self._theme, self._over = theme, over
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        over.installEventFilter(self)
        self.hide()

    def post(self, notice: Notice) -> None:
        """Show a notice; of more than three the oldest goes."""
        cards = self.cards()
        for old in cards[: max(0, len(cards) - AT_ONCE + 1)]:
            old.close()
        card = NoticeCard(notice, self._theme, self)
        card.destroyed.connect(self._place)
        self._layout.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        card.show()
        self._place()

    def cards(self) -> list[NoticeCard]:
        """Return the notices on screen, the oldest first."""
        found = (self._layout.itemAt(n).widget() for n in range(self._layout.count()))
        return [card for card in found if isinstance(card, NoticeCard) and card.isVisibleTo(self)]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the foot when the widget below changes its size."""
        if watched is self._over and event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _place(self) -> None:
        self.setVisible(bool(self.cards()))
        self.raise_()
        size = self.sizeHint()
        room = self._over.rect()
        width = min(size.width(), room.width() - 32)
        height = self._layout.heightForWidth(width) if self._layout.hasHeightForWidth() else 0
        height = max(size.height(), height)
        self.setGeometry(room.center().x() - width // 2, room.bottom() - height - 16, width, height)
