"""The views of a page of records: a button at its head that says which one is shown, and a menu.

A view holds columns, filter and order. What is changed while it is shown stays a change until it
is saved, and the button says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import msgspec
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton

from rally_desktop.services.views import Layout, View
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.buttons import dress
from rally_desktop.ui.widgets.filter_bar import FilterBar
from rally_desktop.ui.widgets.grid import RecordGrid
from rally_desktop.ui.widgets.grid_menu import heading
from rally_desktop.ui.widgets.name_dialog import NameDialog
from rally_desktop.ui.widgets.view_store import EVERYTHING, ViewStore


class SavedViews(QToolButton):
    """Chooses, saves, renames, shares and deletes views; ``own`` is how the page is without one.

    ``own`` returns the columns and the order that this computer remembers for the page.
    """

    def __init__(
        self, desk: Desk, page: str, bar: FilterBar, grid: RecordGrid, own: Callable[[], Layout]
    ) -> None:
        super().__init__()
        self._desk, self._page, self._bar, self._grid, self._own = desk, page, bar, grid, own
        self.store = ViewStore(desk, page, self)
        self.dialog: NameDialog | None = None
        self.setProperty("chip", True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        dress(self, desk.theme, "chevron-down", "ink2")
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.clicked.connect(self.open_menu)
        bar.changed.connect(self.say)
        grid.columns.changed.connect(self.say)
        self.store.changed.connect(self.say)
        self.say()

    @property
    def view(self) -> View | None:
        """Return the view that is shown; None is everything."""
        return self.store.view

    # -- what is shown -------------------------------------------------------------------

    @later
    async def start(self) -> None:
        """Learn of everything that a view may name, then read the first rows of the one to show."""
        await self._bar.learn()
        await self._grid.columns.learn()
        self._grid.edit.learn()
        await self.store.learn()
        self.store.number = self.store.preferred
        if self.view is not None and not self._bar.text():
            self.choose(self.view)
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
        self.store.number = view.id if view else EVERYTHING
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
            shown = [view for view in self.store.known.views if view.mine is mine]
            if shown:
                menu.addSeparator()
                heading(menu, title)
            for view in shown:
                self._offer(menu, group, view.name, view)
        menu.addSeparator()
        if self.view is not None:
            self._add_deeds(menu, self.view)
        menu.addAction("Save as a new view…", self.save_as)
        first = menu.addAction("Open the page with this view", self.store.prefer)
        first.setCheckable(True)
        first.setChecked(self.store.preferred == self.store.number)
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
        action.setChecked(self.store.number == (view.id if view else EVERYTHING))
        group.addAction(action)

    def _add_deeds(self, menu: QMenu, view: View) -> None:
        changed = self.changed()
        menu.addAction("Save the changes", self.save).setEnabled(changed)
        menu.addAction("Drop the changes", lambda: self.choose(view)).setEnabled(changed)
        menu.addAction("Rename…", self.rename)
        if view.mine:
            menu.addAction("Share with everyone", lambda: self.share(everyone=True))
        elif self.store.known.personal:
            menu.addAction("Keep to myself", lambda: self.share(everyone=False))

    # -- doing ---------------------------------------------------------------------------

    @later
    async def save(self) -> None:
        """Let the view show from now on what is on screen."""
        view = self.view
        if view is not None:
            await self.store.save(view, self.layout_now())
            self._tell(f"‘{view.name}’ saved.", lambda: self._put_back(view))

    def save_as(self) -> None:
        """Ask for a name, and save what is on screen under it."""
        self._ask(
            "Save as a new view",
            "Save view",
            lambda name: self.store.add(name, self.layout_now()),
        )

    def rename(self) -> None:
        """Ask for another name."""
        view = self.view
        if view is not None:
            self._ask("Rename the view", "Rename", partial(self.store.rename, view), view.name)

    @later
    async def share(self, *, everyone: bool) -> None:
        """Let everyone see the view, or only me."""
        view = self.view
        if view is not None:
            await self.store.share(view, everyone=everyone)
            whose = "everyone’s" if everyone else "yours alone"
            self._desk.notices.tell(f"‘{view.name}’ is {whose} now.", "ok")

    @later
    async def delete(self) -> None:
        """Take the view away; what it showed stays on screen."""
        view = self.view
        if view is not None:
            gone = await self.store.delete(view)
            self._tell(f"The view ‘{view.name}’ was deleted.", lambda: self._restore(gone))

    @later
    async def _restore(self, row: Mapping[str, Any]) -> None:
        await self.store.restore(row)

    @later
    async def _put_back(self, view: View) -> None:
        await self.store.save(view, view.layout)
        self.choose(self.view)

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
