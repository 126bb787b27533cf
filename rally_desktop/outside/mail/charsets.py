"""Text of bytes whose character set is wrong, unknown, or a lie."""

from __future__ import annotations

import codecs
import re
import unicodedata

# What mail is written in; the standard library knows more, some of which takes for ever.
_KNOWN = re.compile(
    r"utf_(8|16|32)(_[bl]e)?|ascii|iso8859_\d+|latin_1|cp\d{3,4}|koi8_[rut]|gb2312|gbk|gb18030"
    r"|hz|big5(hkscs)?|euc_\w+|shift_jis\w*|iso2022_\w+|mac_\w+|tis_620|kz1048|ptcp154|johab"
)
# What writes itself as Latin 1 means Windows’ set, as browsers know.
_MEANT = {"latin_1": "cp1252", "iso8859_1": "cp1252", "iso8859_9": "cp1254"}
_LOOKED_AT = 1_024
# Fewer letters beyond ASCII tell nothing, and guessing takes a hundred times as long as reading.
_ENOUGH = 8
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufeff]")


def decoded(data: bytes, charset: str = "") -> str:
    """Return text, whatever the bytes are; nothing is raised and no half characters are left."""
    return _UNSEEN.sub("", _decoded(data, _name(charset)))


def one_line(text: str) -> str:
    """Return text as one line without control characters and marks that turn its direction."""
    if text.isprintable():
        return " ".join(text.split())
    kept = (
        " " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign
        for sign in text
        if unicodedata.category(sign) not in ("Cf", "Cs") or sign in "\u200d\u200c"
    )
    return " ".join("".join(kept).split())


def _name(charset: str) -> str:
    try:
        name = codecs.lookup(charset.strip("'\" ")).name.replace("-", "_") if charset else ""
    except (LookupError, ValueError):
        return ""
    # Bytes that are ASCII are UTF-8 too, and others are none.
    return name if _KNOWN.fullmatch(name) and name != "ascii" else ""


def _decoded(data: bytes, name: str) -> str:
    # ISO-2022 and UTF-16 are bytes of ASCII too; UTF-8 with letters of its own is never chance.
    if not name.startswith(("utf_16", "utf_32", "iso2022", "hz")):
        found = _strictly(data, "utf_8")
        if found is not None:
            return found
    if name == "utf_8":
        return _mostly_utf8(data)
    found = _strictly(data, _MEANT.get(name, name)) if name else None
    if found is not None:
        return found
    if name:
        return data.decode(_MEANT.get(name, name), "replace")
    return data.decode(_guessed(data), "replace")


def _strictly(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except UnicodeError:
        return None


def _mostly_utf8(data: bytes) -> str:
    """Keep UTF-8 that was cut or damaged here and there; else it was another set."""
    text = data.decode("utf-8", "replace")
    letters = sum(byte >= 0xC0 for byte in data[:_LOOKED_AT])
    if text[:_LOOKED_AT].count("\ufffd") * 2 <= letters:
        return text
    return data.decode(_guessed(data), "replace")


def _guessed(data: bytes) -> str:
    """Return the set that the first bytes read best in."""
    from charset_normalizer import from_bytes  # large, and hardly ever needed

    beyond = [place for place, byte in enumerate(data[: 64 * _LOOKED_AT]) if byte >= 0x80]
    if len(beyond) < _ENOUGH:
        return "cp1252"
    start = max(0, beyond[0] - 100)
    best = from_bytes(data[start : start + _LOOKED_AT]).best()
    name = _name(best.encoding) if best else ""
    return name if name and not name.startswith(("utf", "ascii")) else "cp1252"
