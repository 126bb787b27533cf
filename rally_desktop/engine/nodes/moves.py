"""What triggers ask of a field that moved: which one it was, from what and to what."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Self

from rally_desktop.core.fold import fold
from rally_desktop.core.schema import Pick
from rally_desktop.engine.nodes.base import Event, TriggerKind

LINKED = ("owner", "company", "contact")
_FIELDS = Pick("Fields", help="None chosen: any.", source="field", many=True, required=False)
_FROM = Pick("From", help="None given: any value.", source="value", many=True, required=False)
_TO = Pick("Becomes", help="None given: any value.", source="value", many=True, required=False)


def told(value: Any) -> str:
    """Return a value of the timeline as a person would type it, folded."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.15g}"
    return "" if value is None else fold(str(value))


def fits(value: Any, wanted: Collection[str]) -> bool:
    """Say whether a value is one of those asked for; without any, every value is."""
    return not wanted or told(value) in _folded(tuple(wanted))


@lru_cache(maxsize=10_000)
def _folded(values: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(fold, values))


def named(values: Collection[str]) -> str:
    """Return values as words: A, B or C."""
    return Pick("").say(tuple(values))


def say_move(what: str, before: Collection[str], after: Collection[str]) -> str:
    """Return one sentence: what moves, from where and to where."""
    where = f" from {named(before)}" if before else ""
    where += f" to {named(after)}" if after else ""
    return f"When {what} changes{where}"


class FieldsMoved(TriggerKind, frozen=True):
    """Base of the triggers that go by the fields of a record."""

    title: ClassVar = "Fields moved"
    icon: ClassVar = "pencil-line"

    fields: Annotated[tuple[str, ...], _FIELDS] = ()
    before: Annotated[tuple[str, ...], _FROM] = ()
    to: Annotated[tuple[str, ...], _TO] = ()

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> Self:
        """Read settings; an older program kept a single value in ``to``."""
        if isinstance(one := stored.get("to"), str):
            stored = {**stored, "to": [one] if one else []}
        return super().load(stored)

    def listens(self) -> tuple[tuple[str, str | None], ...]:
        """Look at changes of the fields, or at every change."""
        return tuple(("updated", name) for name in _stored(self.fields)) or (("updated", None),)

    def values(self) -> tuple[str | None, ...]:
        """Ask for the values afterwards, where they are those of certain fields."""
        return tuple({fold(each) for each in self.to}) if self.to and self.fields else (None,)

    def matches(self, event: Event) -> bool:
        """Compare the values before and afterwards, where some are asked for."""
        moved, wanted = event.detail["fields"], _stored(self.fields)
        return any(
            fits(old, self.before) and fits(new, self.to)
            for name, (old, new) in moved.items()
            if not wanted or name in wanted
        )

    def problems(self) -> dict[str, str]:
        """Refuse a deal's stage, whose moves are lines of their own, and values of links."""
        found = super().problems()
        if "stage" in self.fields:
            found["fields"] = "cannot be the stage: choose the trigger ‘Deal stage changed’ for it"
        linked = sorted(set(self.fields) & set(LINKED))
        for name in ("before", "to"):
            if linked and getattr(self, name):
                found[name] = f"cannot be asked of the {linked[0]}: ask for it in the audience"
        return found

    def said(self) -> str:
        """Say which fields change, and what they become."""
        names = named([name.replace("_", " ") for name in self.fields]) if self.fields else ""
        where = f" from {named(self.before)}" if self.before else ""
        what = f" becomes {named(self.to)}" if self.to else " changes"
        return f"{names or 'any field'}{what}{where}"


@lru_cache(maxsize=10_000)
def _stored(fields: tuple[str, ...]) -> tuple[str, ...]:
    """Return the fields under the names of their columns, as the timeline knows them."""
    return tuple(f"{name}_id" if name in LINKED else name for name in fields)
