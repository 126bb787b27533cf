"""Text messages: the number they go to, and how many parts a text is sent in (3GPP 23.038)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWICE = frozenset("\f^{}\\[~]|€")  # signs that take the room of two
_SIGNS = re.compile(r"[\s().\-/\u2010-\u2015]")
MOST_PARTS = 10  # further ones no gateway takes as one text
_NUMBER = re.compile(r"\+?[0-9]{6,15}")


@dataclass(frozen=True)
class Parts:
    """In how many parts a text is sent, and whether in the alphabet that holds the most."""

    count: int
    plain: bool


def parts(text: str) -> Parts:
    """Return in how many parts a text is sent; it is each of them that is paid for."""
    plain = all(sign in _BASIC or sign in _TWICE for sign in text)
    if plain:
        sizes = [2 if sign in _TWICE else 1 for sign in text]
        one, each = 160, 153
    else:
        sizes = [len(sign.encode("utf-16-le")) // 2 for sign in text]
        one, each = 70, 67
    if sum(sizes) <= one:
        return Parts(1, plain)
    count, room = 1, each
    for size in sizes:  # a sign is never torn apart
        if size > room:
            count, room = count + 1, each
        room -= size
    return Parts(count, plain)


def number_of(written: str) -> str:
    """Return a telephone number in digits, with its + in front; empty where it is none."""
    bare = _SIGNS.sub("", written.replace("(0)", ""))
    if bare.startswith("00"):
        bare = f"+{bare[2:]}"
    return bare if _NUMBER.fullmatch(bare) else ""


def counted(text: str) -> str:
    """Say how long a text is and in how many SMS it is sent; nothing where there is none."""
    if not text:
        return ""
    signs, sent = len(text), parts(text)
    said = f"{signs:,} character{'s' * (signs != 1)}, sent as {sent.count:,} SMS"
    if sent.count > MOST_PARTS:
        said = f"{said}: more than the {MOST_PARTS} that can be sent"
    return said if sent.plain else f"{said}; signs such as emoji make room for fewer"
