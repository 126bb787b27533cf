"""The finder that Ctrl+K opens: type some letters of anything, Enter goes there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QHideEvent, QKeyEvent, QMouseEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGraphicsDropShadowEffect,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.finder_lines import (
    ENTRY,
    ROW,
    Entry,
    FinderLines,
    FinderPainter,
    Section,
)
from rally_desktop.ui.widgets.plain_label import PlainLabel, ShortLabel

__all__ = ["Entry", "Finder", "Section", "ranked"]

WIDTH, A_PAGE, SURE = 680, 8, 3
NAME = "Search everywhere"
LETTERS = 200  # more is a text that was pasted
GO_TO = "Pages and commands"
HINT = "↑ ↓ choose   ·   Enter opens   ·   Ctrl+Enter opens its timeline   ·   Esc closes"


class Finder(QFrame):
    """Lays itself over the window, near its top; Esc or a click beside it closes it.

    ``asked`` carries what is typed. What is found comes later, by ``show_found``; Enter waits
    for it rather than opening what was found for fewer letters.
    """

    asked = Signal(str)

    def __init__(self, theme: Theme, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("palette")
        self.setAccessibleName(NAME)
        self._entries: tuple[Entry, ...] = ()
        self._found: tuple[Section, ...] = ()
        self._awaited, self._go, self._moved = False, False, False
        self.search = QLineEdit(maxLength=LETTERS)
        self.search.setPlaceholderText("Search records, notes, e-mails, calls, tasks, pages")
        self.search.setObjectName("palette_search")
        self.search.setAccessibleName(NAME)
        self.list = QListView()
        self.lines = FinderLines(self.list)
        self._build(theme)
        self.search.textChanged.connect(self._ask)
        self.search.installEventFilter(self)
        self.list.clicked.connect(self._run)
        self.hide()

    def offer(self, entries: Iterable[Entry]) -> None:
        """Offer these pages and commands, in this order while nothing is typed."""
        self._entries = tuple(entries)

    def open(self, text: str = "") -> None:
        """Show the finder, ready to type."""
        room = self.parentWidget().rect()
        width = min(WIDTH, room.width() - 32)
        self.setFixedWidth(width)
        self.search.setText(text)
        self._ask(text)
        self.move(room.center().x() - width // 2, max(16, room.height() // 12))
        self.show()
        self.raise_()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)

    def show_found(self, text: str, sections: Sequence[Section], note: str = "") -> None:
        """Show what was found for a text, unless another one has been typed since."""
        if text != self.search.text():
            return
        self._found, self._awaited = tuple(sections), False
        self.note.setText(note)
        self._show()
        if self._go:
            self._go = False
            self._run(self.list.currentIndex())

    def leave(self) -> None:
        """Close it and give the keys back to the page."""
        self.hide()
        self.parentWidget().setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Walk the list with the arrows while typing; a click beside it closes it."""
        if watched is self.search:
            if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
                return self._key(event)
            if isinstance(event, QFocusEvent) and event.lostFocus() and self.isVisible():
                # A page that has just been read may want the keys: not from under one's fingers.
                if event.reason() == Qt.FocusReason.OtherFocusReason:
                    QTimer.singleShot(0, self, self._take_keys)
        elif isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress:
            place = self.mapFromGlobal(event.globalPosition().toPoint())
            if watched is not self and not self.rect().contains(place):
                self.hide()
        return False

    def showEvent(self, event: QShowEvent) -> None:
        """Look out for clicks beside it."""
        super().showEvent(event)
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]

    def hideEvent(self, event: QHideEvent) -> None:
        """Look out for them no more."""
        super().hideEvent(event)
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]

    def _take_keys(self) -> None:
        if self.isVisible():
            self.search.setFocus()

    # -- what is listed ------------------------------------------------------------------

    def _ask(self, typed: str) -> None:
        self._awaited, self._go, self._moved = True, False, False
        if not typed.strip():
            self._found = ()
        self._show()
        self.asked.emit(typed)

    def _show(self) -> None:
        """List pages and commands that are meant before what was found, others after it."""
        typed, current = self.search.text(), self.list.currentIndex()
        entry = current.data(ENTRY)[0] if self._moved and current.isValid() else None
        row = current.row()
        named = Section(GO_TO, ranked(self._entries, typed, loose=not self._found))
        sure = ranked(self._entries, typed, sure=True)[:SURE] if typed.strip() else []
        if sure:
            rest = [entry for entry in named.entries if entry not in sure]
            more = Section("More pages and commands", rest)
            self.lines.show((Section(GO_TO, sure), *self._found, more))
        else:
            self.lines.show((*self._found, named))
        here = self.lines.again(entry) if entry else self.lines.first()
        self.list.setCurrentIndex(here if here.isValid() else self.lines.near(row))
        nothing = not self.lines.sections and not self._awaited
        if nothing:
            self.nothing.setText(_nothing(typed))
        self._below_layout.setCurrentWidget(self.nothing if nothing else self.list)
        most = max(ROW * 4, self.parentWidget().height() * 3 // 4 - 120)
        self._below.setFixedHeight(min(max(self.lines.height(), 2 * ROW) + 4, most))
        self.adjustSize()

    # -- keys and pointer ----------------------------------------------------------------

    def _key(self, event: QKeyEvent) -> bool:
        key, here = event.key(), self.list.currentIndex()
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Tab: 1, Qt.Key.Key_Backtab: -1}
        pages = {Qt.Key.Key_PageDown: A_PAGE, Qt.Key.Key_PageUp: -A_PAGE}
        if key == Qt.Key.Key_Escape:
            self.leave()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            beside = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self._run(here, beside=beside)
        elif key in steps or key in pages:
            self._moved = True
            goes = self.lines.next if key in steps else self.lines.far
            self.list.setCurrentIndex(goes(here, {**steps, **pages}[Qt.Key(key)]))
        else:
            return False
        return True

    def _run(self, index: QModelIndex, *, beside: bool = False) -> None:
        found = index.data(ENTRY) if index.isValid() else None
        if self._awaited and (found is None or found[1] in self._found):
            self._go = True
            return
        if found is None:
            return
        entry = found[0]
        if not entry.stays:
            self.leave()
        (entry.beside if beside and entry.beside else entry.run)()

    # -- layout --------------------------------------------------------------------------

    def _build(self, theme: Theme) -> None:
        self.list.setModel(self.lines)
        self.list.setAccessibleName("Found")
        self.list.setItemDelegate(FinderPainter(theme, self.list))
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        shade = QGraphicsDropShadowEffect(self, blurRadius=48, xOffset=0, yOffset=12)
        shade.setColor(QColor(0, 0, 0, 60))
        self.setGraphicsEffect(shade)
        self.nothing = PlainLabel()
        self.nothing.set_tone("quiet")
        self.nothing.setWordWrap(True)
        self.nothing.setContentsMargins(12, 4, 12, 4)
        self._below = QWidget()
        self._below_layout = QStackedLayout(self._below)
        self._below_layout.addWidget(self.list)
        self._below_layout.addWidget(self.nothing)
        hint = PlainLabel(HINT, "sub")
        self.note = ShortLabel(role="sub")
        for label in (hint, self.note):
            label.set_tone("quiet")
        self.note.setAlignment(Qt.AlignmentFlag.AlignRight)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 4, 12, 2)
        foot.addWidget(hint)
        foot.addWidget(self.note, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 8)
        layout.setSpacing(4)
        for part in (
            self.search,
            QFrame(objectName="rule"),
            self._below,
            QFrame(objectName="rule"),
        ):
            layout.addWidget(part)
        layout.addLayout(foot)


def ranked(
    entries: Iterable[Entry], typed: str, *, sure: bool = False, loose: bool = True
) -> list[Entry]:
    """Return what matches: its beginning first, then a word's beginning, then letters in order.

    Only what begins so where one wants to be ``sure``; without ``loose`` no strewn letters.
    """
    wanted = typed.casefold().strip()
    scored = [(_score(entry.title.casefold(), wanted), entry) for entry in entries]
    most = 1 if sure else 4 if loose else 3
    kept = [(score, entry) for score, entry in scored if 0 < score <= most]
    return [entry for _, entry in sorted(kept, key=lambda pair: pair[0])]


def _score(title: str, wanted: str) -> int:
    """Return 1 for the best match and more for a worse one; 0 for none."""
    if title.startswith(wanted):
        return 1
    if f" {wanted}" in title:
        return 2
    if wanted in title:
        return 3
    letters = iter(title)
    return 4 if all(letter in letters for letter in wanted) else 0


def _nothing(typed: str) -> str:
    """Say that nothing was found, and what to try."""
    said = typed.strip()
    if not any(sign.isalnum() for sign in said):
        return "Type letters or digits: signs alone are not searched for."
    short = f"{said[:40]}…" if len(said) > 40 else said
    return (
        f"Nothing is found for ‘{short}’. Try fewer letters or words, another spelling of the "
        "name, or part of an e-mail address or a telephone number."
    )
