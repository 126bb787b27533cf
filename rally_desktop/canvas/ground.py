"""Which places on the sheet are taken, and where the nearest free ones are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

Place = tuple[float, float, float, float]  # left, top, width, height
SIDE = 512


class Ground:
    """Rectangles, sorted into squares so that neighbours are found at once."""

    def __init__(self) -> None:
        self._squares: dict[tuple[int, int], list[Place]] = {}

    def take(self, place: Place) -> None:
        """Remember a rectangle."""
        for square in _squares(place):
            self._squares.setdefault(square, []).append(place)

    def hit(self, place: Place, beside: float = 0.0, below: float = 0.0) -> Place | None:
        """Return a rectangle that another covers, or comes closer to than so far."""
        left, top, width, height = place
        left, right = left - beside, left + width + beside
        top, bottom = top - below, top + height + below
        for square in _squares((left, top, right - left, bottom - top)):
            for taken in self._squares.get(square, ()):
                x, y, wide, high = taken
                if x < right and left < x + wide and y < bottom and top < y + high:
                    return taken
        return None

    def crossed(self, points: Sequence[tuple[float, float]]) -> int:
        """Return how many pieces of a line run through something."""
        pieces = (
            (min(x0, x1), min(y0, y1), abs(x0 - x1), abs(y0 - y1))
            for (x0, y0), (x1, y1) in pairwise(points)
        )
        return sum(self.hit(piece) is not None for piece in pieces)


def _squares(place: Place) -> Iterator[tuple[int, int]]:
    left, top, width, height = place
    for column in range(int(left // SIDE), int((left + width) // SIDE) + 1):
        for row in range(int(top // SIDE), int((top + height) // SIDE) + 1):
            yield (column, row)
