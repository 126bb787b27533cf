"""The pages of the program: one a file, found by their file, in the rail by their order."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True)
class PageKind:
    """What the rail shows of a page. Its module is imported once the page itself is wanted."""

    key: str
    title: str
    icon: str
    order: int = 0

    def load(self) -> type[Page]:
        """Import the page."""
        return _page_in(self.key)

    def __call__(self, desk: Desk) -> Page:
        """Make the page."""
        return self.load()(desk)


# What each page says of itself, known before it is imported: that takes longer than all the rest
# of a start. A page that is not here is imported to be asked.
_KNOWN = (
    PageKind("audit", "Audit log", "scroll-text"),
    PageKind("companies", "Companies", "building-2", 3),
    PageKind("contacts", "Contacts", "users", 2),
    PageKind("deals", "Deals", "handshake", 4),
    PageKind("duplicates", "Duplicates", "copy"),
    PageKind("runs", "Runs", "history", 30),
    PageKind("sequences", "Sequences", "send", 25),
    PageKind("settings", "Settings", "settings", 90),
    PageKind("tasks", "Tasks", "square-check"),
    PageKind("templates", "Templates", "layout-template", 40),
    PageKind("today", "Today", "sun", 1),
    PageKind("trash", "Trash", "trash-2"),
    PageKind("workflows", "Workflows", "workflow", 20),
)


def page_kinds() -> Mapping[str, PageKind]:
    """Find every page of this package and return them by key, in the rail's order.

    A module with an underscore in its name holds a piece of a page, which imports it when it
    is needed. Raises TypeError where nothing is found: a packaged build that left its modules
    out must not start silently.
    """
    known = {kind.key: kind for kind in _KNOWN}
    keys = [info.name for info in pkgutil.iter_modules(__path__) if "_" not in info.name]
    if not keys:
        raise TypeError(f"{__name__} is empty: a packaged build left its modules out")
    found = [known.get(key) or asked(key) for key in keys]
    return {kind.key: kind for kind in sorted(found, key=lambda one: (one.order or 1000, one.key))}


def asked(key: str) -> PageKind:
    """Import a page and return what it says of itself."""
    page = _page_in(key)
    return PageKind(key, page.title, page.icon, page.order)


def _page_in(key: str) -> type[Page]:
    module = importlib.import_module(f"{__name__}.{key}")
    for item in vars(module).values():
        if inspect.isclass(item) and issubclass(item, Page) and item.__module__ == module.__name__:
            return item
    raise TypeError(f"{module.__name__} has no page")
