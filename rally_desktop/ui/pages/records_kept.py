"""What this computer remembers of a page of records: columns, their order, how it is divided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QSplitter

from rally_desktop.services.grid import USUAL_SORT
from rally_desktop.services.views import Layout
from rally_desktop.ui.preferences import Preferences
from rally_desktop.ui.widgets.grid import RecordGrid


class Kept:
    """Keeps how a page was left, and leaves it so the next time."""

    def __init__(
        self,
        preferences: Preferences,
        page: str,
        grid: RecordGrid,
        divided: Mapping[str, QSplitter],
    ) -> None:
        self._preferences, self._page, self._grid = preferences, page.lower(), grid
        self._divided = divided

    def keep(self) -> None:
        """Remember how the page is now."""
        for name, splitter in self._divided.items():
            self._put(name, splitter.sizes())

    def keep_columns(self) -> None:
        """Remember columns and order; not while a saved view is shown, which has its own."""
        query = self._grid.model.query
        self._put("columns", self._grid.columns.visible_keys())
        self._put("sort", [query.sort, query.down])

    def layout(self) -> Layout:
        """Return the columns and the order that were kept."""
        sort, down = self._get("sort") or (USUAL_SORT.get(self._grid.kind, "name"), False)
        return Layout(tuple(self._get("columns")), None, sort, bool(down))

    def recall(self) -> None:
        """Make the page what it was."""
        if columns := self._get("columns"):
            self._grid.columns.show(columns)
        if sort := self._get("sort"):
            self._grid.columns.begin_with(sort[0], down=bool(sort[1]))
        for name, splitter in self._divided.items():
            if sizes := self._get(name):
                splitter.setSizes(sizes)

    def _put(self, name: str, value: list[Any]) -> None:
        self._preferences.put(f"{self._page}.{name}", value)

    def _get(self, name: str) -> list[Any]:
        return self._preferences.get(f"{self._page}.{name}") or []
