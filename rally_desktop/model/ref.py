"""A record's address: which kind of record, and its number."""

from __future__ import annotations

from typing import Literal, NamedTuple

RecordKind = Literal["contact", "company", "deal"]
# What a grid lists: the kinds of records, and tasks about them.
ListKind = Literal["contact", "company", "deal", "task"]
RECORD_KINDS: tuple[RecordKind, ...] = ("contact", "company", "deal")


class Ref(NamedTuple):
    """One contact, company or deal."""

    kind: RecordKind
    id: int

    def __str__(self) -> str:
        """Say it as ``contact 7``."""
        return f"{self.kind} {self.id}"


def listed(kind: ListKind, number: int) -> Ref:
    """Return the address of what stands in a list; a task is addressed there as a record is."""
    return Ref(kind, number)  # type: ignore[arg-type]


def of_records(kind: ListKind) -> RecordKind:
    """Return the kind of a list that is one of records; raise ValueError where it is of tasks."""
    if kind == "task":
        raise ValueError("Tasks are no records.")
    return kind
