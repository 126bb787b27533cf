"""The content of a request: of which type it says it is, and what JSON it holds."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from starlette.requests import Request

from rally_desktop.core.errors import RallyError

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
Plain = str | bool | int | float | None
T = TypeVar("T")


class Unreadable(RallyError):
    """The content cannot be read."""


class WrongType(Unreadable):
    """The content is not of a type that is taken here."""


def kind(request: Request) -> str:
    """Return the type that the content is said to have."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def is_json(request: Request) -> bool:
    """Say whether the content is said to be JSON."""
    return kind(request) == JSON


def read(body: bytes, as_: type[T] | Any) -> T:
    """Return what JSON says; raise Unreadable, which says what is wrong with it."""
    try:
        return msgspec.json.decode(body, type=as_)
    except msgspec.ValidationError as error:
        raise Unreadable(f"{error}.") from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise Unreadable("The content is no JSON.") from error


def text_of(value: Plain) -> str:
    """Return a plain value as a form would send it."""
    if isinstance(value, bool):
        return "yes" if value else ""
    return "" if value is None else str(value)
