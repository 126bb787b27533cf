"""Calls with the people of records."""

from __future__ import annotations

from rally_desktop.core import texts
from rally_desktop.core.errors import Refused
from rally_desktop.model.changes import CallLogged
from rally_desktop.model.ref import Ref
from rally_desktop.model.work import Work


def log(
    work: Work,
    ref: Ref,
    *,
    direction: str,
    outcome: str,
    seconds: int | None = None,
    text: str = "",
) -> int:
    """Write down a call (``direction`` in or out, ``seconds`` long) and return its number."""
    work.record(ref)
    if not outcome.strip():
        raise Refused("A call needs an outcome. Choose how it went.")
    texts.require(8, direction=direction)
    texts.require(40, outcome=outcome)
    texts.require(text=text)
    number = work.new_id("call")
    work.change(CallLogged(ref, number, direction, outcome, seconds, text))
    return number
