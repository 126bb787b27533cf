"""Marks that a computer keeps of the offices it sends for, outside their databases."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

from rally_desktop.core.errors import BadFile


class Marks:
    """A small file in this person's data folder: for each office, the marks that are its own."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, office: str) -> list[str]:
        """Return the marks kept for an office; none where this computer never sent for it."""
        return list(self._all().get(office, []))

    def write(self, office: str, marks: Iterable[str]) -> None:
        """Keep these marks for an office, and no others."""
        kept = self._all() | {office: list(marks)}
        fresh = self._path.with_name(f"{self._path.name}.new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with fresh.open("w", encoding="utf-8") as file:
                json.dump(kept, file)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._path)
        except OSError as error:
            raise BadFile(f"{self._path} cannot be written: {error.strerror}.") from error

    def _all(self) -> dict[str, list[str]]:
        try:
            return json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise BadFile(f"{self._path} cannot be read. Move it away and start again.") from error
