"""What differs between two graphs, found by identity: what was not touched is the same object."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from rally_desktop.model.graph import Graph


@dataclass(frozen=True)
class Change:
    """Ids of steps, and whether triggers or anything about the whole workflow changed."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()
    rewired: tuple[str, ...] = ()
    triggers: tuple[str, ...] = ()


def difference(before: Graph, after: Graph) -> Change:
    """Return what must be done to the one to get the other."""
    if before is after:
        return Change()
    altered, rewired = [], []
    for key, step in after.steps.items():
        was = before.steps.get(key)
        if was is None or was is step:
            continue
        if was.exits != step.exits:
            rewired.append(key)
        if msgspec.structs.replace(was, exits=step.exits) != step:
            altered.append(key)
    return Change(
        added=tuple(key for key in after.steps if key not in before.steps),
        removed=tuple(key for key in before.steps if key not in after.steps),
        altered=tuple(altered),
        rewired=tuple(rewired),
        triggers=_triggers(before, after),
    )


def _triggers(before: Graph, after: Graph) -> tuple[str, ...]:
    known = {trigger.id: trigger for trigger in before.triggers}
    now = {trigger.id: trigger for trigger in after.triggers}
    return tuple(key for key in known | now if known.get(key) != now.get(key))
