"""How a message stands that has not left: when it goes, or what holds it, in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from rally_desktop.engine.reasons import sentence
from rally_desktop.services.outgoing import FREE, Outgoing
from rally_desktop.ui.widgets.relative_time import exactly

COUNTED = timedelta(hours=1)  # of what goes out sooner the seconds are counted


def said(one: Outgoing, now: datetime) -> str:
    """Say when a message goes out, or why not yet."""
    if one.leaves:
        return "is being handed over"
    if one.held:
        return f"waits. {one.held}"
    if one.state == "retry":
        return f"was not taken yet. {one.answer} Next try: {exactly(one.due_at)}"
    if one.reason not in FREE:
        return f"waits. {sentence(one.reason)} Goes out at the earliest: {exactly(one.due_at)}"
    left = one.due_at - now
    if left <= timedelta():
        return "goes out now"
    if left < COUNTED:
        minutes, seconds = divmod(int(left.total_seconds()), 60)
        return f"goes out in {minutes:02}:{seconds:02}"
    return f"goes out {exactly(one.due_at)}"


def is_counted(one: Outgoing, now: datetime) -> bool:
    """Say whether the seconds until it goes out are counted."""
    return one.may_hurry and now - COUNTED < one.due_at < now + COUNTED
