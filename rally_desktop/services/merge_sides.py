"""Records that may become one, side by side: field by field, what stands, what moves, what ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from rally_desktop.core.fold import fold
from rally_desktop.model.fields import FieldInfo
from rally_desktop.model.ref import Ref
from rally_desktop.model.work import Work
from rally_desktop.services import entry, merge_records, merge_rows, merge_runs, merge_values
from rally_desktop.services.entry import Card
from rally_desktop.services.merge_runs import Ending

_STRICTLY = "Nobody chooses this: the stricter of them stays."
_ITS_ADDRESS = "This goes with the e-mail address that stays."


@dataclass(frozen=True)
class Side:
    """One of the records: what it is called, since when it is there, and what would move."""

    ref: Ref
    name: str
    created_at: datetime
    tags: tuple[str, ...]
    moves: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """One field of them all; ``result`` is what stands, taken from one of them where it is.

    ``key`` names the field in what somebody picks; ``fixed`` says why nobody can.
    """

    field: FieldInfo
    key: str
    values: tuple[Any, ...]
    result: Any
    taken: int
    fixed: str = ""

    @property
    def differs(self) -> bool:
        """Say whether at least two of them say different things."""
        said = {_plain(value) for value in self.values} - {""}
        return len(said) > 1

    @property
    def said(self) -> bool:
        """Say whether any of them says anything."""
        return any(_plain(value) for value in (*self.values, self.result))


@dataclass(frozen=True)
class Sides:
    """The records as they are, and the one they would be."""

    kept: Ref
    sides: tuple[Side, ...]
    lines: tuple[Line, ...]
    tags: tuple[str, ...]
    endings: tuple[Ending, ...]

    @property
    def name(self) -> str:
        """Return what the one will be called."""
        said = {line.key: str(line.result or "") for line in self.lines}
        if self.kept.kind == "company":
            return said.get("name", "")
        full = f"{said.get('first_name', '')} {said.get('last_name', '')}".strip()
        return full or said.get("email", "")


def of(work: Work, refs: Sequence[Ref], kept: Ref, picks: Mapping[str, Ref] | None = None) -> Sides:
    """Compare two to five records; raise where one of them is not there any more."""
    merge_records.refuse_gone(work, refs)
    cards = [entry.card(work, ref) for ref in refs]
    others = [ref for ref in refs if ref != kept]
    order = [refs.index(ref) for ref in (kept, *others)]
    chosen = {name: refs.index(ref) for name, ref in (picks or {}).items()}
    lines = list(_lines(work, cards, order, chosen))
    if kept.kind == "contact":
        lines = _strictly(work, kept, others, lines)
    sides = tuple(_side(work, card, kept) for card in cards)
    tags = sorted(set().union(*(card.tags for card in cards)), key=fold)
    return Sides(kept, sides, tuple(lines), tuple(tags), _endings(work, kept, others))


def _endings(work: Work, kept: Ref, others: Sequence[Ref]) -> tuple[Ending, ...]:
    """Return the runs that end, each once."""
    found = [one for other in others for one in merge_runs.endings(work, kept, other)]
    return tuple({one.run_id: one for one in found}.values())


def _side(work: Work, card: Card, kept: Ref) -> Side:
    moves = merge_rows.counted(work, card.ref) if card.ref != kept else []
    created = work.record(card.ref)["created_at"]
    return Side(card.ref, card.name, created, card.tags, tuple(moves))


def _lines(
    work: Work, cards: Sequence[Card], order: Sequence[int], chosen: Mapping[str, int]
) -> Iterator[Line]:
    first = cards[0]
    hidden = {proof for name in merge_values.CONSENTS for proof in merge_values.proofs(name)}
    for name, field in first.fields.items():
        if name not in first.editable or name in hidden:
            continue
        key = field.stored or name
        stored = [merge_records.value_of(work, card.ref, key) for card in cards]
        usual = order[merge_values.standing(key, [stored[place] for place in order])]
        taken = chosen.get(key, usual)
        values = tuple(card.values.get(name) for card in cards)
        yield Line(field, key, values, values[taken], taken)


def _strictly(work: Work, kept: Ref, others: Sequence[Ref], lines: list[Line]) -> list[Line]:
    """Put into the lines what nobody chooses, as merging them one by one would."""
    email = next((str(line.result or "") for line in lines if line.key == "email"), "")
    made: dict[str, Any] = {}
    for other in others:
        for name, value in merge_values.strict(work, kept, other, email).items():
            pair = [made.get(name, value), value]
            made[name] = pair[merge_values.standing(name, pair)]
    return [_fixed(line, made[line.key]) if line.key in merge_values.STRICT else line
            for line in lines]  # fmt: skip


def _fixed(line: Line, result: Any) -> Line:
    same = [place for place, value in enumerate(line.values) if _plain(value) == _plain(result)]
    taken = line.taken if line.taken in same else same[0] if same else -1
    why = _ITS_ADDRESS if line.key == "email_invalid" else _STRICTLY
    return replace(line, result=result, taken=taken, fixed=why)


def _plain(value: Any) -> str:
    return "" if value is None or value is False else fold(str(value))
