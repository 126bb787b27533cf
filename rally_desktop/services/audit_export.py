"""Lines of the audit log as a file: CSV or Excel, safe to open in a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rally_desktop.model.store import Store
from rally_desktop.outside.files.writing import writing
from rally_desktop.services import audit, audit_list
from rally_desktop.services.audit_list import Wanted

BATCH = 1000
HEADINGS = ("When", "Who", "What", "About", "Name", "Kind", "Line", "Run")
Progress = Callable[[int, int], None]


def write(
    store: Store,
    path: Path,
    wanted: Wanted,
    progress: Progress | None = None,
    stopped: Callable[[], bool] | None = None,
) -> int | None:
    """Write the lines that are wanted, the newest first; None where it was called off."""
    numbers = store.read(audit_list.numbers, wanted)
    try:
        with writing(path, HEADINGS) as put:
            for start in range(0, len(numbers), BATCH):
                if stopped and stopped():
                    raise _Stopped
                found = store.read(audit_list.lines, numbers[start : start + BATCH])
                if found:
                    put([*zip(*map(_cells, found), strict=True)])
                if progress:
                    progress(start + len(found), len(numbers))
            store.write(audit.say, "audit_exported", "export", name=path.name, count=len(numbers))
    except _Stopped:
        return None
    return len(numbers)


class _Stopped(Exception):
    """Somebody wants no more of it."""


def _cells(line: audit_list.Line) -> tuple[object, ...]:
    return (
        line.at, line.who, line.said, line.what, line.name, line.kind.replace("_", " "),
        line.id, line.run_id,
    )  # fmt: skip
