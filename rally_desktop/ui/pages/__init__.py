"""The pages of the program: one a file, found by their file, in the rail by their order."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from rally_desktop.ui.desk import Desk


class Page(QWidget):
    """Base of all pages: the file name is the page's key.

    ``order`` is the place in the rail; a page with order 0 is not in the rail and is only
    reached from another, by ``desk.go``.
    """

    title: ClassVar[str]
    icon: ClassVar[str]
    order: ClassVar[int] = 0

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.setObjectName("page")
        self.setAccessibleName(self.title)

    def shown(self) -> None:
        """Be told that the page came to the front."""

    def open(self, *what: object) -> None:
        """Show one thing on the page, such as the workflow with a number; or the page itself."""

    def scenes(self) -> Mapping[str, Callable[[], None]]:
        """Return what else the page has to show, by name, for pictures of the program."""
        return {}

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self.desk.notices.show_error(error)


def page_kinds() -> Mapping[str, type[Page]]:
    """Import every page of this package and return them by key, in the rail's order.

    A module with an underscore in its name holds a piece of a page, which imports it when it
    is needed. Raises TypeError where nothing is found: a packaged build that left its modules
    out must not start silently.
    """
    found: dict[str, type[Page]] = {}
    for info in pkgutil.iter_modules(__path__):
        if "_" in info.name:
            continue
        module = importlib.import_module(f"{__name__}.{info.name}")
        for item in vars(module).values():
            if inspect.isclass(item) and issubclass(item, Page) and item is not Page:
                if item.__module__ == module.__name__:
                    found[info.name] = item
    if not found:
        raise TypeError(f"{__name__} is empty: a packaged build left its modules out")
    return dict(sorted(found.items(), key=lambda pair: (pair[1].order or 1000, pair[0])))
