"""The workflows page: the list, and the canvas of the one that is opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QMenu, QStackedWidget, QVBoxLayout, QWidget

from rally_desktop.engine import cookbook, publishing
from rally_desktop.engine.recipe import Recipe
from rally_desktop.model.graph import Graph
from rally_desktop.services import workflows
from rally_desktop.services.workflows import WorkflowRow
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages import Page
from rally_desktop.ui.pages.workflow_inside import ask_unpublishing
from rally_desktop.ui.pages.workflow_publishing import publish
from rally_desktop.ui.pages.workflow_scenes import scenes_of
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.empty_panel import EmptyPanel
from rally_desktop.ui.widgets.list_table import Column, ListTable
from rally_desktop.ui.widgets.page_head import PageHead, lay_out
from rally_desktop.ui.widgets.recipe_button import RecipeButton
from rally_desktop.ui.widgets.relative_time import ago, exactly

if TYPE_CHECKING:
    from rally_desktop.ui.pages.workflow_editor import WorkflowEditor

SHOWS = frozenset({"workflow", "workflow_version", "run"})
STATES = {
    "draft": ("Draft", "plain"),
    "published": ("Published", "ok"),
    "paused": ("Paused", "warn"),
    "held": ("Held", "warn"),
    "finishing": ("Finishing", "accent"),
}
RECORDS = {"contact": "Contacts", "company": "Companies", "deal": "Deals"}


class WorkflowsPage(Page):
    """Lists the workflows and opens one on the canvas."""

    title: ClassVar = "Workflows"
    icon: ClassVar = "workflow"
    order: ClassVar = 20

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.editor: WorkflowEditor | None = None
        self.new_button = button(desk.theme, "New workflow", "plus", "primary")
        self.open_button = button(desk.theme, "Open", "pencil-line")
        self.publish_button = button(desk.theme, "Publish", "rocket")
        self.delete_button = button(desk.theme, "Delete", "trash-2")
        self.head = PageHead(self.title)
        self.recipe_button = RecipeButton(desk.theme)
        self.head.add(self.open_button, self.publish_button, self.delete_button)
        self.head.add(self.recipe_button, self.new_button)
        self.table: ListTable[WorkflowRow] = ListTable(desk.theme, "Workflows", self._columns())
        self.empty = EmptyPanel(desk.theme)
        self.empty.say(
            "workflow",
            "No workflows yet",
            "A workflow does what shall happen when something happens: a welcome e-mail to a new "
            "contact, a task when a deal is won. Begin with an empty one, or with a recipe above.",
            "New workflow",
        )
        self._build()
        self.new_button.clicked.connect(self.begin)
        self.recipe_button.chosen.connect(self.begin_from)
        self.empty.pressed.connect(self.begin)
        self.open_button.clicked.connect(lambda: self._with_chosen(lambda row: self.open(row.id)))
        self.publish_button.clicked.connect(lambda: self._with_chosen(self._publish_or_not))
        self.delete_button.clicked.connect(lambda: self._with_chosen(self.delete))
        self.table.opened.connect(lambda row: self.open(row.id))
        self.table.deleting.connect(self.delete)
        self.table.chosen.connect(self._offer)
        self.table.customContextMenuRequested.connect(self._menu)
        desk.background.changed.connect(self._hear)
        self.setFocusProxy(self.table)
        self._offer(None)

    def shown(self) -> None:
        """Read the list anew."""
        self.refresh()

    def open(self, *what: object) -> None:
        """Open a workflow by its number on the canvas, begin a new one, or show the list.

        ``"run"`` and a number after it show the way of that run through the workflow.
        """
        if what and what[0] == "new":
            self.begin()
        elif what and isinstance(what[0], int):
            self._show_editor(what[0])
            if self.editor is not None and len(what) > 2 and what[1] == "run":
                self.editor.views.show_run(int(str(what[2])))
        else:
            self.leave_editor()

    def scenes(self) -> Mapping[str, Callable[[], None]]:
        """Show every workflow on the canvas, and the liveliest in each view."""
        return scenes_of(self.table.rows(), self.open, lambda: self.editor)

    @later
    @newest
    async def refresh(self) -> None:
        """Read the list of workflows."""
        rows = await self.desk.background.read(workflows.listed)
        self.table.show_rows(rows, lambda row: row.id)
        published = sum(row.state == "published" for row in rows)
        self.head.line.setText(f"{len(rows)} in all, {published} published" if rows else "")
        self._lists.setCurrentWidget(self._card if rows else self.empty)
        for each in (self.open_button, self.publish_button, self.delete_button, self.new_button):
            each.setVisible(bool(rows))

    @later
    async def begin(self) -> None:
        """Make a workflow and open it on the canvas."""
        taken = {row.name for row in await self.desk.background.read(workflows.listed)}
        number = await self.desk.background.write(workflows.create, Graph(name=_fresh(taken)))
        self._show_editor(number)

    @later
    async def begin_from(self, recipe: type[Recipe]) -> None:
        """Add a recipe's workflow as a draft, with its templates, and open it on the canvas."""
        number = await self.desk.background.write(cookbook.install, recipe)
        self._show_editor(number)

    @later
    async def publish(self, row: WorkflowRow) -> None:
        """Publish the draft, or let a workflow that was paused go on; problems are told."""
        if row.state == "paused":
            await self.desk.background.write(workflows.resume, row.id)
            self.desk.notices.tell(f"‘{row.name}’ goes on.", "ok")
            return
        number = await publish(self.desk, self, row.id, lambda at: self._show_editor(row.id, at))
        if number is not None:
            self.desk.notices.tell(f"Published ‘{row.name}’ as version {number}.", "ok")

    @later
    async def unpublish(self, row: WorkflowRow) -> None:
        """Take a workflow out of service, after asking where somebody is inside."""
        way = await ask_unpublishing(self.desk, self, row.id, row.name)
        if way is None:
            return
        await self.desk.background.write(publishing.unpublish, row.id, way)
        again = ("Publish again", lambda: self.publish(row))
        self.desk.notices.tell(f"Nobody enters ‘{row.name}’ any more.", action=again)

    @later
    async def delete(self, row: WorkflowRow) -> None:
        """Put a workflow into the trash; it can be taken out again."""
        await self.desk.background.write(workflows.delete, row.id)
        undo = ("Undo", lambda: self.restore(row))
        look = ("Show in trash", lambda: self.desk.go("trash", "workflow"))
        self.desk.notices.tell(f"Deleted ‘{row.name}’.", action=undo, also=look)

    @later
    async def restore(self, row: WorkflowRow) -> None:
        """Take a workflow out of the trash."""
        await self.desk.background.write(workflows.restore, row.id)

    def leave_editor(self) -> None:
        """Go back from the canvas to the list."""
        if self.editor is not None:
            self._stack.setCurrentWidget(self._list)
            self._stack.removeWidget(self.editor)
            self.editor.saving.over.connect(self.editor.deleteLater)
            self.editor.saving.leave()
            self.editor = None
            self.refresh()
            self.table.setFocus()

    def _show_editor(self, number: int, at: str = "") -> None:
        from rally_desktop.ui.pages.workflow_editor import WorkflowEditor

        self.leave_editor()
        editor = WorkflowEditor(self.desk, number, at)
        editor.closed.connect(self.leave_editor)
        self.editor = editor
        self._stack.addWidget(editor)
        self._stack.setCurrentWidget(editor)
        editor.setFocus()

    def _hear(self, touched: frozenset[str]) -> None:
        if touched & SHOWS and self._list.isVisible():
            self.refresh()

    def _publish_or_not(self, row: WorkflowRow) -> None:
        if _in_service(row) and row.state != "paused":
            self.unpublish(row)
        else:
            self.publish(row)

    def _with_chosen(self, does: Callable[[WorkflowRow], None]) -> None:
        if (row := self.table.current()) is not None:
            does(row)

    def _offer(self, row: WorkflowRow | None) -> None:
        for each in (self.open_button, self.publish_button, self.delete_button):
            each.setEnabled(row is not None)
        words = "Publish" if row is None else _publish_or_not(row)
        self.publish_button.setText(f" {words}")
        self.publish_button.setAccessibleName(words)

    def _menu(self, where: QPoint) -> None:
        index = self.table.indexAt(where)
        if not index.isValid():
            return
        row = self.table.row(index)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Open", lambda: self.open(row.id))
        menu.addAction(_publish_or_not(row), lambda: self._publish_or_not(row))
        if row.state == "paused":
            menu.addAction("Unpublish", lambda: self.unpublish(row))
        menu.addAction("Show its runs", lambda: self.desk.go("runs", row.id))
        menu.addSeparator()
        menu.addAction("Delete", lambda: self.delete(row))
        menu.popup(self.table.viewport().mapToGlobal(where))

    def _columns(self) -> list[Column[WorkflowRow]]:
        clock = self.desk.clock
        return [
            Column("Name", lambda row: row.name, strong=True),
            Column("State", _state, 190, pill=lambda row: STATES[row.state][1], tip=_why),
            Column("Record", lambda row: RECORDS[row.record], 120),
            Column("Steps", lambda row: f"{row.steps}", 80, sort=lambda row: row.steps, right=True),
            Column(
                "Inside", lambda row: f"{row.open_runs:,}", 90,
                sort=lambda row: row.open_runs, right=True, tip=lambda row: "Open runs",
            ),
            Column(
                "Updated", lambda row: ago(row.updated_at, clock.now()), 130,
                sort=lambda row: row.updated_at, right=True,
                tip=lambda row: exactly(row.updated_at),
            ),
        ]  # fmt: skip

    def _build(self) -> None:
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._card = QFrame(objectName="card")
        inside = QVBoxLayout(self._card)
        inside.setContentsMargins(8, 4, 8, 8)
        inside.addWidget(self.table)
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


def _in_service(row: WorkflowRow) -> bool:
    return row.state in ("published", "paused")


def _publish_or_not(row: WorkflowRow) -> str:
    """Return what the button does to a workflow."""
    if row.state == "paused":
        return "Resume"
    return "Unpublish" if _in_service(row) else "Publish"


def _state(row: WorkflowRow) -> str:
    words = STATES[row.state][0]
    return f"{words} · draft differs" if row.state == "published" and row.changed else words


def _why(row: WorkflowRow) -> str:
    return row.why or ("The draft has changes that are not published." if row.changed else "")


def _fresh(taken: set[str]) -> str:
    name, number = "New workflow", 2
    while name in taken:
        name, number = f"New workflow {number}", number + 1
    return name
