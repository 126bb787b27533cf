"""The right half of the page of duplicates: the records of one group, and what to do with them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from rally_desktop.core.errors import NotFound, RallyError
from rally_desktop.model.ref import Ref
from rally_desktop.services import duplicates, merge_records, merge_sides
from rally_desktop.services.merge_sides import Sides
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.merge_model import KEPT
from rally_desktop.ui.widgets.merge_table import MergeTable
from rally_desktop.ui.widgets.plain_label import PlainLabel

WATCHED = frozenset(
    {"contact", "company", "deal", "note", "task", "run", "record_tag", "enrolment"}
)


class SidesPanel(QWidget):
    """Shows the records side by side and makes them one, or remembers that they are not."""

    settled = Signal(tuple)
    """The Refs of a group that needs no more looking at."""
    returned = Signal(tuple)
    """The Refs of one that is to be looked at again, after all."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.refs: tuple[Ref, ...] = ()
        self.sides: Sides | None = None
        self._kept: Ref | None = None
        self._picks: dict[str, Ref] = {}
        self._busy = False
        self.heading = PlainLabel("", "title")
        self.why = PlainLabel("", "sub")
        self.only = QCheckBox("Only what differs")
        self.table = MergeTable(desk.theme)
        self.moves = PlainLabel("", "body")
        self.ends = PlainLabel("", "body")
        self.merge_button = button(desk.theme, "Merge", "merge", "primary")
        self.apart_button = button(desk.theme, "Not the same", "split")
        self._lay_out()
        self.only.toggled.connect(self._show_lines)
        self.table.chosen.connect(self._choose)
        self.merge_button.clicked.connect(self.merge)
        self.apart_button.clicked.connect(self.keep_apart)
        self.merge_button.setToolTip("Make them one (Ctrl+Enter)")
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self.merge)
        desk.background.changed.connect(self._hear)

    def _lay_out(self) -> None:
        for label in (self.why, self.moves, self.ends):
            label.setWordWrap(True)
        self.why.set_tone("quiet")
        self.ends.set_tone("warn")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.heading)
        words.addWidget(self.why)
        head = QHBoxLayout()
        head.setContentsMargins(16, 14, 16, 0)
        head.addLayout(words, 1)
        head.addWidget(self.only)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 4, 16, 14)
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.apart_button)
        foot.addWidget(self.merge_button)
        said = QVBoxLayout()
        said.setContentsMargins(16, 0, 16, 0)
        said.setSpacing(4)
        said.addWidget(self.moves)
        said.addWidget(self.ends)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(10)
        whole.addLayout(head)
        whole.addWidget(self.table, 1)
        whole.addLayout(said)
        whole.addLayout(foot)

    # -- showing ---------------------------------------------------------------------------

    def show_group(self, refs: Sequence[Ref], why: str) -> None:
        """Compare these records; of more than can become one at once the first."""
        some = tuple(refs[: merge_records.MOST])
        more = len(refs) - len(some)
        self.why.setText(f"{why} Look again for {more} more." if more else why)
        if some != self.refs:
            self.refs, self._kept, self._picks = some, some[0], {}
        self.read()

    @later
    @newest
    async def read(self) -> None:
        """Compare the records anew."""
        refs, kept, picks = self.refs, self._kept, dict(self._picks)
        if kept is None:
            return
        try:
            found = await self.desk.background.read(merge_sides.of, refs, kept, picks)
        except RallyError as error:
            self._lost(refs, error)
            return
        if (refs, kept) == (self.refs, self._kept):
            self._show(found)

    def _lost(self, refs: tuple[Ref, ...], error: RallyError) -> None:
        """Leave a group whose records are not all there any more: somebody was quicker."""
        if not self._busy and refs == self.refs:
            if not isinstance(error, NotFound):
                self.desk.notices.tell(str(error), "warn")
            self.forget()
            self.settled.emit(refs)

    def forget(self) -> None:
        """Show no group."""
        self.refs, self._kept, self.sides = (), None, None
        self.table.show_sides(None)

    def _show(self, sides: Sides) -> None:
        self.sides = sides
        self.heading.setText(" · ".join(dict.fromkeys(side.name for side in sides.sides)))
        self._show_lines()
        moves = [(side.name, ", ".join(side.moves)) for side in sides.sides if side.moves]
        self.moves.setText("\n".join(f"Moves from {name}: {what}." for name, what in moves))
        self.moves.setVisible(bool(moves))
        ends = [
            f"Ends: ‘{one.workflow}’ of {self._name(one.ref)}. {one.why}" for one in sides.endings
        ]
        self.ends.setText("\n".join(ends))
        self.ends.setVisible(bool(ends))
        count = f"{len(sides.sides)} " if len(sides.sides) > 2 else ""
        self.merge_button.setText(f" Merge {count}into one" if count else " Merge")

    def _show_lines(self) -> None:
        self.table.show_sides(self.sides, only_differing=self.only.isChecked())

    def _name(self, ref: Ref) -> str:
        sides = self.sides.sides if self.sides else ()
        return next((side.name for side in sides if side.ref == ref), "")

    def _hear(self, touched: frozenset[str]) -> None:
        if self.refs and not self._busy and touched & WATCHED:
            self.read()

    # -- doing -----------------------------------------------------------------------------

    def _choose(self, key: str, place: int) -> None:
        if key == KEPT:
            self._kept = self.refs[place]
        else:
            self._picks[key] = self.refs[place]
        self.read()

    @later
    async def merge(self) -> None:
        """Make them one, as shown, and offer to take that back."""
        refs, kept, sides = self.refs, self._kept, self.sides
        if kept is None or sides is None or self._busy:
            return
        others = [ref for ref in refs if ref != kept]
        self._busy = True
        try:
            numbers = await self.desk.background.write(
                merge_records.merge_all, kept, others, dict(self._picks)
            )
        except RallyError as error:
            self._busy = False
            self._lost(refs, error)
            return
        finally:
            self._busy = False
        said = f"{len(refs)} records became one: {sides.name}."
        self.desk.notices.tell(said, "ok", ("Undo", lambda: self.undo(numbers, refs)))
        self.forget()
        self.settled.emit(refs)

    @later
    async def undo(self, numbers: list[int], refs: tuple[Ref, ...]) -> None:
        """Part again what was merged in one go."""
        await self.desk.background.write(merge_records.undo_all, numbers)
        self.returned.emit(refs)
        self.desk.notices.tell("They stand by themselves again.", "ok")

    @later
    async def keep_apart(self) -> None:
        """Remember that they are not the same, and offer to forget that again."""
        refs = self.refs
        if not refs or self._busy:
            return
        await self.desk.background.write(duplicates.keep_all_apart, refs)
        said = "Remembered: these are not the same. They are not shown again."
        self.desk.notices.tell(said, "ok", ("Undo", lambda: self._let_together(refs)))
        self.forget()
        self.settled.emit(refs)

    @later
    async def _let_together(self, refs: tuple[Ref, ...]) -> None:
        await self.desk.background.write(duplicates.let_together, refs)
        self.returned.emit(refs)
        self.desk.notices.tell("Forgotten: they may be the same after all.", "ok")
