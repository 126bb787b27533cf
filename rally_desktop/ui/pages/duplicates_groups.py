"""Which groups the page of duplicates shows: what was found, without what is settled."""

from __future__ import annotations

from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.services.duplicates import KINDS, Found, Group

NOUNS = {"contact": "contacts", "company": "companies"}
Refs = tuple[Ref, ...]


class Groups:
    """Remembers for each kind of records what was found and what became of it."""

    def __init__(self) -> None:
        self.kind: RecordKind = "contact"
        self.chosen: Group | None = None
        self._found: dict[RecordKind, Found] = {}
        self._done: dict[RecordKind, set[Refs]] = {kind: set() for kind in KINDS}

    def take(self, kind: RecordKind, found: Found) -> None:
        """Keep what was found; what was settled before is looked at anew."""
        self._found[kind] = found
        self._done[kind].clear()

    def looked(self) -> bool:
        """Say whether the records of the kind were looked through."""
        return self.kind in self._found

    def left(self) -> list[Group]:
        """Return what is still to be looked at, what somebody chose first."""
        found, done = self._found.get(self.kind, Found()), self._done[self.kind]
        chosen = [self.chosen] if self.chosen else []
        return [*chosen, *(one for one in found.groups if self.refs(one) not in done)]

    def safe(self) -> list[Group]:
        """Return those of them that need no second look."""
        return [group for group in self.left() if group.safe]

    def refs(self, group: Group) -> Refs:
        """Return the records of a group."""
        return tuple(Ref(self.kind, number) for number in group.ids)

    def settle(self, refs: Refs) -> None:
        """Take the group of these records, the first of it, off the list."""
        kind, ids = refs[0].kind, tuple(ref.id for ref in refs)
        if self.chosen is not None and self.chosen.ids == ids:
            self.chosen = None
        found = self._found.get(kind, Found()).groups
        theirs = (one.ids for one in found if one.ids[: len(ids)] == ids)
        self._done[kind] |= {tuple(Ref(kind, number) for number in one) for one in theirs}

    def bring_back(self, refs: Refs) -> None:
        """Put groups with these records on the list again."""
        done = self._done[refs[0].kind]
        done -= {one for one in done if set(refs) <= set(one)}

    def says(self) -> str:
        """Say how many there are, and in how many records."""
        found = self._found.get(self.kind)
        if found is None:
            return ""
        at_hand = sum(group is not self.chosen for group in self.left())
        left = found.count - len(found.groups) + at_hand
        more = f" (the surest {at_hand:,} are shown)" if left > at_hand else ""
        noun = f"{left:,} group{'s' * (left != 1)}{more}"
        return f"{noun} in {found.looked_at:,} {NOUNS[self.kind]}"
