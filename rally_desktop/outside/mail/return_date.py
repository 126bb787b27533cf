"""When somebody who is away is back, from what an automatic reply says in eight languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import zip_longest
from typing import Literal

from rally_desktop.outside.mail.date_words import Written, written_days

_LOOKED_AT, _FARTHEST = 4_000, timedelta(days=2 * 366)
Sense = Literal["back", "until", "last"]


def _any(*patterns: str) -> str:
    return "(?:" + "|".join(patterns) + ")"


# Before a day: it is the first day back. Whatever stands between holds no other day or sentence.
_BACK = re.compile(
    _any(
        r"\bback\b", r"\breturn(s|ing)?\b", r"\bagain\b", r"\bresume\b", r"\bavailable\b",
        r"\breachable\b", r"\bin (the )?office( again)?( on| from)",
        r"\bwieder\b", r"\bzurück\b", r"\brückkehr\b", r"\berreichbar\b",
        r"\bretour\b", r"\brepren\w*", r"\breviens\b", r"\breviendrai\b", r"\brentre(rai)?\b",
        r"\bdisponible\b", r"\bjoignable\b", r"\bà nouveau\b",
        r"\bvuel(vo|ta|ve)\b", r"\bvolveré\b", r"\bregres\w+", r"\breincorpor\w+", r"\bretorn\w+",
        r"\bvolt(o|arei|a)\b", r"\bde volta\b",
        r"\brient\w+", r"\btorn(o|erò|are)\b", r"\bdi nuovo\b", r"\britorno\b", r"\bnuovamente\b",
        r"\bwracam\b", r"\bwrócę\b", r"\bwracamy\b", r"\bpow(rót|rotem|rotu|racam|rócę)\b",
        r"\bponownie\b", r"\bdostępn\w+",
        r"\bповер\w+", r"\bзнову\b", r"\bна зв[’']язку\b", r"\bвийду\b", r"\bвиходжу\b",
        r"\b(read|reply|respond|answer)\b", r"\b(lese|bearbeite|beantworte|antworte|melde)\b",
        r"\b(répondrai|lirai|traiterai)\b", r"\b(respond|contest)eré\b", r"\bresponderei\b",
        r"\brisponderò\b", r"\bodp(owiem|iszę)\b", r"\b(відповім|відпишу)\b",
    ) + r"(?P<between>[^.;!?\d\n]{0,45})$", re.IGNORECASE,
)  # fmt: skip
# Between «back» and a day these words turn the sense: «back … but away until».
_TURNED = re.compile(
    r"(?i)\b(until|till|by|away|bis|weg|jusqu|hasta|até|fino|absent|do(?! (pracy|biura))"
    r"|до(?! (роботи|офісу|праці)))\b"
)
# After a day that «from» or «on» leads to: it is the first day back all the same.
_BACK_AFTER = re.compile(
    r"^[^.;!?\d\n]{0,40}?\b(back|again|wieder|zurück|de retour|à nouveau|joignable|de vuelta"
    r"|disponible|de volta|di nuovo|nuovamente|disponibile|z powrotem|ponownie|dostępn\w+"
    r"|знову)\b",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"(?i)\b(until|till|’til|'til|untill)\b[^.;!?\d\n]{0,25}$")
_NOT_BEFORE = re.compile(
    r"(?i)\b(not|no|erst|pas|non|nie|не)\b[^.;!?\n]{0,30}\b(return|back|before|until|avant"
    r"|prima)\b"
    r"[^.;!?\d\n]{0,25}$"
)
# Before a day: it is the last day away.
_LAST = re.compile(
    _any(
        r"\bthrough\b", r"\bthru\b", r"\bup to\b", r"\bbis\b", r"\bjusqu[’']?\w*", r"\bhasta\b",
        r"\baté\b", r"\bfino\b", r"\bsino\b", r"\bdo\b", r"\bпо\b", r"\bдо\b", r"\bending\b",
    ) + r"(?:[\s,]+(?:and|including|inclusive|einschließlich|einschl\.|inkl\.|zum|den|dem|dia|día"
    r"|el|le|au|ao|a|al|il|o|dnia|the|and including|mit)|[\s,]+[^\W\d_-]+(?:-feira)?){0,3}[\s,]*$",
    re.IGNORECASE,
)  # fmt: skip
# Short words that end a range only where a first day stands before them.
_RANGE = re.compile(
    r"\d\D{0,30}?(?:\b(?:to|and|au|al|a|à|e|y|et|und|i|та|ao)\b"
    r"|[-–—])\s*(?:[^\W\d_]+(?:-feira)?,?\s+){0,2}$",
    re.IGNORECASE,
)
_INCLUSIVE = re.compile(
    r"(?i)^[\s,(]*(inclu[sí]\w*|inclus\w*|inkl\w*|einschließlich|ambos|compres[oi]|włącznie"
    r"|включно"
    r"|included|both)"
)
_ENGLISH = re.compile(r"(?i)\b(the|and|you|will|am|your|please|on|office|with)\b")
_OTHER = re.compile(
    r"(?i)\b(ich|und|nicht|bin|bis|je|suis|vous|du|au|estoy|hasta|del|estou|até|não|sono|dal"
    r"|jestem"
    r"|do|w|від|до|я|los|che)\b"
)


def back_on(text: str, today: date) -> date | None:
    """Return the first day somebody is back, or None where the text does not say a sane one."""
    text = text[:_LOOKED_AT]
    found = list(_senses(text, today))
    for wanted in ("back", "until", "last"):
        for sense, day in found:
            if sense == wanted and today <= day <= today + _FARTHEST:
                return day
    return None


def _senses(text: str, today: date) -> Iterator[tuple[Sense, date]]:
    """Yield what each day stands for; the day after it where it is the last one away."""
    days = list(written_days(text, today))
    month_first = _month_first(text, days)
    days = [day for day, after in zip_longest(days, days[1:]) if not _leads_to(day, after, text)]
    ends = [0, *(day.end for day in days)]
    starts = [*(day.start for day in days[1:]), len(text)]
    for day, before, after in zip(days, ends, starts, strict=False):
        lead, tail = text[max(before, day.start - 80) : day.start], text[day.end : after][:60]
        sense = _sense(lead, tail, text[max(0, day.start - 40) : day.start], day)
        meant = _meant(day, month_first, today)
        if sense and meant:
            inclusive = sense == "last" or (sense == "until" and _INCLUSIVE.match(tail))
            yield sense, meant + timedelta(days=1) if inclusive else meant


def _sense(lead: str, tail: str, near: str, day: Written) -> Sense | None:
    back = _BACK.search(lead)
    if _NOT_BEFORE.search(lead) or (back and not _TURNED.search(back["between"])):
        return "back"
    if _UNTIL.search(lead):
        return "until"
    if day.range_end or _LAST.search(lead) or (not day.weekday and _RANGE.search(near)):
        return "last"
    if _INCLUSIVE.match(tail):
        return "last"
    return "back" if _BACK_AFTER.match(tail) else None


def _leads_to(day: Written, after: Written | None, text: str) -> bool:
    """Say whether a weekday only leads to the day it falls on, as «Monday 3 August»."""
    if not day.weekday or after is None or after.weekday:
        return False
    between = text[day.end : after.start]
    return len(between) <= 12 and "." not in between[2:]


def _month_first(text: str, days: Iterable[Written]) -> bool | None:
    """Say whether months come first; None where both are usual and nothing tells."""
    if len(_ENGLISH.findall(text)) <= len(_OTHER.findall(text)):
        return False
    told = {day.day is None for day in days if (day.day is None) != (day.other is None)}
    return told.pop() if len(told) == 1 else None


def _meant(day: Written, month_first: bool | None, today: date) -> date | None:
    if month_first is not None:
        return day.other if month_first else day.day
    # Nobody announces a return that is over, and the nearer one is the likelier.
    return min((one for one in (day.day, day.other) if one and one >= today), default=None)
