"""What differs between two graphs, as a small document that leads both ways.

The history of a draft is kept as these: a change of one step in a workflow of thousands is a few
hundred bytes, and undoing it gives back exactly what was there, the order of the steps included.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple, get_type_hints

import msgspec

from rally_desktop.core.errors import BadDefinition
from rally_desktop.model.graph import Graph

_KEYED = ("steps", "layout")
_NOWHERE = -1


class Cell(NamedTuple):
    """A value of a mapping before and after: at which place it stood, and what it was."""

    key: str
    places: tuple[int, int]
    values: tuple[Any, Any]


class Patch(msgspec.Struct, frozen=True, omit_defaults=True):
    """One change of a workflow; values are as in a stored document."""

    fields: dict[str, tuple[Any, Any]] = {}
    steps: tuple[Cell, ...] = ()
    layout: tuple[Cell, ...] = ()

    @classmethod
    def between(cls, before: Graph, after: Graph) -> Patch:
        """Return what leads from one graph to another and back."""
        fields = {
            name: (msgspec.to_builtins(was), msgspec.to_builtins(now))
            for name in Graph.__struct_fields__
            if name not in _KEYED
            and (was := getattr(before, name)) != (now := getattr(after, name))
        }
        return cls(fields, *(_cells(getattr(before, n), getattr(after, n)) for n in _KEYED))

    @classmethod
    def unpacked(cls, stored: bytes) -> Patch:
        """Read a stored patch; raise BadDefinition where it is damaged."""
        try:
            made = msgspec.json.decode(zlib.decompress(stored), type=cls)
        except (zlib.error, msgspec.MsgspecError, ValueError) as error:
            raise BadDefinition(f"A step of the history cannot be read: {error}.") from error
        if unknown := made.fields.keys() - _types().keys():
            raise BadDefinition(f"A step of the history changes ‘{min(unknown)}’: not known here.")
        return made

    def packed(self) -> bytes:
        """Return the patch as it is stored."""
        return zlib.compress(msgspec.json.encode(self), 1)

    def forth(self, graph: Graph) -> Graph:
        """Make the change."""
        return self._led(graph, 1)

    def back(self, graph: Graph) -> Graph:
        """Take the change back."""
        return self._led(graph, 0)

    def _led(self, graph: Graph, side: int) -> Graph:
        made = {
            name: msgspec.convert(values[side], _types()[name])
            for name, values in self.fields.items()
        }
        for name in _KEYED:
            if cells := getattr(self, name):
                made[name] = _moved(getattr(graph, name), cells, side, _types()[name].__args__[1])
        return graph.with_(**made)


def _cells(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Cell, ...]:
    if before is after:
        return ()
    changed = {
        key
        for key in before.keys() | after.keys()
        if (was := before.get(key)) is not (now := after.get(key)) and was != now
    }
    kept = ([key for key in one if key not in changed] for one in (before, after))
    if next(kept) != next(kept):
        changed = before.keys() | after.keys()  # the order is another
    places = [
        {key: place for place, key in enumerate(one) if key in changed} for one in (before, after)
    ]
    return tuple(
        Cell(
            key,
            (places[0].get(key, _NOWHERE), places[1].get(key, _NOWHERE)),
            (msgspec.to_builtins(before.get(key)), msgspec.to_builtins(after.get(key))),
        )
        for key in sorted(changed)
    )


def _moved(now: Mapping[str, Any], cells: tuple[Cell, ...], side: int, kind: Any) -> dict[str, Any]:
    """Return a mapping with its changed values as on one side, each at its place."""
    ahead = {cell.key: cell for cell in cells}
    if all(cell.places[0] == cell.places[1] for cell in cells):
        return {
            key: msgspec.convert(ahead[key].values[side], kind) if key in ahead else value
            for key, value in now.items()
        }
    rest = [item for item in now.items() if item[0] not in ahead]
    for cell in sorted(cells, key=lambda cell: cell.places[side]):
        if (place := cell.places[side]) != _NOWHERE:
            rest.insert(place, (cell.key, msgspec.convert(cell.values[side], kind)))
    return dict(rest)


@cache
def _types() -> dict[str, Any]:
    return get_type_hints(Graph, include_extras=True)
