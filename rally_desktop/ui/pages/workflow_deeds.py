"""What is done with a workflow from the list it is in: publish, unpublish, delete, restore."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from rally_desktop.engine import publishing
from rally_desktop.services import workflows
from rally_desktop.services.workflows import WorkflowRow
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.pages.workflow_inside import ask_unpublishing
from rally_desktop.ui.pages.workflow_publishing import publish


class WorkflowDeeds(QObject):
    """Does it, and tells of it; ``show`` opens a workflow at a step that has a problem."""

    def __init__(self, desk: Desk, page: QWidget, show: Callable[[int, str], None]) -> None:
        super().__init__(page)
        self._desk, self._page, self._show = desk, page, show

    def publish_or_not(self, row: WorkflowRow) -> None:
        """Publish a workflow, let it go on, or take it out of service, whichever is its turn."""
        if row.state == "published":
            self.unpublish(row)
        else:
            self.publish(row)

    @later
    async def publish(self, row: WorkflowRow) -> None:
        """Publish the draft, or let a workflow that was paused go on; problems are told."""
        tell = self._desk.notices.tell
        if row.state == "paused":
            await self._desk.background.write(workflows.resume, row.id)
            tell(f"‘{row.name}’ goes on.", "ok")
            return
        number = await publish(self._desk, self._page, row.id, lambda at: self._show(row.id, at))
        if number is not None:
            tell(f"Published ‘{row.name}’ as version {number}.", "ok")

    @later
    async def unpublish(self, row: WorkflowRow) -> None:
        """Take a workflow out of service, after asking where somebody is inside."""
        way = await ask_unpublishing(self._desk, self._page, row.id, row.name)
        if way is None:
            return
        await self._desk.background.write(publishing.unpublish, row.id, way)
        again = ("Publish again", lambda: self.publish(row))
        self._desk.notices.tell(f"Nobody enters ‘{row.name}’ any more.", action=again)

    @later
    async def copy(self, row: WorkflowRow) -> None:
        """Make a draft with the same steps, and open it."""
        number = await self._desk.background.write(workflows.copy, row.id)
        self._show(number, "")
        self._desk.notices.tell("This is the copy. Nobody enters it until it is published.", "ok")

    @later
    async def delete(self, row: WorkflowRow) -> None:
        """Put a workflow into the trash; it can be taken out again."""
        await self._desk.background.write(workflows.delete, row.id)
        undo = ("Undo", lambda: self.restore(row))
        look = ("Show in trash", lambda: self._desk.go("trash", "workflow"))
        self._desk.notices.tell(f"Deleted ‘{row.name}’.", action=undo, also=look)

    @later
    async def restore(self, row: WorkflowRow) -> None:
        """Take a workflow out of the trash."""
        await self._desk.background.write(workflows.restore, row.id)


def word_for(row: WorkflowRow) -> str:
    """Return what ``publish_or_not`` does to a workflow."""
    return {"paused": "Resume", "published": "Unpublish"}.get(row.state, "Publish")
