"""Workflow files (``*.rally.json``): one definition each, as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from rally_desktop.core.errors import BadFile
from rally_desktop.outside.files.whole import write_whole

LARGEST = 20 * 2**20  # bytes; five thousand steps take about two million


def read_definition(path: Path) -> Any:
    """Return what a workflow file holds; raise BadFile with what to do where it is none."""
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise BadFile(f"{path.name} is too large to be a workflow ({size / 1e6:.0f} MB).")
        return msgspec.json.decode(path.read_bytes())
    except OSError as error:
        raise BadFile(f"{path.name} cannot be opened: {error.strerror}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadFile(
            f"{path.name} is not a workflow file. Choose one that Rally Desktop exported; its "
            "name usually ends in .rally.json."
        ) from error


def write_definition(path: Path, definition: Any) -> None:
    """Write a workflow file that people can read, or raise BadFile; never half of one."""
    text = msgspec.json.format(msgspec.json.encode(definition), indent=2)
    write_whole(path, text + b"\n")
