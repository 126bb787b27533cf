"""The import of contacts from a list: dry run, batches, duplicates, a verdict for every row.

A row that cannot be taken never stops the others. Contacts are known by their e-mail address;
what a list says again fills what is empty, unless it is told to replace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

from sqlalchemy import select

from rally_desktop.core.errors import Refused, UnknownField
from rally_desktop.model import tables
from rally_desktop.model.changes import Line, RowAdded
from rally_desktop.model.ref import Ref
from rally_desktop.model.store import Store
from rally_desktop.model.work import Work
from rally_desktop.outside.files.csv import Row, read_csv
from rally_desktop.services import contacts, records
from rally_desktop.services.headings import FULL_NAME, guess_mapping
from rally_desktop.services.import_rows import Office, Person

__all__ = [
    "Options", "Result", "Verdict", "fields", "guess_mapping", "import_file", "plan", "run"
]  # fmt: skip

BATCH = 1000
_VERDICTS_KEPT = 1000
HOUR = timedelta(hours=1)
_DEFAULTS = {
    "lifecycle_stage": contacts.FIRST_STAGE, "consent_email": "unknown", "consent_sms": "unknown"
}  # fmt: skip
Outcome = Literal["created", "updated", "merged", "unchanged", "skipped"]
Mapped = Mapping[str, str]
Progress = Callable[[int], None]
Cancelled = Callable[[], bool]


class Table(Protocol):
    """A list that was looked into: its headings, and its rows one at a time."""

    @property
    def headers(self) -> tuple[str, ...]:
        """Return the headings, all different."""
        ...

    def rows(self) -> Iterable[Row]:
        """Read the rows from the first one on."""
        ...


@dataclass(frozen=True)
class Options:
    """What an import may do.

    ``update``: make new contacts, bring known ones up to date, or both. ``overwrite``: let the
    list replace what a known contact has; else it only fills what is empty. ``merge``: rows
    with the same address become one contact; else the later ones are left out. ``triggers``:
    whether workflows hear of it at once, not at all, or of so many contacts an hour.
    """

    update: Literal["create", "update", "both"] = "both"
    overwrite: bool = False
    merge: bool = True
    triggers: Literal["no", "yes"] | int = "yes"
    source: str = ""


class Verdict(NamedTuple):
    """What became of one row: its number in the file, whom it is about, and why."""

    row: int
    outcome: Outcome
    who: str
    reason: str = ""


@dataclass
class Result:
    """What an import did, or in a dry run would do; ``verdicts`` name rows with a reason.

    A dry run has a verdict for every row.
    """

    created: int = 0
    updated: int = 0
    merged: int = 0
    unchanged: int = 0
    skipped: int = 0
    companies: int = 0
    cancelled: bool = False
    verdicts: list[Verdict] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Return how many rows were looked at."""
        return self.created + self.updated + self.merged + self.unchanged + self.skipped


def fields() -> dict[str, str]:
    """Return what a column can be mapped to, by name with its label, in the order of menus."""
    own = {
        name.removesuffix("_id"): look.label for name, look in records.settable("contact").items()
    }
    return {FULL_NAME: "Full name", **own, "tags": "Tags"}


def plan(
    work: Work, table: Table, mapping: Mapped | None = None, options: Options | None = None
) -> Result:
    """Find out what an import would do, with a verdict for every row; use it with ``read``."""
    importer = _Importer(table.headers, mapping, options or Options(), every=True)
    for rows in _batches(table):
        importer.take(work, rows)
    return importer.result


def run(
    work: Work,
    table: Table,
    mapping: Mapped | None = None,
    options: Options | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Result:
    """Import a list in one transaction; what was done before ``cancelled`` said yes is kept."""
    importer = _Importer(table.headers, mapping, options or Options())
    for rows in _batches(table):
        if cancelled and cancelled():
            importer.result.cancelled = True
            break
        importer.take(work, rows)
        if progress:
            progress(importer.result.rows)
    _note_job(work, importer)
    return importer.result


def import_file(
    store: Store,
    path: str | Path,
    mapping: Mapped | None = None,
    options: Options | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Result:
    """Import a CSV file, one transaction a batch, so that others can work meanwhile.

    Without a mapping, the headings are guessed. Raises BadFile and Refused before anything is
    changed.
    """
    table = read_csv(path)
    given = options or Options()
    named = replace(given, source=given.source or Path(path).name)
    importer = _Importer(table.headers, mapping, named)
    for rows in _batches(table):
        if cancelled and cancelled():
            importer.result.cancelled = True
            break
        store.write(importer.take, rows)
        if progress:
            progress(importer.result.rows)
    store.write(_note_job, importer)
    return importer.result


def _batches(table: Table) -> Iterator[list[Row]]:
    rows = iter(table.rows())
    while batch := list(islice(rows, BATCH)):
        yield batch


def _note_job(work: Work, importer: _Importer) -> None:
    result = asdict(importer.result)
    result["verdicts"] = result["verdicts"][:_VERDICTS_KEPT]
    row = {
        "id": work.new_id("import_job"), "file_name": importer.options.source[:400],
        "record_kind": "contact", "user_id": work.user_id, "at": work.now, "headings": [],
        "result": result,
    }  # fmt: skip
    work.change(RowAdded("import_job", row))


class _Importer:
    """Goes through a list batch by batch and keeps count."""

    def __init__(
        self,
        headers: Sequence[str],
        mapping: Mapped | None,
        options: Options,
        *,
        every: bool = False,
    ) -> None:
        if isinstance(options.triggers, int) and options.triggers < 1:
            raise Refused("At least one contact an hour must trigger, or none at all.")
        self.options = options
        self.result = Result()
        self._columns = _columns(headers, guess_mapping(headers) if mapping is None else mapping)
        self._every = every
        # Hashes of addresses that earlier rows had: a million of them fit into memory.
        self._seen: set[int] = set()
        # What the present work has made, which no query can find yet.
        self._work: Work | None = None
        self._people: dict[str, Ref] = {}
        self._companies: dict[str, int] = {}
        # Since when, and how many, contacts have been given a moment to trigger at.
        self._since: datetime | None = None
        self._turns = 0

    def take(self, work: Work, rows: Sequence[Row]) -> None:
        """Import one batch."""
        self._pace(work)
        if work is not self._work:
            self._work, self._people, self._companies = work, {}, {}
        made, said = len(self._companies), len(self.result.verdicts)
        office = Office(work, self._columns, self._companies)
        people = [person for row in rows if (person := self._understood(row, office))]
        keys = {person.key for person in people} - {""}
        mine = {key: self._people[key] for key in keys & self._people.keys()}
        known = {**_known(work, keys - mine.keys()), **mine}
        office.look_up({person.company for person in people} - {""})
        for person in people:
            self._settle(work, person, known, office)
        self.result.companies += len(self._companies) - made
        self.result.verdicts[said:] = sorted(self.result.verdicts[said:])

    def _pace(self, work: Work) -> None:
        """Let workflows hear of the batch as the options say."""
        if self.options.triggers == "no":
            work.listened = lambda line: False
        if not isinstance(self.options.triggers, int):
            return
        since = self._since = self._since or work.now
        apart = HOUR / self.options.triggers
        turns: dict[Ref, datetime] = {}

        def moment(line: Line) -> datetime:
            if line.ref.kind == "contact" and line.ref not in turns:
                turns[line.ref] = since + apart * self._turns
                self._turns += 1
            return turns.get(line.ref, since + apart * self._turns)

        work.later = moment

    def _understood(self, row: Row, office: Office) -> Person | None:
        if row.problem:
            self._say(Verdict(row.number, "skipped", "", row.problem))
            return None
        person, problem = office.person(row)
        if not problem and not any(map(person.values.get, ("first_name", "last_name", "email"))):
            problem = "The row has neither a name nor an e-mail address."
        if problem:
            self._say(Verdict(row.number, "skipped", person.who, problem))
            return None
        return person

    def _settle(self, work: Work, person: Person, known: dict[str, Ref], office: Office) -> None:
        again = bool(person.key) and hash(person.key) in self._seen
        ref = known.get(person.key)
        if refusal := self._refusal(work, person, ref, again=again):
            self._say(Verdict(person.number, "skipped", person.who, refusal))
            return
        if person.key:
            self._seen.add(hash(person.key))
        outcome: Outcome = "merged" if again else "created"
        if ref is None and not again:
            ref = self._create(work, person, office)
            if person.key:
                known[person.key] = self._people[person.key] = ref
        elif ref is not None:
            moved = self._update(work, person, ref, office, over=not again)
            outcome = "merged" if again else "updated" if moved else "unchanged"
        if again:
            person.notes.append("The address is in an earlier row too; the two became one.")
        self._say(Verdict(person.number, outcome, person.who, " ".join(person.notes)))

    def _refusal(self, work: Work, person: Person, ref: Ref | None, *, again: bool) -> str:
        address = person.values.get("email", "")
        if again and not self.options.merge:
            return f"An earlier row has the address {address} too."
        if ref is None and not again and self.options.update == "update":
            if address:
                return f"No contact has the address {address}; allow new contacts to add it."
            return "Without an e-mail address the contact cannot be found."
        if ref is not None and not again and self.options.update == "create":
            name = records.name_of("contact", work.record(ref))
            return f"{name} has the address {address} already; allow updates to complete it."
        return ""

    def _create(self, work: Work, person: Person, office: Office) -> Ref:
        values = {**_DEFAULTS, **person.values}
        if person.company:
            values["company_id"] = office.company(person.company)
        source = f"import:{self.options.source}" if self.options.source else "import"
        return records.create(work, "contact", values, person.tags, source)

    def _update(self, work: Work, person: Person, ref: Ref, office: Office, *, over: bool) -> bool:
        found = work.record(ref)
        over = over and self.options.overwrite
        values = {
            name: value
            for name, value in person.values.items()
            if name != "email" and (over or found[name] in _EMPTY)
        }
        if person.company and (over or found["company_id"] is None):
            values["company_id"] = office.company(person.company)
        moved = records.set_fields(work, ref, values)
        tagged = [tag for tag in person.tags if records.add_tag(work, ref, tag)]
        return moved or bool(tagged)

    def _say(self, verdict: Verdict) -> None:
        setattr(self.result, verdict.outcome, getattr(self.result, verdict.outcome) + 1)
        if self._every or verdict.reason:
            self.result.verdicts.append(verdict)


_EMPTY = (None, "", False, "unknown")


def _columns(headers: Sequence[str], mapping: Mapped) -> dict[int, str]:
    """Return {place: field}; raise UnknownField or Refused where the mapping makes no sense."""
    known = fields()
    for heading, name in mapping.items():
        if name not in known:
            raise UnknownField(name, list(known))
        if heading not in headers:
            raise Refused(f"The list has no column ‘{heading}’. Map its columns again.")
    taken = list(mapping.values())
    if doubled := {name for name in taken if taken.count(name) > 1}:
        raise Refused(f"Two columns are mapped to {known[doubled.pop()]}. Choose one of them.")
    if not {"email", "first_name", "last_name", FULL_NAME} & {*taken}:
        raise Refused("None of the columns is a name or an e-mail address. Map one of them.")
    return {headers.index(heading): name for heading, name in mapping.items()}


def _known(work: Work, keys: set[str]) -> dict[str, Ref]:
    """Return the contacts that have these addresses, loaded, in two statements."""
    if not keys:
        return {}
    own = tables.contact.c
    found = work.connection.execute(
        select(own.email_key, own.id).where(own.email_key.in_(keys), own.deleted_at.is_(None))
    )
    known = {row[0]: Ref("contact", row[1]) for row in found}
    work.load(known.values())
    return known
