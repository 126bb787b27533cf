"""What the canvas asks before more than one thing goes: a bar over the sheet that blocks nothing.

While a choice has the focus or the pointer, the sheet shows what would go with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from typing import Literal, Protocol

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.canvas.editing import Editing
from rally_desktop.canvas.naming import short
from rally_desktop.canvas.plain_text import PlainText

WIDEST, ABOVE_FOOT, BESIDE = 620, 20, 24
MARGIN, GAP = 16, 8
IN_A_ROW = 3  # choices; more of them stand in rows
LONGEST = 44  # characters on a button
BESIDE_EACH_OTHER = 2  # in rows, where there are more
HIGHEST = 168  # of the rows; more of them are scrolled to
BELOW, ABOVE = 170, 56  # room that the selected card keeps, if there is any


@dataclass(frozen=True)
class Choice:
    """A button: its words, what it does, and the steps that would go with it."""

    words: str
    act: Callable[[], None]
    kind: Literal["primary", "danger", ""] = ""
    doomed: Set[str] = frozenset()


class Asking(Editing, Protocol):
    """An editor that asks one thing at a time."""

    question: Question | None


class Question(QFrame):
    """Asks; the first choice has the focus, Enter takes it, Esc leaves all as it was."""

    def __init__(self, editor: Asking, text: str, more: str, choices: Sequence[Choice]) -> None:
        super().__init__(editor.view)
        self.setObjectName("question")
        self.setProperty("notice", True)
        self.setAccessibleName(text)
        self.setAccessibleDescription(more)
        self._editor = editor
        self._choices: dict[QObject, Choice] = {}
        self.text, self.more = PlainText(text), PlainText(more)
        self._build(choices)
        editor.view.installEventFilter(self)
        editor.draft.changed.connect(self.dismiss)
        editor.draft.locks.connect(self._lock)
        editor.say(f"{text} {more}")

    def tell(self, more: str) -> None:
        """Say something else below the question."""
        self.more.setText(more)
        self.setAccessibleDescription(more)
        self._place()

    def dismiss(self) -> None:
        """Go away, and leave all as it is."""
        if self._editor.question is self:
            self._editor.question = None
            self._choices.clear()
            self._editor.view.setFocus()
            self.hide()
            self.deleteLater()
            self._editor.scene.mark(frozenset())

    def buttons(self) -> list[QPushButton]:
        """Return the choices and, last, the button that leaves all as it is."""
        return self.findChildren(QPushButton)

    def ask(self) -> None:
        """Come up, with the focus on the first choice."""
        self._place()
        self._make_room()
        self.show()
        self.raise_()
        self.buttons()[0].setFocus(Qt.FocusReason.OtherFocusReason)

    # -- hands ----------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the choice that has the focus by Enter, none by Esc."""
        key = event.key()
        here = self.focusWidget()
        if key == Qt.Key.Key_Escape:
            self.dismiss()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(here, QPushButton):
            here.click()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.focusNextPrevChild(key in (Qt.Key.Key_Down, Qt.Key.Key_Right))

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go round among the buttons by Tab and the arrow keys."""
        buttons = self.buttons()
        here = self.focusWidget()
        at = buttons.index(here) if isinstance(here, QPushButton) else -1
        after = buttons[(at + (1 if forward else -1)) % len(buttons)]
        after.setFocus(Qt.FocusReason.TabFocusReason)
        for area in self.findChildren(QScrollArea):
            area.ensureWidgetVisible(after)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay above the foot of the sheet; show what would go with the choice pointed at."""
        if watched is self._editor.view and event.type() is QEvent.Type.Resize:
            self._place()
        if watched in self._choices:
            if event.type() in (QEvent.Type.FocusIn, QEvent.Type.Enter):
                self._editor.scene.mark(self._choices[watched].doomed)
            if event.type() is QEvent.Type.Leave:
                self._show_focused()
        return super().eventFilter(watched, event)

    def _lock(self, why: str) -> None:
        if why:
            self.dismiss()

    def _show_focused(self) -> None:
        choice = self._choices.get(self.focusWidget())
        self._editor.scene.mark(choice.doomed if choice else frozenset())

    def _take(self, choice: Choice) -> None:
        self.dismiss()
        choice.act()

    # -- building -------------------------------------------------------------------------------

    def _build(self, choices: Sequence[Choice]) -> None:
        look = self._editor.view.look
        for label, role, colour in ((self.text, "strong", "ink"), (self.more, "sub", "ink2")):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setFont(look.font(role))
            label.setStyleSheet(f"color: {look.colour(colour).name()}")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(MARGIN, 12, MARGIN, 12)
        whole.setSpacing(4)
        whole.addWidget(self.text)
        whole.addWidget(self.more)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.setContentsMargins(0, 8, 0, 0)
        buttons = [self._button(choice) for choice in choices]
        leave = QPushButton("Cancel")
        leave.setProperty("kind", "quiet")
        leave.clicked.connect(self.dismiss)
        room = self._width() - 2 * MARGIN
        if len(buttons) > IN_A_ROW or _wide([*buttons, leave]) > room:
            widest = max(_wide([button, button]) for button in buttons)
            whole.addWidget(_rows(buttons, BESIDE_EACH_OTHER if widest <= room else 1))
        else:
            for button in buttons:
                row.addWidget(button)
        row.addStretch(1)
        row.addWidget(leave)
        whole.addLayout(row)

    def _button(self, choice: Choice) -> QPushButton:
        button = QPushButton(short(choice.words, LONGEST).replace("&", "&&"))
        button.setAccessibleName(choice.words)
        button.setProperty("kind", choice.kind)
        button.clicked.connect(lambda: self._take(choice))
        button.installEventFilter(self)
        self._choices[button] = choice
        return button

    def _make_room(self) -> None:
        """Move the sheet up where the question would cover what it is about."""
        view = self._editor.view
        where = self._editor.where(self._editor.scene.selected)
        if where is not None:
            card = view.mapFromScene(where).boundingRect()
            view.shift(0, max(0, min(card.bottom() + BELOW - self.y(), card.top() - ABOVE)))

    def _width(self) -> int:
        return min(WIDEST, self._editor.view.viewport().width() - 2 * BESIDE)

    def _place(self) -> None:
        port, width = self._editor.view.viewport().geometry(), self._width()
        self.setFixedWidth(width)
        height = min(self.heightForWidth(width), port.height() - 2 * ABOVE_FOOT)
        self.setFixedHeight(height)
        left = port.left() + (port.width() - width) // 2
        self.move(left, port.bottom() - ABOVE_FOOT - height)


def ask(editor: Asking, text: str, more: str, choices: Sequence[Choice]) -> Question:
    """Ask over the sheet, instead of what was asked there before."""
    if editor.question is not None:
        editor.question.dismiss()
    editor.question = Question(editor, text, more, choices)
    editor.question.ask()
    return editor.question


def _wide(buttons: Sequence[QPushButton]) -> int:
    """Return how much room buttons need beside each other."""
    for button in buttons:
        button.ensurePolished()
    return sum(button.sizeHint().width() + GAP for button in buttons)


def _rows(buttons: Sequence[QPushButton], beside: int) -> QScrollArea:
    """Return buttons in rows, which are scrolled to where they are many."""
    inside = QWidget()
    inside.setObjectName("scrolled")
    grid = QGridLayout(inside)
    grid.setContentsMargins(0, 8, 4, 0)
    grid.setSpacing(GAP)
    for number, button in enumerate(buttons):
        grid.addWidget(button, number // beside, number % beside)
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)
    area.setFixedHeight(min(HIGHEST, inside.sizeHint().height()))
    return area
