"""The filter language: one tree for filter bar, audiences, branches, Stop When, API, reports.

``parse`` reads the stored JSON and says what is wrong with it; ``compile_test`` makes the
Python evaluator, ``model/filters.py`` the SQL one. Both agree on every value (semantics,
section 2): text ignores case and surrounding space, an empty text is empty, a comparison with
an empty field is false, and negation is plain. The tree itself is in ``conditions.py``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from rally_desktop.core.conditions import (
    EVERYTHING,
    IN_DAYS,
    NEGATED,
    OPERATORS,
    TRIGGER_OPERATORS,
    WITHOUT_VALUE,
    All,
    AnyOf,
    Clause,
    Fields,
    FieldType,
    Filter,
    Known,
    Not,
    Record,
    clauses,
    dump,
    paths_used,
    say,
    words,
)
from rally_desktop.core.days import (
    MOST_DAYS,
    Span,
    around_now,
    around_today,
    exactly,
    read_when,
)
from rally_desktop.core.errors import BadFilter, UnknownField
from rally_desktop.core.fold import fold

__all__ = [
    "EVERYTHING", "NEGATED", "OPERATORS", "TRIGGER_OPERATORS", "All", "AnyOf", "Clause",
    "FieldType", "Fields", "Filter", "Known", "Not", "Record", "clauses", "compile_explanation",
    "compile_test", "dump", "explain", "parse", "paths_used", "say", "span_of", "words",
]  # fmt: skip

MOST_DEPTH, MOST_CLAUSES, MOST_VALUES, LONGEST_TEXT = 20, 500, 1_000, 1_000
LARGEST_NUMBER = 1e15


def parse(stored: Any, fields: Fields, *, trigger: bool = False) -> Filter:
    """Read a stored filter; nothing at all matches everything.

    ``trigger`` also lets ``changed`` and ``was`` stand. Raises UnknownField, or BadFilter that
    names the condition by its number in each group, as «Condition 2.1».
    """
    if stored is None or stored == {}:
        return EVERYTHING
    reader = _Reader(fields, trigger)
    return reader.read(stored, ())


class _Reader:
    """Reads stored JSON, counting the conditions it has seen."""

    def __init__(self, fields: Fields, trigger: bool) -> None:
        self._fields = fields
        self._trigger = trigger
        self._count = 0

    def read(self, stored: Any, place: tuple[int, ...]) -> Filter:
        """Read one group or comparison."""
        if len(place) > MOST_DEPTH:
            raise BadFilter(f"The filter has groups more than {MOST_DEPTH} deep.")
        if not isinstance(stored, Mapping):
            raise _bad(place, "is not a condition; it needs a field and an operator.")
        if "field" in stored or "op" in stored:
            return self._clause(stored, place)
        if len(stored) != 1 or (key := next(iter(stored))) not in ("all", "any", "not"):
            raise _bad(place, "must be one of ‘all’, ‘any’, ‘not’ or a field with an operator.")
        inside = stored[key]
        if key == "not":
            return Not(self.read(inside, (*place, 1)))
        if not isinstance(inside, (list, tuple)):
            raise _bad(place, f"needs a list of conditions after ‘{key}’.")
        if len(inside) > MOST_CLAUSES:
            raise BadFilter(f"The filter has more than {MOST_CLAUSES} conditions.")
        parts = tuple(self.read(part, (*place, n)) for n, part in enumerate(inside, start=1))
        return All(parts) if key == "all" else AnyOf(parts)

    def _clause(self, stored: Mapping[Any, Any], place: tuple[int, ...]) -> Clause:
        self._count += 1
        if self._count > MOST_CLAUSES:
            raise BadFilter(f"The filter has more than {MOST_CLAUSES} conditions.")
        if extra := sorted(str(key) for key in stored.keys() - {"field", "op", "value"}):
            raise _bad(place, f"has ‘{extra[0]}’, which does not belong there.")
        name, op = stored.get("field"), stored.get("op")
        if not isinstance(name, str) or not isinstance(op, str):
            raise _bad(place, "needs a field and an operator.")
        if name not in self._fields:
            raise UnknownField(name, list(self._fields))
        field = self._fields[name]
        if op in TRIGGER_OPERATORS:
            if not self._trigger:
                raise _bad(place, f"uses ‘{words(field.type, op)}’, which only a trigger can.")
        elif op not in OPERATORS[field.type]:
            can = ", ".join(words(field.type, each) for each in OPERATORS[field.type])
            raise _bad(place, f"‘{field.label}’ cannot be compared with ‘{op}’; it can: {can}.")
        try:
            return Clause(field.name, op, _read_value(op, field.type, stored.get("value")))
        except ValueError as error:
            raise _bad(place, f"‘{field.label}’ {words(field.type, op)}: {error}") from None


def _bad(place: tuple[int, ...], what: str) -> BadFilter:
    where = f"Condition {'.'.join(map(str, place))}" if place else "The filter"
    return BadFilter(f"{where}{':' if what.startswith('‘') else ''} {what}")


def _read_value(op: str, kind: FieldType, stored: Any) -> Any:
    if op in WITHOUT_VALUE:
        return None
    if op in IN_DAYS:
        return _read_days(stored)
    if op in ("any_of", "none_of"):
        if not isinstance(stored, (list, tuple)) or not 1 <= len(stored) <= MOST_VALUES:
            raise ValueError(f"needs a list of 1 to {MOST_VALUES:,} values.")
        return tuple(_read_one(kind, each) for each in stored)
    return _read_bounds(kind, stored) if op == "between" else _read_one(kind, stored)


def _read_days(stored: Any) -> int:
    if type(stored) is not int or not 0 <= stored <= MOST_DAYS:
        raise ValueError(f"needs a whole number of days from 0 to {MOST_DAYS:,}.")
    return stored


def _read_bounds(kind: FieldType, stored: Any) -> tuple[Any, Any]:
    if not isinstance(stored, (list, tuple)) or len(stored) != 2:
        raise ValueError("needs two values, the lower and the upper.")
    low, high = (_read_one(kind, each) for each in stored)
    if kind == "number" and low > high:
        raise ValueError("needs the lower value first.")
    if kind != "number" and _backwards(read_when(low), read_when(high)):
        raise ValueError("needs the earlier date first.")
    return low, high


def _backwards(first: date, last: date) -> bool:
    """Say whether the second of two dates lies before the first, wherever the record lives."""
    begins, ends = exactly(first, UTC).low, exactly(last, UTC).high
    alike = getattr(first, "tzinfo", None) == getattr(last, "tzinfo", None)
    return alike and begins is not None and ends is not None and begins >= ends


def _read_one(kind: FieldType, stored: Any) -> Any:
    if kind == "number":
        return _read_number(stored)
    if kind == "yes_no":
        if not isinstance(stored, bool):
            raise ValueError("needs yes or no (true or false).")
        return stored
    if not isinstance(stored, str) or not fold(stored):
        raise ValueError(
            "needs a date such as 2026-03-28."
            if kind in ("date", "moment")
            else "needs a text that is not empty; ‘is empty’ finds what is missing."
        )
    if kind in ("date", "moment"):
        return _read_date(kind, stored.strip())
    if len(stored) > LONGEST_TEXT:
        raise ValueError(f"the text may have at most {LONGEST_TEXT:,} characters.")
    if "\0" in stored or any("\ud800" <= char <= "\udfff" for char in stored):
        raise ValueError("the text has a character that cannot be stored.")
    return stored


def _read_number(stored: Any) -> float:
    if isinstance(stored, bool) or not isinstance(stored, (int, float)):
        raise ValueError("needs a number.")
    if not abs(stored) <= LARGEST_NUMBER or not math.isfinite(stored):
        raise ValueError("the number is too large.")
    return float(stored)


def _read_date(kind: FieldType, stored: str) -> str:
    try:
        read = read_when(stored)
    except ValueError:
        raise ValueError("needs a date such as 2026-03-28.") from None
    if kind == "date" and isinstance(read, datetime):
        raise ValueError("needs a date without a time, such as 2026-03-28.")
    return stored


# -- evaluating ------------------------------------------------------------------------------


def span_of(clause: Clause, kind: FieldType, zone: tzinfo, now: datetime) -> Span:
    """Return the moments that a date comparison covers; for ``is_not`` those it leaves out."""
    if clause.op in IN_DAYS:
        around = around_today if kind == "date" else around_now
        return around(clause.op, clause.value, zone, now)
    place = UTC if kind == "date" else zone
    spans = [exactly(read_when(value), place) for value in clause.values]
    if clause.op == "before":
        return Span(None, spans[0].low)
    if clause.op == "after":
        return Span(spans[0].high, None)
    return Span(spans[0].low, spans[-1].high)


def compile_test(
    tree: Filter, fields: Fields, zone: tzinfo, now: datetime
) -> Callable[[Record], bool]:
    """Make the test of a plain record: a mapping that has every field of ``paths_used``.

    Texts are text, moments are zone-aware, tags a set of names, None is empty. A field that is
    missing from the record is a bug and raises KeyError.
    """
    match tree:
        case All(parts):
            every = [compile_test(part, fields, zone, now) for part in parts]
            return lambda record: all(test(record) for test in every)
        case AnyOf(parts):
            some = [compile_test(part, fields, zone, now) for part in parts]
            return lambda record: any(test(record) for test in some)
        case Not(part):
            inner = compile_test(part, fields, zone, now)
            return lambda record: not inner(record)
    name, test = tree.field, _test_of(tree, fields, zone, now)
    return lambda record: test(record[name])


def compile_explanation(
    tree: Filter, fields: Fields, zone: tzinfo, now: datetime
) -> Callable[[Record], tuple[bool, list[dict[str, Any]]]]:
    """Make what ``explain`` does, for many records: the words are found only once."""
    verdict = _verdict(tree)
    parts = [
        ({**dump(clause), "says": say(clause, fields)}, clause.field, each)
        for clause in clauses(tree)
        for each in (_test_of(clause, fields, zone, now),)
    ]

    def explained(record: Record) -> tuple[bool, list[dict[str, Any]]]:
        seen = [
            {**said, "seen": _as_json(record[name]), "result": each(record[name])}
            for said, name, each in parts
        ]
        return verdict(iter([each["result"] for each in seen])), seen

    return explained


def _verdict(tree: Filter) -> Callable[[Iterator[bool]], bool]:
    """Make what puts the results of the comparisons, in reading order, together."""
    match tree:
        case All(parts) | AnyOf(parts):
            made = [_verdict(part) for part in parts]
            together = all if isinstance(tree, All) else any

            def verdict(results: Iterator[bool]) -> bool:
                held = [part(results) for part in made]  # each takes the results that are its own
                return together(held)

            return verdict
        case Not(part):
            inner = _verdict(part)
            return lambda results: not inner(results)
    return next


def explain(
    tree: Filter, fields: Fields, zone: tzinfo, now: datetime, record: Record
) -> tuple[bool, list[dict[str, Any]]]:
    """Return the result and every comparison with the value seen, as JSON for the run history."""
    return compile_explanation(tree, fields, zone, now)(record)


def _as_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return sorted(value) if isinstance(value, (set, frozenset)) else value


def _test_of(clause: Clause, fields: Fields, zone: tzinfo, now: datetime) -> Callable[[Any], bool]:
    kind = fields[clause.field].type
    if clause.op in TRIGGER_OPERATORS:
        raise BadFilter(f"Only a trigger can ask what {fields[clause.field].label} was.")
    if clause.op in NEGATED:
        asserted = _test_of(
            Clause(clause.field, NEGATED[clause.op], clause.value), fields, zone, now
        )
        return lambda seen: not asserted(seen)
    if clause.op == "is_empty":
        return _is_empty
    if kind in ("date", "moment"):
        span = span_of(clause, kind, zone, now)
        return lambda seen: seen is not None and span.holds(seen)
    if kind == "yes_no":
        return lambda seen: seen is not None and bool(seen) == clause.value
    if kind == "number":
        return _number_test(clause)
    return _tags_test(clause) if kind == "tags" else _text_test(clause)


def _is_empty(seen: Any) -> bool:
    if isinstance(seen, str):
        return not fold(seen)
    return seen is None or (isinstance(seen, (set, frozenset, list, tuple)) and not seen)


def _text_test(clause: Clause) -> Callable[[Any], bool]:
    wanted = frozenset(fold(value) for value in clause.values)
    (needle, *_) = wanted
    if clause.op == "contains":
        return lambda seen: needle in fold(seen or "")
    if clause.op == "starts_with":
        return lambda seen: fold(seen or "").startswith(needle)
    return lambda seen: fold(seen or "") in wanted


def _tags_test(clause: Clause) -> Callable[[Any], bool]:
    wanted = frozenset(fold(value) for value in clause.values)
    return lambda seen: any(fold(name) in wanted for name in seen or ())


def _number_test(clause: Clause) -> Callable[[Any], bool]:
    value = clause.value
    holds: Callable[[Any], bool] = {
        "is": lambda seen: seen == value,
        "any_of": lambda seen: seen in clause.values,
        "gt": lambda seen: seen > value,
        "ge": lambda seen: seen >= value,
        "lt": lambda seen: seen < value,
        "le": lambda seen: seen <= value,
        "between": lambda seen: value[0] <= seen <= value[1],
    }[clause.op]
    return lambda seen: seen is not None and holds(float(seen))
