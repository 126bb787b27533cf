"""Records that turned from not matching a filter to matching it (semantics, section 3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rally_desktop.engine.definitions import Definitions
from rally_desktop.engine.enrolling import Candidate
from rally_desktop.engine.intake import Arrival
from rally_desktop.engine.walk import Walk


def turned(
    walk: Walk, definitions: Definitions, arrivals: Sequence[Arrival]
) -> Iterator[Candidate]:
    """Yield a candidate for each record that these lines turned."""
    yield from ()
