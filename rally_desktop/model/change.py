"""What one thing that happens is: a frozen value, and the line it makes on the timeline."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from rally_desktop.model.ref import Ref


class Line(msgspec.Struct, frozen=True, gc=False):
    """What a change says on the timeline: about whom, which kind, which particulars.

    ``at`` is when it happened, where that is not now.
    """

    ref: Ref
    kind: str
    detail: Mapping[str, Any]
    at: datetime | None = None


class Change(msgspec.Struct, frozen=True):
    """One thing that happened."""

    def line(self) -> Line | None:
        """Return the line it makes on the timeline; None where it makes none."""
        return None
