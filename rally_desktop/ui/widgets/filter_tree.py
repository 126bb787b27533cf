"""A filter as groups within groups while it is edited: values, and what can be done to them.

A place in the tree is a path: which part of the root, which part of that, and so on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

Mode = Literal["all", "any", "none"]
Path = tuple[int, ...]

MOST_DEEP = 4  # groups within groups that can be shown; what is deeper stays a sentence
MOST_SHOWN = 120  # conditions that can be shown; a filter of more stays a sentence


@dataclass(frozen=True)
class Leaf:
    """One comparison, or what can only be kept, as it is stored."""

    stored: Any


@dataclass(frozen=True)
class Group:
    """Parts of which all, any or none must hold."""

    mode: Mode = "all"
    parts: tuple[Part, ...] = ()


Part = Group | Leaf


# -- from and to what is stored ----------------------------------------------------------------


def opened(stored: Mapping[str, Any] | None) -> Group:
    """Return a stored filter as a group."""
    if not stored:
        return Group()
    made = _part(stored, 0)
    if _count(made) > MOST_SHOWN:
        return Group("all", (Leaf(stored),))
    return made if isinstance(made, Group) else Group("all", (made,))


def _part(stored: Any, depth: int) -> Part:
    inside = _inside(stored)
    if inside is None or depth >= MOST_DEEP:
        return Leaf(stored)
    mode, parts = inside
    return Group(mode, tuple(_part(part, depth + 1) for part in parts))


def _count(part: Part) -> int:
    return 1 if isinstance(part, Leaf) else sum(map(_count, part.parts))


def part_of(stored: Any) -> Part:
    """Return a condition or group that is stored, to be put somewhere in a tree."""
    return _part(stored, 0)


def stored_part(part: Part) -> Any:
    """Return a condition or group as it is stored."""
    return part.stored if isinstance(part, Leaf) else stored(part)


def _inside(stored: Any) -> tuple[Mode, list[Any]] | None:
    """Return how the parts of a stored group are joined, and the parts; None for no group."""
    if not isinstance(stored, Mapping) or len(stored) != 1:
        return None
    for mode in ("all", "any"):
        parts = stored.get(mode)
        # «Any of nothing» holds for nobody: it cannot be shown as a group without conditions.
        if isinstance(parts, (list, tuple)) and (parts or mode == "all"):
            return mode, list(parts)
    if "not" not in stored:
        return None
    inner = stored["not"]
    joined = inner.get("any") if isinstance(inner, Mapping) and len(inner) == 1 else None
    return "none", list(joined) if isinstance(joined, (list, tuple)) and joined else [inner]


def stored(group: Group) -> dict[str, Any] | None:
    """Return a group as it is stored; None where no condition is in it."""
    parts = [each for part in group.parts if (each := stored_part(part)) is not None]
    if not parts:
        return None
    return {"not": {"any": parts}} if group.mode == "none" else {group.mode: parts}


# -- looking -----------------------------------------------------------------------------------


def at(tree: Group, path: Path) -> Part:
    """Return what is at a place."""
    here: Part = tree
    for place in path:
        assert isinstance(here, Group)
        here = here.parts[place]
    return here


def group_at(tree: Group, path: Path) -> Group:
    """Return the group at a place."""
    found = at(tree, path)
    assert isinstance(found, Group)
    return found


def depth(part: Part) -> int:
    """Return how many groups deep a part is; a condition is none."""
    return 0 if isinstance(part, Leaf) else 1 + max(map(depth, part.parts), default=0)


def fits(part: Part, parent: Path) -> bool:
    """Say whether a part can be put into a group without going too deep."""
    return len(parent) + 1 + depth(part) <= MOST_DEEP + 1


# -- changing ----------------------------------------------------------------------------------


def with_part(tree: Group, path: Path, part: Part) -> Group:
    """Return the tree with another part at a place."""
    if not path:
        assert isinstance(part, Group)
        return part
    place, *rest = path
    inner = tree.parts[place]
    made = with_part(inner, tuple(rest), part) if rest and isinstance(inner, Group) else part
    return replace(tree, parts=(*tree.parts[:place], made, *tree.parts[place + 1 :]))


def inserted(tree: Group, path: Path, part: Part) -> Group:
    """Return the tree with a part put before what is at a place, or at the end of its group."""
    parent, place = path[:-1], path[-1]
    group = group_at(tree, parent)
    parts = (*group.parts[:place], part, *group.parts[place:])
    return with_part(tree, parent, replace(group, parts=parts))


def removed(tree: Group, path: Path) -> Group:
    """Return the tree without what is at a place, and without a group that this empties."""
    parent, place = path[:-1], path[-1]
    group = group_at(tree, parent)
    parts = (*group.parts[:place], *group.parts[place + 1 :])
    if parent and not parts:
        return removed(tree, parent)
    return with_part(tree, parent, replace(group, parts=parts))


def moved(tree: Group, source: Path, target: Path) -> tuple[Group, Path]:
    """Return the tree with a part put before what is at another place, and where it is then.

    It stays as it is where that is inside the part itself, or too deep.
    """
    part = at(tree, source)
    if target[: len(source)] == source or not fits(part, target[:-1]):
        return tree, source
    # A mark keeps the place until the part is in the other one: no path moves meanwhile.
    mark = Leaf(None)
    made = inserted(with_part(tree, source, mark), target, part)
    made = removed(made, _find(made, mark))
    return made, _find(made, part)


def stepped(tree: Group, path: Path, by: Literal[-1, 1]) -> tuple[Group, Path]:
    """Return the tree with a part one place up or down, into and out of groups on its way."""
    parent, place = path[:-1], path[-1]
    parts, part = group_at(tree, parent).parts, at(tree, path)
    beyond = place + by
    if not 0 <= beyond < len(parts):
        if not parent:
            return tree, path
        return moved(tree, path, (*parent[:-1], parent[-1] + (by > 0)))
    beside = parts[beyond]
    if isinstance(beside, Group) and fits(part, (*parent, beyond)):
        return moved(tree, path, (*parent, beyond, 0 if by > 0 else len(beside.parts)))
    return moved(tree, path, (*parent, beyond + (by > 0)))


def grouped(tree: Group, path: Path) -> tuple[Group, Path]:
    """Return the tree with a part and its neighbour in one group, of the other mode if new."""
    parent, place = path[:-1], path[-1]
    group, part = group_at(tree, parent), at(tree, path)
    if len(group.parts) < 2:
        return tree, path
    beside = place - 1 if place else 1
    neighbour = group.parts[beside]
    if isinstance(neighbour, Group):
        return moved(tree, path, (*parent, beside, len(neighbour.parts) if place else 0))
    first = min(place, beside)
    made = Group("all" if group.mode == "any" else "any", group.parts[first : first + 2])
    if not fits(made, parent):
        return tree, path
    parts = (*group.parts[:first], made, *group.parts[first + 2 :])
    tree = with_part(tree, parent, replace(group, parts=parts))
    return tree, _find(tree, part)


def ungrouped(tree: Group, path: Path) -> tuple[Group, Path]:
    """Return the tree with a part taken out of its group, behind it."""
    parent = path[:-1]
    return moved(tree, path, (*parent[:-1], parent[-1] + 1)) if parent else (tree, path)


def _find(tree: Group, wanted: Part) -> Path:
    for place, part in enumerate(tree.parts):
        if part is wanted:
            return (place,)
        if isinstance(part, Group) and (inner := _find(part, wanted)):
            return (place, *inner)
    return ()
