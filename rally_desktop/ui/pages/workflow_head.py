"""The head of the canvas: the workflow's name, how it stands, undo, redo, publish."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QMenu, QToolButton, QWidget

from rally_desktop.canvas import keys
from rally_desktop.canvas.draft import Draft
from rally_desktop.canvas.naming import with_title
from rally_desktop.engine.problems import Problem
from rally_desktop.services.workflows import Draft as Stored
from rally_desktop.ui import fonts
from rally_desktop.ui.pages.workflow_problems import counted
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button, tool
from rally_desktop.ui.widgets.plain_label import PlainLabel


class NameEdit(QLineEdit):
    """The name, as wide as it is long, looking like a heading until one types."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("inside")
        self.setFont(fonts.font("title"))
        self.setMaxLength(200)
        self.setPlaceholderText("Name of the workflow")
        self.setAccessibleName("Name of the workflow")
        self.textChanged.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Return the width of the text with room for the next letters."""
        return QSize(max(120, min(440, self._needed())), super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show how a name begins that has no room, unless one is typing it."""
        super().resizeEvent(event)
        if self._needed() > self.width() and not self.hasFocus():
            self.setCursorPosition(0)

    def _needed(self) -> int:
        text = self.text() or self.placeholderText()
        return QFontMetrics(self.font()).horizontalAdvance(text) + 28


class EditorHead(QFrame):
    """One row above the canvas."""

    left = Signal()
    publish = Signal()
    renamed = Signal(str)

    def __init__(self, theme: Theme, draft: Draft) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._draft = draft
        self.back = tool(theme, "Back to the workflows", "arrow-left")
        self.name = NameEdit()
        self.chip = PlainLabel("", "pill")
        self.chip.setProperty("pill", True)
        self.saved = PlainLabel("", "sub")
        self.undo = tool(theme, "Undo", "undo-2")
        self.redo = tool(theme, "Redo", "redo-2")
        self.views = QHBoxLayout()  # how the canvas is looked at: draft, published, live …
        self.views.setSpacing(4)
        self.more_button = tool(theme, "More for this workflow", "ellipsis")
        self.more = QMenu(self.more_button)
        self.more_button.setMenu(self.more)
        self.more_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.publish_button = button(theme, "Publish", "rocket", "primary")
        self._said = self._short = ""
        self._publish = "Publish"
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(12, 9, 16, 9)
        row.setSpacing(8)
        # As much room at either side: what is said at the left moves nothing in the middle.
        row.addLayout(_beside(self.back, self.name, self.chip, self.saved), 1)
        row.addLayout(self.views)
        does = (self.undo, self.redo, _upright(), self.more_button, self.publish_button)
        row.addLayout(_beside(*does, right=True), 1)
        self.back.clicked.connect(self.left)
        self.publish_button.clicked.connect(self.publish)
        self.undo.clicked.connect(draft.undo)
        self.redo.clicked.connect(draft.redo)
        self.name.textEdited.connect(self.renamed)
        self.name.editingFinished.connect(draft.seal)
        draft.stack.indexChanged.connect(self._history)
        self._history()

    def show_name(self, name: str) -> None:
        """Show the name, unless it is the one being typed."""
        if self.name.text() != name:
            self.name.setText(name)

    def show_state(self, stored: Stored | None, same: bool, problems: list[Problem]) -> None:
        """Say how the workflow stands: what is wrong first, else whether it is in service."""
        errors = sum(problem.severity == "error" for problem in problems)
        if problems:
            said, tone = counted(problems).partition(",")[0], "bad" if errors else "warn"
        elif stored is not None and stored.state in ("published", "paused"):
            word = stored.state.capitalize()
            said, tone = (word, "ok") if same else (f"{word}, draft differs", "accent")
        else:
            said, tone = "Draft", "plain"
        self._said, self._short = said, said.rpartition(", ")[2].capitalize()
        self.chip.set_tone(tone)
        published = stored is not None and stored.state == "published"
        self.publish_button.setEnabled(not (published and same))
        self._publish = "Publish changes" if published else "Publish"
        self.publish_button.setAccessibleName(self._publish)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say as much as there is room for now."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Say as much as there is room for: with few words the button is still its picture."""
        for chip, does in (
            (self._said, f" {self._publish}"), (self._short, " Publish"), (self._short, ""),
        ):  # fmt: skip
            self.chip.setText(chip)
            self.publish_button.setText(does)
            self._row.activate()
            if self.minimumSizeHint().width() <= self.width():
                break
        short = self.publish_button.text().strip() != self._publish
        self.publish_button.setToolTip(self._publish if short else "")

    def _history(self) -> None:
        stack = self._draft.stack
        for part, can, word, text in (
            (self.undo, stack.canUndo(), "Undo", stack.undoText()),
            (self.redo, stack.canRedo(), "Redo", stack.redoText()),
        ):
            part.setEnabled(can)
            says = with_title(word, text)
            part.setAccessibleName(says)
            part.setToolTip(f"{says} ({keys.shortcut(word.lower())})".replace("<", "&lt;"))


def _beside(*parts: QWidget, right: bool = False) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    if right:
        row.addStretch(1)
    for part in parts:
        row.addWidget(part)
    if not right:
        row.addStretch(1)
    return row


def _upright() -> QWidget:
    line = QFrame(objectName="upright")
    line.setFixedHeight(20)
    return line
