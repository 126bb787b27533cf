"""The base of the pages that list workflows of one purpose and open one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Literal

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QMenu, QStackedWidget, QVBoxLayout, QWidget

from rally_desktop.engine import cookbook
from rally_desktop.engine.recipe import Recipe
from rally_desktop.model.graph import Graph
from rally_desktop.services import workflows
from rally_desktop.services.workflows import WorkflowRow
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages import Page
from rally_desktop.ui.pages.workflow_deeds import WorkflowDeeds, word_for
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.empty_panel import EmptyPanel
from rally_desktop.ui.widgets.list_table import Column, ListTable
from rally_desktop.ui.widgets.page_head import PageHead, lay_out
from rally_desktop.ui.widgets.recipe_button import RecipeButton

if TYPE_CHECKING:
    from rally_desktop.ui.pages.workflow_editor import WorkflowEditor

STATES = {
    "draft": ("Draft", "plain"),
    "published": ("Published", "ok"),
    "paused": ("Paused", "warn"),
    "held": ("Held", "warn"),
    "finishing": ("Finishing", "accent"),
}


class WorkflowListing(Page):
    """Lists workflows and opens one; a page says of which purpose, in what, and how one begins."""

    purpose: ClassVar[Literal["workflow", "sequence"]]
    shows: ClassVar = frozenset({"workflow", "workflow_version", "run"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.editor: WorkflowEditor | None = None
        self.deeds = WorkflowDeeds(desk, self, self._show_editor)
        self.new_button = button(desk.theme, f"New {self.purpose}", "plus", "primary")
        self.open_button = button(desk.theme, "Open", "pencil-line")
        self.publish_button = button(desk.theme, "Publish", "rocket")
        self.delete_button = button(desk.theme, "Delete", "trash-2")
        self.head = PageHead(self.title)
        self.recipe_button = RecipeButton(desk.theme, self.purpose)
        self.head.add(self.open_button, self.publish_button, self.delete_button)
        self.head.add(self.recipe_button, self.new_button)
        self.table: ListTable[WorkflowRow] = ListTable(desk.theme, self.title, self.columns())
        self.empty = EmptyPanel(desk.theme)
        self._build()
        self.new_button.clicked.connect(self.begin)
        self.recipe_button.chosen.connect(self.begin_from)
        self.open_button.clicked.connect(lambda: self._with_chosen(lambda row: self.open(row.id)))
        self.publish_button.clicked.connect(lambda: self._with_chosen(self.deeds.publish_or_not))
        self.delete_button.clicked.connect(lambda: self._with_chosen(self.deeds.delete))
        self.table.opened.connect(lambda row: self.open(row.id))
        self.table.deleting.connect(self.deeds.delete)
        self.table.chosen.connect(self._offer)
        self.table.customContextMenuRequested.connect(self._menu)
        desk.background.changed.connect(self._hear)
        self.setFocusProxy(self.table)
        self._offer(None)

    # -- what a page says of itself -------------------------------------------------------------

    def columns(self) -> list[Column[WorkflowRow]]:
        """Return the columns of the list."""
        raise NotImplementedError

    def fresh(self, name: str) -> Graph:
        """Return what a new one begins as."""
        raise NotImplementedError

    def editor_of(self, number: int, at: str) -> WorkflowEditor:
        """Return the page on which one is edited."""
        raise NotImplementedError

    # -- the list ---------------------------------------------------------------------------------

    def shown(self) -> None:
        """Read the list anew."""
        self.refresh()

    def open(self, *what: object) -> None:
        """Open a workflow by its number, begin a new one, or show the list.

        ``"run"`` and a number after it show the way of that run through the workflow.
        """
        if what and what[0] == "new":
            self.begin()
        elif what and isinstance(what[0], int):
            self._show_editor(what[0])
            if self.editor is not None and len(what) > 2 and what[1] == "run":
                self.editor.views.show_run(int(str(what[2])))
            self._hand_over(what)
        else:
            self.leave_editor()

    @later
    async def _hand_over(self, what: tuple[object, ...]) -> None:
        """Let the page of its own show what is of another purpose."""
        rows = await self.desk.background.read(workflows.listed)
        purpose = next((row.purpose for row in rows if row.id == what[0]), self.purpose)
        if purpose != self.purpose:
            self.leave_editor()
            self.desk.go(f"{purpose}s", *what)

    @later
    @newest
    async def refresh(self) -> None:
        """Read the list."""
        found = await self.desk.background.read(workflows.listed)
        rows = [row for row in found if row.purpose == self.purpose]
        await self.show_rows(rows)
        published = sum(row.state == "published" for row in rows)
        self.head.line.setText(f"{len(rows)} in all, {published} published" if rows else "")
        self._lists.setCurrentWidget(self._card if rows else self.empty)
        for each in (self.open_button, self.publish_button, self.delete_button):
            each.setVisible(bool(rows))

    async def show_rows(self, rows: list[WorkflowRow]) -> None:
        """Show the rows that were read; without any the panel for none has the button."""
        self.table.show_rows(rows, lambda row: row.id)
        self.new_button.setVisible(bool(rows))

    @later
    async def begin(self) -> None:
        """Make a new one and open it."""
        taken = {row.name for row in await self.desk.background.read(workflows.listed)}
        made = self.fresh(_free(f"New {self.purpose}", taken))
        self._show_editor(await self.desk.background.write(workflows.create, made))

    @later
    async def begin_from(self, recipe: type[Recipe]) -> None:
        """Add a recipe's workflow as a draft, with its templates, and open it."""
        self._show_editor(await self.desk.background.write(cookbook.install, recipe))

    def leave_editor(self) -> None:
        """Go back to the list."""
        if self.editor is not None:
            self._stack.setCurrentWidget(self._list)
            self._stack.removeWidget(self.editor)
            self.editor.saving.over.connect(self.editor.deleteLater)
            self.editor.saving.leave()
            self.editor = None
            self.refresh()
            self.table.setFocus()

    def _show_editor(self, number: int, at: str = "") -> None:
        self.leave_editor()
        editor = self.editor_of(number, at)
        editor.closed.connect(self.leave_editor)
        self.editor = editor
        self._stack.addWidget(editor)
        self._stack.setCurrentWidget(editor)
        editor.setFocus()

    def _hear(self, touched: frozenset[str]) -> None:
        if touched & self.shows and self._list.isVisible():
            self.refresh()

    def _with_chosen(self, does: Callable[[WorkflowRow], None]) -> None:
        if (row := self.table.current()) is not None:
            does(row)

    def _offer(self, row: WorkflowRow | None) -> None:
        for each in (self.open_button, self.publish_button, self.delete_button):
            each.setEnabled(row is not None)
        words = "Publish" if row is None else word_for(row)
        self.publish_button.setText(f" {words}")
        self.publish_button.setAccessibleName(words)

    def _menu(self, where: QPoint) -> None:
        index = self.table.indexAt(where)
        if not index.isValid():
            return
        row, deeds = self.table.row(index), self.deeds
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Open", lambda: self.open(row.id))
        menu.addAction(word_for(row), lambda: deeds.publish_or_not(row))
        if row.state == "paused":
            menu.addAction("Unpublish", lambda: deeds.unpublish(row))
        menu.addAction("Show its runs", lambda: self.desk.go("runs", row.id))
        menu.addSeparator()
        menu.addAction("Duplicate", lambda: deeds.copy(row))
        menu.addAction("Delete", lambda: deeds.delete(row))
        menu.popup(self.table.viewport().mapToGlobal(where))

    def _build(self) -> None:
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._card = QFrame(objectName="card")
        self.inside = QVBoxLayout(self._card)
        self.inside.setContentsMargins(8, 4, 8, 8)
        self.inside.addWidget(self.table)
        self._lists = QStackedWidget()
        self._lists.addWidget(self._card)
        self._lists.addWidget(self.empty)
        self._list = QWidget()
        lay_out(self._list, self.head, self._lists)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._list)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)


def state_column(width: int = 190, *, brief: bool = False) -> Column[WorkflowRow]:
    """Return the column that says how a workflow stands; a brief one has the rest in its tip."""
    says = (lambda row: STATES[row.state][0]) if brief else _state
    return Column("State", says, width, pill=lambda row: STATES[row.state][1], tip=_why)


def _state(row: WorkflowRow) -> str:
    words = STATES[row.state][0]
    return f"{words} · draft differs" if row.state == "published" and row.changed else words


def _why(row: WorkflowRow) -> str:
    return row.why or ("The draft has changes that are not published." if row.changed else "")


def _free(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted} {number}", number + 1
    return name
