"""What can be done with things in the trash: looked at, restored, deleted for good."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from rally_desktop.engine import erasing
from rally_desktop.engine.erasing import Emptied
from rally_desktop.model.store import Store
from rally_desktop.services import entry, trash
from rally_desktop.services.trash import Item, Restored, Taken
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.pages.import_task import Asked, TaskBar, Tell
from rally_desktop.ui.pages.person_dialog import PersonDialog
from rally_desktop.ui.widgets.ask import ask, choose
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.list_table import ListTable
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.related_list import PAGES

WITHOUT, INTO = "Restore without the address", "Merge the two"
Pages = Callable[[Store], Iterable[Sequence[tuple[str, int]]]]
FOR_GOOD = (
    "Timeline, notes, messages and tasks go with it; deals and people that belong to it stay. This "
    "cannot be undone. Backups still hold it."
)


class TrashDeeds(QWidget):
    """The buttons above the list, for what is selected in it; ``asked`` is what narrows it.

    ``done`` is heard when something was done.
    """

    done = Signal()

    def __init__(
        self,
        desk: Desk,
        table: ListTable[Item],
        task: TaskBar,
        asked: Callable[[], Mapping[str, Any]],
    ) -> None:
        super().__init__()
        self._desk, self._table, self._task, self._asked = desk, table, task, asked
        self._count, self._all_meant = 0, False
        self.words = PlainLabel("", "strong")
        self.all_button = button(desk.theme, "", kind="link")
        self.restore_button = button(desk.theme, "Restore", "undo-2")
        self.delete_button = button(desk.theme, "Delete for good…", "trash-2", "danger")
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 6, 4, 6)
        row.setSpacing(8)
        row.addWidget(self.words)
        row.addWidget(self.all_button)
        row.addStretch(1)
        row.addWidget(self.restore_button)
        row.addWidget(self.delete_button)
        self.all_button.clicked.connect(self._mean_all)
        self.restore_button.clicked.connect(lambda: self.restore())
        self.delete_button.clicked.connect(lambda: self.delete())
        table.picked.connect(lambda: self.offer(self._count))
        table.opened.connect(lambda _: self.restore())
        table.deleting.connect(lambda _: self.delete())
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(self._open_menu)
        self.offer(0)

    def offer(self, count: int, *, all_meant: bool = False) -> None:
        """Offer what can be done to what is selected, of so many things that match in all."""
        some, self._count, self._all_meant = len(self._table.selected()), count, all_meant
        chosen = f"{count if all_meant else some:,} selected"
        self.words.setText(chosen if some else "Nothing selected")
        self.all_button.setVisible(some > 1 and count > some and not all_meant)
        self.all_button.setText(f"Select all {count:,}")
        for each in (self.restore_button, self.delete_button):
            each.setEnabled(some > 0)

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self._desk.notices.show_error(error)

    # -- restoring -------------------------------------------------------------------------

    @later
    async def restore(self) -> None:
        """Restore what is selected; of one alone it is said where it is now."""
        rows = self._table.selected()
        if self._all_meant or len(rows) > 1:
            await self._restore_many(rows)
        elif rows:
            await self._restore_one(rows[0])
        self.done.emit()

    async def _restore_one(self, row: Item) -> None:
        write = self._desk.background.write
        try:
            await write(trash.restore, row.kind, row.id)
        except Taken as taken:
            answer = await self._ask_taken(row, taken)
            if answer is None:
                return
            if answer == INTO:
                await write(trash.restore_into, row.id, taken.other)
            else:
                await write(trash.restore_without_address, row.id)
        await self._say_where(row)

    async def _ask_taken(self, row: Item, taken: Taken) -> str | None:
        question = f"{taken.name} has the address {taken.address} by now"
        says = (
            f"Only one contact can have it. Merge {row.name} into {taken.name} if they are the "
            "same person; the merge can be undone."
        )
        return await choose(self, question, says, (INTO, WITHOUT))

    async def _say_where(self, row: Item) -> None:
        """Say where a thing is now, and offer to open it, or the record that it is about."""
        ref, there, way = row.ref, False, None
        if ref is not None and (there := await self._desk.background.read(entry.exists, ref)):
            way = ("Open", partial(self._desk.go, PAGES[ref.kind], ref))
        elif row.kind == "workflow":
            way = ("Open", partial(self._desk.go, "workflows", row.id))
        if row.kind in trash.WRITTEN:
            said = (
                f"The {row.kind} is back on {row.about}{'' if there else ', who is in the trash'}."
            )
        else:
            page = PAGES.get(row.kind) or f"{row.kind}s"
            said = f"{row.name} is back in {page.capitalize()}."
        self._desk.notices.tell(said, "ok", way)

    async def _restore_many(self, rows: Sequence[Item]) -> None:
        pages = self._pages(rows)

        def work(store: Store, tell: Tell, stop: Asked) -> Restored:
            whole = Restored()
            for some in pages(store):
                if stop():
                    break
                whole.add(
                    store.write_patiently(lambda work, some=some: trash.restore_many(work, some))
                )
                tell(len(whole.refs) + whole.left.total())
            return whole

        found = await self._task.wait(work, self._wanted(rows))
        many = f"{len(found.refs):,} restored."
        for why, _ in found.left.most_common(1):
            stay = f"{found.left.total():,} stay in the trash: {why}"
            self._desk.notices.tell(f"{many} {stay}", "warn")
            return
        self._desk.notices.tell(many, "ok")

    # -- deleting --------------------------------------------------------------------------

    @later
    async def delete(self) -> None:
        """Delete what is selected for good, once somebody said so twice."""
        rows = self._table.selected()
        if not rows:
            return
        count = self._wanted(rows)
        name = f"‘{rows[0].name}’" if count == 1 else f"{count:,} things"
        if await ask(self, f"Delete {name} for good?", FOR_GOOD, "Delete for good"):
            await self._empty(self._pages(rows), count)

    @later
    async def empty(self, days: int) -> None:
        """Empty the trash, or delete what has lain in it for so many days; asked for before."""
        before = self._desk.clock.now() - timedelta(days=days)
        count = await self._desk.background.read(trash.count_before, before)
        if not count:
            self._desk.notices.tell("There is nothing to delete.")
            return
        what = f"{count:,} thing{'s' * (count != 1)}"
        question = f"Delete {what} for good?" if days else f"Empty the trash of {what}?"
        if await ask(self, question, FOR_GOOD, "Delete for good"):
            await self._empty(lambda store: trash.pages_before(store, before), count)

    async def _empty(self, pages: Pages, count: int) -> None:
        def work(store: Store, tell: Tell, stop: Asked) -> Emptied:
            whole = Emptied()
            for some in pages(store):
                if stop():
                    whole.called_off = True
                    break
                done = erasing.empty(store, sorted(some), stopped=stop)
                whole.gone, whole.left = whole.gone + done.gone, whole.left + done.left
                tell(whole.gone + whole.left)
            return whole

        found = await self._task.wait(work, count)
        said = f"{found.gone:,} deleted for good."
        if found.left:
            said += f" {found.left:,} could not go yet: a message is on its way to somebody."
        self._desk.notices.tell(said, "warn" if found.left or found.called_off else "ok")
        self.done.emit()

    def open_data(self, row: Item) -> None:
        """Open what can be done with the data of a person in the trash."""
        if row.ref is not None:
            PersonDialog(self._desk, row.ref, self.window()).open()

    # -- parts -----------------------------------------------------------------------------

    def _wanted(self, rows: Sequence[Item]) -> int:
        return self._count if self._all_meant else len(rows)

    def _pages(self, rows: Sequence[Item]) -> Pages:
        """Return what is meant, a page at a time."""
        if self._all_meant:
            asked = self._asked()
            return lambda store: trash.pages(store, **asked)
        found = [(row.kind, row.id) for row in rows]
        starts = range(0, len(found), trash.PAGE)
        return lambda store: (found[start : start + trash.PAGE] for start in starts)

    def _mean_all(self) -> None:
        self.offer(self._count, all_meant=True)

    def _open_menu(self, where: QPoint) -> None:
        rows = self._table.selected()
        if not rows:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Restore", lambda: self.restore())
        if len(rows) == 1 and rows[0].kind in trash.WRITTEN and rows[0].ref is not None:
            ref = rows[0].ref
            menu.addAction(f"Show {rows[0].about}", lambda: self._desk.go(PAGES[ref.kind], ref))
        menu.addSeparator()
        menu.addAction("Delete for good…", lambda: self.delete())
        if len(rows) == 1 and rows[0].kind == "contact":
            menu.addAction("This person’s data…", lambda: self.open_data(rows[0]))
        menu.popup(self._table.viewport().mapToGlobal(where))
