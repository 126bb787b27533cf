"""What identifies one person wherever it is written: addresses, numbers, the full name.

A first name alone, or a city, says nothing: texts that only say those are left as they are.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product
from typing import Any
from urllib.parse import quote

import msgspec
from sqlalchemy import ColumnElement, false, or_, select

from rally_desktop.core import sms
from rally_desktop.core.fold import fold
from rally_desktop.model.rows import to_json
from rally_desktop.model.tables import activity, contact, record_merge, user_account
from rally_desktop.model.work import Work
from rally_desktop.services import sms_numbers

ERASED = "(erased)"
_FIELDS = ("first_name", "last_name", "email", "phone", "mobile", "linkedin", "twitter")
_SHORTEST = {"phone": 6, "mobile": 6, "linkedin": 8, "twitter": 4}  # shorter ones say too little
_SHORTEST_NAME = 6  # first and last together
_MOST_NAMES = 40
_PLAIN = re.compile(r"[A-Za-z0-9]{3,}")
_AROUND_EMAIL = r"(?<![\w.+-])", r"(?![\w-]|[.+]\w)"
# A number that stands alone in JSON is an amount or a moment, whatever its digits.
_AROUND_DIGITS = r"(?<![\w\[:,.-])", r"(?!\w)"
_AROUND = r"(?<!\w)", r"(?!\w)"


@dataclass(frozen=True)
class Traces:
    """What to look for: ``emails`` and ``numbers`` as they were written, other ``words``.

    Where a name is ``shared`` with somebody else it is not among them.
    """

    emails: frozenset[str]
    numbers: frozenset[str]
    words: frozenset[str]
    shared: bool = False

    @property
    def all(self) -> frozenset[str]:
        """Return everything that identifies the person."""
        return self.emails | self.numbers | self.words

    @cached_property
    def hints(self) -> tuple[str, ...]:
        """Return a part of each that is written the same everywhere, but for the case."""
        made: set[str] = set()
        for one in self.all:
            plain = max(_PLAIN.findall(one.partition("@")[0]) or _PLAIN.findall(one), key=len,
                        default="")  # fmt: skip
            made |= {plain.lower()} if plain else {one, one.lower(), one.upper(), one.title()}
        return tuple(sorted(made - {""}))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Return what finds it in a text, where it stands for itself."""
        digits = {one for one in self.numbers if one.isdecimal()}
        parts = (
            _either(self.emails, *_AROUND_EMAIL),
            _either(digits, *_AROUND_DIGITS),
            _either(self.numbers - digits | self.words, *_AROUND),
        )
        return re.compile("|".join(parts), re.IGNORECASE)

    def free(self, text: str) -> str:
        """Return a text without it."""
        return self.pattern.sub(ERASED, text)

    def within(self, text: str) -> bool:
        """Say whether a text says it."""
        return self.pattern.search(text) is not None

    def may_be_in(self, column: ColumnElement[Any], *, sqlite: bool) -> ColumnElement[bool]:
        """Say which rows may hold it; SQLite's own comparison knows no case of a to z."""
        return or_(false(), *(_like(column, one, sqlite=sqlite) for one in self.hints))


def _either(said: Collection[str], before: str, after: str) -> str:
    """Return a pattern of texts as they may be written: as they are, in JSON, HTML, a link."""
    made: set[str] = set()
    for one in said:
        made |= {one, fold(one), to_json(one)[1:-1], html.escape(one), quote(one)}
        made |= {quote(one, safe=""), one.replace(" ", "+")}
    spellings = sorted(made - {""}, key=len, reverse=True)
    return f"{before}(?:{'|'.join(map(re.escape, spellings)) or '(?!)'}){after}"


def _like(column: ColumnElement[Any], text: str, *, sqlite: bool) -> ColumnElement[bool]:
    escaped = text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    wanted = f"%{escaped}%"
    return column.like(wanted, escape="!") if sqlite else column.ilike(wanted, escape="!")


def same_person(work: Work, number: int) -> list[int]:
    """Return a contact's number with those of the contacts that became part of it."""
    found, new = {number}, {number}
    own = record_merge.c
    while new:
        query = select(own.gone_id).where(
            own.record_kind == "contact", own.kept_id.in_(new), own.undone_at.is_(None)
        )
        new = set(work.connection.execute(query).scalars()) - found
        found |= new
    return sorted(found)


def of(work: Work, numbers: Collection[int]) -> Traces:
    """Return what identifies a person, now or earlier; ``numbers`` are all contacts it is.

    The name is left out where another contact, or somebody of the office, has the same.
    """
    said = _said(work, numbers)
    pairs = islice(product(sorted(said["first_name"]), sorted(said["last_name"])), _MOST_NAMES)
    usual = [pair for pair in pairs if len("".join(pair)) >= _SHORTEST_NAME]
    own = [pair for pair in usual if not _shared(work, *pair, numbers)]
    names = {form.format(*pair) for pair in own for form in ("{0} {1}", "{1} {0}", "{1}, {0}")}
    called = said["phone"] | said["mobile"]
    called |= {sms.number_of(one) for one in called} - {""}
    called |= {sms_numbers.dialled(work, one) for one in called} - {""}
    called |= _dialled(work, numbers)
    handles = {one if "/" in one else f"@{one.lstrip('@')}" for one in said["twitter"]}
    words = names | said["linkedin"] | handles
    shared = len(own) < len(usual)
    return Traces(frozenset(said["email"]), frozenset(called), frozenset(words), shared)


def _dialled(work: Work, numbers: Collection[int]) -> set[str]:
    """Return the numbers of a person as text messages go to them."""
    people = work.records("contact", numbers).values()
    return {one.dialled for person in people for one in sms_numbers.known(work, person)}


def _said(work: Work, numbers: Collection[int]) -> dict[str, set[str]]:
    """Return what the fields that identify somebody say, and ever said."""
    said: dict[str, set[str]] = {name: set() for name in _FIELDS}
    query = select(*(contact.c[name] for name in _FIELDS)).where(contact.c.id.in_(numbers))
    for row in work.connection.execute(query).mappings():
        _add(said, row)
    for fields in _moved(work, numbers):
        for values in zip(*fields.values(), strict=True):
            _add(said, dict(zip(fields, values, strict=True)))
    return said


def _add(said: dict[str, set[str]], values: Mapping[Any, Any]) -> None:
    for name in said.keys() & values.keys():
        value = values[name]
        if isinstance(value, str) and len(value.strip()) >= _SHORTEST.get(name, 1):
            said[name].add(value.strip())


def _moved(work: Work, numbers: Collection[int]) -> Iterator[dict[str, tuple[Any, Any]]]:
    """Yield what the fields that identify somebody were set from and to."""
    own = activity.c
    query = select(own.detail).where(
        own.record_kind == "contact", own.record_id.in_(numbers), own.kind == "updated"
    )
    for detail in work.connection.execute(query).scalars():
        moved = msgspec.json.decode(detail).get("fields", {})
        found = {name: tuple(moved[name]) for name in _FIELDS if name in moved}
        if found:
            yield found


def _shared(work: Work, first: str, last: str, numbers: Collection[int]) -> bool:
    """Say whether another living contact, or somebody of the office, has a name."""
    own, sorted_by = contact.c, fold(f"{last} {first}")
    others = select(own.id).where(
        own.deleted_at.is_(None),
        own.id.not_in(numbers),
        own.sort_name.startswith(sorted_by, autoescape=True),
    )
    if work.connection.dialect.name == "sqlite":  # finds it by the index
        others = others.where(own.sort_name >= sorted_by, own.sort_name < sorted_by + "!")
    same = or_(own.sort_name == sorted_by, own.sort_name.startswith(f"{sorted_by} "))
    if work.connection.execute(others.where(same).limit(1)).first() is not None:
        return True
    users = work.connection.execute(select(user_account.c.name)).scalars()
    return fold(f"{first} {last}") in {fold(name) for name in users}
