"""From a row of a list to a record: cells read; owner, company, contact and lists by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from rally_desktop.core import schema
from rally_desktop.core.fold import fold
from rally_desktop.model import rows, tables
from rally_desktop.model.fields import CustomField, custom_fields, fields_of
from rally_desktop.model.newcomers import Newcomer, RecordsBrought
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.model.work import OWN, Work
from rally_desktop.outside.files.table import Row
from rally_desktop.services import cells, contacts, deals, forgotten, lists, records, users
from rally_desktop.services.headings import FULL_NAME


@dataclass(slots=True)
class Entry:
    """One row, understood; ``own`` are values of the fields that the office made for itself."""

    row: Row
    notes: list[str]
    values: dict[str, Any] = field(default_factory=dict)
    own: dict[str, Any] = field(default_factory=dict)
    tags: Sequence[str] = ()
    company: str = ""
    key: str = ""
    """What the record is known by: an address, or a name; folded. Empty: by nothing."""
    problem: str = ""
    """What makes the row useless, if anything does."""

    @property
    def who(self) -> str:
        """Return what a person calls them."""
        parts = (self.values.get("first_name"), self.values.get("last_name"))
        named = " ".join(filter(None, parts)) or self.values.get("name", "")
        return named or self.values.get("email", "") or self.company


def fields(kind: RecordKind, own: Iterable[CustomField] = ()) -> dict[str, str]:
    """Return what a column can be mapped to, by name with its label, in the order of menus."""
    usual = {name.removesuffix("_id"): look.label for name, look in records.settable(kind).items()}
    whole = {FULL_NAME: "Full name"} if kind == "contact" else {}
    return {**whole, **usual, "tags": "Tags", **{f"{OWN}{each.name}": each.label for each in own}}


class Office:
    """What the office has of its own, for one batch: people, lists, companies, stages."""

    def __init__(
        self, work: Work, kind: RecordKind, columns: Mapping[int, str], *, one_by_one: bool = False
    ) -> None:
        """Read what there is and what the columns need."""
        self.one_by_one = one_by_one
        self.made: dict[str, int] = {}
        self._waiting: list[Newcomer] = []
        self._work, self._kind = work, kind
        special = _SPECIAL[kind]
        self._special = {name: place for place, name in columns.items() if name in special}
        self._readers = [
            (place, name, _reader(work, kind, name))
            for place, name in columns.items()
            if name not in special
        ]
        self._people: Mapping[str, Any] = {}
        if "owner" in self._special:
            self._people = users.called(work)
            found = [user.id for several in self._people.values() for user in several]
            records.vouch(work, "user_account", found)
        self._companies: dict[str, int] = {}
        self._numbers: dict[str, int] = {}
        self._contacts: dict[str, int | None] = {}
        self._stages = deals.stages(work) if kind == "deal" else []
        first = self._stages[0] if self._stages else None
        # What a new record has that says nothing of it.
        self.defaults = {
            **_DEFAULTS.get(kind, {}),
            **({"pipeline": first.pipeline, "stage": first.name} if first else {}),
        }

    def entries(self, rows: Sequence[Row]) -> list[Entry]:
        """Return what rows say, column by column: what a column says again is read once."""
        made = [Entry(row, [row.note] if row.note else []) for row in rows]
        self._whole_names(made)
        for place, name, read in self._readers:
            _read(made, place, name, read)
        self._owners(made)
        self._companies_and_tags(made)
        finish = {"contact": self._contact, "company": self._company, "deal": self._deal}
        settle = finish[self._kind]
        for entry in made:
            entry.problem = settle(entry)
        return made

    def _said(self, entry: Entry, name: str) -> str:
        place = self._special.get(name)
        return "" if place is None else entry.row.cells[place]

    def _whole_names(self, made: Sequence[Entry]) -> None:
        if FULL_NAME in self._special:
            for entry in made:
                if whole := self._said(entry, FULL_NAME):
                    parts = cells.full_name(whole)
                    entry.values["first_name"], entry.values["last_name"] = parts

    def _companies_and_tags(self, made: Sequence[Entry]) -> None:
        for name, read in (("company", _company_name), ("tags", cells.tags)):
            if (place := self._special.get(name)) is not None:
                known: dict[str, Any] = {}
                for entry in made:
                    text = entry.row.cells[place]
                    if text not in known:
                        known[text] = read(text)
                    setattr(entry, name, known[text])

    # -- what each kind is known by --------------------------------------------------------

    def _contact(self, made: Entry) -> str:
        address, problem = cells.email(self._said(made, "email"))
        values = made.values
        if address:
            values["email"], made.key = address, fold(address)
        if problem or address or "first_name" in values or "last_name" in values:
            return problem
        return "The row has neither a name nor an e-mail address."

    def _company(self, made: Entry) -> str:
        made.key = fold(made.values.get("name", ""))[:400]
        return "" if made.key else "The row has no name of a company."

    def _deal(self, made: Entry) -> str:
        if not made.values.get("name"):
            return "The row has no name of a deal."
        self._link_contact(made, self._said(made, "contact").strip())
        about = made.values.get("contact_id") or fold(made.company)
        made.key = f"{fold(made.values['name'])}\n{about}"
        return self._staged(made, self._said(made, "pipeline"), self._said(made, "stage"))

    def _staged(self, made: Entry, pipeline: str, stage: str) -> str:
        if not pipeline.strip() and not stage.strip():
            return ""
        lines = [one for one in self._stages if fold(pipeline) in ("", fold(one.pipeline))]
        found = [one for one in lines if fold(stage) in ("", fold(one.name))]
        if found:
            made.values |= {"pipeline": found[0].pipeline, "stage": found[0].name}
            return ""
        if not lines:
            return f"There is no pipeline ‘{pipeline.strip()[:60]}’. Add it in Settings first."
        there = ", ".join(dict.fromkeys(one.name for one in lines))
        return f"There is no stage ‘{stage.strip()[:60]}’; there are {there}."

    def _link_contact(self, made: Entry, said: str) -> None:
        if not said:
            return
        if said not in self._contacts:
            self._contacts[said] = _meant(self._work, said)
        number = self._contacts[said]
        if number is None:
            made.notes.append(f"There is no one contact ‘{said[:80]}’; none was linked.")
        else:
            made.values["contact_id"] = number
            records.vouch(self._work, "contact", [number])

    # -- companies and owners ---------------------------------------------------------------

    def look_up(self, names: Iterable[str]) -> None:
        """Find the companies of a batch in one statement."""
        wanted = {fold(name)[:400] for name in names}
        if wanted:
            self._companies = dict(_called_so(self._work, "company", "sort_name", wanted))
            records.vouch(self._work, "company", self._companies.values())

    def company(self, name: str) -> int:
        """Return the number of a company, making it where it is new."""
        known = self._numbers.get(name)
        if known is None:
            key = fold(name)[:400]
            known = self._companies.get(key) or self.made.get(key)
            if known is None:
                known = self.add("company", {"name": name}, (), "import").id
                self.made[key] = known
                records.vouch(self._work, "company", [known])
            self._numbers[name] = known
        return known

    # -- new records -----------------------------------------------------------------------

    def add(
        self,
        kind: RecordKind,
        values: Mapping[str, Any],
        tags: Sequence[str],
        source: str,
        *,
        alone: bool = False,
    ) -> Ref:
        """Add a record; unless it comes ``alone``, the work does not know it before ``bring``."""
        if alone or self.one_by_one:
            self.bring()
            return records.create(self._work, kind, values, tags, source)
        ref = Ref(kind, self._work.new_id(kind))
        self._waiting.append(Newcomer(ref, values, tags, source))
        return ref

    def bring(self) -> None:
        """Let the records that were added come in, all in one go."""
        if self._waiting:
            self._work.change(RecordsBrought(self._waiting))
            self._waiting = []

    def _owners(self, made: Sequence[Entry]) -> None:
        for entry in made if "owner" in self._special else ():
            name = self._said(entry, "owner")
            found = self._people.get(fold(name), ())
            if len(found) == 1:
                entry.values["owner_id"] = found[0].id
            elif name.strip():
                who = "Several people in the office are" if found else "Nobody in the office is"
                entry.notes.append(f"{who} called ‘{name.strip()[:60]}’; no owner was set.")


_DEFAULTS: Mapping[RecordKind, Mapping[str, Any]] = {
    "contact": {
        "lifecycle_stage": contacts.FIRST_STAGE,
        "consent_email": "unknown",
        "consent_sms": "unknown",
    },
}
_SPECIAL: Mapping[RecordKind, frozenset[str]] = {
    "contact": frozenset((FULL_NAME, "email", "company", "owner", "tags")),
    "company": frozenset(("owner", "tags")),
    "deal": frozenset(("company", "contact", "pipeline", "stage", "owner", "tags")),
}


def _read(made: Sequence[Entry], place: int, name: str, read: cells.Read) -> None:
    """Fill one field of every entry from its column."""
    own, known = name.startswith(OWN), dict[str, tuple[Any, str]]()
    for entry in made:
        text = entry.row.cells[place]
        if not text or text.isspace():
            continue
        if text not in known:
            known[text] = read(text)
        value, note = known[text]
        if note:
            entry.notes.append(note)
        if value is not None and value != "":
            (entry.own if own else entry.values)[name] = value


def _company_name(text: str) -> str:
    name = " ".join(text.split())[:200]
    # Three letters are the most that one becomes where case does not matter.
    return name if len(fold(name)) <= 200 else name[: 200 // 3]


def _reader(work: Work, kind: RecordKind, name: str) -> cells.Read:
    """Return how a column's cells are read, with the office's own spelling of a list's values."""
    if name.startswith(OWN):
        field = fields_of(kind, custom_fields(work.connection, kind))[name].field
        return _stored(cells.reader(field, name, 2000, {}), field)
    look = records.settable(kind)[name]
    source = look.source if isinstance(look, schema.Pick) else ""
    known = {fold(value): value for value in lists.of(work, source)} if source else {}
    limit = getattr(rows.table(kind).columns[name].type, "length", None) or 200
    return cells.reader(look, name, limit, known)


def _stored(read: cells.Read, field: schema.Field) -> cells.Read:
    """Read a value as the office's own fields keep it: a date is text."""
    if not isinstance(field, schema.Moment):
        return read

    def day(text: str) -> tuple[Any, str]:
        found, note = read(text)
        return found.date().isoformat() if found else None, note

    return day


def _meant(work: Work, said: str) -> int | None:
    """Return the contact that is meant: by the address, else by a name that only one has."""
    by_address = contacts.with_email(work, said.rstrip(" >").rpartition("<")[2])
    if by_address is not None:
        return by_address.id
    own, words = tables.contact.c, said.partition("<")[0].split()
    found: set[int] = set()
    for cut in range(len(words)):
        last, first = fold(" ".join(words[cut:])), fold(" ".join(words[:cut]))
        sorted_by = " ".join(filter(None, (last, first)))
        query = select(own.id).where(
            own.sort_name.startswith(sorted_by, autoescape=True), own.deleted_at.is_(None)
        )
        if work.connection.dialect.name == "sqlite":  # finds it by the index
            query = query.where(own.sort_name >= sorted_by, own.sort_name < sorted_by + "!")
        found |= _called(work, work.connection.execute(query.limit(50)).scalars(), said)
    return found.pop() if len(found) == 1 else None


def _called(work: Work, numbers: Iterable[int], said: str) -> set[int]:
    wanted = fold(" ".join(said.partition("<")[0].split()))
    some = work.records("contact", numbers)
    return {n for n, one in some.items() if fold(records.name_of("contact", one)) == wanted}


def known(work: Work, kind: RecordKind, entries: Iterable[Entry]) -> dict[str, Ref]:
    """Return the records that the rows of a batch speak of, loaded, in two statements."""
    keys = {entry.key for entry in entries} - {""}
    if not keys:
        return {}
    found = _KNOWN[kind](work, keys)
    work.load(found.values())
    return found


def erased(
    work: Work, kind: RecordKind, entries: Iterable[Entry], known: Mapping[str, Ref]
) -> list[Entry]:
    """Return the rows of people who were erased: a list does not bring them back."""
    new = {entry.key: entry for entry in entries if entry.key and entry.key not in known}
    gone = forgotten.among(work, "email", new.keys()) if kind == "contact" else set[str]()
    return [entry for entry in entries if entry.key in gone] if gone else []


def _called_so(work: Work, kind: RecordKind, column: str, keys: set[str]) -> Iterator[Any]:
    """Yield the keys that records are known by and their numbers, in one statement."""
    postgres = work.connection.dialect.name == "postgresql"
    among = "= any(%s)" if postgres else "in (select value from json_each(?))"
    listed = sorted(keys)
    yield from work.connection.exec_driver_sql(
        f"select {column}, id from {kind} where {column} {among} and deleted_at is null"
        " order by id desc",
        (listed if postgres else rows.to_json(listed),),
    )


def _known_contacts(work: Work, keys: set[str]) -> dict[str, Ref]:
    return {key: Ref("contact", n) for key, n in _called_so(work, "contact", "email_key", keys)}


def _known_companies(work: Work, keys: set[str]) -> dict[str, Ref]:
    return {key: Ref("company", n) for key, n in _called_so(work, "company", "sort_name", keys)}


def _known_deals(work: Work, keys: set[str]) -> dict[str, Ref]:
    """Return deals by name and contact, name and company, and by name alone: the oldest first."""
    own, firm = tables.deal.c, tables.company
    names = {key.partition("\n")[0][:400] for key in keys}
    query = (
        select(own.sort_name, own.contact_id, firm.c.sort_name, own.id)
        .join(firm, firm.c.id == own.company_id, isouter=True)
        .where(own.sort_name.in_(names), own.deleted_at.is_(None))
        .order_by(own.id.desc())
    )
    made: dict[str, Ref] = {}
    for name, contact, company, number in work.connection.execute(query):
        for about in ("", company or "", contact or ""):
            made[f"{name}\n{about}"] = Ref("deal", number)
    return {key: ref for key, ref in made.items() if key in keys}


_KNOWN = {"contact": _known_contacts, "company": _known_companies, "deal": _known_deals}
