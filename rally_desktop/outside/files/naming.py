"""Names for files that every system can keep."""

from __future__ import annotations

import re

LONGEST = 80
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def file_name(title: str, otherwise: str) -> str:
    """Return a title as the name of a file, or ``otherwise`` where nothing is left of it."""
    plain = " ".join(_FORBIDDEN.sub(" ", title).split())[:LONGEST].strip(" .")
    if not plain:
        return otherwise
    return f"{plain} {otherwise}" if _RESERVED.fullmatch(plain) else plain
