"""All groups that need no second look made one, each by itself, until it is called off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from rally_desktop.core.errors import RallyError
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.model.store import Store
from rally_desktop.model.work import Work
from rally_desktop.services import duplicates, merge_records
from rally_desktop.services.duplicates import Group


@dataclass
class Done:
    """What came of it: the groups that became one, and how many were left as they are."""

    groups: list[Group] = field(default_factory=list)
    left: int = 0
    cancelled: bool = False


def run(
    store: Store,
    kind: RecordKind,
    groups: Sequence[Group],
    told: Callable[[int], None],
    stopped: Callable[[], bool],
) -> Done:
    """Merge each group into its oldest record, one transaction a group.

    What is not safe any more, since somebody has edited it, is left to a person.
    """
    done = Done()
    for count, group in enumerate(groups, start=1):
        if stopped():
            done.cancelled = True
            break
        try:
            merged = store.write_patiently(lambda work, group=group: _one(work, kind, group))
        except RallyError:
            merged = False
        if merged:
            done.groups.append(group)
        done.left += not merged
        told(count)
    return done


def _one(work: Work, kind: RecordKind, group: Group) -> bool:
    if not duplicates.still_safe(work, kind, group):
        return False
    kept, *others = (Ref(kind, number) for number in group.ids)
    for start in range(0, len(others), merge_records.MOST - 1):
        merge_records.merge_all(work, kept, others[start : start + merge_records.MOST - 1])
    return True
