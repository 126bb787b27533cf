"""Days as people write them in eight languages: names of months and of weekdays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

# January first; the short forms end with a point or not.
_MONTHS = (
    "january jan januar jänner enero ene janeiro gennaio gen stycznia styczeń sty січня січень січ"
    " janvier janv",
    "february feb februar février févr fév febrero fevereiro fev febbraio lutego luty лютого лютий"
    " лют",
    "march mar märz mrz maerz mars marzo março marca marzec березня березень бер",
    "april apr avril avr abril abr aprile kwietnia kwiecień kwi квітня квітень квіт",
    "may mai mayo maio maggio mag maja maj травня травень трав",
    "june jun juni juin junio junho giugno giu czerwca czerwiec cze червня червень черв",
    "july jul juli juillet juil julio julho luglio lug lipca lipiec lip липня липень лип",
    "august aug août aout agosto ago sierpnia sierpień серпня серпень серп",
    "september sep sept septembre septiembre setembro set settembre września wrzesień wrz вересня"
    " вересень вер",
    "october oct oktober okt octobre octubre outubro out ottobre ott października październik paź"
    " жовтня жовтень жовт",
    "november nov novembre noviembre novembro listopada listopad lis листопада листопад лист",
    "december dec dezember dez décembre déc diciembre dic dezembro dicembre grudnia grudzień gru"
    " грудня грудень груд",
)
_WEEKDAYS = (
    "monday mon montag lundi lunes segunda-feira segunda lunedì poniedziałek poniedziałku понеділок"
    " понеділка",
    "tuesday tue tues dienstag mardi martes terça-feira terça martedì wtorek wtorku вівторок"
    " вівторка",
    "wednesday wed mittwoch mercredi miércoles quarta-feira quarta mercoledì środa środę środy"
    " середа середу середи",
    "thursday thu thurs donnerstag jeudi jueves quinta-feira quinta giovedì czwartek czwartku"
    " четвер четверга",
    "friday fri freitag vendredi viernes sexta-feira sexta venerdì piątek piątku п’ятниця п’ятницю"
    " п'ятниця п'ятницю п’ятниці",
    "saturday samstag sonnabend samedi sábado sabato sobota sobotę soboty субота суботу суботи",
    "sunday sonntag dimanche domingo domenica niedziela niedzielę niedzieli неділя неділю неділі",
)
MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
WEEKDAY = {name: number for number, names in enumerate(_WEEKDAYS) for name in names.split()}


def _names(known: dict[str, int]) -> str:
    return "|".join(sorted(map(re.escape, known), key=len, reverse=True))


_YEAR = r"(?:,?\s*(?:de[l]?\s+|of\s+)?(?P<year{0}>(?:19|20|21)\d\d)(?!\d))?"
_WRITTEN = re.compile(
    rf"(?P<iso>(?<!\d)(\d{{4}})-(\d\d)-(\d\d)(?!\d))"
    rf"|(?<![\d.:/])(?P<first>\d{{1,2}})\s?(?:(?P<sign>[./])\s?(?P<second>\d{{1,2}})(?!\d|:)"
    rf"(?:(?P=sign)\s?(?P<numeric>\d{{4}}|\d\d)(?!\d|:)|(?P=sign))?"
    rf"|-(?P<dashed>\d{{1,2}})-(?P<full>\d{{4}})(?!\d))"
    rf"|(?<![\d.:/])(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|°|ª|o)?\.?\s*(?:of\s+|de\s+|d[’'])?"
    rf"(?P<month>{_names(MONTH)})\b\.?{_YEAR.format(1)}"
    rf"|\b(?P<named>{_names(MONTH)})\.?\s+(?:the\s+)?(?P<after>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:.]\d)"
    rf"(?:\s*(?:[-–—]|to|through|thru|until)\s*(?P<last>\d{{1,2}})(?:st|nd|rd|th)?\b)?"
    rf"{_YEAR.format(2)}"
    rf"|\b(?P<weekday>{_names(WEEKDAY)})\b",
    re.IGNORECASE,
)


# A day without a year that went by so lately is what an old reply still says.
_JUST_GONE = 31


class Written(NamedTuple):
    """A day as it was written and where; ``range_end`` where a first day stood in it too.

    ``other`` is what it means where the month comes first, as ``day`` where it comes second;
    each is None where there is no such day. Without a year it is the next such day.
    """

    day: date | None
    other: date | None
    start: int
    end: int
    range_end: bool = False
    weekday: bool = False


def written_days(text: str, today: date) -> Iterator[Written]:
    """Yield the days named in a text."""
    for found in _WRITTEN.finditer(text):
        day, other = _read(found, today)
        if day or other:
            ends, weekday = bool(found["last"]), bool(found["weekday"])
            yield Written(day, other, found.start(), found.end(), ends, weekday)


def _read(found: re.Match[str], today: date) -> tuple[date | None, date | None]:
    if found["weekday"]:
        ahead = (WEEKDAY[found["weekday"].lower()] - today.weekday()) % 7 or 7
        made = date.fromordinal(today.toordinal() + ahead)
    elif found["iso"]:
        made = _made(int(found[4]), int(found[3]), int(found[2]), today)
    elif found["first"]:
        return _numbers(found, today)
    elif found["month"]:
        month, year = MONTH[found["month"].lower()], int(found["year1"] or 0)
        made = _made(int(found["day"]), month, year, today)
    else:
        month, year = MONTH[found["named"].lower()], int(found["year2"] or 0)
        made = _made(int(found["last"] or found["after"]), month, year, today)
    return made, made


def _numbers(found: re.Match[str], today: date) -> tuple[date | None, date | None]:
    """Return what a day in numbers means, day first and month first."""
    first, second = int(found["first"]), int(found["second"] or found["dashed"])
    year = int(found["numeric"] or found["full"] or 0)
    year += 2000 if 0 < year < 100 else 0
    day = _made(first, second, year, today)
    return day, day if found["sign"] == "." else _made(second, first, year, today)


def _made(day: int, month: int, year: int, today: date) -> date | None:
    """Return a day; without a year the next such one, unless it went by within the month."""
    for guess in (year,) if year else range(today.year, min(today.year + 9, 9999)):
        try:
            made = date(guess, month, day)
        except ValueError:
            continue
        if year or made >= today:
            return made
        if (today - made).days <= _JUST_GONE:
            return None
    return None
