"""The left or right side of a group of boxes, so that groups can be packed without touching.

An outline is never changed: one with a box put above it, or joined from two, shares with them
all that lies deeper. So an outline costs only what differs from the ones it was made of, and
those that were made before can be used again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import msgspec

Choose = Callable[[float, float], float]  # min for left sides, max for right ones
Line = tuple[float, float, float]  # top, bottom, x
Lines: TypeAlias = "tuple[float, float, float, Lines] | None"  # the same, and what is below

NOWHERE = float("inf")
NO_LINE = (NOWHERE, NOWHERE, 0.0)  # below the last
COLUMN_GAP = 120.0  # between boxes below each other nothing else finds room


class Outline(msgspec.Struct, frozen=True, gc=False):
    """Lines from the top down, moved sideways and down; ``depth`` is where the last one ends."""

    lines: Lines = None
    across: float = 0.0
    down: float = 0.0
    depth: float = 0.0

    def moved(self, across: float, down: float) -> Outline:
        """Return the outline elsewhere."""
        return Outline(self.lines, self.across + across, self.down + down, self.depth)

    def below(self, top: float, bottom: float, x: float) -> Outline:
        """Return the outline with a box above; a column of equally wide boxes is one line."""
        top, bottom, x = top - self.down, bottom - self.down, x - self.across
        under: Lines = self.lines
        depth = bottom if under is None else self.depth
        if under is not None and under[2] == x and under[0] - bottom <= COLUMN_GAP:
            bottom, under = under[1], under[3]
        return Outline((top, bottom, x, under), self.across, self.down, depth)

    def farthest(self, choose: Choose) -> float:
        """Return how far the outline reaches to its side."""
        assert self.lines is not None
        found, line = self.lines[2], self.lines[3]
        while line is not None:
            found, line = choose(found, line[2]), line[3]
        return found + self.across

    def boxed(self, top: float, bottom: float, around: float, choose: Choose) -> Outline:
        """Return the outline with all down to ``bottom`` in one straight line."""
        low = bottom - self.down
        line: Lines = self.lines
        x: float | None = None
        while line is not None and line[0] < low:
            x = line[2] if x is None else choose(x, line[2])
            if line[1] > low:
                line = (low, *line[1:])
                break
            line = line[3]
        x = choose(-around, around) + (x or 0.0)
        depth = low if line is None else self.depth
        return Outline((top - self.down, low, x, line), self.across, self.down, depth)


EMPTY = Outline()


def clearance(right: Outline, left: Outline, pad: float) -> float | None:
    """Return how far ``left`` must move to pass ``right`` wherever they come close in height."""
    need: float | None = None
    apart = right.down - left.down
    one: Lines = right.lines
    other: Lines = left.lines
    while one is not None and other is not None:
        top, bottom = one[0] + apart, one[1] + apart
        if bottom + pad > other[0] and other[1] + pad > top:
            by = one[2] - other[2]
            if need is None or by > need:
                need = by
        if bottom <= other[1]:
            one = one[3]
        else:
            other = other[3]
    return None if need is None else need + right.across - left.across


def joined(one: Outline, other: Outline, choose: Choose) -> Outline:
    """Return one outline around two."""
    if one.lines is None or other.lines is None:
        return other if one.lines is None else one
    deeper, shorter = one, other
    if one.depth + one.down < other.depth + other.down:
        deeper, shorter = other, one
    across, down = shorter.across - deeper.across, shorter.down - deeper.down
    beside: list[Line] = []
    rest: Lines = deeper.lines
    while rest is not None and rest[0] < shorter.depth + down:
        beside.append(rest[:3])
        rest = rest[3]
    moved: list[Line] = []
    line: Lines = shorter.lines
    while line is not None:
        moved.append((line[0] + down, line[1] + down, line[2] + across))
        line = line[3]
    for top, bottom, x in reversed(_merged(beside, moved, choose)):
        rest = (top, bottom, x, rest)
    return Outline(rest, deeper.across, deeper.down, deeper.depth)


def _merged(first: list[Line], second: list[Line], choose: Choose) -> list[Line]:
    """Return one list of lines for two, cut wherever one of them begins or ends."""
    result: list[Line] = []
    ones, others = iter(first), iter(second)
    top, bottom, x = next(ones, NO_LINE)
    high, low, y = next(others, NO_LINE)  # the same of the other
    while top < NOWHERE or high < NOWHERE:
        if top < high:
            end, at = min(bottom, high), x
            begin, top = top, end
        elif high < top:
            end, at = min(low, top), y
            begin, high = high, end
        else:
            end, at = min(bottom, low), choose(x, y)
            begin, top, high = top, end, end
        if result and result[-1][2] == at and result[-1][1] == begin:
            result[-1] = (result[-1][0], end, at)
        else:
            result.append((begin, end, at))
        if top >= bottom:
            top, bottom, x = next(ones, NO_LINE)
        if high >= low:
            high, low, y = next(others, NO_LINE)
    return result
