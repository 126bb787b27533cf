"""What a text is found by: its words in one spelling, whatever the script, accents or signs.

The index and the question go through the same functions, so both always agree.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rally_desktop.core.dialling import tail_of

LONGEST_WORD = 40
MOST_ASKED = 8  # words of a question; who types more has pasted a text
LONGEST_ASKED = 200
LEAST_DIGITS = 4  # from so many on, digits may be a telephone number

_WORD = re.compile(r"[^\W_]+(?:['’ʼ`´′][^\W\d_]+)*")
_SIGN = re.compile(r"['’ʼ`´′]")
_NUMBER = re.compile(r"[\s\d()+./\-\u2010-\u2015]+")
# Scripts that are written without spaces: each sign counts as a word.
_APART = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]"
)
_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
     "ħ": "h", "ŋ": "n", "ə": "e", "ـ": None, "ة": "ه", "ى": "ي", "ی": "ي", "ک": "ك"}
)  # fmt: skip
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_ARTICLE = "ال"


@dataclass(frozen=True)
class Asked:
    """A question: for each of its words the spellings that answer it; ``number`` has digits only.

    ``text`` is the whole of it, bare, ``typed`` as it was typed. A word of ``whole`` is not taken
    for the beginning of one.
    """

    typed: str
    text: str
    words: tuple[tuple[str, ...], ...]
    number: str = ""
    whole: frozenset[str] = frozenset()


def bare(text: str) -> str:
    """Return a text without case, accents and other marks."""
    if text.isascii():
        return text.lower()
    kept = _unmarked(unicodedata.normalize("NFKD", text.casefold()))
    return unicodedata.normalize("NFC", kept).casefold().translate(_LETTERS)


def _unmarked(text: str) -> str:
    return "".join(sign for sign in text if not unicodedata.category(sign).startswith("M"))


def words_of(*texts: str) -> list[str]:
    """Return the words that texts are found by, each once, in every spelling."""
    found: dict[str, None] = {}
    for spellings in _spelled(texts):
        found.update(dict.fromkeys(spellings))
    return list(found)


def numbers_of(*numbers: str) -> list[str]:
    """Return the digits that telephone numbers are found by: whole, from each part on, the last.

    So +49 30 1234567 is found by 030 1234567, by 1234567 and by 4567, however it is typed. Two
    ways to write one number have their tail in common.
    """
    found: dict[str, None] = {}
    for number in filter(None, numbers):
        parts = re.findall(r"\d+", number.replace("(0)", " "))
        digits = "".join(parts).lstrip("0")
        if len(digits) < LEAST_DIGITS:
            continue
        starts = [digits, *("".join(parts[place:]).lstrip("0") for place in range(1, len(parts)))]
        if len(parts) == 1:
            starts += [digits[cut:] for cut in ((1, 2, 3, -7) if _abroad(number) else (-7,))]
        starts += [digits[-LEAST_DIGITS:], tail_of(number)]
        found.update((start[:LONGEST_WORD], None) for start in starts if len(start) >= LEAST_DIGITS)
    return list(found)


def asked(text: str) -> Asked:
    """Return what somebody typed as a question."""
    text = text[:LONGEST_ASKED]
    apart = (spellings for spellings in _spelled([text], every=False) if spellings)
    words = tuple(dict.fromkeys(apart))[:MOST_ASKED]
    whole = frozenset(word for spellings in words for word in spellings if _APART.match(word))
    typed = " ".join(text.replace("\0", " ").split())
    return Asked(typed, " ".join(bare(typed).split()), words, _digits(text), whole)


def variants(number: str) -> list[str]:
    """Return how a number that was typed may begin where it is written down.

    One with its country is looked for without it, too; which digits that is nobody knows.
    """
    plain = number.lstrip("+0")
    cuts = range(4) if _abroad(number) else range(1)
    found = (plain[cut:].lstrip("0") for cut in cuts if len(plain) - cut >= LEAST_DIGITS)
    return list(dict.fromkeys(one for one in found if one))


def _digits(text: str) -> str:
    """Return the number that a question is, with a plus where it names a country; or nothing."""
    if not _NUMBER.fullmatch(text):
        return ""
    digits = re.sub(r"\D", "", text.replace("(0)", ""))
    if len(digits.lstrip("0")) < LEAST_DIGITS:
        return ""
    return f"+{digits}" if text.lstrip(" (").startswith("+") else digits


def _abroad(number: str) -> bool:
    return number.lstrip(" (").startswith(("+", "00"))


def _spelled(texts: Iterable[str], *, every: bool = True) -> Iterator[tuple[str, ...]]:
    """Yield each word as the spellings it has; ``every`` adds those only an index needs."""
    for text in texts:
        if text.isascii() and "'" not in text:
            for word in re.findall(r"[a-z0-9]+", text.lower()):
                yield (word[:LONGEST_WORD],)
            continue
        for word in _WORD.findall(_unmarked(unicodedata.normalize("NFC", text))):
            yield from _parts(word, every=every)


def _parts(word: str, *, every: bool) -> Iterator[tuple[str, ...]]:
    signs = _APART.findall(word)
    if signs:
        yield from ((bare(sign),) for sign in signs)
        word = _APART.sub("", word)
    folded = word.casefold()
    found = dict.fromkeys((bare(folded), bare(folded.translate(_UMLAUTS))))
    if every and len(rest := _SIGN.split(folded)) > 1:
        found.update(dict.fromkeys(bare(part) for part in rest if len(part) > 2))
    for spelling in list(found):
        if spelling.startswith(_ARTICLE) and len(spelling) > len(_ARTICLE) + 2:
            found[spelling.removeprefix(_ARTICLE)] = None
    made = ("".join(filter(str.isalnum, _SIGN.sub("", one)))[:LONGEST_WORD] for one in found)
    yield tuple(dict.fromkeys(one for one in made if one))
