"""From a row of a list to a person: cells read, owner, company and lists found by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from rally_desktop.core import schema
from rally_desktop.core.fold import fold
from rally_desktop.model import tables
from rally_desktop.model.work import Work
from rally_desktop.outside.files.csv import Row
from rally_desktop.services import cells, companies, lists, records, users
from rally_desktop.services.headings import FULL_NAME


@dataclass
class Person:
    """One row, understood."""

    number: int
    values: dict[str, Any]
    tags: list[str]
    company: str
    notes: list[str]
    key: str
    """What the person is known by: the address, folded."""

    @property
    def who(self) -> str:
        """Return what a person calls them."""
        parts = (self.values.get("first_name"), self.values.get("last_name"))
        return " ".join(filter(None, parts)) or self.values.get("email", "") or self.company


class Office:
    """What the office has of its own, for one batch: people, lists, companies."""

    def __init__(
        self, work: Work, columns: Mapping[int, str], made: dict[str, int] | None = None
    ) -> None:
        """Read what there is; ``made`` are companies that this very work has made already."""
        self.made = {} if made is None else made
        self._work = work
        self._special = {name: place for place, name in columns.items() if name in _SPECIAL}
        self._readers = [
            (place, name, cells.reader(name, _choices(work, name)))
            for place, name in columns.items()
            if name not in _SPECIAL
        ]
        self._people: dict[str, int] = {}
        if "owner" in self._special:
            for label, user in users.by_label(work).items():
                self._people |= {fold(user.email): user.id, fold(label): user.id}
            records.vouch(work, "user_account", self._people.values())
        self._companies: dict[str, int] = {}

    def person(self, row: Row) -> tuple[Person, str]:
        """Return what a row says, and what makes it useless if anything does."""
        notes = [row.note] if row.note else []
        given = {name: row.cells[place] for name, place in self._special.items()}
        values: dict[str, Any] = {}
        if whole := given.get(FULL_NAME, ""):
            values["first_name"], values["last_name"] = cells.full_name(whole)
        for place, name, read in self._readers:
            text = row.cells[place]
            if text and not text.isspace():
                values[name], note = read(text)
                if note:
                    notes.append(note)
        address, problem = cells.email(given.get("email", ""))
        values["email"] = address
        self._own(values, given.get("owner", ""), notes)
        company = " ".join(given.get("company", "").split())[:200]
        values = {name: value for name, value in values.items() if value not in (None, "")}
        tags = cells.tags(given["tags"]) if given.get("tags") else []
        return Person(row.number, values, tags, company, notes, fold(address)), problem

    def look_up(self, names: Iterable[str]) -> None:
        """Find the companies of a batch in one statement."""
        wanted = {fold(name)[:400] for name in names}
        if not wanted:
            return
        own = tables.company.c
        found = self._work.connection.execute(
            select(own.sort_name, own.id).where(own.sort_name.in_(wanted), own.deleted_at.is_(None))
        )
        self._companies = {row[0]: row[1] for row in found}
        records.vouch(self._work, "company", self._companies.values())

    def company(self, name: str) -> int:
        """Return the number of a company, making it where it is new."""
        key = fold(name)
        known = self._companies.get(key) or self.made.get(key)
        if known is None:
            known = companies.create(self._work, {"name": name}, (), "import").id
            self.made[key] = known
        return known

    def _own(self, values: dict[str, Any], name: str, notes: list[str]) -> None:
        if not name.strip():
            return
        values["owner_id"] = self._people.get(fold(name))
        if values["owner_id"] is None:
            notes.append(f"Nobody in the office is called ‘{name.strip()[:60]}’; no owner was set.")


_SPECIAL = frozenset((FULL_NAME, "email", "company", "owner", "tags"))


def _choices(work: Work, name: str) -> dict[str, str]:
    """Return the office's own spelling of a list's values, by their folded form."""
    look = records.settable("contact")[name]
    if not isinstance(look, schema.Pick):
        return {}
    return {fold(value): value for value in lists.of(work, look.source)}
