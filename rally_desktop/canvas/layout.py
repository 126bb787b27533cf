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

Line = tuple[float, float, float]  # (top, bottom, x)
COLUMN_GAP = 120.0  # between boxes below each other nothing else finds room


@dataclass
class Outline:
    """One side of a group of boxes, the deepest line first; ``shift`` moves all lines sideways.

    Joining changes only the part above the end of the shorter of two outlines, so that deep
    workflows cost no more than wide ones.
    """

    lines: list[Line] = field(default_factory=list)
    shift: float = 0.0

    def top_with(self, top: float, bottom: float, x: float) -> None:
        """Put a box above; a column of boxes that are equally wide is one line."""
        x -= self.shift
        if self.lines and self.lines[-1][2] == x and self.lines[-1][0] - bottom <= COLUMN_GAP:
            bottom = self.lines.pop()[1]
        self.lines.append((top, bottom, x))


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
    sheet.left = [Outline() for _ in range(count)]
    sheet.right = [Outline() for _ in range(count)]


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
    sheet.left[box].top_with(sheet.top[box], sheet.bottom[box], -half)
    sheet.right[box].top_with(sheet.top[box], sheet.bottom[box], half)


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
    left, right = Outline(), Outline()
    for item, x in [*zip(heads, at, strict=True), *meetings.items()]:
        sheet.aside[item] = x - middle
        sheet.left[item].shift += x - middle
        sheet.right[item].shift += x - middle
        left = _joined(left, sheet.left[item], min)
        right = _joined(right, sheet.right[item], max)
    sheet.left[box], sheet.right[box] = left, right


def _pack(sheet: _Sheet, heads: list[int]) -> list[float]:
    at: list[float] = []
    for number, head in enumerate(heads):
        x = at[-1] + sheet.sizes[head].width + sheet.between if at else 0.0
        clear = [
            at[i] + least + sheet.between
            for i in range(number)
            if (least := _clearance(sheet.right[heads[i]], sheet.left[head], sheet.between / 2))
            is not None
        ]
        at.append(max(clear, default=x))
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
            centres[box] = edge + sheet.between * 3 - _farthest(sheet.left[box], min)
        right = centres[box] + _farthest(sheet.right[box], max)
        edge = right if edge is None else max(edge, right)
    return centres


def _farthest(outline: Outline, choose: Callable[..., float]) -> float:
    return choose(x for _, _, x in outline.lines) + outline.shift


def _clearance(right: Outline, left: Outline, pad: float) -> float | None:
    """Return how far ``left`` must move to pass ``right`` wherever they come close in height."""
    need: float | None = None
    i, j = len(right.lines) - 1, len(left.lines) - 1
    while i >= 0 and j >= 0:
        top, bottom, x = right.lines[i]
        other_top, other_bottom, other_x = left.lines[j]
        if bottom + pad > other_top and other_bottom + pad > top:
            need = x - other_x if need is None else max(need, x - other_x)
        if bottom <= other_bottom:
            i -= 1
        else:
            j -= 1
    return None if need is None else need + right.shift - left.shift


def _joined(one: Outline, other: Outline, choose: Callable[[float, float], float]) -> Outline:
    """Return one outline around two; both are used up."""
    if not one.lines or not other.lines:
        return one if one.lines else other
    deeper, shorter = one, other
    if one.lines[0][1] < other.lines[0][1]:
        deeper, shorter = other, one
    depth = shorter.lines[0][1]
    beside: list[Line] = []
    while deeper.lines and deeper.lines[-1][0] < depth:
        beside.append(deeper.lines.pop())
    by = shorter.shift - deeper.shift
    moved = [(top, bottom, x + by) for top, bottom, x in shorter.lines]
    deeper.lines += _merged(beside[::-1], moved, choose)
    return deeper


def _merged(
    first: list[Line], second: list[Line], choose: Callable[[float, float], float]
) -> list[Line]:
    """Return one list of lines for two, cut wherever one of them begins or ends."""
    cuts = sorted({y for line in (*first, *second) for y in line[:2]}, reverse=True)
    result: list[Line] = []
    i = j = 0
    for low, high in pairwise(cuts):
        i, j = _below(first, i, low), _below(second, j, low)
        one = i < len(first) and first[i][1] > high
        if j < len(second) and second[j][1] > high:
            x = choose(first[i][2], second[j][2]) if one else second[j][2]
            _extend(result, high, low, x)
        elif one:
            _extend(result, high, low, first[i][2])
    return result


def _extend(outline: list[Line], top: float, bottom: float, x: float) -> None:
    if outline and outline[-1][2] == x and outline[-1][0] == bottom:
        outline[-1] = (top, outline[-1][1], x)
    else:
        outline.append((top, bottom, x))


def _below(lines: list[Line], at: int, low: float) -> int:
    """Return the next line that does not lie wholly below a height."""
    while at < len(lines) and lines[at][0] >= low:
        at += 1
    return at
