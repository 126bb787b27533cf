"""The office's settings: named values that every computer of the office shares."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select

from rally_desktop.model.changes import RowAdded, RowChanged, RowRemoved
from rally_desktop.model.tables import setting
from rally_desktop.model.work import Work
from rally_desktop.services import audit_settings

_MEMO = "settings"
_VALUE = select(setting.c.value).where(setting.c.name == bindparam("called"))


def get(work: Work, name: str, default: Any = None) -> Any:
    """Return a setting, or the default where the office never set it."""
    known = work.memo.setdefault(_MEMO, {})
    if name not in known:
        known[name] = work.connection.execute(_VALUE, {"called": name}).scalar()
    return default if known[name] is None else known[name]


def put(work: Work, name: str, value: Any) -> None:
    """Set a setting; None takes it away, so that it has its default again."""
    before = get(work, name)
    if value is None:
        work.change(RowRemoved("setting", name))
    elif before is None:
        work.change(RowAdded("setting", {"name": name, "value": value}))
    else:
        work.change(RowChanged("setting", name, {"value": value}))
    work.memo.setdefault(_MEMO, {})[name] = value
    audit_settings.tell(work, name, before, value)


def count_up(work: Work, name: str) -> int:
    """Raise a counter by one and return where it stands."""
    number = get(work, name, 0) + 1
    put(work, name, number)
    return number
