"""Alignment guides: where a card that is moved by hand comes to rest, and the lines to show.

In each direction the nearest wins: in line with another card (by its middle or an edge), or as
far from the next card as that is from one beyond it. With neither near, the grid holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from rally_desktop.canvas.route import Point
from rally_desktop.canvas.shapes import Bounds

GRID = 8.0
REACH = 6.0


class Guide(NamedTuple):
    """A line to show."""

    start: Point
    end: Point


class Snapped(NamedTuple):
    """How far a card is to be moved on, and the lines that tell why."""

    across: float = 0.0
    down: float = 0.0
    guides: tuple[Guide, ...] = ()


class _Span(NamedTuple):
    """A rectangle seen in one direction: along it, and how far it reaches in the other."""

    start: float
    end: float
    near: float
    far: float

    @property
    def middle(self) -> float:
        return (self.start + self.end) / 2

    def moved(self, by: float) -> _Span:
        return self._replace(start=self.start + by, end=self.end + by)


class _Found(NamedTuple):
    """A movement, and the lines (from, to, at) that lie along the direction or across it."""

    by: float
    across: tuple[tuple[float, float, float], ...] = ()
    along: tuple[tuple[float, float, float], ...] = ()


def snap(moved: Bounds, others: Iterable[Bounds], reach: float = REACH) -> Snapped:
    """Return where a rectangle comes to rest among others; ``reach`` is in pixels of the sheet."""
    beside = [_Span(left, right, top, bottom) for left, top, right, bottom in others]
    above = [_Span(near, far, start, end) for start, end, near, far in beside]
    left, top, right, bottom = moved
    across = _nearest(_Span(left, right, top, bottom), beside, reach, ends=True)
    x = across.by
    down = _nearest(_Span(top, bottom, left + x, right + x), above, reach, ends=False)
    guides = [
        *(Guide((at, one), (at, other)) for one, other, at in across.across),
        *(Guide((one, at), (other, at)) for one, other, at in across.along),
        *(Guide((one, at), (other, at)) for one, other, at in down.across),
        *(Guide((at, one), (at, other)) for one, other, at in down.along),
    ]
    return Snapped(x, down.by, tuple(guides))


def _nearest(moved: _Span, others: Sequence[_Span], reach: float, ends: bool) -> _Found:
    ways = [*_lines(moved, others, reach, ends)]
    ways += [found for found in _gaps(moved, others) if abs(found.by) <= reach]
    if not ways:
        return _Found(round(moved.start / GRID) * GRID - moved.start)
    return min(ways, key=lambda found: abs(found.by))


def _lines(moved: _Span, others: Sequence[_Span], reach: float, ends: bool) -> Iterator[_Found]:
    """Yield the movements that bring a rectangle into line: by its middle, start or end."""
    sides = ["middle", "start", "end"] if ends else ["middle", "start"]
    for side in sides:
        here = getattr(moved, side)
        close = [one for one in others if abs(getattr(one, side) - here) <= reach]
        if close:
            at = min((getattr(one, side) for one in close), key=lambda there: abs(there - here))
            line = [moved, *(one for one in close if getattr(one, side) == at)]
            span = (min(one.near for one in line), max(one.far for one in line), at)
            yield _Found(at - here, across=(span,))


def _gaps(moved: _Span, others: Sequence[_Span]) -> Iterator[_Found]:
    """Yield the movements that make two gaps in a row equal."""
    row = [one for one in others if one.near < moved.far and moved.near < one.far]
    row.sort(key=lambda one: one.start)
    before = [one for one in row if one.end <= moved.middle]
    after = [one for one in row if one.start >= moved.middle]
    if before and after:
        first, last = before[-1], after[0]
        by = (first.end + last.start) / 2 - moved.middle
        yield _spaced((first, moved.moved(by), last), by)
    if len(before) > 1:
        by = before[-1].end + (before[-1].start - before[-2].end) - moved.start
        yield _spaced((*before[-2:], moved.moved(by)), by)
    if len(after) > 1:
        by = after[0].start - (after[1].start - after[0].end) - moved.end
        yield _spaced((moved.moved(by), *after[:2]), by)


def _spaced(row: Sequence[_Span], by: float) -> _Found:
    at = (max(one.near for one in row) + min(one.far for one in row)) / 2
    return _Found(by, along=tuple((one.end, other.start, at) for one, other in pairwise(row)))
