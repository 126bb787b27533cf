"""A record's address: which kind of record, and its number."""

from __future__ import annotations

from typing import Literal, NamedTuple

RecordKind = Literal["contact", "company", "deal"]
RECORD_KINDS: tuple[RecordKind, ...] = ("contact", "company", "deal")


class Ref(NamedTuple):
    """One contact, company or deal."""

    kind: RecordKind
    id: int

    def __str__(self) -> str:
        """Say it as ``contact 7``."""
        return f"{self.kind} {self.id}"
