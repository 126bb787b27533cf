"""Why a document of a workflow cannot be read, and where in it, in words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec

_UNKNOWN = re.compile(r"Object contains unknown field (.*)")


def misread(error: msgspec.ValidationError, steps: Iterable[Any], kind: type) -> str:
    """Say in one sentence what does not fit; ``kind`` is what each of the steps must be.

    The error itself names every place but that of a step, which it calls «steps[...]».
    """
    for number, step in enumerate(steps, start=1):
        try:
            msgspec.convert(step, kind)
        except msgspec.ValidationError as within:
            return f"The workflow cannot be read: step {number} (‘{step['id']}’): {_plain(within)}."
    return f"The workflow cannot be read: {_plain(error)}."


def _plain(error: msgspec.ValidationError) -> str:
    said, _, where = str(error).replace("`", "").partition(" - at ")
    if unknown := _UNKNOWN.match(said):
        said = f"‘{unknown[1]}’ is not known to this version of the program"
    where = where.removeprefix("$").removeprefix(".")
    return f"{where}: {said}" if where else said
