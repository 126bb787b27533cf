"""The kinds beside the sheet: drag one onto a connector, or choose it and press Enter."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QTabBar, QVBoxLayout, QWidget

from rally_desktop.canvas.faces import Face, Offer
from rally_desktop.canvas.gesture import DRAG_FROM, Pointer
from rally_desktop.canvas.items.card import State, card_picture
from rally_desktop.canvas.look import SHADOW_ROOM, Look
from rally_desktop.canvas.offers import OfferList, found
from rally_desktop.canvas.plan import SIZES, Box, Spot
from rally_desktop.canvas.view import FlowView


class PaletteList(OfferList):
    """The list one drags from; a click only chooses, Enter and a double click add.

    The mouse stays with the list for the whole drag, so the drag is a gesture of the sheet
    like any other, and Esc calls it off.
    """

    def __init__(self, view: FlowView, parent: QWidget | None = None) -> None:
        super().__init__(view.look, parent)
        self._view = view
        self._pressed: tuple[Offer, QPoint] | None = None
        self._carried: Carried | None = None
        self.doubleClicked.connect(lambda _index: self._add())

    def clicked_offer(self, offer: Offer) -> None:
        """Only choose it."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember what may be dragged."""
        super().mousePressEvent(event)
        offer = self.offer_at(event.position().toPoint())
        if offer is not None and event.button() is Qt.MouseButton.LeftButton:
            self._pressed = offer, event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Carry the kind over the sheet."""
        if self._pressed is None:
            super().mouseMoveEvent(event)
            return
        offer, began = self._pressed
        moved = (event.position().toPoint() - began).manhattanLength()
        if self._carried is None and moved >= DRAG_FROM and self._view.hands is not None:
            self._carried = Carried(offer, self._view.look)
            self._view.begin(self._view.hands.carry(offer), self._pointer(event))
        if self._carried is not None:
            self._carried.follow(event.globalPosition().toPoint())
            self._view.follow(self._pointer(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Put it down; beside the sheet nothing happens."""
        self._pressed = None
        if self._carried is None:
            super().mouseReleaseEvent(event)
            return
        self._put_away()
        at = self._pointer(event)
        if self._view.viewport().rect().contains(at.window):
            self._view.finish(at)
            self._view.setFocus()
        else:
            self._view.cancel()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Add by Enter; call a drag off by Esc."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._add()
        elif event.key() == Qt.Key.Key_Escape and self._carried is not None:
            self._put_away()
            self._pressed = None
            self._view.cancel()
        else:
            super().keyPressEvent(event)

    def _pointer(self, event: QMouseEvent) -> Pointer:
        at = self._view.viewport().mapFromGlobal(event.globalPosition().toPoint())
        return self._view.pointer(at, event.modifiers())

    def _put_away(self) -> None:
        if self._carried is not None:
            self._carried.close()
            self._carried.deleteLater()
            self._carried = None

    def _add(self) -> None:
        offer = self.current()
        if offer is not None:
            self.wanted.emit(offer)


class Carried(QWidget):
    """The card below the pointer while it is dragged."""

    def __init__(self, offer: Offer, look: Look) -> None:
        flags = Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint
        super().__init__(None, flags | Qt.WindowType.WindowTransparentForInput)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        size = SIZES[offer.shape]
        face = Face(offer.title, offer.help, offer.icon, offer.family, offer.shape)
        box = Box(Spot("step", "new"), 0, 0, *size, face)
        self._picture = card_picture(look, box, State(hovered=True), 1.0)
        self.setFixedSize(self._picture.deviceIndependentSize().toSize())
        self.setWindowOpacity(0.9)

    def follow(self, at: QPoint) -> None:
        """Stand right below the pointer, which stays in sight."""
        self.move(at - QPoint(SHADOW_ROOM + 24, SHADOW_ROOM + self.height() // 4))
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card."""
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        painter.end()


class Palette(QWidget):
    """Search and list, of single kinds or of recipes; ``wanted`` brings one to add."""

    wanted = Signal(object)

    def __init__(self, view: FlowView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offers: Sequence[Offer] = ()
        self._recipes: Sequence[Offer] = ()
        self.tabs = QTabBar(self, drawBase=False, expanding=True)
        self.tabs.setAccessibleName("What to add")
        for name in ("Steps", "Recipes"):
            self.tabs.addTab(name)
        self.tabs.hide()
        self.search = QLineEdit(self)
        self.search.setClearButtonEnabled(True)
        self.list = PaletteList(view, self)
        self.list.wanted.connect(self.wanted)
        self.search.textChanged.connect(lambda _text: self._filter())
        self.search.returnPressed.connect(lambda: self._want())
        self.tabs.currentChanged.connect(lambda _tab: self._turn())
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 12, 0, 0)
        box.setSpacing(6)
        for part in (self.tabs, self.search, self.list):
            box.addWidget(part)
        self._turn()

    def set_look(self, look: Look) -> None:
        """Paint in another scheme."""
        self.list.set_look(look)

    def show_offers(self, offers: Sequence[Offer], recipes: Sequence[Offer] = ()) -> None:
        """Show these kinds, and these recipes on a tab of their own."""
        if tuple(offers) == tuple(self._offers) and tuple(recipes) == tuple(self._recipes):
            return
        self._offers, self._recipes = offers, recipes
        self.tabs.setVisible(bool(recipes))
        if not recipes:
            self.tabs.setCurrentIndex(0)
        self._filter()

    def sizeHint(self) -> QSize:
        """Return a width that fits the longest kind."""
        return QSize(232, 400)

    def _turn(self) -> None:
        says = "Search recipes" if self.tabs.currentIndex() else "Search steps"
        self.search.setPlaceholderText(says)
        self.search.setAccessibleName(says)
        self._filter()

    def _filter(self) -> None:
        text = self.search.text()
        if self.tabs.currentIndex():
            self.list.show_offers(found(self._recipes, text), headings=False)
        else:
            self.list.show_offers(found(self._offers, text), headings=not text.strip())

    def _want(self) -> None:
        offer = self.list.current()
        if offer is not None:
            self.wanted.emit(offer)
