"""Shows one page of what will come out, with arrows to the next."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import tool
from rally_desktop.ui.widgets.plain_label import PlainLabel

WIDTH, HEIGHT, ROOM = 520, 560, 20


class Ground(QWidget):
    """What the page lies on."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._page = theme, QImage()
        self.setFixedSize(WIDTH, HEIGHT)
        self.setAccessibleName("Preview")
        theme.changed.connect(self.update)

    def lay(self, page: QImage) -> None:
        """Show another page."""
        self._page = page
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the page with a fine edge, in the middle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("flow_tint"))
        painter.drawRoundedRect(QRectF(self.rect()), 10, 10)
        where = QRectF(QPointF(), self._page.deviceIndependentSize())
        where.moveCenter(QRectF(self.rect()).center())
        where.moveTo(round(where.x()), round(where.y()))
        painter.setBrush(self._theme.colour("line_hover"))
        if not self._page.isNull():
            painter.drawRect(where.adjusted(-1, -1, 1, 1))
            painter.drawImage(where.topLeft(), self._page)
        painter.end()


class PageView(QWidget):
    """``turned`` says that another page is wanted; ``number`` counts from 0."""

    turned = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.number, self._count = 0, 1
        self.paper = Ground(theme)
        self.before = tool(theme, "Page before", "chevron-left")
        self.after = tool(theme, "Next page", "chevron-right")
        self.says = PlainLabel("", "sub")
        self.turner = QFrame()
        row = QHBoxLayout(self.turner)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        for part in (self.before, self.says, self.after):
            row.addWidget(part)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.paper)
        column.addWidget(self.turner)
        self.before.clicked.connect(lambda: self._turn(-1))
        self.after.clicked.connect(lambda: self._turn(1))
        self._tell()

    def room(self) -> QSizeF:
        """Return how large a page can be shown, in pixels of the screen."""
        return QSizeF(WIDTH - 2 * ROOM, HEIGHT - 2 * ROOM) * self.devicePixelRatioF()

    def show_page(self, image: QImage, count: int) -> None:
        """Show a page, one of so many."""
        self._count = count
        self.number = min(self.number, count - 1)
        image.setDevicePixelRatio(self.devicePixelRatioF())
        self.paper.lay(image)
        self._tell()

    def start(self) -> None:
        """Look at the first page, the next time that one is shown."""
        self.number = 0

    def _turn(self, by: int) -> None:
        self.number = max(0, min(self._count - 1, self.number + by))
        self._tell()
        self.turned.emit()

    def _tell(self) -> None:
        self.says.setText(f"Page {self.number + 1:,} of {self._count:,}")
        self.before.setEnabled(self.number > 0)
        self.after.setEnabled(self.number < self._count - 1)
        self.turner.setVisible(self._count > 1)
