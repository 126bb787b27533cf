"""Numbers as people write them."""

from __future__ import annotations

import math
import re

_AMOUNT = re.compile(r"[^\d+\-.,(]*([+-]?[\d.,'’\s]*\d)\D*")


def amount(text: str) -> float | None:
    """Return a number as people write it: 1,234.50 and 1.234,50 are the same."""
    try:
        number = float(text)
    except ValueError:
        found = _AMOUNT.fullmatch(text.strip())
        number = None if found is None else _grouped(re.sub(r"['’\s]", "", found[1]))
    return number if number is not None and math.isfinite(number) else None


def _grouped(digits: str) -> float | None:
    """Tell the decimal sign from those that part thousands: it comes last, and once."""
    sign = max(digits.rfind(","), digits.rfind("."))
    if sign >= 0:
        mark, before, behind = digits[sign], digits[:sign], digits[sign + 1 :]
        only = "." not in before and "," not in before
        thousands = mark in before or (only and mark == "," and len(behind) == 3)
        digits = re.sub("[.,]", "", before) + ("" if thousands else ".") + behind
    try:
        return float(digits)
    except ValueError:
        return None
