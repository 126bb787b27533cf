"""The office's settings: named values that every computer of the office shares."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from rally_desktop.model.changes import RowAdded, RowChanged
from rally_desktop.model.tables import setting
from rally_desktop.model.work import Work


def get(work: Work, name: str, default: Any = None) -> Any:
    """Return a setting, or the default where the office never set it."""
    found = work.connection.execute(select(setting.c.value).where(setting.c.name == name)).first()
    return default if found is None else found.value


def put(work: Work, name: str, value: Any) -> None:
    """Set a setting."""
    if get(work, name) is None:
        work.change(RowAdded("setting", {"name": name, "value": value}))
    else:
        work.change(RowChanged("setting", name, {"value": value}))


def count_up(work: Work, name: str) -> int:
    """Raise a counter by one and return where it stands."""
    number = get(work, name, 0) + 1
    put(work, name, number)
    return number
