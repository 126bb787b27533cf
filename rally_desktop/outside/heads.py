"""Where the chain of each office's audit log stood, kept on this computer beside the database.

Whoever cuts the end off a database, or puts another in its place, does not reach this file.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from rally_desktop.core.errors import BadFile


class Head(msgspec.Struct, frozen=True):
    """The end of a chain: its first link's hash, its last link's number, hash and moment."""

    first: str
    number: int
    hash: str
    at: int


class Heads:
    """A small file in this person's data folder: for each office, where its chain stood."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, office: str, first: str) -> Head | None:
        """Return what is kept of a chain by its first link; else what is kept of the office."""
        kept = self._all()
        same = (head for head in kept.values() if head.first == first)
        return max(same, key=lambda head: head.number, default=kept.get(office))

    def write(self, office: str, head: Head) -> None:
        """Keep where an office's chain stands."""
        others = {name: kept for name, kept in self._all().items() if kept.first != head.first}
        fresh = self._path.with_name(f"{self._path.name}.new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with fresh.open("wb") as file:
                file.write(msgspec.json.encode(others | {office: head}))
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._path)
        except OSError as error:
            raise BadFile(f"{self._path} cannot be written: {error.strerror}.") from error

    def _all(self) -> dict[str, Head]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, Head])
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.DecodeError) as error:
            raise BadFile(
                f"{self._path} cannot be read. Move it away; it is written anew."
            ) from error
