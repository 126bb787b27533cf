"""The batches of an import: what each row comes to, and what is kept from batch to batch."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from rally_desktop.model.change import Line
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.model.work import OWN, Work
from rally_desktop.outside.files.table import Row
from rally_desktop.services import deals, forgotten, import_rows, own_fields, records
from rally_desktop.services.import_likes import Likes
from rally_desktop.services.import_result import Options, Outcome, Result, Verdict
from rally_desktop.services.import_rows import Entry, Office

# A batch is as large as it can be without keeping whoever works at the screen waiting.
FIRST_BATCH, LEAST_BATCH, MOST_BATCH = 300, 300, 5_000
BATCH_SECONDS = {"sqlite": 0.02, "postgresql": 0.1}  # a server lets others write meanwhile
# What a slow disk and other programs take is spread over larger batches, up to this.
LONGEST = 2  # times as long
# More verdicts than anybody reads are counted, not kept: of rows with a reason, and without.
MOST_REASONS, MOST_PLAIN = 20_000, 5_000
HOUR = timedelta(hours=1)


class Watch:
    """How long a transaction has held the database; it is made where that begins."""

    def __init__(self) -> None:
        self._began, self._worked = time.perf_counter(), time.thread_time()

    def seconds(self) -> float:
        """Return how long it worked, or a part of how long it took where it mostly waited."""
        worked = time.thread_time() - self._worked
        return max(worked, (time.perf_counter() - self._began) / LONGEST)


class Size:
    """How many rows go into one transaction: as many as hold the database only for a moment."""

    def __init__(self, database: str) -> None:
        """Begin with few rows; which database it is decides how long a moment is."""
        self.rows = min(FIRST_BATCH, MOST_BATCH)
        self._goal = BATCH_SECONDS[database]

    def learn(self, seconds: float) -> None:
        """Choose anew, by how long the last rows took."""
        fitting = int(self.rows * min(2, self._goal / max(seconds, 0.001)))
        self.rows = min(MOST_BATCH, max(LEAST_BATCH, fitting))


@dataclass
class Taken:
    """What one batch came to; it counts once its transaction is done."""

    watch: Watch = field(default_factory=Watch)
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    verdicts: list[Verdict] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    companies: set[int] = field(default_factory=set)
    turns: int = 0
    began: datetime | None = None
    rejected: list[tuple[int, tuple[str, ...], str]] = field(default_factory=list)


class Importer:
    """Goes through a list batch by batch and keeps count."""

    # Whether each new record is a change of its own, or those of a batch come in together.
    one_by_one = False

    def __init__(
        self,
        database: str,
        columns: Mapping[int, str],
        options: Options,
        *,
        every: bool = False,
    ) -> None:
        """Go by {place: field} and the options; ``every`` row is to have a verdict."""
        self.options = options
        self.result = Result()
        self.size = Size(database)
        self.columns = columns
        self._every = every
        self._likes = Likes(options.kind)
        self._source = f"import:{options.source}" if options.source else "import"
        # Hashes of what earlier rows spoke of: a million of them fit into memory.
        self._seen: set[int] = set()
        self._companies: set[int] = set()
        # Since when, and how many, records have been given a moment to trigger at.
        self._since: datetime | None = None
        self._turns = 0

    def take(self, work: Work, rows: Sequence[Row]) -> Taken:
        """Import one batch; what it came to is kept once its transaction is done."""
        work.large = True
        taken = Taken(began=work.now)
        self._pace(work, taken)
        office = Office(work, self.options.kind, self.columns, one_by_one=self.one_by_one)
        entries: list[Entry] = []
        for row in rows:
            if row.problem:
                self._refuse(taken, row, "", row.problem)
        for entry in office.entries([row for row in rows if not row.problem]):
            if entry.problem:
                self._refuse(taken, entry.row, entry.who, entry.problem)
            else:
                entries.append(entry)
        known = import_rows.known(work, self.options.kind, entries)
        for entry in import_rows.erased(work, self.options.kind, entries, known):
            entries.remove(entry)  # nothing of the row is kept
            self._refuse(taken, entry.row._replace(cells=()), "", forgotten.WHY)
        office.look_up({entry.company for entry in entries} - {""})
        if self._every:
            self._likes.note(work, [one for one in entries if one.key not in known])
        self._settle_all(work, entries, known, office, taken)
        taken.companies = {hash(name) for name in office.made}
        taken.verdicts.sort()
        return taken

    def keep(self, taken: Taken) -> None:
        """Count a batch that is done."""
        result = self.result
        for outcome, count in taken.outcomes.items():
            setattr(result, outcome, getattr(result, outcome) + count)
        for verdict in taken.verdicts:
            if len(result.verdicts) < (MOST_REASONS if verdict.reason else MOST_PLAIN):
                result.verdicts.append(verdict)
        self._seen |= taken.seen
        self._companies |= taken.companies
        result.companies = len(self._companies)
        self._turns += taken.turns
        self._since = self._since or taken.began

    def _pace(self, work: Work, taken: Taken) -> None:
        """Let workflows hear of the batch as the options say."""
        if self.options.triggers == "no":
            work.listened = lambda line: False
        if not isinstance(self.options.triggers, int):
            return
        since, apart = self._since or work.now, HOUR / self.options.triggers
        turns: dict[Ref, datetime] = {}

        def moment(line: Line) -> datetime:
            if line.ref.kind == self.options.kind and line.ref not in turns:
                turns[line.ref] = since + apart * (self._turns + taken.turns)
                taken.turns += 1
            return turns.get(line.ref, since + apart * (self._turns + taken.turns))

        work.later = moment

    def _settle_all(
        self,
        work: Work,
        entries: Sequence[Entry],
        known: dict[str, Ref],
        office: Office,
        taken: Taken,
    ) -> None:
        """Let in who is new and in one row only; the others need a closer look, each by turn."""
        spoken = Counter(entry.key for entry in entries if entry.key)
        known_only = self.options.update == "update"
        for entry in entries:
            key = entry.key
            again = key and (spoken[key] > 1 or key in known or hash(key) in self._seen)
            if again or known_only:
                office.bring()
                self._settle(work, entry, known, office, taken)
                continue
            self._create(entry, office)
            if key:
                taken.seen.add(hash(key))
            self._answer(taken, entry, "created")
        office.bring()

    def _settle(
        self, work: Work, entry: Entry, known: dict[str, Ref], office: Office, taken: Taken
    ) -> None:
        key = hash(entry.key) if entry.key else None
        again = key in self._seen or key in taken.seen
        ref = known.get(entry.key) if entry.key else None
        if refusal := self._refusal(work, entry, ref, again=again):
            self._refuse(taken, entry.row, entry.who, refusal)
            return
        outcome: Outcome = "merged" if again else "created"
        if ref is not None:
            moved = self._update(work, entry, ref, office, over=not again)
            outcome = "merged" if again else "updated" if moved else "unchanged"
        elif not again:
            known[entry.key] = self._create(entry, office, alone=True)
        if key is not None:
            taken.seen.add(key)
        if again:
            entry.notes.append(_AGAIN[self.options.kind])
        self._answer(taken, entry, outcome)

    def _answer(self, taken: Taken, entry: Entry, outcome: Outcome) -> None:
        taken.outcomes[outcome] += 1
        if entry.notes or self._every:
            said = " ".join(entry.notes)
            taken.verdicts.append(Verdict(entry.row.number, outcome, entry.who, said))

    def _refuse(self, taken: Taken, row: Row, who: str, why: str) -> None:
        taken.outcomes["skipped"] += 1
        taken.verdicts.append(Verdict(row.number, "skipped", who, why))
        taken.rejected.append((row.number, row.cells, why))

    def _refusal(self, work: Work, entry: Entry, ref: Ref | None, *, again: bool) -> str:
        kind, said = self.options.kind, self._said(entry)
        if again and not self.options.merge:
            return f"An earlier row has {said} too."
        if ref is None and not again and self.options.update == "update":
            if entry.key:
                return f"No {kind} has {said}; allow new ones to add it."
            return "Without an e-mail address the contact cannot be found."
        if ref is not None and not again and self.options.update == "create":
            name = records.name_of(kind, work.record(ref))
            return f"{name} has {said} already; allow updates to complete it."
        return ""

    def _said(self, entry: Entry) -> str:
        if self.options.kind == "contact":
            return f"the address {entry.values.get('email', '')}"
        return f"the name {entry.values.get('name', '')}"

    def _create(self, entry: Entry, office: Office, *, alone: bool = False) -> Ref:
        kind = self.options.kind
        values = {**office.defaults, **entry.values}
        if entry.company:
            values["company_id"] = office.company(entry.company)
        if entry.own:
            values["custom"] = {k.removeprefix(OWN): v for k, v in entry.own.items()}
        return office.add(kind, values, entry.tags, self._source, alone=alone)

    def _update(self, work: Work, entry: Entry, ref: Ref, office: Office, *, over: bool) -> bool:
        found = work.record(ref)
        over = over and self.options.overwrite
        values = {k: v for k, v in entry.values.items() if _takes(found, k, v, over=over)}
        if entry.company and (over or found["company_id"] is None):
            values["company_id"] = office.company(entry.company)
            office.bring()
        set_ = deals.update if "stage" in values else records.set_fields
        moved = set_(work, ref, values) if values else False
        if entry.own:
            moved |= own_fields.put(work, ref, _own(found, entry, over=over))
        for tag in entry.tags:
            moved |= records.add_tag(work, ref, tag)
        return moved


_EMPTY = (None, "", False, "unknown")
_AGAIN: Mapping[RecordKind, str] = {
    "contact": "The address is in an earlier row too; the two became one.",
    "company": "The name is in an earlier row too; the two became one.",
    "deal": "The same deal is in an earlier row too; the two became one.",
}


def _takes(found: Mapping[str, Any], name: str, value: Any, *, over: bool) -> bool:
    """Say whether a known record takes a value of the list: what it is known by never moves."""
    return name != "email" and (over or found[name] in _EMPTY) and not _loosens(found, name, value)


def _own(found: Mapping[str, Any], entry: Entry, *, over: bool) -> dict[str, Any]:
    """Return what a known record takes of the office's own fields."""
    held = found["custom"] or {}
    own = entry.own.items()
    return {k: v for k, v in own if over or held.get(k.removeprefix(OWN)) is None}


def _loosens(found: Mapping[str, Any], name: str, value: Any) -> bool:
    """Say whether a list would write to somebody again who asked us not to."""
    if name in ("consent_email", "consent_sms"):
        return found[name] == "refused" and value != "refused"
    return name == "do_not_contact" and bool(found[name]) and not value
