"""A contact's score: 0 to 100, and what it is called."""

from __future__ import annotations

from typing import Literal

from rally_desktop.core.errors import Refused
from rally_desktop.model.ref import Ref
from rally_desktop.model.work import Work
from rally_desktop.services import contacts

LEAST, MOST = 0, 100
# The highest score that still is one, and its name.
BANDS = ((25, "cold"), (50, "warm"), (75, "hot"), (MOST, "sales-ready"))

How = Literal["set", "add", "subtract"]


def band(score: int) -> str:
    """Return what people call a score: cold, warm, hot or sales-ready."""
    return next(name for highest, name in BANDS if score <= highest)


def change(work: Work, ref: Ref, how: How, points: int) -> tuple[int, int]:
    """Set a contact's score, or move it within 0 and 100; return it before and after."""
    if points < 0:
        raise Refused("Points are counted from 0 upwards: subtract them to take some away.")
    before = work.record(ref)["score"] or LEAST
    moved = {"set": points, "add": before + points, "subtract": before - points}[how]
    after = min(MOST, max(LEAST, moved))
    contacts.update(work, ref, {"score": after})
    return before, after
