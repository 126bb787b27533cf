"""Steps placed by hand: they stand exactly there, and all else makes room for them.

What hangs below such a step hangs below it there, so a branch moves with its head. All other
cards keep their tidy places; only one that would lie under another moves to the nearest free
place, with what hangs below it: sideways, or down. Branches to its right move along, so that
their order stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rally_desktop.canvas.ground import Ground
from rally_desktop.canvas.layout import NOWHERE, Layout, Link, Size
from rally_desktop.canvas.route import Point

NEAR = 24.0  # nearer to each other than this, beside each other, cards do not come
UNDER = 8.0  # the same below each other
STEP_ASIDE = 48.0
STEP_DOWN = 40.0


def settle(
    layout: Layout, sizes: Sequence[Size], links: Sequence[Link], pins: Mapping[int, Point]
) -> list[Point]:
    """Return the upper left corners of all boxes, some of which stand where they were put."""
    room = _Room(layout, sizes, links, pins)
    groups: dict[int, list[int]] = {NOWHERE: [], **{box: [] for box in layout.order if box in pins}}
    home = [NOWHERE] * len(sizes)
    for box in layout.order:
        if box in pins:
            home[box] = box
        else:
            above = layout.dominator[box]
            home[box] = NOWHERE if above < 0 else home[above]
            groups[home[box]].append(box)
    for pinned in reversed(groups):  # what hangs deepest first, what is not pinned last
        for box in groups[pinned]:
            room.place(box)
    return room.at


class _Room:
    def __init__(
        self,
        layout: Layout,
        sizes: Sequence[Size],
        links: Sequence[Link],
        pins: Mapping[int, Point],
    ) -> None:
        self._tidy, self._sizes, self._dominator = layout.at, sizes, layout.dominator
        self._into: list[list[Link]] = [[] for _ in sizes]
        self._out: list[list[Link]] = [[] for _ in sizes]
        for link in links:
            self._out[link[0]].append(link)
            self._into[link[1]].append(link)
        self._ground = Ground()
        self._slid: dict[int, float] = {}  # how far the branches below a box slid to the right
        self._last: dict[int, float] = {}  # the middle of the last branch placed below a box
        self.at = list(layout.at)
        for box, (x, y) in pins.items():
            self.at[box] = (x, y)
            self._ground.take((x, y, sizes[box].width, sizes[box].height))

    def place(self, box: int) -> None:
        """Place a box as near as may be to where it hangs tidily."""
        above = self._dominator[box]
        branch = above >= 0 and len(self._into[box]) == 1
        x, y = self._hanging(box)
        if branch:
            x += self._slid.get(above, 0.0)
        width, height = self._sizes[box].width, self._height(box)
        least = self._last.get(above, float("-inf")) if branch else float("-inf")
        x, y = self._free(box, (x, y, width, height), least)
        if branch:
            self._last[above] = x + width / 2
            slid = x - self._hanging(box)[0]
            self._slid[above] = max(self._slid.get(above, 0.0), slid)
        self.at[box] = (x, y)
        if width and height:
            self._ground.take((x, y, width, height))

    def _hanging(self, box: int) -> Point:
        """Return where a box stands as its dominator stands, below all that leads to it."""
        x, y = self._tidy[box]
        above = self._dominator[box]
        if above >= 0:
            x += self.at[above][0] - self._tidy[above][0]
            y += self.at[above][1] - self._tidy[above][1]
        for one, _, gap in self._into[box]:
            y = max(y, self.at[one][1] + self._sizes[one].height + gap)
        return (x, y)

    def _height(self, box: int) -> float:
        _, height, stretches = self._sizes[box]
        if not stretches or not self._out[box]:
            return height
        low = min(self._tidy[below][1] - gap for _, below, gap in self._out[box])
        return max(height, low - self._tidy[box][1])

    def _free(self, box: int, place: tuple[float, float, float, float], least: float) -> Point:
        """Return the nearest free place: right, left as far as ``least``, or below."""
        x, y, width, height = place
        if not width or not self._hit(place):
            return (x, y)
        right = left = x
        low = y
        while hit := self._hit((right, y, width, height)):
            right = hit[0] + hit[2] + STEP_ASIDE
        while hit := self._hit((left, y, width, height)):
            left = hit[0] - width - STEP_ASIDE
        while hit := self._hit((x, low, width, height)):
            low = hit[1] + hit[3] + STEP_DOWN
        found = [(right - x, (right, y))]
        if left + width / 2 > least:
            found.append((x - left, (left, y)))
        if not self._sizes[box].stretches:
            found.append((low - y, (x, low)))
        return min(found)[1]

    def _hit(self, place: tuple[float, float, float, float]) -> tuple[float, ...] | None:
        return self._ground.hit(place, NEAR, UNDER)
