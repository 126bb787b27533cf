"""What a setting or a column looks like, said once.

A class lists its settings as typed attributes; the type says what may stand there and the
field beside it says how a person sees it. Forms, help pages, JSON Schema, grids, filters and
the saved JSON are all read off that one list.
"""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Annotated, Any, Literal, Self, Union, get_args, get_origin, get_type_hints

import msgspec

from rally_desktop.core.errors import BadSettings
from rally_desktop.core.texts import unfit

NOTHING, LONGEST = timedelta(0), timedelta(days=3_650)


@dataclass(frozen=True)
class Field:
    """How one setting or column is shown; subclasses say what it holds.

    ``shown_when`` names another setting and the value, or the values, at which this one matters.
    """

    label: str
    help: str = ""
    required: bool = True
    shown_when: tuple[str, object] | None = None

    def applies(self, value: object) -> bool:
        """Say whether the setting matters while the one that ``shown_when`` names has a value."""
        if self.shown_when is None:
            return True
        wanted = self.shown_when[1]
        return value in wanted if isinstance(wanted, tuple) else value == wanted

    def say(self, value: Any) -> str:
        """Put a value into words, for the canvas and the run history."""
        return "" if value is None else str(value)

    def flaw(self, value: Any) -> str | None:
        """Say why a value of the right type may not stand here, or None."""
        return None


@dataclass(frozen=True)
class Text(Field):
    """Text; ``merge`` lets it hold {{ contact.first_name }}, ``lines`` > 1 makes it a box.

    ``secrets`` lets it also name {{ secret.NAME }}, which is filled in at hand-over alone.
    """

    merge: bool = False
    lines: int = 1
    secrets: bool = False

    def say(self, value: Any) -> str:
        """Say the text, a merge field by the name a person knows: Call [First name]."""
        said = super().say(value)
        return _MERGE_FIELD.sub(_by_name, said) if self.merge else said


_MERGE_FIELD = re.compile(r"\{\{\s*([\w.]+)[^{}]*\}\}")


def _by_name(found: re.Match[str]) -> str:
    name = found[1].rpartition(".")[2].replace("_", " ")
    return f"[{name.capitalize()}]"


@dataclass(frozen=True)
class Number(Field):
    """A number between two bounds; ``unit`` is written behind it."""

    least: float | None = None
    most: float | None = None
    unit: str = ""

    def flaw(self, value: Any) -> str | None:
        """Say which of the bounds the number is beyond."""
        if self.least is not None and value < self.least:
            return f"must be at least {self.least:g}"
        if self.most is not None and value > self.most:
            return f"must be at most {self.most:g}"
        return None

    def say(self, value: Any) -> str:
        """Say the number with its unit."""
        return f"{value:g}{' ' + self.unit if self.unit else ''}" if value is not None else ""


@dataclass(frozen=True)
class YesNo(Field):
    """Yes or no."""

    def say(self, value: Any) -> str:
        """Say yes or no."""
        return "yes" if value else "no"


@dataclass(frozen=True)
class Choice(Field):
    """One of the options that the setting's Literal type, or ``options``, names."""

    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pick(Field):
    """One thing (or, with ``many``, several) that the office keeps a list of.

    ``source`` names the list: ``template``, ``user``, ``tag``, ``stage``, ``lifecycle_stage``,
    ``lead_source``, ``field`` (of the workflow's record), ``step``.
    """

    source: str = ""
    many: bool = False

    def say(self, value: Any) -> str:
        """Say the name, or the names with 'or' between the last two."""
        if isinstance(value, (list, tuple, set, frozenset)):
            names = [str(item) for item in value]
            return " or ".join(filter(None, [", ".join(names[:-1]), *names[-1:]])) or "any"
        return "" if value is None else str(value)


@dataclass(frozen=True)
class Moment(Field):
    """A date, or a date and time when ``time`` is set."""

    time: bool = False


@dataclass(frozen=True)
class TimeOfDay(Field):
    """A time on the wall clock, as ``09:00``; empty where none is asked for."""

    def flaw(self, value: str) -> str | None:
        """Say that the text is no time of day."""
        return None if _TIME_OF_DAY.fullmatch(value) else "must be a time, such as 09:00"


_TIME_OF_DAY = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True)
class Duration(Field):
    """A length of time, stored as ISO 8601."""

    def flaw(self, value: timedelta) -> str | None:
        """Say that the length is negative, or longer than anybody waits."""
        return None if NOTHING <= value <= LONGEST else "must be between nothing and ten years"

    def say(self, value: timedelta) -> str:
        """Say the largest unit that fits: 2 days, 36 hours, 5 minutes."""
        for unit, seconds in (("day", 86400), ("hour", 3600), ("minute", 60)):
            count, rest = divmod(value.total_seconds(), seconds)
            if count and not rest:
                return f"{count:g} {unit}{'s' * (count != 1)}"
        return f"{value.total_seconds():g} seconds"


@dataclass(frozen=True)
class Filter(Field):
    """A filter over the workflow's record, in the language of ``core/filter.py``."""

    def say(self, value: Any) -> str:
        """Say how many conditions there are; the sentence needs the fields' labels."""
        return "a filter" if value else "everyone"


@dataclass(frozen=True)
class Paths(Field):
    """The paths of a branch in order, each with a name, an exit and a filter."""


@dataclass(frozen=True)
class Shares(Field):
    """The paths of a split in order, each with a name, an exit and a whole percentage."""


@dataclass(frozen=True)
class Setting:
    """One declared setting of a class."""

    name: str
    type: Any
    field: Field
    default: Any

    @property
    def options(self) -> tuple[str, ...]:
        """Return what a Choice offers."""
        if isinstance(self.field, Choice) and self.field.options:
            return self.field.options
        return _literal_options(self.type)

    def problem(self, value: Any) -> str | None:
        """Say what is wrong with a value, or None."""
        if self.field.required and value in (None, "", (), []):
            return "is required"
        try:
            msgspec.convert(msgspec.to_builtins(value), self.type)
        except msgspec.ValidationError as error:
            return str(error)
        texts = value if isinstance(value, list | tuple) else (value,)
        unkept = next(filter(None, (unfit(text) for text in texts if isinstance(text, str))), None)
        return unkept or (None if value in (None, "") else self.field.flaw(value))


def _literal_options(hint: Any) -> tuple[str, ...]:
    plain = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    if get_origin(plain) in (Union, types.UnionType):
        return tuple(x for part in get_args(plain) for x in _literal_options(part))
    return get_args(plain) if get_origin(plain) is Literal else ()


class Described(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every class that a form can fill in."""

    @classmethod
    @cache
    def settings(cls) -> tuple[Setting, ...]:
        """Return the settings in the order they are written."""
        return tuple(_settings(cls))

    def problems(self) -> dict[str, str]:
        """Return what is wrong, by setting; empty when all is well."""
        found = {s.name: s.problem(getattr(self, s.name)) for s in self.settings()}
        return {name: problem for name, problem in found.items() if problem}

    def dump(self) -> dict[str, Any]:
        """Return the settings as JSON values."""
        return msgspec.to_builtins(self)

    @classmethod
    def renewed(cls, stored: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what an earlier program stored in the words of this one."""
        return stored

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> Self:
        """Make an instance from stored JSON, or raise BadSettings with what is wrong."""
        try:
            made = msgspec.convert(cls.renewed(stored), cls)
        except msgspec.ValidationError as error:
            raise BadSettings(_place(str(error), cls)) from error
        if problems := made.problems():
            raise BadSettings(problems)
        return made


def _place(message: str, cls: type) -> dict[str, str]:
    """Turn msgspec's «what - at `$.name`» into {name: what}."""
    if missing := re.fullmatch(r"Object missing required field `(\w+)`", message):
        return {missing[1]: "is required"}
    if unknown := re.fullmatch(r"Object contains unknown field `(.+)`", message):
        return {unknown[1]: "is not a setting of this kind"}
    missing, _, name = message.partition("missing required field `")
    if missing == "Object " and name:
        return {name.partition("`")[0]: "is required"}
    what, _, where = message.partition(" - at `$.")
    return {where.rstrip("`").partition(".")[0].partition("[")[0] or cls.__name__: what}


def _settings(cls: type[Described]) -> Iterator[Setting]:
    hints = get_type_hints(cls, include_extras=True)
    for item in msgspec.structs.fields(cls):
        looks = [x for x in getattr(hints[item.name], "__metadata__", ()) if isinstance(x, Field)]
        if looks:
            yield Setting(item.name, hints[item.name], looks[0], item.default)
