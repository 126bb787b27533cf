"""The page of duplicates: what looks alike on the left, side by side on the right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from rally_desktop.model.ref import Ref
from rally_desktop.services import duplicates, merge_safe
from rally_desktop.services.duplicates import KINDS, Group
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.pages import Page
from rally_desktop.ui.pages.duplicates_groups import NOUNS, Groups, Refs
from rally_desktop.ui.pages.duplicates_past import PastPanel
from rally_desktop.ui.pages.duplicates_safe import SafeDialog, said_of
from rally_desktop.ui.pages.duplicates_sides import SidesPanel
from rally_desktop.ui.pages.import_task import TaskBar
from rally_desktop.ui.widgets.beside import beside
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.empty_panel import EmptyPanel
from rally_desktop.ui.widgets.list_table import Column, ListTable
from rally_desktop.ui.widgets.page_head import PageHead, lay_out
from rally_desktop.ui.widgets.segments import Segments

WORDS = {"sure": "Sure", "likely": "Likely", "perhaps": "Perhaps", "": "Chosen"}
_TONES = {"sure": "ok", "likely": "accent", "perhaps": "warn", "": "plain"}
_VIEWS = {"found": "Found", "past": "Merged"}


class DuplicatesPage(Page):
    """Finds records that are probably one, and makes them one after a look at both."""

    title: ClassVar = "Duplicates"
    icon: ClassVar = "copy"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.groups = Groups()
        self.head = PageHead(self.title)
        self.head.lead_back(desk.theme, desk.back)
        self.kinds, self.views = Segments("What is looked through"), Segments("What is shown")
        self.look_button = button(desk.theme, "Look again", "refresh-cw")
        self.safe_button = button(desk.theme, "Merge the safe ones…", "check-check")
        self.task = TaskBar(desk, "record")
        self.table: ListTable[Group] = ListTable(desk.theme, "What looks alike", self._columns())
        self.sides = SidesPanel(desk)
        self.past = PastPanel(desk)
        self.empty = EmptyPanel(desk.theme)
        self.dialog: SafeDialog | None = None
        self._build()
        self._connect()

    def _build(self) -> None:
        for kind in KINDS:
            self.kinds.add(kind, NOUNS[kind].capitalize())
        for key, words in _VIEWS.items():
            self.views.add(key, words)
        self.kinds.choose(self.groups.kind)
        self.views.choose("found")
        self.head.add(self.kinds, self.views, self.look_button, self.safe_button)
        self._split = beside(_card(self.table, 8), _card(self.sides), (350, 810))
        self._split.setStretchFactor(0, 0)
        self._split.setStretchFactor(1, 1)
        self._layers = QStackedWidget()
        for each in (self._split, self.empty, _card(self.past)):
            self._layers.addWidget(each)
        lay_out(self, self.head, self.task, self._layers)
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        self.kinds.chosen.connect(self._take_kind)
        self.views.chosen.connect(lambda _: self._show())
        self.look_button.clicked.connect(self.look)
        self.safe_button.clicked.connect(self.preview_safe)
        self.table.chosen.connect(self._show_chosen)
        self.table.opened.connect(lambda _: self.sides.table.setFocus())
        self.sides.settled.connect(self._settled)
        self.sides.returned.connect(self._returned)
        self.past.parted.connect(lambda gone: self._returned((gone,)))
        self.empty.pressed.connect(self.look)

    def scenes(self) -> Mapping[str, Callable[[], None]]:
        """Show the merges of the past too."""

        def past() -> None:
            self.views.choose("past")
            self._show()

        return {"past": past}

    def shown(self) -> None:
        """Look through the records the first time."""
        self._show()

    def open(self, *what: object) -> None:
        """Show the duplicates of a kind; with numbers, these records side by side."""
        groups = self.groups
        groups.kind = KINDS[KINDS.index(what[0])] if what and what[0] in KINDS else groups.kind
        groups.chosen = None
        self.kinds.choose(groups.kind)
        self.views.choose("found")
        if len(what) > 1 and isinstance(what[1], Sequence):
            ids = tuple(sorted(int(number) for number in what[1]))  # the oldest first
            chosen = groups.chosen = Group(ids, (), "")
            self._show()
            self.table.choose(lambda group: group is chosen)
        elif groups.looked():
            self._show()
        else:
            self.look()

    def _take_kind(self, kind: str) -> None:
        """Look at the other kind, in the view one is in."""
        past = self.views.buttons["past"].isChecked()
        self.open(kind)
        if past:
            self.views.choose("past")
            self._show()

    # -- finding ---------------------------------------------------------------------------

    @later
    async def look(self) -> None:
        """Look through all records of the kind, in the background, until somebody says stop."""
        if self.task.running:
            return
        kind = self.groups.kind
        total = await self.desk.background.read(duplicates.how_many, kind)
        looking = self.task.wait(
            lambda store, tell, stop: store.read(duplicates.find, kind, tell, stop), total
        )
        QTimer.singleShot(0, self, self._show)
        found = await looking
        if not found.cancelled:
            self.groups.take(kind, found)
        self._show()

    # -- showing ---------------------------------------------------------------------------

    def _show(self) -> None:
        past, groups = self.views.buttons["past"].isChecked(), self.groups.left()
        self.table.show_rows(groups, lambda group: (group.ids, group.sure))
        if past:
            self.past.show_kind(self.groups.kind)
        elif not groups:
            self._say_nothing()
        elif self.table.current() is None:
            self.table.choose(lambda _: True)
        else:
            self._show_chosen(self.table.current())
        self._layers.setCurrentIndex(2 if past else 0 if groups else 1)
        self._offer()

    def _offer(self) -> None:
        safe = len(self.groups.safe())
        self.safe_button.setText(f" Merge {safe:,} safe…" if safe else " Merge the safe ones…")
        self.safe_button.setEnabled(safe > 0 and not self.task.running)
        self.look_button.setEnabled(not self.task.running)
        self.head.line.setText(self.groups.says())

    def _say_nothing(self) -> None:
        self.sides.forget()
        nouns = NOUNS[self.groups.kind]
        if self.task.running:
            says = "Addresses, numbers and names are compared. You can go on working."
            self.empty.say("search", "Looking for duplicates", says)
        elif self.groups.looked():
            says = (
                f"No two {nouns} have the same address, number, or name and company. "
                "While you add one, you are told if it is there already."
            )
            self.empty.say("circle-check", "No duplicates", says, "Look again")
        else:
            says = f"Compares the addresses, numbers and names of all {nouns}."
            self.empty.say("copy", "Look for duplicates", says, "Look now")

    def _show_chosen(self, group: Group | None) -> None:
        if group is None:
            return
        why = ", ".join(group.why)
        said = f"{WORDS[group.sure]}: {why}." if group.sure else "Chosen by you."
        self.sides.show_group(self.groups.refs(group), said)

    # -- doing -----------------------------------------------------------------------------

    def _settled(self, refs: Refs) -> None:
        """Take a group off the list, as far as it is done, and go on with the next."""
        place = self.table.currentIndex().row()
        self.groups.settle(refs)
        self._show()
        if rest := self.table.rows():
            after = rest[min(max(place, 0), len(rest) - 1)]
            self.table.choose(lambda one: one is after)

    def _returned(self, refs: Refs) -> None:
        """Put a group on the list again whose merge was undone."""
        self.groups.bring_back(refs)
        self._show()

    def preview_safe(self) -> None:
        """Show what would be merged without a second look, before it is."""
        safe = self.groups.safe()
        if not safe or self.dialog is not None:
            return
        self.dialog = SafeDialog(self.desk.theme, safe, self)
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog.accepted.connect(lambda: self.merge_safe(safe))
        self.dialog.destroyed.connect(self._closed)
        self.dialog.open()

    def _closed(self) -> None:
        self.dialog = None

    @later
    async def merge_safe(self, groups: list[Group]) -> None:
        """Merge these in the background; what was done before somebody says stop stays."""
        kind = self.groups.kind
        done = await self.task.wait(
            lambda store, tell, stop: merge_safe.run(store, kind, groups, tell, stop), len(groups)
        )
        for group in done.groups:
            self.groups.settle(tuple(Ref(kind, number) for number in group.ids))
        said = f"{len(done.groups):,} group{'s' * (len(done.groups) != 1)} merged."
        if done.left:
            said += f" {done.left:,} had changed and were left as they are."
        if done.cancelled:
            said += " Stopped before the rest."
        self.desk.notices.tell(said, "ok" if not done.left else "warn")
        self._show()

    def _columns(self) -> list[Column[Group]]:
        return [
            Column("Who", said_of, strong=True, tip=lambda group: _told(group)),
            Column("", lambda group: f"{len(group.ids)}", 44, right=True),
            Column("", lambda group: WORDS[group.sure], 98, pill=lambda group: _TONES[group.sure]),
        ]


def _told(group: Group) -> str:
    return f"{', '.join(group.names)}: {', '.join(group.why)}".replace("<", "‹")


def _card(inside: QWidget, margin: int = 0) -> QFrame:
    frame = QFrame(objectName="card")
    column = QVBoxLayout(frame)
    column.setContentsMargins(margin, margin // 2, margin, margin)
    column.addWidget(inside)
    return frame
