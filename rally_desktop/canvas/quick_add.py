"""The popup at a '+': type a few letters, Enter adds the kind; or a whole line, and it is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout

from rally_desktop.canvas.faces import Offer
from rally_desktop.canvas.offers import OfferList, by_family, suggested
from rally_desktop.canvas.plain_text import PlainText
from rally_desktop.canvas.view import FlowView

WIDTH, HEIGHT = 392, 440
RECENT = 3
PROMPT = "What comes next?"
EXAMPLE = "Or type a line: email follow-up after 2 business days"
NOTHING = "Nothing is called that. Try: email offer after 2 days"
Take = Callable[[Offer], None]


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
        self._then: Take = self.chosen.emit
        self._lines = True
        self.search = QLineEdit(self)
        self.search.setAccessibleName("Search what to add")
        self.search.setClearButtonEnabled(True)
        self.search.installEventFilter(self)
        self.search.textChanged.connect(self._filter)
        self.list = OfferList(view.look, self)
        self.list.setFocusProxy(self.search)
        self.list.wanted.connect(self._take)
        self.hint = PlainText(parent=self)
        self.hint.setContentsMargins(6, 0, 6, 2)
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 8, 8, 8)
        box.setSpacing(6)
        box.addWidget(self.search)
        box.addWidget(self.list)
        box.addWidget(self.hint)
        self.setFixedWidth(WIDTH)

    def ask(
        self, offers: Sequence[Offer], at: QPoint, take: Take | None = None, says: str = PROMPT
    ) -> None:
        """Open at a point of the screen; what is chosen goes to ``take``, or to ``chosen``.

        Where it goes to ``take``, it is one of the offers: no line can be typed.
        """
        self._offers = offers
        self._then = take or self.chosen.emit
        self._lines = take is None
        self._dress()
        self.search.setPlaceholderText(says)
        self.search.clear()
        self._filter("")
        screen = self._view.screen().availableGeometry()
        x = min(at.x(), screen.right() - WIDTH - 8)
        y = min(at.y(), screen.bottom() - HEIGHT - 8)
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

    def _dress(self) -> None:
        look = self._view.look
        self.list.set_look(look)
        self.hint.setStyleSheet(f"color: {look.colour('ink3').name()}")
        self.hint.setFont(look.font("small"))

    def _filter(self, text: str) -> None:
        """Show what was used last and all kinds; once one types, what that finds or means."""
        if not text.strip():
            last = self._last_used()
            self.list.show_rows([*(["Used last"] if last else []), *last, *by_family(self._offers)])
            rows: list[Offer] = list(self._offers)
        else:
            rows = suggested(self._offers, text, self._lines)
            self.list.show_rows(rows)
        self.list.step(0)
        self._tell("" if rows and text.strip() else EXAMPLE if rows else NOTHING)
        self.list.setFixedHeight(min(HEIGHT - 88, self.list.height_of_rows()))
        self.setFixedHeight(self.layout().sizeHint().height())

    def _tell(self, hint: str) -> None:
        example = self._lines and any(offer.lengths for offer in self._offers)
        self.hint.setText(hint if example else "Nothing is called that." * (hint == NOTHING))
        self.hint.setVisible(bool(self.hint.text()))

    def _take(self, offer: Offer) -> None:
        if offer.chain is None:
            self._recent = [offer.kind, *(kind for kind in self._recent if kind != offer.kind)]
        self.hide()
        self._then(offer)

    def _last_used(self) -> list[Offer]:
        """Return the kinds that were added last, the very last first."""
        known = {offer.kind: offer for offer in self._offers}
        return [known[kind] for kind in self._recent if kind in known][:RECENT]
