"""The office's calendar: on which days it works, and when nobody is to be written to."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Annotated, ClassVar, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from rally_desktop.core.errors import BadSettings
from rally_desktop.core.schema import Described, Pick, TimeOfDay
from rally_desktop.model.graph import Hours
from rally_desktop.model.work import Work
from rally_desktop.services import settings

NAME, ZONE = "calendar", "time_zone"
Weekday = Literal[
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"
]  # fmt: skip
WEEKDAYS: tuple[Weekday, ...] = (
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
)  # fmt: skip
EVERY_DAY = tuple(range(7))


class Calendar(Described, frozen=True):
    """When the office works and when messages may go out; days and times are of the person's zone.

    The office's own zone holds where a person's is not known, and for all that is the office's.
    Where both times of a channel are empty, its messages go out at any time.
    """

    title: ClassVar = "Calendar"

    time_zone: Annotated[
        str,
        Pick(
            "Time zone of the office",
            help="Its days and times; those of a person whose own zone nobody knows, too.",
            source="time_zone",
        ),
    ] = "Europe/London"
    business_days: Annotated[
        tuple[Weekday, ...], Pick("Business days", source="weekday", many=True)
    ] = WEEKDAYS[:5]
    holidays: Annotated[
        tuple[date, ...],
        Pick("Holidays", help="As 2026-12-25.", source="holiday", many=True, required=False),
    ] = ()
    email_from: Annotated[
        str, TimeOfDay("E-mails from", help="Empty: at any time.", required=False)
    ] = ""
    email_until: Annotated[str, TimeOfDay("E-mails until", required=False)] = ""
    sms_from: Annotated[str, TimeOfDay("SMS from", required=False)] = "08:00"
    sms_until: Annotated[str, TimeOfDay("SMS until", required=False)] = "20:00"

    def hours(self, channel: str) -> Hours | None:
        """Return when messages of a channel may go out; None is at any time."""
        opens = self.email_from if channel == "email" else self.sms_from
        closes = self.email_until if channel == "email" else self.sms_until
        return Hours(EVERY_DAY, opens, closes) if opens and closes else None

    def works_on(self, day: date) -> bool:
        """Say whether the office works on a day."""
        return WEEKDAYS[day.weekday()] in self.business_days and day not in self.holidays

    def problems(self) -> dict[str, str]:
        """Refuse a channel that has only one of its two times."""
        found = super().problems()
        if zone_named(self.time_zone) is None:
            found[ZONE] = "is not one that is known; choose it from the list"
        for channel in ("email", "sms"):
            opens, closes = f"{channel}_from", f"{channel}_until"
            if bool(getattr(self, opens)) != bool(getattr(self, closes)):
                found[closes if getattr(self, opens) else opens] = "is needed where the other is"
        return found


def of(work: Work) -> Calendar:
    """Return the office's calendar; what it never set has its default."""
    if NAME not in work.memo:
        zone = {ZONE: settings.get(work, ZONE, "UTC")}
        try:
            work.memo[NAME] = Calendar.load({**settings.get(work, NAME, {}), **zone})
        except BadSettings:
            # Of a newer program, or spoilt: the usual week holds until it is saved anew.
            work.memo[NAME] = Calendar(**zone)
    return work.memo[NAME]


def save(work: Work, calendar: Calendar) -> None:
    """Set the office's calendar; raise BadSettings where it is not usable."""
    if problems := calendar.problems():
        raise BadSettings(problems)
    stored = calendar.dump()
    settings.put(work, ZONE, calendar.time_zone)
    stored.pop(ZONE, None)  # it has a name of its own: conditions read it as well
    settings.put(work, NAME, stored)
    work.memo[NAME] = calendar


@cache
def zone_named(name: str) -> ZoneInfo | None:
    """Return a zone by its IANA name, or None where there is none of that name."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


@cache
def zone_names() -> frozenset[str]:
    """Return the names of all zones; asked each time, the system would search its folders."""
    return frozenset(available_timezones())


@cache
def zones() -> tuple[str, ...]:
    """Return the names of all zones that are places, by name."""
    return tuple(sorted(name for name in zone_names() if "/" in name or name == "UTC"))


def office_zone(work: Work) -> ZoneInfo:
    """Return the zone the office lives in."""
    return zone_named(settings.get(work, ZONE, "")) or ZoneInfo("UTC")
