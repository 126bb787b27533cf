"""Write the reference pages from the code, so that they never say what the code does not.

Usage: ``poe reference`` writes them; ``--check`` fails where a page would come out different.
"""

from __future__ import annotations

import argparse
import inspect
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import msgspec
from typer.main import get_command

from rally_desktop.canvas import keys
from rally_desktop.cli.main import build
from rally_desktop.core import conditions
from rally_desktop.core.schema import (
    Choice,
    Duration,
    Field,
    Filter,
    Moment,
    Number,
    Paths,
    Pick,
    Setting,
    Shares,
    Text,
    TimeOfDay,
    YesNo,
)
from rally_desktop.engine import document
from rally_desktop.engine.nodes import step_kinds, trigger_kinds
from rally_desktop.engine.nodes.base import Node, StepKind

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "reference"
NOTE = "<!-- Written by `poe reference` from the code; change the code, not this page. -->\n"
HOLDS: dict[type[Field], str] = {
    Text: "text",
    Number: "a number",
    YesNo: "yes or no",
    Choice: "one of a list",
    Pick: "one of the office's list",
    Moment: "a date",
    Duration: "a length of time, as ISO 8601",
    Filter: "a filter",
    TimeOfDay: "a time of day, as 09:00",
    Shares: "paths, each with a name, an exit and a percentage",
    Paths: "paths, each with a name, an exit and a filter",
}
FIELD_TYPES = {
    "text": "Text",
    "choice": "One of a list",
    "number": "Number",
    "yes_no": "Yes or no",
    "date": "Date",
    "moment": "Date and time",
    "user": "User",
    "record": "Another record",
    "tags": "Tags",
}
TAKES = {
    **dict.fromkeys(("any_of", "none_of"), "a list of values"),
    **dict.fromkeys(conditions.IN_DAYS, "a number of days"),
    **dict.fromkeys(conditions.WITHOUT_VALUE, "nothing"),
    "between": "two values, both included",
}


# -- kinds -----------------------------------------------------------------------------------


def kinds() -> str:
    """Describe every trigger and every step."""
    parts = ["# Triggers and steps", NOTE, "Everything a workflow can be made of.\n"]
    for heading, found in (("Triggers", trigger_kinds()), ("Steps", step_kinds())):
        parts.append(f"## {heading}\n")
        parts += [_kind(key, found[key]) for key in sorted(found)]
    return "\n".join(parts)


def _kind(key: str, kind: type[Node]) -> str:
    parts = [f"### {kind.title}\n", f"`{key}` · for {_listed(kind.records, 'and')}\n"]
    parts.append(f"{inspect.cleandoc(kind.__doc__ or '')}\n")
    if kind.settings():
        rows = [_setting(one) for one in kind.settings()]
        parts.append(_table(("Setting", "Holds", "Default", "About"), rows))
    example = kind.load(kind.example)
    if isinstance(example, StepKind):
        exits = [f"`{name}`" + (f" ({label})" if label else "") for name, label in example.exits()]
        parts.append(f"Exits: {', '.join(exits) or 'none; the run ends here'}.\n")
    shown = msgspec.json.format(msgspec.json.encode(kind.example), indent=2).decode()
    parts.append(f"On the canvas, with the settings below: “{example.sentence()}”\n")
    parts.append(f"```json\n{shown}\n```\n")
    return "\n".join(parts)


def _setting(setting: Setting) -> tuple[str, str, str, str]:
    holds = HOLDS.get(type(setting.field), "text")
    if setting.options:
        holds = _listed([f"`{option}`" for option in setting.options], "or")
    if isinstance(setting.field, Pick):
        holds = f"{'some' if setting.field.many else 'one'} of: {setting.field.source}"
    required = setting.default is msgspec.NODEFAULT
    default = "(required)" if required else f"`{msgspec.json.encode(setting.default).decode()}`"
    about = setting.field.help
    if setting.field.shown_when:
        name, value = setting.field.shown_when
        values = value if isinstance(value, tuple) else (value,)
        said = _listed([f"`{each}`" for each in values], "or")
        about = f"{about} Only where `{name}` is {said}.".strip()
    return (f"{setting.field.label} `{setting.name}`", holds, default, about)


# -- command line ----------------------------------------------------------------------------


def command_line() -> str:
    """Describe every verb and its options."""
    program = get_command(build())
    parts = ["# The command line", NOTE]
    parts += _command("rally-desktop", program)
    return "\n".join(parts)


def _command(name: str, command: Any) -> Iterator[str]:
    parameters = [one for one in command.params if not one.hidden and one.name != "help"]
    arguments = [_placeholder(one) for one in parameters if one.param_type_name == "argument"]
    yield f"## {' '.join([name, *arguments])}\n"
    yield f"{inspect.cleandoc(command.help or '')}\n"
    if command.epilog:
        yield f"{command.epilog}\n"
    rows = [_option(one) for one in parameters]
    if rows:
        yield _table(("Option", "About"), rows)
    for below in sorted(getattr(command, "commands", {})):
        yield from _command(f"{name} {below}", command.commands[below])


def _option(parameter: Any) -> tuple[str, str]:
    name = ", ".join(f"`{name}`" for name in parameter.opts)
    about = parameter.help or ""
    if parameter.envvar:
        about += f" The environment may name it instead: `{parameter.envvar}`."
    if parameter.param_type_name == "argument":
        name = f"`{_placeholder(parameter)}`"
    return name, about


def _placeholder(argument: Any) -> str:
    return argument.metavar or argument.name.upper()


# -- filters ---------------------------------------------------------------------------------


def filters() -> str:
    """Describe the filter language."""
    parts = [
        "# Filters",
        NOTE,
        'A filter is JSON: `{"all": […]}`, `{"any": […]}`, `{"not": …}`, or a comparison such '
        'as `{"field": "city", "op": "is", "value": "Porto"}`. Audiences, branches, the '
        "filter bar and the interface for programs share it.\n",
    ]
    for kind, operators in conditions.OPERATORS.items():
        rows = [
            (f"`{op}`", conditions.words(kind, op), TAKES.get(op, "a value")) for op in operators
        ]
        parts.append(f"## {FIELD_TYPES[kind]}\n")
        parts.append(_table(("Operator", "Reads", "Takes"), rows))
    triggers = _listed([f"`{op}`" for op in conditions.TRIGGER_OPERATORS], "and")
    parts.append(f"Triggers on a change also know {triggers}, which look at the value before it.\n")
    return "\n".join(parts)


# -- licences --------------------------------------------------------------------------------


# What their own metadata leaves out, or what only some systems and Pythons need.
LICENCES_BY_HAND = {
    "apsw": "Zlib",
    "backports.tarfile": "MIT",
    "colorama": "BSD-3-Clause",
    "fontpkg": "MIT",
    "fontpkg-inter": "OFL-1.1",
    "importlib_metadata": "Apache-2.0",
    "jeepney": "MIT",
    "pywin32-ctypes": "BSD-3-Clause",
    "SecretStorage": "BSD-3-Clause",
    "sqlcipher3": "Zlib; SQLCipher itself BSD-3-Clause",
    "zipp": "MIT",
}


def licences() -> str:
    """List every distribution that constraints.txt names, with its licence."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").split()
    named = [line.split("==") for line in lines]
    rows = [(name, version, _licence(name)) for name, version in named]
    intro = (
        "What Rally Desktop and its development stand on. Rally Desktop itself is under the "
        "[MIT licence](../../LICENSE).\n"
    )
    table = _table(("Distribution", "Version", "Licence"), rows)
    return "\n".join(["# Licences", NOTE, intro, table])


def _licence(name: str) -> str:
    if name in LICENCES_BY_HAND:
        return LICENCES_BY_HAND[name]
    about = metadata.metadata(name).json
    trove = [
        line.rpartition(" :: ")[2]
        for line in about.get("classifier", ())
        if line.startswith("License ::") and not line.endswith("pproved")
    ]
    return str(about.get("license_expression") or ", ".join(trove) or about.get("license", ""))


# -- pages -----------------------------------------------------------------------------------


def workflow_schema() -> str:
    """Return the JSON Schema of workflow files."""
    return msgspec.json.format(msgspec.json.encode(document.schema()), indent=2).decode() + "\n"


def canvas_keys() -> str:
    """Return every key of the canvas, from the table that binds them."""
    parts = [
        f"# Keys of the canvas\n\n{NOTE}\n"
        "`F1` shows this table in the program, with the keys as your system writes them; on macOS "
        "`Ctrl` is `Cmd`. In the outline a tree's own keys walk and unfold; all others are the "
        "same.\n"
    ]
    for name, group in keys.GROUPS.items():
        rows = [(" or ".join(f"`{text}`" for text in key.keys), key.says) for key in group]
        rows = [row for row in rows if row[0]]
        if rows:
            parts.append(f"\n## {name}\n\n{_table(('key', 'what it does'), rows)}")
    return "".join(parts)


PAGES = {
    "kinds.md": kinds,
    "command-line.md": command_line,
    "filters.md": filters,
    "keys.md": canvas_keys,
    "licences.md": licences,
    "workflow.schema.json": workflow_schema,
}


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    cells = (
        " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) for line in lines
    )
    return "".join(f"| {line} |\n" for line in cells)


def _listed(names: Sequence[str], word: str) -> str:
    return f" {word} ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or say which are stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail if stale")
    options = parser.parse_args(arguments)
    made = {FOLDER / name: page() for name, page in PAGES.items()}
    stale = [path for path, text in made.items() if _read(path) != text]
    for path in stale:
        print(f"{'stale' if options.check else 'written'}: {path.relative_to(ROOT)}")
        if not options.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made[path], encoding="utf-8")
    if options.check and stale:
        print("run: poe reference")
    return 1 if options.check and stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
