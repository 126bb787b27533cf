"""Pictures of every page in light and dark, for the demonstration and for looking at."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QApplication, QDialog, QTableView, QWidget

from rally_desktop.ui.later import busy
from rally_desktop.ui.pages import Page
from rally_desktop.ui.theme import Theme, Wish
from rally_desktop.ui.window import Window

LOOKS: tuple[Wish, ...] = ("light", "dark")
QUIET_TURNS, TURN = 6, 0.02  # how often nothing must be under way, seconds between looks
FOUND = {"finder": "an", "finder_similar": "mulelr", "finder_empty": ""}  # what is typed, by name
LONGEST = 500  # turns; a page that never comes to rest is pictured as it is


async def settled() -> None:
    """Wait until nothing is being read or drawn any more."""
    quiet = 0
    for _ in range(LONGEST):
        await asyncio.sleep(TURN)
        quiet = 0 if busy() else quiet + 1
        if quiet >= QUIET_TURNS:
            return


def save(widget: QWidget, path: Path) -> Path:
    """Write a widget as it looks now into a PNG file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not widget.grab().save(str(path)):
        raise OSError(f"The picture {path} cannot be written.")
    return path


async def of_pages(
    window: Window, theme: Theme, folder: Path, looks: Iterable[Wish] = LOOKS
) -> list[Path]:
    """Write every page, its first line chosen, and what else a page has to show."""
    made: list[Path] = []
    pictured: list[QWidget] = []
    for look in looks:
        theme.wish(look)
        for key in window.keys(hidden=True):
            window.go(key)
            await settled()
            page = window.page()
            if isinstance(page, Page):
                page.open()
                await settled()
            if _choose_first(page):
                await settled()
            made.append(save(window, folder / f"{key}_{look}.png"))
            async for name in _scenes(page):
                asked = QApplication.activeModalWidget() or _beside(window, pictured)
                made.append(save(asked or window, folder / f"{name}_{look}.png"))
                if asked is not None:
                    pictured.append(asked)
                    asked.close()
        window.go(window.keys()[0])
        for name, text in FOUND.items():
            window.finder.open(text)
            await settled()
            made.append(save(window, folder / f"{name}_{look}.png"))
        window.finder.hide()
    return made


def _beside(window: QWidget, pictured: Sequence[QWidget]) -> QWidget | None:
    """Return a window that stands beside the program's own, such as one in which one writes.

    One that was ``pictured`` before may take its time to close.
    """
    shown = (one for one in window.findChildren(QDialog) if one.isVisible())
    return next((one for one in shown if one not in pictured), None)


async def _scenes(page: QWidget | None) -> AsyncIterator[str]:
    """Set up each of a page's other scenes in turn and yield its name."""
    scenes = page.scenes() if isinstance(page, Page) else {}
    for name, set_up in scenes.items():
        set_up()
        await settled()
        yield name


def _choose_first(page: QWidget | None) -> bool:
    for table in page.findChildren(QTableView) if page else ():
        model = table.model()
        if table.isVisible() and model is not None and model.rowCount():
            table.setCurrentIndex(model.index(0, 0))
            return True
    return False
