"""Notices at the foot of the page: shown for a while, longer while they can be acted on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from rally_desktop.ui.notices import Notice
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button, tool
from rally_desktop.ui.widgets.plain_label import PlainLabel

AT_ONCE = 3
ROOMY = 1000  # pixels of the window from which on three stand beside each other
LEAST, WIDEST = 140, 420  # pixels of the words
STAYS = {"plain": 5_000, "ok": 5_000, "warn": 10_000, "bad": 15_000}  # milliseconds
WITH_ACTION = 12_000
SECOND = 1_000
_ICONS = {"plain": "info", "ok": "circle-check", "warn": "triangle-alert", "bad": "circle-alert"}
_COLOURS = {"plain": "ink2", "ok": "ok", "warn": "warn", "bad": "bad"}


class NoticeCard(QFrame):
    """One notice: its sign, its words, what can be done, and a cross."""

    closed = Signal()

    def __init__(self, notice: Notice, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.notice = notice
        self.setProperty("notice", True)
        self.setAccessibleName(notice.text)
        sign = QLabel()
        sign.setPixmap(theme.pixmap(_ICONS[notice.tone], _COLOURS[notice.tone], 18))
        self.words = _Words(notice.text)
        self.words.setWordWrap(True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 4, 8, 4)
        layout.setSpacing(10)
        layout.addWidget(sign)
        layout.addWidget(self.words, 1)
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
        if notice.counts:
            self._seconds = QTimer(self, interval=SECOND)
            self._seconds.timeout.connect(self._count)
            self._seconds.start()
        else:
            stays = WITH_ACTION if notice.action else STAYS[notice.tone]
            QTimer.singleShot(stays, self, self.close)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell that there is room again."""
        super().closeEvent(event)
        self.hide()
        self.closed.emit()

    def _count(self) -> None:
        """Say what there is to say this second, or go."""
        said = self.notice.counts() if self.notice.counts else ""
        if not said:
            self.close()
            return
        self.words.setText(said)
        self.setAccessibleName(said)

    def _act(self, does: Callable[[], None]) -> None:
        does()
        self.close()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.notice.detail)


class _Words(PlainLabel):
    """Words on one line where there is room, on more where there is not."""

    def sizeHint(self) -> QSize:
        """Ask for one line."""
        wide = min(WIDEST, self.fontMetrics().horizontalAdvance(self.text()) + 8)
        return QSize(wide, self.heightForWidth(wide))

    def minimumSizeHint(self) -> QSize:
        """Do with less."""
        return QSize(min(LEAST, self.sizeHint().width()), self.sizeHint().height())


class NoticeStack(QWidget):
    """Lays the notices beside each other, the newest last, in a strip of their own.

    The page above gives way to them: what one reads or clicks there is never covered.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(24, 0, 24, 12)
        self._row.setSpacing(8)
        self._row.addStretch(1)
        self.hide()

    def post(self, notice: Notice) -> None:
        """Show a notice; of more than there is room for the oldest goes."""
        cards, most = self.cards(), AT_ONCE if self.window().width() >= ROOMY else AT_ONCE - 1
        for old in cards[: max(0, len(cards) - most + 1)]:
            old.close()
        card = NoticeCard(notice, self._theme, self)
        card.closed.connect(self._look)
        self._row.insertWidget(self._row.count() - 1, card)
        card.show()
        self._look()

    def cards(self) -> list[NoticeCard]:
        """Return the notices on screen, the oldest first."""
        found = (self._row.itemAt(n).widget() for n in range(self._row.count()))
        return [card for card in found if isinstance(card, NoticeCard) and card.isVisibleTo(self)]

    def _look(self) -> None:
        self.setVisible(bool(self.cards()))
