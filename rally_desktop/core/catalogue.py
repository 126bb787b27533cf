"""Finding things by the file they live in: one file, one class, one key."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Mapping
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")


def discover(package: ModuleType, base: type[T]) -> Mapping[str, type[T]]:
    """Import every module of a package and return its one public class, by module name.

    Raises TypeError where a module defines none or several, and where the package is empty:
    a packaged build that left its modules out must not start silently.
    """
    found: dict[str, type[T]] = {}
    for info in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        classes = [
            item
            for item in vars(module).values()
            if inspect.isclass(item)
            and issubclass(item, base)
            and item.__module__ == module.__name__
            and not item.__name__.startswith("_")
        ]
        if len(classes) != 1:
            raise TypeError(
                f"{module.__name__} must define one {base.__name__}, not {len(classes)}"
            )
        found[info.name] = classes[0]
    if not found:
        raise TypeError(f"{package.__name__} is empty: a packaged build left its modules out")
    return found
