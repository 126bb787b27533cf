"""Files written as a whole: what was there stays until the new one is complete."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rally_desktop.core.errors import BadFile

_ADVICE = {
    errno.EACCES: "it, or the folder it is in, may not be changed. Choose another folder",
    errno.EPERM: "it, or the folder it is in, may not be changed. Choose another folder",
    errno.EROFS: "the disk can only be read. Choose another folder",
    errno.ENOSPC: "the disk is full. Make room, or choose another disk",
    errno.EDQUOT: "your share of the disk is full. Make room, or choose another disk",
    errno.ENOENT: "its folder does not exist. Choose another folder",
    errno.ENAMETOOLONG: "the name is too long. Choose a shorter one",
    errno.EISDIR: "there is a folder of this name. Choose another name",
}


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, or raise BadFile with what to do; never half of one."""
    with whole_file(path) as fresh:
        fresh.write_bytes(content)


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield where to write a file bit by bit; it takes its place once all is there.

    Raises BadFile with what to do; where anything is raised inside, nothing of it is left.
    """
    fresh = path.with_name(path.name + ".new")
    try:
        yield fresh
        fresh.replace(path)
    except OSError as error:
        why = _ADVICE.get(error.errno or 0, error.strerror or "the disk refused it")
        raise BadFile(f"‘{path.name}’ cannot be written: {why}.") from error
    finally:
        _remove(fresh)


def _remove(fresh: Path) -> None:
    try:
        fresh.unlink(missing_ok=True)
    except OSError:
        return  # what could not be made cannot always be removed either
