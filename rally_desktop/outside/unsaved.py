"""Drafts that the database does not have yet, in files of this computer, until it has them.

Each page that edits has one file, written whole or not at all, and taken away once the draft is
saved. What is found there later was left by a program that ended before it could save.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec


class Unsaved(msgspec.Struct, frozen=True):
    """A draft with the page that it was typed on, and how many changes that had made."""

    page: str
    change: int
    based_on: int
    at: datetime
    document: dict[str, Any]


class UnsavedFiles:
    """The files of one workflow of one office, in a folder of this person's."""

    def __init__(self, folder: Path, office: str, workflow_id: int) -> None:
        self._folder = folder
        self._name = f"{hashlib.sha256(office.encode()).hexdigest()[:16]}-{workflow_id}"

    def write(self, draft: Unsaved) -> None:
        """Keep a draft; raise OSError where that is not possible."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(draft.page)
        fresh = path.with_suffix(".new")
        number = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(number, "wb") as file:
            file.write(msgspec.json.encode(draft))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)

    def remove(self, page: str) -> None:
        """Forget what a page had kept."""
        for suffix in (".json", ".new"):
            self._path(page).with_suffix(suffix).unlink(missing_ok=True)

    def left(self, page: str) -> list[Unsaved]:
        """Return what other pages than one have left, the newest first."""
        found = [one for one in self._all() if one.page != page]
        return sorted(found, key=lambda one: one.at, reverse=True)

    def _all(self) -> Iterator[Unsaved]:
        for path in self._folder.glob(f"{self._name}-*.json"):
            try:
                yield msgspec.json.decode(path.read_bytes(), type=Unsaved)
            except (OSError, msgspec.MsgspecError):
                continue

    def _path(self, page: str) -> Path:
        return self._folder / f"{self._name}-{page}.json"
