"""The tidy layout: every step below the one it follows, branches side by side in their order.

Positions are computed and never stored. Height is the longest way from the top in real
sizes. Sideways, each box hangs below its immediate dominator (the last box every way to it
goes through): branch heads from left to right in the order of the exits, packed by their
exact outlines; a box where branches meet is centred under those it closes and stays between
the branches that run on beside it. The same graph always gets the same places, and adding a
step never changes the order of what was there. Where all sizes are even, all places are whole.

A box with all that hangs below it is a region. How a region looks within depends on nothing
around it, so regions are looked up by what they are made of: after a change only those above
the place of the change are worked out anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median_low
from typing import NamedTuple

import msgspec

from rally_desktop.canvas.outline import EMPTY, Outline, clearance, joined

UNSEEN = -2
NOWHERE = -1
Link = tuple[int, int, float]  # the second box comes at least so far below the first


class Size(NamedTuple):
    """A box to place; one that stretches is as high as the room above what follows it."""

    width: float
    height: float
    stretches: bool = False


class Fence(NamedTuple):
    """Nothing else comes beside what lies from ``above`` over ``head`` down to ``foot``."""

    head: int
    foot: int
    above: float
    around: float


class Region(msgspec.Struct, eq=False, gc=False):
    """A box and all that hangs below it, counted from the middle of the box's upper edge."""

    half: float
    asides: tuple[float, ...] = ()
    left: Outline = EMPTY
    right: Outline = EMPTY


class Hanging(msgspec.Struct, frozen=True, gc=False):
    """A region below a box; one where branches meet tells the numbers of those it closes.

    One with a ``wish`` stands that far to the right of the box, where there is room.
    """

    region: Region
    down: float
    closes: tuple[int, ...] | None = None
    wish: float | None = None


class Kind(msgspec.Struct, frozen=True, gc=False):
    """What a region is made of; two of the same kind look the same."""

    width: float
    height: float
    between: float
    below: tuple[Hanging, ...]
    fences: tuple[tuple[float, float, float], ...]  # down to, above, around


Regions = Mapping[Kind, Region]


@dataclass
class Layout:
    """Where boxes stand, what each hangs below, and the regions for the next time."""

    at: list[tuple[float, float]]
    order: list[int]
    dominator: list[int]
    regions: Regions


@dataclass
class _Sheet:
    sizes: Sequence[Size]
    between: float
    out: list[list[Link]]
    into: list[list[Link]]
    order: list[int]
    turn: list[int]
    dominator: list[int]
    top: list[float]
    hangs: list[list[int]]
    fences: dict[int, list[Fence]] = field(default_factory=dict)
    wishes: Mapping[int, float] = field(default_factory=dict)
    region: list[Region] = field(default_factory=list)


def tidy(
    sizes: Sequence[Size],
    links: Sequence[Link],
    between: float = 48,
    fences: Sequence[Fence] = (),
    known: Regions | None = None,
    wishes: Mapping[int, float] | None = None,
) -> Layout:
    """Return the upper left corner of every box; links must not go round in a circle.

    The first box without an entrance is centred on x = 0 with its top at y = 0; others without
    an entrance stand to its right. Of fences around the same box the inner ones come first;
    every way out of a fence leads through its foot. ``known`` are regions of another time, and
    ``wishes`` tell how far aside of what they hang below some branch heads would rather stand.
    """
    sheet = _sheet(sizes, links, between)
    sheet.wishes = wishes or {}
    for fence in fences:
        sheet.fences.setdefault(fence.head, []).append(fence)
    _stack(sheet)
    regions = _regions(sheet, known or {})
    centres = _columns(sheet)
    at = [
        (centre - size[0] / 2, top)
        for centre, size, top in zip(centres, sizes, sheet.top, strict=True)
    ]
    return Layout(at, sheet.order, sheet.dominator, regions)


def _sheet(sizes: Sequence[Size], links: Sequence[Link], between: float) -> _Sheet:
    count = len(sizes)
    out: list[list[Link]] = [[] for _ in range(count)]
    into: list[list[Link]] = [[] for _ in range(count)]
    for link in links:
        out[link[0]].append(link)
        into[link[1]].append(link)
    order = [box for box in range(count) if not into[box]]
    return _Sheet(
        sizes, between, out, into, order, [0] * count, [UNSEEN] * count, [0.0] * count,
        [[] for _ in range(count)],
    )  # fmt: skip


def _stack(sheet: _Sheet) -> None:
    """Find an order, the tops and the dominator of every box, and what hangs below it."""
    order, turn, tops, dominator = sheet.order, sheet.turn, sheet.top, sheet.dominator
    missing = [len(links) for links in sheet.into]
    for place, box in enumerate(order):
        turn[box] = place
        dominator[box] = NOWHERE
    for box in order:
        foot = tops[box] + sheet.sizes[box][1]
        for _, below, gap in sheet.out[box]:
            if tops[below] < foot + gap:
                tops[below] = foot + gap
            before = dominator[below]
            dominator[below] = box if before == UNSEEN else _common(sheet, before, box)
            missing[below] -= 1
            if not missing[below]:
                turn[below] = len(order)
                order.append(below)
                if dominator[below] >= 0:
                    sheet.hangs[dominator[below]].append(below)


def _common(sheet: _Sheet, one: int, other: int) -> int:
    """Return the last box that every way to either of two boxes goes through.

    Where there is none, the way from the later of two beginnings does not count: that is how
    what hangs loose leads back to what does not.
    """
    turn, dominator = sheet.turn, sheet.dominator
    first, second = one, other
    while one >= 0 and other >= 0:
        if one == other:
            return one
        if turn[one] > turn[other]:
            one = dominator[one]
        else:
            other = dominator[other]
    return second if one < 0 else first


def _regions(sheet: _Sheet, known: Regions) -> Regions:
    made: dict[Kind, Region] = {}
    sheet.region = [Region(0.0)] * len(sheet.sizes)
    for box in reversed(sheet.order):
        kind = _kind(sheet, box)
        region = made.get(kind)
        if region is None:
            region = made[kind] = known.get(kind) or _region(kind)
        sheet.region[box] = region
    return made


def _kind(sheet: _Sheet, box: int) -> Kind:
    top, tops, below = sheet.top[box], sheet.top, sheet.hangs[box]
    width, height, stretches = sheet.sizes[box]
    if stretches and sheet.out[box]:
        height = max(height, min(tops[link[1]] - link[2] for link in sheet.out[box]) - top)
    hanging: tuple[Hanging, ...] = ()
    if len(below) == 1:
        wish = sheet.wishes.get(below[0])
        hanging = (Hanging(sheet.region[below[0]], tops[below[0]] - top, None, wish),)
    elif below:
        closes = _closes(sheet, box, below)
        hanging = tuple(
            Hanging(sheet.region[one], tops[one] - top, closes.get(one), sheet.wishes.get(one))
            for one in below
        )
    fences = tuple(
        (tops[fence.foot] + sheet.sizes[fence.foot][1] - top, fence.above, fence.around)
        for fence in sheet.fences.get(box, ())
    )
    return Kind(width, height, sheet.between, hanging, fences)


def _closes(sheet: _Sheet, box: int, below: list[int]) -> dict[int, tuple[int, ...]]:
    """Return, for each box below where branches meet, the numbers of those branches."""
    heads = [one for one in below if len(sheet.into[one]) == 1]
    if len(heads) == len(below):
        return {}
    known = {head: (number,) for number, head in enumerate(heads)}
    found: dict[int, tuple[int, ...]] = {}
    for meeting in below:
        if meeting in known:
            continue
        numbers: set[int] = set()
        for link in sheet.into[meeting]:
            here = link[0]
            while here >= 0 and here != box and sheet.dominator[here] != box:
                here = sheet.dominator[here]
            numbers.update(known.get(here) or found.get(here, ()))
        found[meeting] = tuple(sorted(numbers)) or tuple(range(len(heads)))
    return found


def _region(kind: Kind) -> Region:
    """Place what hangs below a box beside each other and outline the whole."""
    half = kind.width / 2
    region = Region(half)
    if len(kind.below) == 1:
        only, down, aside = kind.below[0].region, kind.below[0].down, kind.below[0].wish or 0.0
        region.asides = (aside,)
        region.left, region.right = only.left.moved(aside, down), only.right.moved(aside, down)
    elif kind.below:
        _spread(region, kind)
    region.left = region.left.below(0.0, kind.height, -half)
    region.right = region.right.below(0.0, kind.height, half)
    for bottom, above, around in kind.fences:
        region.left = region.left.boxed(-above, bottom, around, min)
        region.right = region.right.boxed(-above, bottom, around, max)
    return region


def _spread(region: Region, kind: Kind) -> None:
    heads = [one for one in kind.below if one.closes is None]
    meetings = [(i, one.closes) for i, one in enumerate(kind.below) if one.closes is not None]
    at = _pack(heads, kind.between)
    met: dict[int, float] = {}
    for i, closes in sorted(meetings, key=lambda item: sum(item[1]) / len(item[1])):
        met[i] = _meet(kind, i, closes, heads, at, met)
    pushed = [x - one.wish for one, x in zip(heads, at, strict=True) if one.wish is not None]
    middle = median_low(pushed) if pushed else round((at[0] + at[-1]) / 2)
    places = iter(at)
    region.asides = tuple(
        (met[i] if one.closes is not None else next(places)) - middle
        for i, one in enumerate(kind.below)
    )
    for one, aside in zip(kind.below, region.asides, strict=True):
        region.left = joined(region.left, one.region.left.moved(aside, one.down), min)
        region.right = joined(region.right, one.region.right.moved(aside, one.down), max)


def _clear(one: Hanging, other: Hanging, between: float) -> float | None:
    """Return how far to the right of one region another must stand, or None if anywhere."""
    left = other.region.left.moved(0.0, other.down)
    need = clearance(one.region.right.moved(0.0, one.down), left, between / 2)
    return None if need is None else need + between


def _pack(heads: Sequence[Hanging], between: float) -> list[float]:
    at: list[float] = []
    for head in heads:
        x = at[-1] + 2 * head.region.half + between if at else 0.0
        clear = [] if head.wish is None else [head.wish]
        clear += [
            there + need
            for there, other in zip(at, heads, strict=False)
            if (need := _clear(other, head, between)) is not None
        ]
        at.append(max(clear, default=x))
    return at


def _meet(
    kind: Kind,
    number: int,
    closes: tuple[int, ...],
    heads: Sequence[Hanging],
    at: list[float],
    met: Mapping[int, float],
) -> float:
    """Place a box where branches meet; push aside the branches that run on to its right."""
    meeting, between = kind.below[number], kind.between
    key = sum(closes) / len(closes)
    x = float(round(sum(at[i] for i in closes) / len(closes)))
    beside = [(heads[i], at[i]) for i in range(len(heads)) if i <= key]
    for other, there in [*beside, *((kind.below[i], there) for i, there in met.items())]:
        need = _clear(other, meeting, between)
        if need is not None:
            x = max(x, there + need)
    for i, head in enumerate(heads):
        need = _clear(meeting, head, between) if i > key else None
        if need is not None and at[i] < x + need:
            push = x + need - at[i]
            at[i:] = [there + push for there in at[i:]]
    return x


def _columns(sheet: _Sheet) -> list[float]:
    centres = [0.0] * len(sheet.sizes)
    edge: float | None = None
    for box in sheet.order:
        region = sheet.region[box]
        if sheet.dominator[box] < 0:
            if edge is not None:
                centres[box] = edge + sheet.between * 3 - region.left.farthest(min)
            right = centres[box] + region.right.farthest(max)
            edge = right if edge is None else max(edge, right)
        centre = centres[box]
        for below, aside in zip(sheet.hangs[box], region.asides, strict=True):
            centres[below] = centre + aside
    return centres
