"""Measure: ``python -m benchmarks [NAME ...] [--quick]``; the last line printed is JSON."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import os
import pkgutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import benchmarks

COLUMNS = ("measure", "ours", "yardstick", "ratio", "goal", "holds")


def names() -> list[str]:
    """Return what can be measured: the files beside this one but those that measures share."""
    found = [info.name for info in pkgutil.iter_modules(benchmarks.__path__)]
    return [name for name in found if not name.startswith("_")]


def module(name: str) -> Any:
    """Import one file of this folder."""
    return importlib.import_module(f"benchmarks.{name}")


def table(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return rows as a table for people."""
    lines = [COLUMNS, *([_cell(row.get(name)) for name in COLUMNS] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "NO"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return "" if value is None else str(value)


def main(arguments: Sequence[str]) -> int:
    """Run what was asked for; a figure that does not hold is told, not punished."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    known = names()
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(known) or "none yet")
    parser.add_argument("--quick", action="store_true", help="smaller numbers, for a first look")
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(known):
        parser.error(f"there is no {', '.join(sorted(unknown))}; choose from {', '.join(known)}")
    rows: list[dict[str, Any]] = []
    for name in options.names or known:
        # A measure may tell how it goes, but what is read by programs stays apart.
        with contextlib.redirect_stdout(sys.stderr):
            rows += module(name).run(options.quick)
    print(table(rows))
    print(json.dumps(rows[0] if len(rows) == 1 else rows))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
