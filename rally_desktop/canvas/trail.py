"""Where one has looked: back to the place before, and forward again."""

from __future__ import annotations

from typing import NamedTuple

MOST = 100
NEAR = 8.0  # pixels on screen: less is the same place


class Look(NamedTuple):
    """A zoom, and the point of the sheet in the middle of the window."""

    zoom: float
    x: float
    y: float

    def is_near(self, other: Look) -> bool:
        """Say whether two looks show the same."""
        away = max(abs(self.x - other.x), abs(self.y - other.y)) * self.zoom
        return away < NEAR and abs(self.zoom / other.zoom - 1) < 0.01


class Trail:
    """The places before and after the one where one is."""

    def __init__(self) -> None:
        self._behind: list[Look] = []
        self._ahead: list[Look] = []

    def leave(self, here: Look) -> None:
        """Remember a place that one is about to leave by a jump."""
        self._ahead.clear()
        if not (self._behind and here.is_near(self._behind[-1])):
            self._behind.append(here)
            del self._behind[:-MOST]

    def back(self, here: Look) -> Look | None:
        """Return the place before, or None where there is none."""
        return _turn(here, self._behind, self._ahead)

    def forward(self, here: Look) -> Look | None:
        """Return the place from which one came back."""
        return _turn(here, self._ahead, self._behind)


def _turn(here: Look, source: list[Look], other: list[Look]) -> Look | None:
    while source:
        found = source.pop()
        if not found.is_near(here):
            other.append(here)
            return found
    return None
