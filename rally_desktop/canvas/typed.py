"""What is typed into the quick add, as steps: ‘email follow-up after 2 business days’.

A fixed grammar: what is to be done, what it is called, and after how long, in that order or with
the time first; ‘then’ joins several. Where the unit is not typed out yet there is a row for each
that it can become.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rally_desktop.canvas.faces import Chain, Offer
from rally_desktop.canvas.fragments import free_id
from rally_desktop.core.fold import fold
from rally_desktop.core.texts import mended
from rally_desktop.model.graph import Place, Step

MOST_LETTERS, MOST_PARTS, MOST_WORDS = 300, 8, 3
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_THEN = re.compile(r"\s*[,;]?\s+(?:and\s+)?then\s+", re.IGNORECASE)
_NUMBER = rf"(?P<number>[1-9]\d{{0,3}}|(?:an?|{'|'.join(NUMBERS)})\b)"
_LAST = re.compile(rf"^(?P<rest>.*)\b{_NUMBER}\s*(?P<unit>[a-z ]*)$", re.IGNORECASE)
_AFTER = re.compile(r"(?:^|\s)(?:after|in|wait(?:\s+for)?)$", re.IGNORECASE)
_FIRST = re.compile(
    rf"^(?:after|in|wait(?:\s+for)?)\s+{_NUMBER}\s+(?P<unit>[a-z].*)$", re.IGNORECASE
)


@dataclass(frozen=True)
class _Part:
    """One thing to do: perhaps a time to wait, perhaps a kind with its title."""

    wait: Offer | None = None
    amount: int = 0
    unit: str = ""
    offer: Offer | None = None
    title: str = ""

    @property
    def length(self) -> str:
        """Return how long it waits."""
        return f"{self.amount} {_singular(self.unit) if self.amount == 1 else self.unit}"

    @property
    def says(self) -> str:
        """Return it in words."""
        if self.offer is None:
            return f"{self.wait.title} {self.length}" if self.wait else ""
        what = f"{self.offer.title} ‘{self.title}’" if self.title else self.offer.title
        return f"{what} after {self.length}" if self.wait else what


def typed(offers: Sequence[Offer], text: str) -> list[Offer]:
    """Return what a text asks for beyond a kind alone, as chains to be added; [] for nothing."""
    kinds = [offer for offer in offers if offer.family != "trigger" and offer.chain is None]
    said = _THEN.split(" ".join(mended(text[:MOST_LETTERS]).split()).lstrip("+ "))
    if len(text) > MOST_LETTERS or len(said) > MOST_PARTS:
        return []
    ways = [list(_parts(kinds, part)) for part in said]
    return [_offer(row) for row in _rows(ways) if _says_more(row) and _may_follow(row)]


def _rows(ways: Sequence[Sequence[_Part]]) -> list[list[_Part]]:
    """Return the first reading of every part but the last, with each reading of that."""
    if not all(ways):
        return []
    before = [parts[0] for parts in ways[:-1]]
    return [[*before, last] for last in ways[-1]]


def plain(text: str) -> str:
    """Return a text as it is compared: no matter how it is written, with hyphens or without."""
    return fold(text).replace("-", "")


def _parts(kinds: Sequence[Offer], text: str) -> Iterator[_Part]:
    """Yield what a part can mean: where a time is begun, one for each unit it can become."""
    wait = next((offer for offer in kinds if offer.lengths), None)
    timed = list(_timed(wait, text)) if wait else []
    if not timed:
        made = _named(kinds, text)
        if made is not None:
            yield made
    for rest, amount, unit in timed:
        if not rest:
            yield _Part(wait, amount, unit)
        elif (made := _named(kinds, rest)) is not None:
            yield _Part(wait, amount, unit, made.offer, made.title)


def _timed(wait: Offer, text: str) -> Iterator[tuple[str, int, str]]:
    """Yield the rest of a text and the time in it, for each unit that it can mean."""
    if first := _FIRST.match(text):
        for unit in sorted(wait.lengths, key=len, reverse=True):
            word = next((x for x in (unit, _singular(unit)) if _leads(first["unit"], x)), "")
            if word:
                yield first["unit"][len(word) :].strip(), _count(first["number"]), unit
                return
    last = _LAST.match(text)
    if last is not None:
        rest = last["rest"].rstrip()
        bare = _AFTER.sub("", rest)
        if bare != rest or last["unit"].strip():
            for unit in _units(wait, fold(last["unit"])):
                yield bare.strip(), _count(last["number"]), unit


def _leads(text: str, word: str) -> bool:
    return fold(text).startswith(f"{word} ")


def _units(wait: Offer, begun: str) -> list[str]:
    """Return the unit of that name, or those that it can become."""
    meant = [unit for unit in wait.lengths if begun in (unit, _singular(unit))]
    return meant or [unit for unit in wait.lengths if unit.startswith(begun)]


def _named(kinds: Sequence[Offer], text: str) -> _Part | None:
    """Return the kind that the first words name, with the rest as its title."""
    words = text.split()
    for count in range(min(MOST_WORDS, len(words)), 0, -1):
        ranked = sorted(
            (rank, place)
            for place, offer in enumerate(kinds)
            if (rank := _rank(offer, [plain(word) for word in words[:count]])) is not None
        )
        if ranked:
            title = " ".join(words[count:])
            return _Part(offer=kinds[ranked[0][1]], title=title[:1].upper() + title[1:])
    return None


def _rank(offer: Offer, words: Sequence[str]) -> int | None:
    """Return how well words name a kind, 0 best; None where they do not.

    Several words must all be of its name, or together be one of its other words: what else is
    typed is a title.
    """
    title, others = plain(offer.title).split(), [plain(word) for word in offer.words]
    if list(words) == title[: len(words)]:
        return 0
    if all(word in title for word in words):
        return 1
    single = [part for other in others for part in other.split()] if len(words) == 1 else []
    return 2 if " ".join(words) in (*others, *single) else None


def _says_more(row: Sequence[_Part]) -> bool:
    """Say whether it is more than a kind that the list has anyway."""
    return len(row) > 1 or bool(row[0].title or row[0].wait)


def _may_follow(row: Sequence[_Part]) -> bool:
    """Say whether only the last one ends a path."""
    return all(part.offer is None or part.offer.exits for part in row[:-1])


def _offer(row: Sequence[_Part]) -> Offer:
    steps = list(_steps(row))
    main = next((part.offer for part in row if part.offer), None) or row[0].wait
    assert main is not None
    last = row[-1].offer or row[-1].wait
    exits = (Place(steps[-1].id, last.exits[0]),) if last and last.exits else ()
    names = [name for part in row for name in _names(part)]
    count = f"Adds {len(steps)} steps: " if len(steps) > 1 else "Adds "
    return Offer(
        kind="typed",
        title=", then ".join(part.says for part in row),
        icon=main.icon,
        family=main.family,
        shape=main.shape,
        help=count + ", then ".join(names),
        exits=tuple(place.exit for place in exits),
        chain=Chain(tuple(steps), exits),
    )


def _names(part: _Part) -> Iterator[str]:
    if part.wait:
        yield f"{part.wait.title} {part.length}"
    if part.offer:
        yield f"{part.offer.title} ‘{part.title}’" if part.title else part.offer.title


def _steps(row: Sequence[_Part]) -> Iterator[Step]:
    """Yield the steps, each leading to the next."""
    bare: list[tuple[Offer, Step]] = []
    for part in row:
        if part.wait:
            settings = {**dict(part.wait.settings), "amount": part.amount, "unit": part.unit}
            bare.append((part.wait, Step("", part.wait.kind, settings)))
        if part.offer:
            made = Step("", part.offer.kind, dict(part.offer.settings), title=part.title)
            bare.append((part.offer, made))
    keys: list[str] = []
    for offer, _ in bare:
        keys.append(free_id(offer.kind, keys))
    for (offer, step), key, after in zip(bare, keys, [*keys[1:], ""], strict=True):
        exits = {offer.exits[0]: after} if after else {}
        yield Step(key, step.kind, step.settings, exits, step.title)


def _count(number: str) -> int:
    word = number.lower()
    if word in ("a", "an"):
        return 1
    return NUMBERS.index(word) + 1 if word in NUMBERS else int(word)


def _singular(unit: str) -> str:
    return unit.removesuffix("s")
