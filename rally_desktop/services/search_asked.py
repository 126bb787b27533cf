"""From what was typed to what is asked of the index, for the finder and for lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Select, String, and_, false, func, not_, or_, select

from rally_desktop.core.fold import fold
from rally_desktop.core.words import Asked, asked, variants
from rally_desktop.model import rows, search_index
from rally_desktop.model.ref import ListKind
from rally_desktop.model.search_index import READY, Index, Part, Word
from rally_desktop.model.tables import search_pending
from rally_desktop.model.work import Work

COMMON = 1_000  # a word that so many things have is not taken for the beginning of a longer one


@dataclass(frozen=True)
class Words:
    """What somebody typed, as the index understands it."""

    work: Work
    index: Index
    asked: Asked
    _common: dict[tuple[Part, tuple[str, ...]], bool] = field(default_factory=dict)

    def stages(self, part: Part) -> list[list[Word]]:
        """Return what is asked of a part of the index: whole words first, then beginnings."""
        whole = [Word(spellings, begins=False) for spellings in self.asked.words]
        begun = [word._replace(begins=self._may_begin(part, word)) for word in whole]
        return [whole, begun] if begun != whole else [whole]

    def number(self) -> list[Word]:
        """Return what is asked where a telephone number was typed."""
        return [Word(variants(self.asked.number))] if self.asked.number else []

    def counted(self, *, named: bool) -> tuple[Part, list[Word]]:
        """Return the question that finds all of a kind; only what is ``named`` by one letter."""
        shortest = READY["said"][0]
        short = any(len(word[0]) < shortest for word in self.asked.words)
        part: Part = "names" if short and named else "said"
        return part, self.stages(part)[-1]

    def questions(self) -> Iterator[tuple[Part, list[Word]]]:
        """Yield the questions that together find all records."""
        if self.asked.words:
            part, words = self.counted(named=True)
            yield part, words
            if part != "said":
                yield "said", self.stages("said")[-1]
        if number := self.number():
            yield "said", number

    def _may_begin(self, part: Part, word: Word) -> bool:
        """Say whether a word may be a beginning, too.

        One letter is not where texts are searched; nor is a long word that many things have as it
        is, for then too much would have to be put together.
        """
        shortest, longest = READY[part]
        length = min(map(len, word.spellings))
        if not self.asked.whole.isdisjoint(word.spellings) or length < shortest:
            return False
        if length <= longest:
            return True
        key = (part, tuple(word.spellings))
        if key not in self._common:
            found = self.index.count(self.work.connection, part, "", [word], COMMON)
            self._common[key] = found == COMMON
        return not self._common[key]


def holding(work: Work, kind: ListKind, typed: str) -> ColumnElement[bool]:
    """Return the condition that a list is narrowed by: what the finder finds for the same letters.

    What the index finds nowhere, and what it does not know yet, has to hold it as it is typed.
    """
    own = rows.table(kind).c
    as_typed = _as_typed(kind, typed)
    index = search_index.at_hand(work.connection)
    if index is None:
        return as_typed
    asks = list(Words(work, index, asked(typed)).questions())
    if not any(index.found(work.connection, part, kind, words, 1) for part, words in asks):
        return as_typed
    found = or_(false(), *(own.id.in_(index.all(part, kind, words)) for part, words in asks))
    unread = unknown(work, kind)
    if unread is None:
        return found
    return or_(and_(found, not_(own.id.in_(unread))), and_(own.id.in_(unread), as_typed))


def _as_typed(kind: ListKind, typed: str) -> ColumnElement[bool]:
    own = rows.table(kind).c
    if kind == "task":
        said = func.rally_fold(own.title + " " + own.description, type_=String)
    else:
        said = own.search_text
    return and_(*(said.contains(word, autoescape=True) for word in fold(typed).split()))


def unknown(work: Work, kind: ListKind) -> Select[tuple[int]] | None:
    """Return a query for the records that the index does not know as they are; None for none."""
    own, number = search_pending.c, rows.table(kind).c.id
    waits = select(own.kind).where(own.kind == kind).limit(1)
    if work.connection.execute(waits).first() is None:
        return None
    here = number.between(own.first_id, own.last_id) & (own.kind == kind)
    return select(number).join(search_pending, here)
