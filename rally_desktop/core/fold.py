"""When two texts count as the same: without regard to case and surrounding space.

The three places that compare texts (this function, the SQLite function made from it, the SQL
function on PostgreSQL 18, which knows Unicode 16) must agree on every character.
"""

from __future__ import annotations

import re

WHITESPACE = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)

# Capitals of Unicode 15 and 16, which an older Python does not fold yet.
_NEWER = {
    0x1C89: 0x1C8A,
    0xA7CB: 0x0264,
    0xA7CC: 0xA7CD,
    0xA7DA: 0xA7DB,
    0xA7DC: 0x019B,
    **{0x10D50 + n: 0x10D70 + n for n in range(0x16)},
}
_NEWER_ONES = re.compile(f"[{''.join(map(chr, _NEWER))}]")


def fold(text: str) -> str:
    """Return the form under which a text is compared; two texts are the same if this is."""
    bare = text.strip(WHITESPACE)
    if bare.isascii():
        return bare.lower()
    if _NEWER_ONES.search(bare):
        bare = bare.translate(_NEWER)
    return bare.casefold()
