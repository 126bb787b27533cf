"""A page of records: the grid with its filter bar, and beside it the record one looks at."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.services import entry
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.pages import Page
from rally_desktop.ui.pages.card_menu import CardMenu
from rally_desktop.ui.pages.records_head import RecordsHead
from rally_desktop.ui.pages.records_kept import Kept
from rally_desktop.ui.pages.timeline_pane import TimelinePane
from rally_desktop.ui.pages.transfer_buttons import TransferButtons
from rally_desktop.ui.widgets.bulk_bar import BulkBar
from rally_desktop.ui.widgets.bulk_deeds import BulkDeeds, counted
from rally_desktop.ui.widgets.bulk_work import BulkWork
from rally_desktop.ui.widgets.empty_panel import EmptyPanel
from rally_desktop.ui.widgets.filter_bar import FilterBar
from rally_desktop.ui.widgets.grid import RecordGrid
from rally_desktop.ui.widgets.grid_menu import MERGED, GridMenu
from rally_desktop.ui.widgets.more_button import MoreButton
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.record_card import RecordCard
from rally_desktop.ui.widgets.record_dialog import RecordDialog
from rally_desktop.ui.widgets.related_list import PAGES
from rally_desktop.ui.widgets.saved_views import SavedViews


class RecordsPage(Page):
    """Lists the records of one kind and shows the chosen one whole."""

    kind: ClassVar[RecordKind]
    dialog_kind: ClassVar[type[RecordDialog]]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._started = False
        self.dialog: RecordDialog | None = None
        self._line: tuple[Any, ...] | None = None
        self.count = PlainLabel()
        self.count.set_tone("quiet")
        self.new_button = QPushButton(f"New {self.kind}")
        self.new_button.setProperty("kind", "primary")
        self.new_button.setToolTip(f"New {self.kind} (Ctrl+N)")
        self.bar = FilterBar(desk, self.kind)
        self.grid = RecordGrid(desk, self.kind)
        self.transfer = TransferButtons(self, self.grid, self.bar)
        self.more = MoreButton(desk.theme)
        if self.kind in MERGED:
            self.more.offer("Find duplicates", "copy", lambda: desk.go("duplicates", self.kind))
        self.more.offer("Show the trash", "trash-2", lambda: desk.go("trash", self.kind))
        self.grid.table.setAccessibleName(self.title)
        self.work = BulkWork(desk, self.kind, self.grid.history, self)
        self.deeds = BulkDeeds(desk, self.grid, self.work)
        self.bulk_bar = BulkBar(desk, self.grid, self.deeds, self.work)
        self.grid_menu = GridMenu(self.grid, self.deeds)
        self.card = RecordCard(desk)
        self.card.edits.history = self.grid.history
        self.timeline = TimelinePane(desk)
        self.nobody = EmptyPanel(desk.theme)
        none = "Nobody" if self.kind == "contact" else "Nothing"
        says = f"Choose a {self.kind} to see its card here."
        self.nobody.say(self.icon, f"{none} is chosen", says)
        self._side = QStackedWidget()
        self._sides = QSplitter(Qt.Orientation.Horizontal)
        self._halves = QSplitter(Qt.Orientation.Vertical)
        divided = {"sides": self._sides, "card": self._halves}
        self._kept = Kept(desk.preferences, self.title, self.grid, divided)
        self._kept.recall()
        own = self._kept.layout
        self.saved_views = SavedViews(desk, self.title.lower(), self.bar, self.grid, own)
        self._lay_out()
        self._add_card_buttons()
        self._connect()

    def shown(self) -> None:
        """Read the first time; afterwards the page follows by itself."""
        if not self._started:
            self._started = True
            self.saved_views.start()
        self.grid.table.setFocus()

    def open(self, *what: object) -> None:
        """Show one record, by its Ref or its number; ask for a new one; or the page as it is.

        After a Ref comes the line of its timeline to show, None for the newest, or what is to be
        written there; after ``search`` a text to look for, after ``filter`` a filter. ``enrol``
        asks in what the chosen ones are to be enrolled.
        """
        if not what:
            return
        if what[0] == "search":
            self.bar.fill(None, str(what[1]))
            return
        if what[0] == "filter" and isinstance(what[1], dict):
            self.bar.fill(what[1])
            return
        if what[0] == "enrol":
            self.deeds.enrol()
            return
        if isinstance(what[0], dict):
            self.new_record(what[0])
            return
        number = what[0].id if isinstance(what[0], Ref) else int(str(what[0]))
        self._line = what[:2] if len(what) > 1 else None
        self.grid.pick(number)
        self._point(self.card.ref)

    # -- layout --------------------------------------------------------------------------

    def listing(self) -> QWidget:
        """Return what the records are listed in."""
        return self.grid

    def head_parts(self) -> QWidget:
        """Return what stands in the head beside the button for a new record."""
        return QWidget()

    def _lay_out(self) -> None:
        top = RecordsHead(self.count, self.transfer)
        head = top.row
        head.addWidget(PlainLabel(self.title, role="heading"))
        head.addWidget(self.saved_views)
        head.addWidget(self.count)
        head.addStretch(1)
        head.addWidget(self.head_parts())
        head.addWidget(self.transfer)
        head.addWidget(self.more)
        head.addWidget(self.new_button)
        frame = _surface(self.listing(), self.bulk_bar)
        self._halves.addWidget(self.card)
        self._halves.addWidget(self.timeline)
        self._halves.setStretchFactor(0, 5)
        self._halves.setStretchFactor(1, 6)
        self._halves.setChildrenCollapsible(False)
        self._side.addWidget(self.nobody)
        self._side.addWidget(self._halves)
        self._sides.addWidget(frame)
        self._sides.addWidget(_surface(self._side))
        self._sides.setStretchFactor(0, 1)
        self._sides.setHandleWidth(12)
        self._sides.setChildrenCollapsible(False)
        self._sides.setObjectName("apart")
        self._sides.setStyleSheet("QSplitter#apart::handle { background: transparent; }")
        self._side.setMinimumWidth(340)
        self._sides.setSizes([820, 420])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(top)
        layout.addWidget(self.bar)
        layout.addWidget(self._sides, 1)

    def _add_card_buttons(self) -> None:
        edit = self.card.add_button("pencil", "Edit (F2)")
        edit.clicked.connect(lambda: self.card.edit())
        delete = self.card.add_button("trash-2", f"Delete this {self.kind}")
        delete.clicked.connect(
            lambda: self.card.ref and self._delete(array("q", [self.card.ref.id]))
        )
        self.card_menu = CardMenu(self.card, self.kind)
        self.card_menu.enrol_wanted.connect(lambda ref: self.deeds.enrol(array("q", [ref.id])))

    def _connect(self) -> None:
        self.bar.changed.connect(self._ask)
        self.bar.left.connect(self.grid.table.setFocus)
        self.grid.counted.connect(self._say_count)
        self.grid.picked.connect(self._show)
        self.grid.lost.connect(self._look_again)
        self.grid.opened.connect(lambda _: self.card.focus_first())
        self.grid.edit_wanted.connect(self._edit)
        self.grid.delete_wanted.connect(self._delete)
        self.grid.typed.connect(self.bar.type)
        self.grid.create_wanted.connect(self.new_record)
        self.grid.clear_wanted.connect(self.bar.clear)
        self.grid.missed.connect(self._say_hidden)
        self.new_button.clicked.connect(lambda: self.new_record())
        _on(self, "Ctrl+N", self.new_record)
        self.card.related.add_wanted.connect(self._add_related)
        self.grid.columns.changed.connect(self._keep_columns)
        self._sides.splitterMoved.connect(lambda *_: self._kept.keep())
        self._halves.splitterMoved.connect(lambda *_: self._kept.keep())

    # -- following -----------------------------------------------------------------------

    def _keep_columns(self) -> None:
        if self.saved_views.view is None:
            self._kept.keep_columns()

    def _ask(self) -> None:
        self.grid.ask(self.bar.filter(), self.bar.text())

    def _say_count(self, count: int) -> None:
        narrowed = self.bar.filter() is not None or bool(self.bar.text())
        noun = "match" if narrowed else self.kind
        self.count.setText(counted(count, noun))

    def _show(self, ref: Ref | None) -> None:
        self._side.setCurrentWidget(self._halves if ref else self.nobody)
        self.card.show_ref(ref)
        self.timeline.show_ref(ref)
        self._point(ref)

    def _point(self, ref: Ref | None) -> None:
        """Show the line, or the form, that somebody came for, once its record is shown."""
        if ref is None or self._line is None or self._line[0] != ref:
            return
        number, self._line = self._line[1], None
        if isinstance(number, int):
            self.timeline.show_line(ref, number)
        elif isinstance(number, str):
            self.timeline.composer.write(number)
        else:
            self.timeline.view.setFocus()

    @later
    async def _look_again(self, ref: Ref) -> None:
        """Keep the card of a record that an edit took out of the filter, unless it is gone."""
        if not await self.desk.background.read(entry.exists, ref) and ref == self.card.ref:
            self._show(None)

    def _edit(self, ref: Ref) -> None:
        self._show(ref)
        self.card.edit()

    def _say_hidden(self, number: int) -> None:
        if self.bar.filter() is None and not self.bar.text():
            self.desk.notices.tell(f"That {self.kind} does not exist any more.", "warn")
            return

        def show() -> None:
            self.bar.clear()
            self.grid.pick(number)

        self.desk.notices.tell(f"The filter hides that {self.kind}.", "plain", ("Show it", show))

    # -- doing ---------------------------------------------------------------------------

    def new_record(self, values: Mapping[str, Any] | None = None) -> None:
        """Ask for a new record, with some values filled in."""
        if self.dialog is not None:
            return
        self.dialog = self.dialog_kind(self.desk, self)
        self.dialog.saved.connect(self.open)
        self.dialog.known.connect(self.open)
        self.dialog.finished.connect(self._dialog_done)
        self.dialog.start(values)

    def _add_related(self, kind: str) -> None:
        """Ask for a record that belongs to the one on the card."""
        card = self.card.card
        if card is not None:
            named = {self.kind: entry.label(card)}
            self.desk.go(PAGES[kind], named)

    def _dialog_done(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None
        self.grid.table.setFocus()

    def _delete(self, numbers: array[int]) -> None:
        self.deeds.delete(numbers, self.card.name.whole() if len(numbers) == 1 else "")


def _on(page: QWidget, keys: str, does: Callable[[], object]) -> None:
    QShortcut(QKeySequence(keys), page).activated.connect(does)


def _surface(*inside: QWidget) -> QFrame:
    frame = QFrame()
    frame.setObjectName("card")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(1, 1, 1, 1)
    layout.setSpacing(0)
    for each in inside:
        layout.addWidget(each)
    return frame
