"""Calls with the people of records."""

from __future__ import annotations

from datetime import datetime

from rally_desktop.core import texts
from rally_desktop.core.errors import Refused
from rally_desktop.model.changes import CallLogged
from rally_desktop.model.ref import Ref
from rally_desktop.model.work import Work

DIRECTIONS = ("in", "out")
LONGEST = 24 * 60 * 60  # seconds


def log(
    work: Work,
    ref: Ref,
    *,
    direction: str,
    outcome: str,
    seconds: int | None = None,
    text: str = "",
    at: datetime | None = None,
) -> int:
    """Write down a call (``direction`` in or out, ``seconds`` long) and return its number.

    It took place just now, or ``at`` an earlier moment.
    """
    work.record(ref)
    if direction not in DIRECTIONS:
        raise Refused("Say who called: the direction of a call is in or out.")
    if seconds is not None and not 0 <= seconds <= LONGEST:
        raise Refused("A call takes between no time and a day. Correct how long it took.")
    if at is not None and at > work.now:
        raise Refused("That moment is still to come. Log the call once it took place.")
    if not outcome.strip():
        raise Refused("A call needs an outcome. Choose how it went.")
    texts.require(40, outcome=outcome)
    texts.require(text=text)
    number = work.new_id("call")
    work.change(CallLogged(ref, number, direction, outcome, seconds, text, at))
    return number
