"""A line that says, while one types, who looks like the record that is being written down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.services import duplicates
from rally_desktop.services.duplicates import Like
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.field_row import FieldRow
from rally_desktop.ui.widgets.plain_label import PlainLabel

TYPING_MS = 350
WATCHED = frozenset({"email", "phone", "mobile", "domain"})


class LikeLine(QFrame):
    """Hidden until somebody is found; nothing is held up by it: one adds anyway, or goes there.

    ``typed`` returns what is written so far; ``but`` is the record it belongs to.
    """

    wanted = Signal(object)
    """The Ref of the record that somebody would rather see."""
    told = Signal(bool)
    """Whether anybody is named."""

    def __init__(
        self, desk: Desk, kind: RecordKind, typed: Callable[[], Mapping[str, Any]]
    ) -> None:
        super().__init__()
        self.setObjectName("strip")
        self.setProperty("tone", "warn")
        self._desk, self._typed = desk, typed
        self._kind: RecordKind = kind
        self.but: Ref | None = None
        self.like: Like | None = None
        self._left_out: Ref | None = None
        self.words = PlainLabel()
        self.words.setWordWrap(True)
        self.show_button = button(desk.theme, "Show", kind="link")
        self.show_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # so that an editor stays open
        self.show_button.setCursor(Qt.CursorShape.PointingHandCursor)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.setSpacing(8)
        row.addWidget(self.words, 1)
        row.addWidget(self.show_button)
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self.look)
        self.show_button.clicked.connect(self._press)
        self.hide()

    def watch(self) -> None:
        """Look once the typing pauses."""
        self._typing.start()

    def leave_out(self, ref: Ref | None) -> None:
        """Do not name a record that is named elsewhere."""
        self._left_out = ref
        if self.like is not None and self.like.ref == ref:
            self._show(None)

    @later
    @newest
    async def look(self) -> None:
        """Look who is like it, and say so; the surest alone is named."""
        typed = dict(self._typed())
        found = await self._desk.background.read(duplicates.like, self._kind, typed, self.but)
        if typed == dict(self._typed()):
            others = (one for one in found if one.ref != self._left_out)
            self._show(next(others, None))

    def _show(self, like: Like | None) -> None:
        self.like = like
        self.words.setText(like.says() if like else "")
        self.setAccessibleName(like.says() if like else "")
        self.show_button.setText(f"Show {like.name}" if like else "")
        self.setVisible(like is not None)
        self.told.emit(like is not None)

    def _press(self) -> None:
        if self.like is not None:
            self.wanted.emit(self.like.ref)


class CardLikes(QObject):
    """Says so on a card too, below the address or the number that is being edited there."""

    wanted = Signal(object)

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk

    def begin(self, row: FieldRow, ref: Ref | None) -> None:
        """Watch a field whose editor has just been opened."""
        editor, name = row.editor, row.field.name
        if editor is None or ref is None or name not in WATCHED or ref.kind == "deal":
            return

        def typed() -> Mapping[str, Any]:
            return {name: row.editor.read()} if row.editor is not None else {}

        line = LikeLine(self._desk, ref.kind, typed)
        line.but = ref
        row.show_below(line)
        editor.changed.connect(line.watch)

        def go(other: Ref) -> None:
            row.leave()
            self.wanted.emit(other)

        line.wanted.connect(go)
