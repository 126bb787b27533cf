"""A disk in memory that loses what was not synced, and fails when told to.

What a file holds after a power cut is what was synced, and any part of what was written since:
each write survives whole, in part, or not at all, whatever the order.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import apsw

SECTOR = 512
_names = itertools.count(1)


class Content:
    """A file: what programs see, what the platter holds, and what is on the way to it."""

    def __init__(self, data: bytes = b"") -> None:
        self.live = bytearray(data)
        self.platter = bytearray(data)
        self.pending: list[tuple[int, bytes | None]] = []

    def write(self, offset: int, data: bytes) -> None:
        """Write, for programs to see."""
        _put(self.live, offset, data)
        self.pending.append((offset, data))

    def truncate(self, size: int) -> None:
        """Cut off, for programs to see."""
        _resize(self.live, size)
        self.pending.append((size, None))

    def sync(self) -> None:
        """Bring everything to the platter."""
        for offset, written in self.pending:
            if written is None:
                _resize(self.platter, offset)
            else:
                _put(self.platter, offset, written)
        self.pending.clear()

    def survivors(self, chance: random.Random) -> bytes:
        """Return what is there after a power cut."""
        data = bytearray(self.platter)
        for offset, written in self.pending:
            fate = chance.random()
            if fate < 1 / 3:
                continue
            if written is None:
                _resize(data, offset)
            elif fate < 2 / 3:
                _put(data, offset, written)
            else:
                sectors = chance.randint(0, len(written) // SECTOR)
                _put(data, offset, written[: sectors * SECTOR])
        return bytes(data)


def _put(data: bytearray, offset: int, written: bytes) -> None:
    if len(data) < offset:
        data.extend(bytes(offset - len(data)))
    data[offset : offset + len(written)] = written


def _resize(data: bytearray, size: int) -> None:
    if size < len(data):
        del data[size:]
    else:
        data.extend(bytes(size - len(data)))


class Dropped(Exception):
    """A write that the disk says it did, and did not."""


class Disk(apsw.VFS):
    """All files of one office; ``meets`` is asked before each call and may raise.

    It is given the number of the call, its name, and for a write the file, offset and data.
    """

    def __init__(self, files: dict[str, bytes]) -> None:
        self.label = f"disk{next(_names)}"
        self.files = {name: Content(data) for name, data in files.items()}
        self.calls = 0
        self.meets: Callable[[int, str, Any], None] = lambda number, call, written: None
        super().__init__(self.label, base="")

    def met(self, call: str, written: Any = None) -> None:
        """Count a call and let it fail if it is to."""
        self.calls += 1
        self.meets(self.calls, call, written)

    def contents(self) -> dict[str, bytes]:
        """Return what programs see in each file."""
        return {name: bytes(content.live) for name, content in self.files.items()}

    def survivors(self, chance: random.Random) -> dict[str, bytes]:
        """Return what each file holds after a power cut."""
        return {name: content.survivors(chance) for name, content in self.files.items()}

    def xOpen(self, name: Any, flags: list[int]) -> File:
        """Open a file, made if it is not there."""
        self.met("open")
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        key = Path(path).name if path else f"temporary{next(_names)}"
        flags[1] = flags[0]
        return File(self, self.files.setdefault(key, Content()))

    def xAccess(self, pathname: str, flags: int) -> bool:
        """Say whether a file is there."""
        self.met("access")
        return Path(pathname).name in self.files

    def xDelete(self, filename: str, syncdir: bool) -> None:
        """Remove a file."""
        self.met("delete")
        self.files.pop(Path(filename).name, None)

    def xFullPathname(self, name: str) -> str:
        """Return the name: there are no folders."""
        return f"/{Path(name).name}"


class File:
    """An open file on the disk."""

    def __init__(self, disk: Disk, content: Content) -> None:
        self._disk = disk
        self._content = content

    def xRead(self, amount: int, offset: int) -> bytes:
        """Read what was written, synced or not."""
        self._disk.met("read")
        with memoryview(self._content.live) as live:
            return bytes(live[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:
        """Write."""
        with suppress(Dropped):
            self._disk.met("write", (self._content, offset, data))
            self._content.write(offset, data)

    def xTruncate(self, size: int) -> None:
        """Cut off."""
        self._disk.met("truncate")
        self._content.truncate(size)

    def xSync(self, flags: int) -> bool:
        """Bring everything to the platter."""
        self._disk.met("sync")
        self._content.sync()
        return True

    def xFileSize(self) -> int:
        """Return how long the file is."""
        self._disk.met("size")
        return len(self._content.live)

    def xLock(self, level: int) -> None:
        """Lock: nobody else is there."""

    def xUnlock(self, level: int) -> None:
        """Unlock."""

    def xCheckReservedLock(self) -> bool:
        """Say that nobody else is there."""
        return False

    def xFileControl(self, op: int, ptr: int) -> bool:
        """Know no special wishes."""
        return False

    def xSectorSize(self) -> int:
        """Return how much is written at once."""
        return SECTOR

    def xDeviceCharacteristics(self) -> int:
        """Promise that a torn write damages nothing beside it, as SQLite assumes of disks."""
        return apsw.SQLITE_IOCAP_POWERSAFE_OVERWRITE

    def xClose(self) -> None:
        """Close."""
