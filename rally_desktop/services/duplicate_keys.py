"""What a record is known by, and how sure it is that two records are the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from rally_desktop.core.dialling import tail_of
from rally_desktop.core.fold import fold
from rally_desktop.model.ref import RecordKind
from rally_desktop.model.tables import company, contact

SIMILAR = 87  # of a hundred: names that are the same but for a slip of the pen
ADDRESS, DOMAIN, NUMBER = "the same address", "the same domain", "the same number"
NAMED, CALLED = "the same name and company", "the same name"
NEARLY_NAMED, NEARLY_CALLED = "nearly the same name, the same company", "nearly the same name"
SURE, LIKELY, PERHAPS = "sure", "likely", "perhaps"
SURENESS = (SURE, LIKELY, PERHAPS)
Values = Mapping[str, Any]

COLUMNS: Mapping[RecordKind, tuple[Any, ...]] = {
    "contact": (
        contact.c.id, contact.c.first_name, contact.c.last_name, contact.c.email,
        contact.c.phone, contact.c.mobile, contact.c.company_id,
    ),
    "company": (company.c.id, company.c.name, company.c.domain, company.c.phone),
}  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """How sure it is that two records are one, and what they share; ``safe`` needs no second look.

    It is where name and address, or name and number, are the same, and neither has another
    address that would be lost.
    """

    sure: str
    why: tuple[str, ...]
    safe: bool = False


def keys(kind: RecordKind, row: Values) -> Iterator[str]:
    """Yield what a record shares with whatever may be the same: the more, the more is looked at."""
    if address := address_of(kind, row):
        yield f"@{address}"
    for number in numbers(row):
        yield f"#{number}"
    if kind == "company":
        if name := bare(row["name"]):
            yield f"={name}"
            yield f"~{name[:5]}"
        return
    first, last = plain(row["first_name"]), plain(row["last_name"])
    if first and last and row["company_id"]:
        yield f"={first} {last}|{row['company_id']}"
        yield f"~{first[0]}{last[0]}|{row['company_id']}"


class _Signs(NamedTuple):
    """What speaks for and against two records being one; ``unlike`` is another address."""

    addressed: bool
    numbered: bool
    alike: bool
    same_name: bool
    unlike: bool
    unnamed: bool = False

    @classmethod
    def of(cls, kind: RecordKind, one: Values, other: Values) -> _Signs:
        """Read them off two records."""
        whole = bare_name if kind == "company" else full_name
        names = (whole(one), whole(other))
        addresses = (address_of(kind, one), address_of(kind, other))
        return cls(
            addressed=bool(addresses[0]) and addresses[0] == addresses[1],
            numbered=not {*numbers(one)}.isdisjoint(numbers(other)),
            alike=similar(*names),
            same_name=names[0] == names[1] and (" " in names[0] or _company_called(kind, names[0])),
            unlike=all(addresses) and addresses[0] != addresses[1],
            unnamed=not all(names),
        )

    @property
    def reached(self) -> bool:
        """Say whether both are reached the same way."""
        return self.addressed or self.numbered


def _company_called(kind: RecordKind, name: str) -> bool:
    """Say whether one word is a whole name: of a company it may be, of a person it is not."""
    return kind == "company" and bool(name)


def compare(kind: RecordKind, one: Values, other: Values) -> Verdict | None:
    """Say how sure it is that two records are the same; None where nothing speaks for it."""
    signs = _Signs.of(kind, one, other)
    return _companies(signs) if kind == "company" else _contacts(signs, one, other)


def _contacts(signs: _Signs, one: Values, other: Values) -> Verdict | None:
    named = signs.alike and _colleagues(one, other)
    if not (signs.reached or named):
        return None
    said = [NAMED if signs.same_name else NEARLY_NAMED] * named
    likely = signs.addressed or (named and signs.same_name)
    return _verdict(signs, (ADDRESS, said), sure=signs.alike or signs.unnamed, likely=likely)


def _colleagues(one: Values, other: Values) -> bool:
    """Say whether two work at one company, and have first and last names."""
    there = bool(one["company_id"]) and one["company_id"] == other["company_id"]
    return there and " " in full_name(one) and " " in full_name(other)


def _companies(signs: _Signs) -> Verdict | None:
    same = signs.same_name and not signs.unlike
    alike = signs.alike and not signs.unlike
    if not (signs.reached or alike or signs.same_name):
        return None
    said = [CALLED if signs.same_name else NEARLY_CALLED] * signs.alike
    return _verdict(signs, (DOMAIN, said), sure=signs.alike, likely=signs.addressed or same)


def _verdict(signs: _Signs, says: tuple[str, list[str]], *, sure: bool, likely: bool) -> Verdict:
    address, named = says
    why = ([address] * signs.addressed) + ([NUMBER] * signs.numbered) + named
    if signs.reached and sure:
        return Verdict(SURE, tuple(why), signs.same_name and not signs.unlike)
    return Verdict(LIKELY if likely else PERHAPS, tuple(why))


# -- addresses, numbers and names as they are compared -----------------------------------------


def address_of(kind: RecordKind, row: Values) -> str:
    """Return an address as its mailbox: without what follows a plus, or www before a domain."""
    given = row["domain"] if kind == "company" else row["email"]
    name, at, domain = fold(given or "").rpartition("@")
    return f"{name.partition('+')[0]}{at}{domain.removeprefix('www.')}"


def numbers(row: Values) -> Iterator[str]:
    """Yield the telephone numbers of a record, without the country and whatever is no digit."""
    for name in ("phone", "mobile"):
        if found := tail_of(row.get(name) or ""):
            yield found


_NO_WORD = re.compile(r"[^\w\s]+")


@lru_cache(maxsize=65_536)
def plain(text: str) -> str:
    """Return a name without case, accents and marks."""
    bare_text = fold(text or "")
    if not bare_text.isascii():
        split = unicodedata.normalize("NFKD", bare_text)
        bare_text = "".join(sign for sign in split if not unicodedata.combining(sign))
    return " ".join(_NO_WORD.sub(" ", bare_text).split()) if bare_text else ""


def full_name(row: Values) -> str:
    """Return a contact's whole name as it is compared."""
    return f"{plain(row['first_name'])} {plain(row['last_name'])}".strip()


_FORMS = re.compile(r"\b(ltd|limited|inc|llc|gmbh|ag|sa|sarl|srl|bv|oy|ab|plc|co|corp)\b")


def bare(name: str) -> str:
    """Return a company's name without its legal form, where anything is left."""
    whole = plain(name)
    return " ".join(_FORMS.sub(" ", whole).split()) or whole


def bare_name(row: Values) -> str:
    """Return a company's name as it is compared."""
    return bare(row["name"])


def similar(one: str, other: str) -> bool:
    """Say whether two names are one, but for a slip, their order, or a first name cut short."""
    from rapidfuzz import fuzz  # only those who look for duplicates wait for it

    if not one or not other:
        return False
    if one == other or fuzz.token_sort_ratio(one, other) >= SIMILAR:
        return not _numbered_apart(one, other)
    return _cut_short(one.split(), other.split())


def _numbered_apart(one: str, other: str) -> bool:
    """Say whether only numbers tell two apart, as Branch 1 and Branch 2."""
    return re.findall(r"\d+", one) != re.findall(r"\d+", other)


def _cut_short(one: Sequence[str], other: Sequence[str]) -> bool:
    """Say whether one is the other with an initial for a first name, as A. Silva."""
    if len(one) < 2 or len(other) < 2 or one[-1] != other[-1]:
        return False
    short, long = sorted((one[0], other[0]), key=len)
    return len(short) == 1 and long.startswith(short)
