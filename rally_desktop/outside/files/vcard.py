"""Read address cards (vCard 2.1, 3.0, 4.0; many in one file) as a table of contacts."""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from rally_desktop.core.errors import BadFile
from rally_desktop.outside.files.csv import sample
from rally_desktop.outside.files.decoding import Decoder, Line
from rally_desktop.outside.files.table import Row

# The headings are what a contact's fields are called, so that the mapping is plain.
HEADERS = (
    "First name", "Last name", "E-mail", "Phone", "Mobile", "Company", "Department", "Job title",
    "Street", "City", "State", "Postal code", "Country", "Tags", "Gender", "Time zone", "LinkedIn",
    "Twitter",
)  # fmt: skip
MOST_LINES = 20_000  # of one card; a picture in it takes some thousand
_LONGEST = 4_000
_PARTS = re.compile(r"(?<!\\);")
_ESCAPED = re.compile(r"\\([\\,;:nN])")


class _Property(NamedTuple):
    name: str
    types: frozenset[str]
    preferred: int
    value: str


@dataclass(frozen=True)
class CardTable:
    """A file of address cards: one row a card."""

    path: Path
    _decoder: Decoder
    headers: tuple[str, ...] = HEADERS

    @property
    def encoding(self) -> str:
        """Return the encoding of the file, as people call it."""
        return self._decoder.name

    def rows(self) -> Iterator[Row]:
        """Read the cards, one at a time; the number of each is that of its first line."""
        inside: list[Line] = []
        for line in self._decoder.lines(self.path):
            word = line.text.strip().upper()
            if word == "BEGIN:VCARD":
                if inside:
                    yield _broken(inside)
                inside = [line]
            elif inside and word == "END:VCARD":
                yield _row(inside)
                inside = []
            elif inside and len(inside) < MOST_LINES:
                inside.append(line)
        if inside:
            yield _broken(inside)


def is_vcard(start: bytes) -> bool:
    """Say whether a file begins as address cards do, in whatever encoding."""
    return start[:200].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").upper()[:11] == (
        b"BEGIN:VCARD"
    )


def read_vcard(path: Path, encoding: str = "") -> CardTable:
    """Look into a file of address cards; raise BadFile where there is no such encoding."""
    try:
        return CardTable(path, Decoder(sample(path), encoding))
    except (LookupError, UnicodeError) as error:
        raise BadFile(f"There is no encoding called ‘{encoding}’. Choose UTF-8.") from error


def _broken(lines: list[Line]) -> Row:
    said = "The address card does not end. Export it again from where it came."
    return Row(lines[0].number, (), said)


def _row(lines: list[Line]) -> Row:
    note = " ".join(dict.fromkeys(line.note for line in lines if line.note))
    found = [made for text in _unfolded(lines[1:]) if (made := _property(text))]
    cells = _cells(found)
    return Row(lines[0].number, tuple(cells.get(name, "") for name in HEADERS), "", note)


def _unfolded(lines: list[Line]) -> Iterator[str]:
    """Join lines that go on: with a space before them, or after an = where they are quoted."""
    whole = ""
    for line in lines:
        if line.text[:1] in (" ", "\t") and whole:
            whole += line.text[1:]
        elif whole.endswith("=") and "QUOTED-PRINTABLE" in whole.partition(":")[0].upper():
            whole = whole[:-1] + line.text
        else:
            if whole:
                yield whole
            whole = line.text
    if whole:
        yield whole


def _property(text: str) -> _Property | None:
    """Take a line apart: name, what kind of it, how much it is preferred, value."""
    head, colon, value = _split_head(text)
    if not colon:
        return None
    name, *parameters = head.split(";")
    types: set[str] = set()
    preferred, charset = 100, "utf-8"
    for parameter in parameters:
        key, _, said = parameter.upper().rpartition("=")
        if key == "PREF" and said.isdigit():
            preferred = int(said[:3])
        elif key == "CHARSET":
            charset = said
        else:
            types.update(said.strip('"').split(","))
    if "QUOTED-PRINTABLE" in types:
        value = _quoted(value, charset)
    if "PREF" in types:
        preferred = 1
    plain = name.rpartition(".")[2].upper()  # «item1.EMAIL»: the group says nothing here
    return _Property(plain, frozenset(types), preferred, value[:_LONGEST])


def _split_head(text: str) -> tuple[str, str, str]:
    """Part at the first colon that is not inside quotes."""
    quoted = False
    for place, letter in enumerate(text):
        if letter == '"':
            quoted = not quoted
        elif letter == ":" and not quoted:
            return text[:place], ":", text[place + 1 :]
    return text, "", ""


def _quoted(value: str, charset: str) -> str:
    raw = quopri.decodestring(value.encode("utf-8", "replace"))
    try:
        return raw.decode(charset, "replace")
    except LookupError:
        return raw.decode("utf-8", "replace")


def _parts(value: str, count: int) -> list[str]:
    found = [_plain(part) for part in _PARTS.split(value)]
    return (found + [""] * count)[:count]


def _plain(text: str) -> str:
    made = _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)
    return made.strip()


def _cells(found: list[_Property]) -> dict[str, str]:
    """Return what a card says, by the heading it stands under."""
    by_name: dict[str, list[_Property]] = {}
    for one in sorted(found, key=lambda one: one.preferred):
        by_name.setdefault(one.name, []).append(one)
    said = {name: some[0].value for name, some in by_name.items()}
    last, first, *_ = _parts(said.get("N", ""), 5)
    cells = {"First name": first, "Last name": last}
    if not first and not last:
        whole = _plain(said.get("FN", "") or said.get("NICKNAME", ""))
        first, _, last = whole.rpartition(" ")
        cells = {"First name": first or last, "Last name": last if first else ""}
    cells["E-mail"] = _plain(said.get("EMAIL", "")).removeprefix("mailto:")
    cells |= _phones(by_name.get("TEL", []))
    company, department = _parts(said.get("ORG", ""), 2)
    box, more, street, *place = _parts(said.get("ADR", ""), 7)
    cells |= {"Company": company, "Department": department}
    cells["Job title"] = _plain(said.get("TITLE", "") or said.get("ROLE", ""))
    cells["Street"] = "\n".join(filter(None, (box, more, street)))
    cells |= zip(("City", "State", "Postal code", "Country"), place, strict=True)
    cells["Tags"] = _plain(said.get("CATEGORIES", "").replace(",", ";"))
    cells["Gender"] = _gender(said.get("GENDER", ""))
    cells["Time zone"] = said["TZ"] if "/" in said.get("TZ", "") else ""
    return cells | _profiles(found)


def _phones(some: list[_Property]) -> dict[str, str]:
    cells: dict[str, str] = {}
    for one in some:
        if "FAX" in one.types or "PAGER" in one.types:
            continue
        name = "Mobile" if one.types & {"CELL", "MOBILE", "IPHONE"} else "Phone"
        cells.setdefault(name, _plain(one.value).removeprefix("tel:"))
    return cells


def _gender(value: str) -> str:
    sex, _, words = value.partition(";")
    return _plain(words) or {"M": "Male", "F": "Female", "O": "Other"}.get(sex.strip().upper(), "")


def _profiles(found: list[_Property]) -> dict[str, str]:
    cells: dict[str, str] = {}
    for one in found:
        where = one.value.lower()
        if "linkedin.com" in where:
            cells.setdefault("LinkedIn", _plain(one.value))
        elif "twitter.com" in where or "//x.com" in where:
            cells.setdefault("Twitter", _plain(one.value))
    return cells
