"""Stored documents of workflows: a glance into one, and why one cannot be read, in words."""

from __future__ import annotations

import re

import msgspec

_UNKNOWN = re.compile(r"Object contains unknown field (.*)")


class Named(msgspec.Struct, frozen=True):
    """What a person calls a step: its own title, or that of its kind."""

    id: str
    kind: str
    title: str = ""


class _Document(msgspec.Struct, frozen=True):
    steps: tuple[Named, ...]


def steps_in(document: str) -> tuple[Named, ...]:
    """Return the steps of a stored document, none where it cannot be read, for lists of many."""
    try:
        return msgspec.json.decode(document, type=_Document).steps
    except (msgspec.MsgspecError, ValueError):
        return ()


def misread(error: msgspec.ValidationError) -> str:
    """Return what does not fit, after the place where it stands."""
    said, _, where = str(error).replace("`", "").partition(" - at ")
    if unknown := _UNKNOWN.match(said):
        said = f"‘{unknown[1]}’ is not known to this version of the program"
    where = where.removeprefix("$").removeprefix(".")
    return f"{where}: {said}" if where else said
