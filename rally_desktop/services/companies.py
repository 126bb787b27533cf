"""Everything one can do to a company."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rally_desktop.core.errors import Refused
from rally_desktop.model.ref import Ref
from rally_desktop.model.work import Work
from rally_desktop.services import records


def create(
    work: Work, values: Mapping[str, Any], tags: Iterable[str] = (), source: str = ""
) -> Ref:
    """Add a company; refuse one without a name."""
    given = records.checked("company", values)
    if not given.get("name"):
        raise Refused("A company needs a name.")
    return records.create(work, "company", given, tags, source)


def update(work: Work, ref: Ref, values: Mapping[str, Any]) -> bool:
    """Set fields of a company; say whether anything differed."""
    given = records.checked("company", values)
    if given.get("name") == "":
        raise Refused("A company needs a name.")
    return records.set_fields(work, ref, given)
