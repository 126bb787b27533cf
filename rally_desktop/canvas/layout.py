"""The tidy layout: every step below the one it follows, branches side by side in their order.

Positions are computed and never stored. Height is the longest way from the top in real
sizes. Sideways, each box hangs below its immediate dominator (the last box every way to it
goes through): branch heads from left to right in the order of the exits, packed by their
exact outlines; a box where branches meet is centred under those it closes and stays between
the branches that run on beside it. The same graph always gets the same places, and adding a
step never changes the order of what was there. Where all sizes are even, all places are whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

Outline = list[tuple[float, float, float]]  # (top, bottom, x), the deepest first


class Size(NamedTuple):
    """A box to place; one that stretches is as high as the room above what follows it."""

    width: float
    height: float
    stretches: bool = False


class Link(NamedTuple):
    """The second box comes at least ``gap`` below the first; both are numbers of boxes."""

    above: int
    below: int
    gap: float


@dataclass
class _Sheet:
    sizes: Sequence[Size]
    links: Sequence[Link]
    between: float
    out: list[list[Link]] = field(default_factory=list)
    into: list[list[Link]] = field(default_factory=list)
    order: list[int] = field(default_factory=list)
    dominator: list[int] = field(default_factory=list)
    top: list[float] = field(default_factory=list)
    bottom: list[float] = field(default_factory=list)
    hangs: list[list[int]] = field(default_factory=list)
    aside: list[float] = field(default_factory=list)
    left: list[Outline] = field(default_factory=list)
    right: list[Outline] = field(default_factory=list)


def tidy(
    sizes: Sequence[Size], links: Sequence[Link], between: float = 48
) -> list[tuple[float, float]]:
    """Return the upper left corner of every box; links must not go round in a circle.

    The first box without an entrance is centred on x = 0 with its top at y = 0; others without
    an entrance stand to its right.
    """
    sheet = _Sheet(sizes, links, between)
    _sort(sheet)
    _stack(sheet)
    for box in reversed(sheet.order):
        _hang(sheet, box)
    centres = _columns(sheet)
    return [(centres[box] - size.width / 2, sheet.top[box]) for box, size in enumerate(sheet.sizes)]


def _sort(sheet: _Sheet) -> None:
    count = len(sheet.sizes)
    sheet.out = [[] for _ in range(count)]
    sheet.into = [[] for _ in range(count)]
    for link in sheet.links:
        sheet.out[link.above].append(link)
        sheet.into[link.below].append(link)
    missing = [len(links) for links in sheet.into]
    sheet.order = [box for box in range(count) if not missing[box]]
    for box in sheet.order:
        for link in sheet.out[box]:
            missing[link.below] -= 1
            if not missing[link.below]:
                sheet.order.append(link.below)


def _stack(sheet: _Sheet) -> None:
    """Find the top, the dominator and the bottom of every box, and what hangs below it."""
    count = len(sheet.sizes)
    turn = [0] * count
    for place, box in enumerate(sheet.order):
        turn[box] = place
    sheet.top = [0.0] * count
    sheet.dominator = [-1] * count
    for box in sheet.order:
        links = sheet.into[box]
        if links:
            sheet.top[box] = max(
                sheet.top[link.above] + sheet.sizes[link.above].height + link.gap for link in links
            )
            sheet.dominator[box] = _dominator(sheet.dominator, turn, [x.above for x in links])
    _stretch(sheet)
    sheet.hangs = [[] for _ in range(count)]
    for box in sheet.order:
        if sheet.dominator[box] >= 0:
            sheet.hangs[sheet.dominator[box]].append(box)
    sheet.aside = [0.0] * count
    sheet.left = [[] for _ in range(count)]
    sheet.right = [[] for _ in range(count)]


def _stretch(sheet: _Sheet) -> None:
    sheet.bottom = [top + size.height for top, size in zip(sheet.top, sheet.sizes, strict=True)]
    for box, size in enumerate(sheet.sizes):
        if size.stretches and sheet.out[box]:
            lowest = min(sheet.top[link.below] - link.gap for link in sheet.out[box])
            sheet.bottom[box] = max(sheet.bottom[box], lowest)


def _dominator(known: list[int], turn: list[int], above: list[int]) -> int:
    found = above[0]
    for other in above[1:]:
        while found != other and found >= 0 and other >= 0:
            if turn[found] > turn[other]:
                found = known[found]
            else:
                other = known[other]
        if found != other:
            return -1
    return found


def _hang(sheet: _Sheet, box: int) -> None:
    """Place what hangs below a box beside each other and outline the whole."""
    below = sheet.hangs[box]
    if len(below) == 1:
        sheet.left[box], sheet.right[box] = sheet.left[below[0]], sheet.right[below[0]]
    elif below:
        _spread(sheet, box, below)
    half = sheet.sizes[box].width / 2
    sheet.left[box].append((sheet.top[box], sheet.bottom[box], -half))
    sheet.right[box].append((sheet.top[box], sheet.bottom[box], half))


def _spread(sheet: _Sheet, box: int, below: list[int]) -> None:
    heads = [
        link.below
        for link in sheet.out[box]
        if sheet.dominator[link.below] == box and len(sheet.into[link.below]) == 1
    ]
    at = _pack(sheet, heads)
    closes = _closes(sheet, box, heads, below)
    meetings: dict[int, float] = {}
    for meeting in sorted(closes, key=lambda item: sum(closes[item]) / len(closes[item])):
        meetings[meeting] = _meet(sheet, meeting, closes[meeting], heads, at, meetings)
    middle = round((at[0] + at[-1]) / 2)
    left: Outline = []
    right: Outline = []
    for item, x in [*zip(heads, at, strict=True), *meetings.items()]:
        sheet.aside[item] = x - middle
        left = _joined(left, sheet.left[item], x - middle, min)
        right = _joined(right, sheet.right[item], x - middle, max)
    sheet.left[box], sheet.right[box] = left, right


def _pack(sheet: _Sheet, heads: list[int]) -> list[float]:
    at: list[float] = []
    right: Outline = []
    for head in heads:
        least = _clearance(right, sheet.left[head], sheet.between / 2)
        if least is not None:
            at.append(least + sheet.between)
        else:
            at.append(at[-1] + sheet.sizes[head].width + sheet.between if at else 0.0)
        right = _joined(right, sheet.right[head], at[-1], max)
    return at


def _meet(
    sheet: _Sheet,
    meeting: int,
    closes: list[int],
    heads: list[int],
    at: list[float],
    meetings: dict[int, float],
) -> float:
    """Place a box where branches meet; push aside the branches that run on to its right."""
    key = sum(closes) / len(closes)
    x = float(round(sum(at[i] for i in closes) / len(closes)))
    pad = sheet.between / 2
    beside = [(heads[i], at[i]) for i in range(len(heads)) if i <= key] + list(meetings.items())
    for other, there in beside:
        clear = _clearance(sheet.right[other], sheet.left[meeting], pad)
        if clear is not None:
            x = max(x, there + clear + sheet.between)
    for i, head in enumerate(heads):
        clear = _clearance(sheet.right[meeting], sheet.left[head], pad) if i > key else None
        if clear is not None and at[i] < x + clear + sheet.between:
            push = x + clear + sheet.between - at[i]
            at[i:] = [there + push for there in at[i:]]
    return x


def _closes(sheet: _Sheet, box: int, heads: list[int], below: list[int]) -> dict[int, list[int]]:
    """Return, for each box below where branches meet, the numbers of those branches."""
    known: dict[int, list[int]] = {head: [number] for number, head in enumerate(heads)}
    found: dict[int, list[int]] = {}
    for meeting in (item for item in below if item not in known):
        numbers: set[int] = set()
        for link in sheet.into[meeting]:
            here = link.above
            while here >= 0 and here != box and sheet.dominator[here] != box:
                here = sheet.dominator[here]
            numbers.update(known.get(here, found.get(here, ())))
        found[meeting] = sorted(numbers) or list(range(len(heads)))
    return found


def _columns(sheet: _Sheet) -> list[float]:
    centres = [0.0] * len(sheet.sizes)
    edge: float | None = None
    for box in sheet.order:
        above = sheet.dominator[box]
        if above >= 0:
            centres[box] = centres[above] + sheet.aside[box]
            continue
        if edge is not None:
            centres[box] = edge + sheet.between * 3 - min(x for _, _, x in sheet.left[box])
        right = centres[box] + max(x for _, _, x in sheet.right[box])
        edge = right if edge is None else max(edge, right)
    return centres


def _clearance(right: Outline, left: Outline, pad: float) -> float | None:
    """Return how far ``left`` must move to pass ``right`` wherever they come close in height."""
    need: float | None = None
    i = j = 0
    while i < len(right) and j < len(left):
        top, bottom, x = right[i]
        other_top, other_bottom, other_x = left[j]
        if top - pad >= other_bottom:
            i += 1
        elif other_top - pad >= bottom:
            j += 1
        else:
            need = x - other_x if need is None else max(need, x - other_x)
            if top >= other_top:
                i += 1
            else:
                j += 1
    return need


def _joined(
    first: Outline, second: Outline, shift: float, choose: Callable[[float, float], float]
) -> Outline:
    """Return one outline around two, the second moved sideways by ``shift``."""
    moved = [(top, bottom, x + shift) for top, bottom, x in second]
    if not first or not moved:
        return first or moved
    cuts = sorted({y for line in (*first, *moved) for y in line[:2]}, reverse=True)
    result: Outline = []
    i = j = 0
    for low, high in pairwise(cuts):
        i, one = _reaching(first, i, low, high)
        j, two = _reaching(moved, j, low, high)
        reached = [x for x in (one, two) if x is not None]
        if reached:
            _extend(result, high, low, reached[0] if len(reached) == 1 else choose(*reached))
    return result


def _extend(outline: Outline, top: float, bottom: float, x: float) -> None:
    if outline and outline[-1][2] == x and outline[-1][0] == bottom:
        outline[-1] = (top, outline[-1][1], x)
    else:
        outline.append((top, bottom, x))


def _reaching(outline: Outline, at: int, low: float, high: float) -> tuple[int, float | None]:
    """Return how far an outline reaches between two heights, and where to go on looking."""
    while at < len(outline) and outline[at][0] >= low:
        at += 1
    inside = at < len(outline) and outline[at][1] > high
    return at, outline[at][2] if inside else None
