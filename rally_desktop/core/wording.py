"""How a value reads in a message, and the filters by which a template can shape it.

Every filter takes plain data and returns plain data; none raises, whatever it is given.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from rally_desktop.core.errors import BadTemplate
from rally_desktop.core.fold import WHITESPACE

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PLAIN_DATE = "%-d %B %Y"
LONGEST = 10_000

# The codes of strftime that mean the same on every computer and in every language setting.
_DATE_CODES: Mapping[str, Callable[[datetime], str]] = {
    "%": lambda when: "%",
    "d": lambda when: f"{when.day:02}",
    "-d": lambda when: str(when.day),
    "m": lambda when: f"{when.month:02}",
    "-m": lambda when: str(when.month),
    "b": lambda when: MONTHS[when.month - 1][:3],
    "B": lambda when: MONTHS[when.month - 1],
    "y": lambda when: f"{when.year % 100:02}",
    "Y": lambda when: str(when.year),
    "a": lambda when: WEEKDAYS[when.weekday()][:3],
    "A": lambda when: WEEKDAYS[when.weekday()],
    "H": lambda when: f"{when.hour:02}",
    "I": lambda when: f"{(when.hour + 11) % 12 + 1:02}",
    "-I": lambda when: str((when.hour + 11) % 12 + 1),
    "M": lambda when: f"{when.minute:02}",
    "p": lambda when: "am" if when.hour < 12 else "pm",
}
_DATE_CODE = re.compile(r"%(-?.?)", re.DOTALL)


def is_missing(value: Any) -> bool:
    """Say whether there is nothing to write: no value, an empty text, an empty list."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip(WHITESPACE)
    return isinstance(value, (list, tuple, set, frozenset)) and not value


def as_text(value: Any) -> str:
    """Write a value as a person would; a date without its time, a list with commas."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return format(value, "d") if abs(value) < 10**30 else f"{value:.6e}"
    if isinstance(value, (float, Decimal)):
        return _number_text(float(value))
    if isinstance(value, date):
        return say_date(value, PLAIN_DATE)
    if isinstance(value, (list, tuple)):
        return ", ".join(as_text(each) for each in value if each is not None)
    if isinstance(value, (set, frozenset)):
        return ", ".join(sorted(as_text(each) for each in value))
    raise BadTemplate(
        "A whole record cannot be written; choose one of its fields, as in contact.first_name."
    )


def _number_text(value: float) -> str:
    if math.isfinite(value) and value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


def say_date(value: date, pattern: str) -> str:
    """Write a date by a pattern such as ``%d.%m.%Y``, in English on every computer."""
    when = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    return _DATE_CODE.sub(lambda code: _DATE_CODES[code[1]](when), pattern)


# -- filters ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shaper:
    """One filter: what it does, what its fixed arguments must be, how many it needs."""

    shape: Callable[..., Any]
    takes: tuple[type, ...] = ()
    needs: int = 0

    def problem(self, arguments: tuple[Any, ...]) -> str:
        """Say what is wrong with the arguments, or return an empty text."""
        if not self.needs <= len(arguments) <= len(self.takes):
            return "has too many or too few values in its brackets"
        for given, kind in zip(arguments, self.takes, strict=False):
            if type(given) is not kind:
                return "needs a whole number" if kind is int else "needs a text in quotes"
            if kind is int and abs(given) > LONGEST:
                return f"takes numbers up to {LONGEST:,}"
        return ""


def _date(value: Any, pattern: str = PLAIN_DATE) -> Any:
    return say_date(value, pattern) if isinstance(value, date) else value


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    if isinstance(value, int) and abs(value) > 10**30:
        return None
    number = float(value)
    return number if math.isfinite(number) else None


def _money(value: Any, currency: str = "") -> Any:
    number = _number(value)
    if number is None:
        return value
    amount = f"{abs(number):,.2f}"
    sign = "-" if number < 0 else ""
    if currency and currency[-1].isalpha():
        return f"{sign}{amount} {currency}"
    return f"{sign}{currency}{amount}"


def _round(value: Any, digits: int = 0) -> Any:
    number = _number(value)
    return value if number is None else round(number, max(0, min(digits, 10)))


def _int(value: Any) -> Any:
    number = _number(value)
    return value if number is None else int(number)


def _title(value: Any) -> str:
    return re.sub(r"[^\W_]+(?:['’][^\W_]+)*", lambda word: word[0].capitalize(), as_text(value))


def _length(value: Any) -> int:
    return len(value) if isinstance(value, (str, list, tuple, dict)) else len(as_text(value))


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, (str, list, tuple)) else value


def _last(value: Any) -> Any:
    return value[-1] if isinstance(value, (str, list, tuple)) else value


def _join(value: Any, between: str = ", ") -> str:
    if not isinstance(value, (list, tuple)):
        return as_text(value)
    return between[:20].join(as_text(each) for each in value if each is not None)


def _truncate(value: Any, length: int = 255) -> str:
    text, most = as_text(value), max(1, length)
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


SHAPERS: Mapping[str, Shaper] = {
    "upper": Shaper(lambda value: as_text(value).upper()),
    "lower": Shaper(lambda value: as_text(value).lower()),
    "title": Shaper(_title),
    "capitalize": Shaper(lambda value: as_text(value).capitalize()),
    "trim": Shaper(lambda value: as_text(value).strip(WHITESPACE)),
    "length": Shaper(_length),
    "count": Shaper(_length),
    "first": Shaper(_first),
    "last": Shaper(_last),
    "join": Shaper(_join, (str,)),
    "truncate": Shaper(_truncate, (int,)),
    "round": Shaper(_round, (int,)),
    "int": Shaper(_int),
    "date": Shaper(_date, (str,)),
    "money": Shaper(_money, (str,)),
}


def bad_date_code(pattern: str) -> str:
    """Return the first code of a date pattern that is not known, or an empty text."""
    codes = (code[0] for code in _DATE_CODE.finditer(pattern) if code[1] not in _DATE_CODES)
    return next(codes, "")
