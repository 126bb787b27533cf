"""What one can do from the palette and by keys: functions marked ``@command``, found by file."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rally_desktop.ui.desk import Desk

Does = Callable[["Desk"], None]


@dataclass(frozen=True)
class Command:
    """One entry of the palette: words, icon, keys as Qt writes them, and what it does."""

    title: str
    icon: str
    keys: str
    run: Does


_found: dict[str, Command] = {}


def command(title: str, icon: str, keys: str = "") -> Callable[[Does], Does]:
    """Mark a function as a command; ``keys`` is a shortcut such as ``Ctrl+Shift+D``."""

    def mark(does: Does) -> Does:
        _found[f"{does.__module__}.{does.__name__}"] = Command(title, icon, keys, does)
        return does

    return mark


def commands() -> tuple[Command, ...]:
    """Import every module of this package and return its commands by title."""
    for info in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{info.name}")
    return tuple(sorted(_found.values(), key=lambda one: one.title))
