"""Lines of text out of a file whose encoding nobody wrote down, or that has more than one.

The order is: byte order mark, UTF-8, this computer's own code page (Windows-1252 where that is
UTF-8). Which line is in which is decided line by line, because lists are pasted together; text
that was decoded wrongly before it was saved («MÃ¼ller») is repaired where that is unambiguous.
"""

from __future__ import annotations

import codecs
import io
import locale
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

LONGEST_LINE = 1024 * 1024
SAMPLE = 256 * 1024
BLOCK = 64 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL_BYTES = bytes((*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F))
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")
# What UTF-8 looks like when it was read as Windows-1252: a lead byte, then a continuation.
_GARBLED = re.compile("[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u02dc\u2013-\u2122]")


class Line(NamedTuple):
    """A line of a file without its end; ``problem`` and ``note`` speak to a person."""

    number: int
    text: str
    problem: str = ""
    note: str = ""


class Block(NamedTuple):
    """Many lines with nothing to be said about any of them; ``number`` is that of the first."""

    number: int
    text: str

    def lines(self) -> list[str]:
        """Return the lines without their ends."""
        return self.text.removesuffix("\n").split("\n")


class Decoder:
    """Turns a file's bytes into lines of text; never fails on any bytes."""

    def __init__(self, sample: bytes, encoding: str = "") -> None:
        """Look at the first bytes of a file; ``encoding`` overrides what they say.

        Raises LookupError or UnicodeError for an encoding that text cannot be read in.
        """
        found = next(((mark, name) for mark, name in _MARKS if sample.startswith(mark)), None)
        self.mark = found[0] if found else b""
        self.fixed = _chosen(encoding) if encoding else found[1] if found else ""
        self.fallback = own_code_page()
        self._mostly_utf8 = _mostly_utf8(sample)

    @property
    def name(self) -> str:
        """Return the encoding that most of the file is in, as people call it."""
        return shown(self.fixed or ("utf-8" if self._mostly_utf8 else self.fallback))

    @property
    def wide(self) -> bool:
        """Tell whether every character is at least two bytes."""
        return self.fixed.startswith(("utf-16", "utf-32"))

    @property
    def sure(self) -> bool:
        """Tell whether the encoding is known rather than guessed."""
        return bool(self.fixed) or self._mostly_utf8

    def lines(self, path: Path) -> Iterator[Line]:
        """Read a file line by line."""
        for piece in self.pieces(path):
            if isinstance(piece, Line):
                yield piece
            else:
                yield from (Line(n, text) for n, text in enumerate(piece.lines(), piece.number))

    def pieces(self, path: Path) -> Iterator[Line | Block]:
        """Read a file in blocks where all is plain, line by line elsewhere; hold no more of it."""
        with path.open("rb", buffering=2 * BLOCK) as file:
            file.seek(len(self.mark))
            number = 1
            for raw, cut in _pieces(file, self.wide, self.fixed):
                if text := self._plain(raw):
                    yield Block(number, text)
                    number += text.count("\n")
                    continue
                for one in io.BytesIO(raw) if raw.endswith(b"\n") and not self.wide else (raw,):
                    if cut:
                        yield Line(number, "", "The line is longer than any list should have.")
                    else:
                        yield self._line(number, one)
                    number += 1

    def _plain(self, raw: bytes) -> str:
        """Return the text of whole lines that need no closer look, or nothing."""
        if self.fixed not in ("", "utf-8") or not raw.endswith(b"\n"):
            return ""
        if len(raw.translate(None, _CONTROL_BYTES)) < len(raw) or codecs.BOM_UTF8 in raw:
            return ""
        ascii_only = raw.isascii()
        if not ascii_only and not (self._mostly_utf8 or self.fixed):
            return ""
        try:
            text = raw.decode("utf-8").replace("\r\n", "\n")
        except UnicodeDecodeError:
            return ""
        return "" if "\r" in text or (not ascii_only and _GARBLED.search(text)) else text

    def _line(self, number: int, raw: bytes) -> Line:
        text, note = self._text(raw)
        text = text.rstrip("\r\n")
        if "\r" in text:
            text = text.replace("\r", " ")
        if not text.isprintable():
            text = CONTROLS.sub("", text)
        return Line(number, text, "", note)

    def _text(self, raw: bytes) -> tuple[str, str]:
        if self.fixed and self.fixed != "utf-8":
            return raw.decode(self.fixed, "replace"), ""
        if raw.isascii():
            return raw.decode("ascii"), ""
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            note = ""
            if self._mostly_utf8 or self.fixed:
                note = f"Read as {shown(self.fallback)}; the rest of the file is UTF-8."
            return raw.decode(self.fallback, "replace"), note
        if _GARBLED.search(text) and (repaired := _repaired(text)):
            return repaired, "The letters were garbled and have been repaired."
        if self._mostly_utf8 or self.fixed:
            return text, ""
        return text, f"Read as UTF-8; the rest of the file is {shown(self.fallback)}."


def _chosen(encoding: str) -> str:
    """Return the name of an encoding that a person chose, once it has shown that it can read."""
    name = codecs.lookup(encoding).name
    name = {"utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(name, name)
    b"\xff".decode(name, "replace")
    return name


def own_code_page() -> str:
    """Return the 8-bit encoding that this computer's older programs write."""
    name = codecs.lookup(locale.getpreferredencoding(do_setlocale=False)).name
    return name if name.startswith("cp") else "cp1252"


def shown(encoding: str) -> str:
    """Return an encoding's name as people know it."""
    if encoding.startswith("cp125"):
        return f"Windows-{encoding[2:]}"
    return encoding.upper().replace("_", "-")


def hint(sample: bytes) -> str:
    """Return the encoding that the statistics of the letters suggest, or nothing."""
    # Slow to import, and needed only where a file says nothing about itself.
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    return best.encoding if best else ""


def _mostly_utf8(sample: bytes) -> bool:
    """Count, among lines with more than ASCII, those that are UTF-8."""
    votes = 0
    for line in sample.split(b"\n")[:-1] or [sample]:
        if not line.isascii():
            votes += 1 if _is_utf8(line) else -1
    return votes >= 0


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _repaired(text: str) -> str:
    """Undo one wrong decoding, or return nothing where it is not certain."""
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return ""


def _pieces(file: BinaryIO, wide: bool, encoding: str) -> Iterator[tuple[bytes, bool]]:
    """Yield raw lines, several at once; what is beyond the longest is dropped and said to be."""
    if wide:
        # There a line end is two bytes or four, at an even place.
        reader = io.TextIOWrapper(file, encoding, "replace", newline="")
        while text := reader.readline(LONGEST_LINE):
            yield text.encode(encoding, "replace"), len(text) == LONGEST_LINE
        reader.detach()
        return
    old_mac = b"\n" not in (head := file.read(SAMPLE)) and b"\r" in head
    file.seek(-len(head), 1)
    while not old_mac and (block := file.read(BLOCK)):
        whole = block.rfind(b"\n") + 1
        file.seek(whole - len(block), 1)
        if whole:
            yield block[:whole], False
        else:
            yield _long_line(file)
    while old_mac and (raw := file.readline(LONGEST_LINE)):
        yield from ((piece, False) for piece in raw.rstrip(b"\r").split(b"\r"))


def _long_line(file: BinaryIO) -> tuple[bytes, bool]:
    """Return the next line, and whether it is so long that its rest was dropped."""
    raw = file.readline(LONGEST_LINE)
    cut = len(raw) == LONGEST_LINE and not raw.endswith(b"\n")
    while cut and (more := file.readline(LONGEST_LINE)) and not more.endswith(b"\n"):
        pass
    return raw, cut
