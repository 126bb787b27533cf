"""Reading the office's own fields out of a record's JSON, on each database.

A value of another type than the field's is empty, so that no query can fail on one record.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Literal

from sqlalchemy import Boolean, Double, String, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from rally_desktop.model.tables.base import Json

CustomKind = Literal["text", "number", "date", "yes_no", "choice"]


class IsoDay(TypeDecorator[datetime]):
    """A day as ISO text in the database, as midnight UTC of that day here."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Turn a moment into the text of its day."""
        return None if value is None else value.date().isoformat()

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Turn the text into midnight UTC; what is no day is empty."""
        try:
            return (
                None if value is None else datetime.combine(date.fromisoformat(value), time(), UTC)
            )
        except ValueError:
            return None


class CustomValue(FunctionElement[Any]):
    """One value of a JSON column; the arguments are the column and the field's name."""

    inherit_cache = True
    json_types: tuple[str, ...] = ("text",)  # what SQLite calls them
    postgres = ("string", "{text}")  # what PostgreSQL calls the type, and how it is read


class CustomText(CustomValue):
    """A text, or one of a list of choices."""

    inherit_cache = True
    type = String()


class CustomNumber(CustomValue):
    """A number."""

    inherit_cache = True
    type = Double()
    json_types = ("integer", "real")
    postgres = ("number", "({text})::double precision")


class CustomYesNo(CustomValue):
    """Yes or no."""

    inherit_cache = True
    type = Boolean()
    json_types = ("true", "false")
    postgres = ("boolean", "({text})::boolean")


class CustomDay(CustomValue):
    """A day."""

    inherit_cache = True
    type = IsoDay()
    postgres = ("string", '({text}) COLLATE "C"')


class CustomPut(FunctionElement[Any]):
    """The column with one text in it put in place; the arguments are column, name and text."""

    inherit_cache = True
    type = Json()


CUSTOM_VALUES: Mapping[CustomKind, type[CustomValue]] = {
    "text": CustomText,
    "choice": CustomText,
    "number": CustomNumber,
    "yes_no": CustomYesNo,
    "date": CustomDay,
}


def custom_value(kind: str, stored: Any) -> Any:
    """Return a value out of a record's JSON as the database would read it."""
    if kind in ("text", "choice"):
        return stored if isinstance(stored, str) else None
    if kind == "yes_no":
        return stored if isinstance(stored, bool) else None
    if kind == "number":
        number = isinstance(stored, int | float) and not isinstance(stored, bool)
        return float(stored) if number else None
    try:
        day = date.fromisoformat(stored) if isinstance(stored, str) else None
    except ValueError:
        return None
    return None if day is None else datetime.combine(day, time(), UTC)


def _arguments(element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> list[str]:
    return [compiler.process(each, **options) for each in element.clauses]


@compiles(CustomValue, "sqlite")
def _on_sqlite(element: CustomValue, compiler: SQLCompiler, **options: Any) -> str:
    column, name = _arguments(element, compiler, **options)
    path = f"'$.\"' || {name} || '\"'"
    types = ", ".join(f"'{each}'" for each in element.json_types)
    return (
        f"CASE WHEN json_type({column}, {path}) IN ({types}) "
        f"THEN json_extract({column}, {path}) END"
    )


@compiles(CustomValue, "postgresql")
def _on_postgresql(element: CustomValue, compiler: SQLCompiler, **options: Any) -> str:
    column, name = _arguments(element, compiler, **options)
    kind, read = element.postgres
    text = f"{column}::jsonb ->> {name}"
    return (
        f"CASE WHEN jsonb_typeof({column}::jsonb -> {name}) = '{kind}' "
        f"THEN {read.format(text=text)} END"
    )


@compiles(CustomPut, "sqlite")
def _put_on_sqlite(element: CustomPut, compiler: SQLCompiler, **options: Any) -> str:
    column, name, text = _arguments(element, compiler, **options)
    return f"json_set({column}, '$.\"' || {name} || '\"', {text})"


@compiles(CustomPut, "postgresql")
def _put_on_postgresql(element: CustomPut, compiler: SQLCompiler, **options: Any) -> str:
    column, name, text = _arguments(element, compiler, **options)
    return f"jsonb_set({column}::jsonb, array[{name}::text], to_jsonb({text}::text))::text"
