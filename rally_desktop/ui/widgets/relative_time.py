"""How long ago, and exactly when, in words."""

from __future__ import annotations

from datetime import datetime, timedelta

_DAY = 86400


def ago(moment: datetime, now: datetime) -> str:
    """Say a past or coming moment as seen from ``now``: «5 min ago», «in 2 days», «3 Mar»."""
    seconds = (now - moment).total_seconds()
    length = _length(abs(seconds))
    if length == "now":
        return "just now"
    if not length:
        return _date(moment, now)
    return f"{length} ago" if seconds > 0 else f"in {length}"


def exactly(moment: datetime) -> str:
    """Say the full local date and time: «Tuesday, 3 March 2026, 14:05»."""
    local = moment.astimezone()
    return f"{local:%A}, {local.day} {local:%B %Y, %H:%M}"


def day_heading(moment: datetime, now: datetime) -> str:
    """Say the day a line belongs under: Today, Yesterday, or the date."""
    local, today = moment.astimezone().date(), now.astimezone().date()
    if local == today:
        return "Today"
    if local == today - timedelta(days=1):
        return "Yesterday"
    year = f" {local.year}" if local.year != today.year else ""
    return f"{local:%A}, {local.day} {local:%B}{year}"


def _length(seconds: float) -> str:
    if seconds < 45:
        return "now"
    if seconds < 3570:
        return f"{max(1, round(seconds / 60))} min"
    if seconds < 23.5 * 3600:
        return f"{round(seconds / 3600)} h"
    days = round(seconds / _DAY)
    return f"{days} day{'s' * (days != 1)}" if days < 14 else ""


def _date(moment: datetime, now: datetime) -> str:
    local = moment.astimezone()
    year = f" {local.year}" if local.year != now.astimezone().year else ""
    return f"{local.day} {local:%b}{year}"
