"""The saved views of one page as the screen knows them, and which of them is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Concatenate, ParamSpec, TypeVar

from PySide6.QtCore import QObject, Signal

from rally_desktop.model.work import Work
from rally_desktop.services import views
from rally_desktop.services.views import Layout, View, Views
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later

P = ParamSpec("P")
T = TypeVar("T")
EVERYTHING = 0  # the number of the view that is always there


class ViewStore(QObject):
    """Reads and writes views; ``changed`` tells that they are read anew, whoever changed them."""

    changed = Signal()

    def __init__(self, desk: Desk, page: str, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._page = desk, page
        self.known = Views((), personal=False)
        self.number = EVERYTHING
        desk.background.changed.connect(self._hear)

    @property
    def view(self) -> View | None:
        """Return the view that is shown; None is everything."""
        return next((view for view in self.known.views if view.id == self.number), None)

    @property
    def preferred(self) -> int:
        """Return the number of the view that the page opens with on this computer."""
        return self._desk.preferences.get(f"{self._page}.view of records", EVERYTHING)

    def prefer(self) -> None:
        """Let the page open with the view that is shown."""
        self._desk.preferences.put(f"{self._page}.view of records", self.number)

    async def learn(self) -> None:
        """Read the views."""
        self.known = await self._desk.background.read(views.listed, self._page)
        self.changed.emit()

    async def add(self, name: str, layout: Layout) -> None:
        """Save a new view and show it."""
        self.number = await self._write(views.add, self._page, name, layout)
        await self.learn()

    async def save(self, view: View, layout: Layout) -> None:
        """Let a view show something else."""
        await self._write(views.save, view.id, layout)
        await self.learn()

    async def rename(self, view: View, name: str) -> None:
        """Give a view another name."""
        await self._write(views.rename, view.id, name)
        await self.learn()

    async def share(self, view: View, *, everyone: bool) -> None:
        """Let everyone see a view, or only me."""
        await self._write(views.share, view.id, everyone=everyone)
        await self.learn()

    async def delete(self, view: View) -> Mapping[str, Any]:
        """Take a view away; return what brings it back."""
        gone = await self._write(views.delete, view.id)
        self.number = EVERYTHING
        await self.learn()
        return gone

    async def restore(self, gone: Mapping[str, Any]) -> None:
        """Bring a view back and show it."""
        await self._write(views.restore, gone)
        self.number = int(gone["id"])
        await self.learn()

    async def _write(
        self, service: Callable[Concatenate[Work, P], T], *args: P.args, **kw: P.kwargs
    ) -> T:
        return await self._desk.background.write(service, *args, **kw)

    @later
    async def _follow(self) -> None:
        await self.learn()

    def _hear(self, touched: frozenset[str]) -> None:
        if "saved_view" in touched:
            self._follow()
