"""What a filter is: a tree of comparisons and groups, the operators, and the words for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, Protocol

from rally_desktop.core.days import read_when

FieldType = Literal[
    "text", "choice", "number", "yes_no", "date", "moment", "user", "record", "tags"
]
Record = Mapping[str, Any]

_EQUAL = ("is", "is_not", "any_of", "none_of")
_KNOWN = ("is_empty", "is_known")
_TEXT = (*_EQUAL, "contains", "starts_with", *_KNOWN)
_DATE = (
    *("is", "is_not", "before", "after", "between"),
    *("in_last", "in_next", "more_than_days_ago", *_KNOWN),
)
OPERATORS: Mapping[FieldType, tuple[str, ...]] = {
    "text": _TEXT,
    "user": _TEXT,
    "record": _TEXT,
    "choice": (*_EQUAL, *_KNOWN),
    "number": (*_EQUAL, "gt", "ge", "lt", "le", "between", *_KNOWN),
    "yes_no": ("is", "is_not", *_KNOWN),
    "date": _DATE,
    "moment": _DATE,
    "tags": ("contains", *_EQUAL, *_KNOWN),
}
TRIGGER_OPERATORS = ("changed", "was")
# Each of these is the plain negation of another, in both evaluators.
NEGATED: Mapping[str, str] = {"is_not": "is", "none_of": "any_of", "is_known": "is_empty"}
WITHOUT_VALUE = (*_KNOWN, "changed")
IN_DAYS = ("in_last", "in_next", "more_than_days_ago")


class Known(Protocol):
    """What the language must know of a field."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def type(self) -> FieldType: ...


Fields = Mapping[str, Known]


@dataclass(frozen=True)
class Clause:
    """One comparison; several values are a tuple, days and numbers are numbers, dates ISO text."""

    field: str
    op: str
    value: Any = None

    @property
    def values(self) -> tuple[Any, ...]:
        """Return the value or values compared with."""
        return self.value if isinstance(self.value, tuple) else (self.value,)


@dataclass(frozen=True)
class All:
    """Every part must hold; without parts it always holds."""

    parts: tuple[Filter, ...] = ()


@dataclass(frozen=True)
class AnyOf:
    """One part must hold; without parts it never holds."""

    parts: tuple[Filter, ...] = ()


@dataclass(frozen=True)
class Not:
    """The part must not hold."""

    part: Filter


Filter = All | AnyOf | Not | Clause
EVERYTHING = All()


def dump(tree: Filter) -> dict[str, Any]:
    """Return a filter as the JSON it is stored as."""
    match tree:
        case All(parts):
            return {"all": [dump(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [dump(part) for part in parts]}
        case Not(part):
            return {"not": dump(part)}
    made: dict[str, Any] = {"field": tree.field, "op": tree.op}
    if tree.op not in WITHOUT_VALUE:
        made["value"] = list(tree.value) if isinstance(tree.value, tuple) else tree.value
    return made


def clauses(tree: Filter) -> Iterator[Clause]:
    """Yield every comparison, in reading order."""
    match tree:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from clauses(part)
        case Not(part):
            yield from clauses(part)
        case Clause():
            yield tree


def paths_used(tree: Filter) -> tuple[str, ...]:
    """Return the fields that the filter looks at, each once."""
    return tuple(dict.fromkeys(clause.field for clause in clauses(tree)))


# -- saying ----------------------------------------------------------------------------------

_WORDS: Mapping[str, str] = {
    "is": "is",
    "is_not": "is not",
    "any_of": "is any of",
    "none_of": "is none of",
    "contains": "contains",
    "starts_with": "starts with",
    "is_empty": "is empty",
    "is_known": "is known",
    "gt": "is more than",
    "ge": "is at least",
    "lt": "is less than",
    "le": "is at most",
    "between": "is between",
    "before": "is before",
    "after": "is after",
    "in_last": "is in the last … days",
    "in_next": "is in the next … days",
    "more_than_days_ago": "is more than … days ago",
    "changed": "changed",
    "was": "was",
}
_DATE_WORDS: Mapping[str, str] = {"is": "is on", "is_not": "is not on"}
_TAG_WORDS: Mapping[str, str] = {
    "contains": "include",
    "is": "include",
    "is_not": "do not include",
    "any_of": "include any of",
    "none_of": "include none of",
    "is_empty": "are empty",
    "is_known": "are not empty",
}


def words(kind: FieldType, op: str) -> str:
    """Return how an operator reads behind a field of this type."""
    special = _TAG_WORDS if kind == "tags" else _DATE_WORDS if kind in ("date", "moment") else {}
    return special.get(op) or _WORDS[op]


def say(tree: Filter, fields: Fields) -> str:
    """Put a filter into one English sentence without a full stop."""
    match tree:
        case All(()):
            return "every record"
        case AnyOf(()):
            return "no record"
        case All(parts):
            return " and ".join(_in_brackets(part, fields) for part in parts)
        case AnyOf(parts):
            return " or ".join(_in_brackets(part, fields) for part in parts)
        case Not(part):
            return f"not ({say(part, fields)})"
    return _say_clause(tree, fields[tree.field])


def _in_brackets(part: Filter, fields: Fields) -> str:
    said = say(part, fields)
    return f"({said})" if isinstance(part, (All, AnyOf)) and len(part.parts) > 1 else said


def _say_clause(clause: Clause, field: Known) -> str:
    says = f"{field.label} {words(field.type, clause.op)}"
    if clause.op in WITHOUT_VALUE:
        return says
    if clause.op in IN_DAYS:
        count = f"{clause.value} day{'s' * (clause.value != 1)}"
        return says.replace("… days", count)
    said = [_say_value(value, field.type) for value in clause.values]
    if clause.op == "between":
        return f"{says} {said[0]} and {said[1]}"
    return f"{says} {' or '.join(filter(None, [', '.join(said[:-1]), said[-1]]))}"


def _say_value(value: Any, kind: FieldType) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.15g}"
    if kind not in ("date", "moment"):
        return f"‘{value.strip()}’"
    when: date | datetime = read_when(value)
    day = f"{when.day} {when:%B} {when.year}"
    return f"{day} at {when:%H:%M}" if isinstance(when, datetime) else day
