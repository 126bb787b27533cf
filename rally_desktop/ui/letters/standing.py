"""How a message stands that has not left: when it goes, or what holds it, in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from rally_desktop.engine.reasons import sentence
from rally_desktop.services.outgoing import FREE, Outgoing

COUNTED = timedelta(hours=1)  # of what goes out sooner the seconds are counted


def said(one: Outgoing, now: datetime) -> str:
    """Say when a message goes out, or why not yet."""
    if one.leaves:
        return "is being handed over"
    if one.held:
        return f"waits. {one.held}"
    if one.state == "retry":
        return f"was not taken yet. {one.answer} Next try: {moment(one.due_at, now)}"
    if one.reason not in FREE:
        return f"waits. {sentence(one.reason)} Goes out {moment(one.due_at, now)} at the earliest."
    left = one.due_at - now
    if left <= timedelta():
        return "goes out now"
    if left < COUNTED:
        minutes, seconds = divmod(int(left.total_seconds()), 60)
        return f"goes out in {minutes:02}:{seconds:02}"
    return f"goes out {moment(one.due_at, now)}"


def moment(at: datetime, now: datetime) -> str:
    """Say a day and time as short as it can be: «at 14:05», «Thu 5 Mar, 09:00»."""
    local = at.astimezone()
    if local.date() == now.astimezone().date():
        return f"at {local:%H:%M}"
    year = f" {local.year}" if local.year != now.astimezone().year else ""
    return f"{local:%a} {local.day} {local:%b}{year}, {local:%H:%M}"


def is_counted(one: Outgoing, now: datetime) -> bool:
    """Say whether the seconds until it goes out are counted."""
    return one.may_hurry and now - COUNTED < one.due_at < now + COUNTED
