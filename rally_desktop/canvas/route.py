"""Where connectors run: straight down, or round two corners; where their labels and '+' sit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from math import hypot

Point = tuple[float, float]

BEND_BELOW = 26.0  # from a step that splits down to where its connectors part
LABEL_BELOW = 26.0  # from there to the middle of the label
PLUS_BELOW_LABEL = 31.0
BEND_ABOVE = 52.0  # from where connectors meet down to the step
PLUS_BELOW_BEND = 25.0
PLUS_BELOW_STEP = 25.0
PLUS_BEFORE_BEND = 20.0
AROUND = 32.0  # between a card and a connector that goes round it
CROSSING = 10_000.0  # pixels of a way that a connector rather goes than behind a card
CORNER = 40.0  # the same for each corner


def straight(above: Point, below: Point) -> tuple[Point, ...]:
    """Lead straight down, or round one step sideways halfway where the two are not in line."""
    if abs(above[0] - below[0]) < 1:
        return (above, (above[0], below[1]))
    bend = above[1] + (below[1] - above[1]) / 2
    return (above, (above[0], bend), (below[0], bend), below)


def parted(above: Point, below: Point) -> tuple[Point, ...]:
    """Lead out of a step that splits, to the head of one branch."""
    bend = above[1] + BEND_BELOW
    return without_repeats([above, (above[0], bend), (below[0], bend), below])


def meeting(above: Point, lane: float, below: Point, splits: bool) -> tuple[Point, ...]:
    """Lead down a lane and into the common connector of where several meet."""
    first = above[1] + BEND_BELOW
    last = below[1] - BEND_ABOVE
    end = (below[0], last + 12)
    start = [above, (above[0], first), (lane, first)] if splits else [above]
    return without_repeats([*start, (lane, last), (below[0], last), end])


def around(
    above: Point, below: Point, sides: Sequence[float], into: float
) -> Iterator[tuple[Point, ...]]:
    """Yield ways from one card to another wherever the two stand, the plainest first.

    ``sides`` are those of both cards, and of the room kept for the connector where there is
    any; ``into`` is how far above the second card the last bend lies.
    """
    first, last = above[1] + BEND_BELOW, below[1] - into
    for bend in (first, (above[1] + below[1]) / 2, last):
        if above[1] < bend <= last:
            yield without_repeats([above, (above[0], bend), (below[0], bend), below])
    edges = sorted(sides)
    gaps = [(one + other) / 2 for one, other in pairwise(edges)]
    for x in (*gaps, edges[0] - AROUND, edges[-1] + AROUND):
        yield without_repeats(
            [above, (above[0], first), (x, first), (x, last), (below[0], last), below]
        )


def best(
    ways: Iterator[tuple[Point, ...]], crossed: Callable[[Sequence[Point]], int]
) -> tuple[Point, ...]:
    """Return the way that goes behind the fewest cards, then the shortest and straightest."""

    def cost(points: tuple[Point, ...]) -> float:
        return CROSSING * crossed(points) + _length(points) + CORNER * len(points)

    return min(ways, key=cost)


def middle(points: Sequence[Point]) -> Point:
    """Return the middle of the longest straight piece of a connector."""
    (x0, y0), (x1, y1) = max(pairwise(points), key=_length)
    return ((x0 + x1) / 2, (y0 + y1) / 2)


def two_places(points: Sequence[Point], width: float) -> tuple[Point, Point]:
    """Return where a label of some width and a '+' find room on a connector."""
    first, last = max(pairwise(points), key=_length)
    length = _length((first, last))
    if length / 3 < (width if first[1] == last[1] else 24) / 2 + 20:
        others = sorted(pairwise(points), key=_length)
        return middle((first, last)), middle(others[-2] if len(others) > 1 else others[-1])
    (x0, y0), (x1, y1) = first, last
    return (
        (x0 + (x1 - x0) / 3, y0 + (y1 - y0) / 3),
        (x0 + (x1 - x0) * 2 / 3, y0 + (y1 - y0) * 2 / 3),
    )


def _length(points: Sequence[Point]) -> float:
    return sum(abs(x0 - x1) + abs(y0 - y1) for (x0, y0), (x1, y1) in pairwise(points))


def without_repeats(points: Sequence[Point]) -> tuple[Point, ...]:
    """Drop corners that are none, so that a straight connector has two points."""
    kept: list[Point] = []
    for point in points:
        if kept and _same(kept[-1], point):
            continue
        if len(kept) > 1 and abs(kept[-2][0] - point[0]) < 1 and abs(kept[-1][0] - point[0]) < 1:
            kept[-1] = point
        else:
            kept.append(point)
    return tuple(kept)


def _same(one: Point, other: Point) -> bool:
    return abs(one[0] - other[0]) < 1 and abs(one[1] - other[1]) < 1


def distance(points: Sequence[Point], at: Point) -> float:
    """Return how far a point is from a connector."""
    return min(_to_line(first, second, at) for first, second in pairwise(points))


def _to_line(first: Point, second: Point, at: Point) -> float:
    across, down = second[0] - first[0], second[1] - first[1]
    length = across * across + down * down
    share = 0.0
    if length:
        share = ((at[0] - first[0]) * across + (at[1] - first[1]) * down) / length
        share = min(1.0, max(0.0, share))
    return hypot(at[0] - first[0] - share * across, at[1] - first[1] - share * down)
