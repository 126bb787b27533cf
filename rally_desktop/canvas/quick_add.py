"""The popup at a '+': type a few letters, Enter adds the kind."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout

from rally_desktop.canvas.faces import Offer
from rally_desktop.canvas.offers import OfferList, found
from rally_desktop.canvas.view import FlowView

WIDTH, HEIGHT = 300, 420
RECENT = 3


class QuickAdd(QFrame):
    """Asks for a kind; ``chosen`` brings it."""

    chosen = Signal(object)
    closed = Signal()

    def __init__(self, view: FlowView) -> None:
        super().__init__(view, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self._view = view
        self._offers: Sequence[Offer] = ()
        self._recent: list[str] = []
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("What comes next?")
        self.search.setAccessibleName("Search what to add")
        self.search.setClearButtonEnabled(True)
        self.search.installEventFilter(self)
        self.search.textChanged.connect(self._filter)
        self.list = OfferList(view.look, self)
        self.list.setFocusProxy(self.search)
        self.list.wanted.connect(self._take)
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 8, 8, 8)
        box.setSpacing(6)
        box.addWidget(self.search)
        box.addWidget(self.list)
        self.resize(WIDTH, HEIGHT)

    def ask(self, offers: Sequence[Offer], at: QPoint) -> None:
        """Open at a point of the screen, with these kinds to choose from."""
        self._offers = self._with_recent_first(offers)
        self.list.set_look(self._view.look)
        self.search.clear()
        self._filter("")
        screen = self._view.screen().availableGeometry()
        x = min(at.x(), screen.right() - self.width() - 8)
        y = min(at.y(), screen.bottom() - self.height() - 8)
        self.move(max(screen.left(), x), max(screen.top(), y))
        self.show()
        self.search.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys and Enter work on the list while typing."""
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.list.step(1 if event.key() == Qt.Key.Key_Down else -1)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                offer = self.list.current()
                if offer is not None:
                    self._take(offer)
                return True
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Give the focus back to the sheet."""
        super().hideEvent(event)
        self.closed.emit()

    def _filter(self, text: str) -> None:
        self.list.show_offers(found(self._offers, text), headings=not text.strip())
        self.list.step(0)

    def _take(self, offer: Offer) -> None:
        self._recent = [offer.kind, *(kind for kind in self._recent if kind != offer.kind)]
        self.hide()
        self.chosen.emit(offer)

    def _with_recent_first(self, offers: Sequence[Offer]) -> list[Offer]:
        """Within each family, put what was used last first."""
        rank = {kind: place for place, kind in enumerate(self._recent[:RECENT])}
        families = list(dict.fromkeys(offer.family for offer in offers))
        return sorted(offers, key=lambda x: (families.index(x.family), rank.get(x.kind, len(rank))))
