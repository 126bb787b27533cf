"""Files that strangers sent, laid where they can be looked at and run nothing."""

from __future__ import annotations

import atexit
import shutil
import sys
import tempfile
from functools import cache
from pathlib import Path

from rally_desktop.core.errors import BadFile, Refused
from rally_desktop.core.file_kinds import can_be_shown
from rally_desktop.outside.files.whole import write_whole

# What Windows asks about before it opens anything: it came from the internet.
_ZONE = "[ZoneTransfer]\r\nZoneId=3\r\n"
READ_ONLY = 0o400


def laid_out(name: str, content: bytes) -> Path:
    """Return a copy of a file to look at; it is read-only, and goes when the program ends.

    Raises Refused where opening it could run somebody else’s program.
    """
    if not can_be_shown(name):
        raise Refused(f"‘{name}’ may hold a program, so it is not opened. Save it instead.")
    folder = Path(tempfile.mkdtemp(dir=_folder()))
    path = folder / name
    keep(path, content)
    path.chmod(READ_ONLY)
    return path


def keep(path: Path, content: bytes) -> None:
    """Write a file where somebody wants it, or raise BadFile with what to do."""
    write_whole(path, content)
    if sys.platform == "win32":
        mark(path)


def mark(path: Path) -> None:
    """Let Windows know that a file came from the internet."""
    try:
        Path(f"{path}:Zone.Identifier").write_text(_ZONE, encoding="ascii", newline="")
    except OSError:
        return  # a disk of another make has no room for such a mark


@cache
def _folder() -> Path:
    """Return a folder of our own that nobody else may look into."""
    try:
        made = Path(tempfile.mkdtemp(prefix="rally-"))
    except OSError as error:
        raise BadFile("There is no room for a copy to look at. Save the file instead.") from error
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made
