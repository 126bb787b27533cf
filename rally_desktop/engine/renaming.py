"""Other names and mergers in the lists of the office, with drafts and views behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rally_desktop.engine import naming
from rally_desktop.engine.naming import Followed, Sort
from rally_desktop.model.work import Work
from rally_desktop.services import field_edits, list_edits


@dataclass(frozen=True)
class Joined:
    """Two that became one, and who followed."""

    merged: Any
    followed: Followed


def rename_value(work: Work, number: int, new: str) -> int:
    """Call a value of a list otherwise; return on how many records."""
    found = list_edits.one(work, number)
    count = list_edits.rename(work, number, new)
    naming.follow(work, Sort(found.list), found.value, _tidy(new))
    return count


def merge_values(work: Work, number: int, into: int) -> Joined:
    """Make two values of a list one."""
    gone, stays = list_edits.one(work, number), list_edits.one(work, into)
    merged = list_edits.merge(work, number, into)
    return Joined(merged, naming.follow(work, Sort(gone.list), gone.value, stays.value))


def part_values(work: Work, joined: Joined) -> None:
    """Take a merge of two values back."""
    list_edits.part(work, joined.merged)
    naming.take_back(work, joined.followed)


def rename_option(work: Work, number: int, value: str, new: str) -> int:
    """Call an option of an own field otherwise; return on how many records."""
    found = field_edits.one(work, number)
    count = field_edits.rename_option(work, number, value, new)
    naming.follow(work, Sort(kind=found.record_kind, field=found.name), value, _tidy(new))
    return count


def _tidy(name: str) -> str:
    return " ".join(name.split())
