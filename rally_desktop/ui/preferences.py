"""What this computer remembers for the person at it: light or dark, the window's place, widths."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


class Preferences:
    """Named values in a small JSON file; without a path they last as long as the program."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._values = _read(path) if path else {}

    def get(self, name: str, default: Any = None) -> Any:
        """Return a value, or the default where it was never kept."""
        return self._values.get(name, default)

    def put(self, name: str, value: Any) -> None:
        """Keep a value; where the file cannot be written it lasts until the program ends."""
        if self._values.get(name) == value:
            return
        self._values[name] = value
        if self._path is not None:
            _write(self._path, self._values)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(path: Path, values: dict[str, Any]) -> None:
    beside = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps(values, indent=1), "utf-8")
        beside.replace(path)
    except OSError:
        return
