"""The views of a page of records: a button at its head that says which one is shown, and a menu.

A view holds columns, filter and order. What is changed while it is shown stays a change until it
is saved, and the button says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton

from rally_desktop.services import views
from rally_desktop.services.views import Layout, View, Views
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.buttons import dress
from rally_desktop.ui.widgets.filter_bar import FilterBar
from rally_desktop.ui.widgets.grid import RecordGrid
from rally_desktop.ui.widgets.grid_menu import heading
from rally_desktop.ui.widgets.name_dialog import NameDialog

EVERYTHING = 0  # the number of the view that is always there


class SavedViews(QToolButton):
    """Chooses, saves, renames, shares and deletes views; ``own`` is how the page is without one.

    ``own`` returns the columns and the order that this computer remembers for the page.
    """

    def __init__(
        self, desk: Desk, page: str, bar: FilterBar, grid: RecordGrid, own: Callable[[], Layout]
    ) -> None:
        super().__init__()
        self._desk, self._page, self._bar, self._grid, self._own = desk, page, bar, grid, own
        self._known = Views((), personal=False)
        self.view: View | None = None
        self.dialog: NameDialog | None = None
        self.setProperty("chip", True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        dress(self, desk.theme, "chevron-down", "ink2")
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.clicked.connect(self.open_menu)
        bar.changed.connect(self.say)
        grid.columns.changed.connect(self.say)
        desk.background.changed.connect(self._hear)
        self.say()

    # -- what is shown -------------------------------------------------------------------

    @later
    async def start(self) -> None:
        """Learn of everything that a view may name, then read the first rows of the one to show."""
        await self._bar.learn()
        await self._grid.columns.learn()
        self._grid.edit.learn()
        self._known = await self._desk.background.read(views.listed, self._page)
        wanted = self._desk.preferences.get(self._preferred, EVERYTHING)
        found = next((view for view in self._known.views if view.id == wanted), None)
        if found is not None:
            self.choose(found)
        else:
            self._grid.model.reload()

    def layout_now(self) -> Layout:
        """Return the columns, the filter and the order as they are on screen."""
        query = self._grid.model.query
        keys = tuple(self._grid.columns.visible_keys())
        return Layout(keys, self._bar.filter(), query.sort, query.down)

    def changed(self) -> bool:
        """Say whether the screen shows something else than the view that was chosen."""
        if self.view is None:
            return False
        wanted = self.view.layout
        keys = self._grid.columns.still_there(wanted.columns)
        return _plain(msgspec.structs.replace(wanted, columns=keys)) != _plain(self.layout_now())

    def choose(self, view: View | None) -> None:
        """Show a view; None is everything, in the columns this computer remembers."""
        self.view = view
        wanted = self._own() if view is None else view.layout
        self._grid.columns.show(wanted.columns or self._grid.columns.usual_keys())
        self._grid.columns.begin_with(wanted.sort, down=wanted.down)
        self._bar.fill(wanted.filter)
        self.say()

    def say(self) -> None:
        """Say on the button which view is shown, and whether it was changed."""
        changed = self.changed()
        name = self.view.name if self.view else f"All {self._page}"
        self.setText(f"{name} · changed" if changed else name)
        self.setToolTip("Saved views: columns, filter and order")
        self.setAccessibleName(f"View: {self.text()}")
        if self.property("active") != changed:
            self.setProperty("active", changed)
            self.style().unpolish(self)
            self.style().polish(self)

    # -- the menu ------------------------------------------------------------------------

    def menu_now(self) -> QMenu:
        """Return the menu: the views, then what can be done with the one that is shown."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        group = QActionGroup(menu)
        self._offer(menu, group, f"All {self._page}", None)
        for title, mine in (("Everyone’s", False), ("Mine", True)):
            shown = [view for view in self._known.views if view.mine is mine]
            if shown:
                menu.addSeparator()
                heading(menu, title)
            for view in shown:
                self._offer(menu, group, view.name, view)
        menu.addSeparator()
        if self.view is not None:
            self._add_deeds(menu, self.view)
        menu.addAction("Save as a new view…", self.save_as)
        first = menu.addAction("Open the page with this view", self._prefer)
        first.setCheckable(True)
        first.setChecked(self._desk.preferences.get(self._preferred, EVERYTHING) == self._number)
        if self.view is not None:
            menu.addSeparator()
            menu.addAction("Delete this view", self.delete)
        return menu

    def open_menu(self) -> None:
        """Show the menu below the button."""
        self.menu_now().popup(self.mapToGlobal(QPoint(0, self.height() + 4)))

    def _offer(self, menu: QMenu, group: QActionGroup, name: str, view: View | None) -> None:
        action: QAction = menu.addAction(name.replace("&", "&&"), lambda: self.choose(view))
        action.setCheckable(True)
        action.setChecked(self._number == (view.id if view else EVERYTHING))
        group.addAction(action)

    def _add_deeds(self, menu: QMenu, view: View) -> None:
        changed = self.changed()
        menu.addAction("Save the changes", self.save).setEnabled(changed)
        menu.addAction("Drop the changes", lambda: self.choose(view)).setEnabled(changed)
        menu.addAction("Rename…", self.rename)
        if view.mine:
            menu.addAction("Share with everyone", lambda: self.share(everyone=True))
        elif self._known.personal:
            menu.addAction("Keep to myself", lambda: self.share(everyone=False))

    # -- doing ---------------------------------------------------------------------------

    @later
    async def save(self) -> None:
        """Let the view show from now on what is on screen."""
        if self.view is not None:
            before, now = self.view, self.layout_now()
            await self._desk.background.write(views.save, before.id, now)
            await self._read(before.id)
            self._tell(f"‘{before.name}’ saved.", lambda: self._put_back(before))

    def save_as(self) -> None:
        """Ask for a name, and save what is on screen under it."""

        async def take(name: str) -> None:
            number = await self._desk.background.write(
                views.add, self._page, name, self.layout_now()
            )
            await self._read(number)

        self._ask("Save as a new view", "Save view", take)

    def rename(self) -> None:
        """Ask for another name."""
        view = self.view
        if view is None:
            return

        async def take(name: str) -> None:
            await self._desk.background.write(views.rename, view.id, name)
            await self._read(view.id)

        self._ask("Rename the view", "Rename", take, view.name)

    @later
    async def share(self, *, everyone: bool) -> None:
        """Let everyone see the view, or only me."""
        if self.view is not None:
            view = self.view
            await self._desk.background.write(views.share, view.id, everyone=everyone)
            await self._read(view.id)
            whose = "everyone’s" if everyone else "yours alone"
            self._desk.notices.tell(f"‘{view.name}’ is {whose} now.", "ok")

    @later
    async def delete(self) -> None:
        """Take the view away; what it showed stays on screen."""
        if self.view is not None:
            view, self.view = self.view, None
            gone = await self._desk.background.write(views.delete, view.id)
            await self._read(EVERYTHING)
            self._tell(f"The view ‘{view.name}’ was deleted.", lambda: self._restore(gone))

    @later
    async def _restore(self, row: Mapping[str, Any]) -> None:
        await self._desk.background.write(views.restore, row)
        await self._read(int(row["id"]))

    @later
    async def _put_back(self, view: View) -> None:
        await self._desk.background.write(views.save, view.id, view.layout)
        await self._read(view.id)
        self.choose(self.view)

    # -- following -----------------------------------------------------------------------

    @property
    def _number(self) -> int:
        return self.view.id if self.view else EVERYTHING

    @property
    def _preferred(self) -> str:
        return f"{self._page}.view of records"

    def _prefer(self) -> None:
        self._desk.preferences.put(self._preferred, self._number)

    async def _read(self, number: int) -> None:
        """Read the views; the one with a number is the one that is shown."""
        self._known = await self._desk.background.read(views.listed, self._page)
        self.view = next((view for view in self._known.views if view.id == number), None)
        self.say()

    @later
    async def _follow(self) -> None:
        await self._read(self._number)

    def _hear(self, touched: frozenset[str]) -> None:
        if "saved_view" in touched:
            self._follow()

    def _tell(self, text: str, undo: Callable[[], None]) -> None:
        self._desk.notices.tell(text, "plain", ("Undo", undo))

    def _ask(self, title: str, does: str, take: Any, name: str = "") -> None:
        self.dialog = NameDialog(self._desk.theme, self, title, does, take)
        self.dialog.ask(name)


def _plain(layout: Layout) -> Layout:
    """Return a layout in which the order of the values of a condition does not count."""
    return msgspec.structs.replace(layout, filter=_sorted(layout.filter))


def _sorted(part: Any) -> Any:
    if isinstance(part, dict):
        return {name: _sorted(value) for name, value in part.items()}
    if isinstance(part, list):
        made = [_sorted(value) for value in part]
        return sorted(made) if all(isinstance(value, str) for value in made) else made
    return part
