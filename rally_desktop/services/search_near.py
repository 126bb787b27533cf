"""What a word with a typing error or two was to be: words of names that are nearly the same."""

from __future__ import annotations

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import func, or_, select

from rally_desktop.model.indexing import LEAST_LETTERS
from rally_desktop.model.tables import search_word
from rally_desktop.model.work import Work

MOST = 8
LONG = 6  # letters from which on two errors are one's own; in a shorter word it is another word


def near(work: Work, typed: str) -> dict[str, int]:
    """Return words of names, or their beginnings, with the number of errors; the nearest first.

    A swapped pair counts as one. Somebody who is still typing has typed a beginning.
    """
    if len(typed) < LEAST_LETTERS or not typed.isalpha():
        return {}
    reach = 1 if len(typed) < LONG else 2
    known = _candidates(work, typed, reach)
    beginnings = {word[: len(typed)] for word in known}
    found = process.extract(
        typed, known | beginnings, scorer=OSA.distance, score_cutoff=reach, limit=MOST
    )
    return {word: int(errors) for word, errors, _ in found if errors}


def _candidates(work: Work, typed: str, reach: int) -> set[str]:
    """Return the words that begin, or end, as the typed one does.

    They come as one text: word by word the screen would wait for its turn.
    """
    word, backwards = search_word.c.word, search_word.c.backwards
    end = typed[:-3:-1]
    query = select(word).where(
        or_(
            (word >= typed[0]) & (word < _after(typed[0])),
            (backwards >= end) & (backwards < _after(end)),
        ),
        func.length(word) >= len(typed) - reach,
    )
    inside = query.subquery()
    postgres = work.connection.dialect.name == "postgresql"
    joined = (
        func.string_agg(inside.c.word, " ") if postgres else func.group_concat(inside.c.word, " ")
    )
    return set((work.connection.execute(select(joined)).scalar() or "").split())


def _after(beginning: str) -> str:
    """Return what comes after all words with this beginning."""
    return beginning[:-1] + chr(ord(beginning[-1]) + 1)
