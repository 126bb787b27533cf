"""The document of a workflow: its JSON Schema, made from the kinds, and reading files by it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec

from rally_desktop.core import schema as fields
from rally_desktop.core.errors import BadDefinition
from rally_desktop.engine import nodes
from rally_desktop.engine.nodes.base import Node
from rally_desktop.model.graph import FORMAT, MAX_STEPS, Graph

Made = dict[str, Any]

MOST_NAMED = 12  # of what could stand somewhere instead
_REF = "#/definitions/{name}"
_NODE: Mapping[str, Any] = {"id": {"$ref": "#/definitions/Key"}, "settings": {"type": "object"}}
_KEY = {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[^\\u0000]*$"}
_WORDS = {"string": "a text", "integer": "a whole number", "number": "a number",
          "boolean": "true or false", "object": "an object", "array": "a list",
          "null": "nothing"}  # fmt: skip


class BroughtTemplate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A template that a workflow file brings along; ``html`` is the office's own source.

    With a ``theme`` its ``slots`` say what it is filled with. Files do not travel.
    """

    name: str
    subject: str = ""
    text: str = ""
    html: str = ""
    channel: str = "email"
    transactional: bool = False
    preheader: str = ""
    theme: str = ""
    slots: dict[str, str] = {}


def load(stored: Any) -> Graph:
    """Read a document from outside; raise BadDefinition that names the place in words.

    The templates that a file brings along are no part of it and are left out here.
    """
    if not isinstance(stored, dict) or "steps" not in stored:
        raise BadDefinition("This is not a Rally workflow file: it has no list of steps.")
    form = stored.get("format", FORMAT)
    if isinstance(form, int) and form > FORMAT:
        return Graph.load(stored)
    if isinstance(stored["steps"], list) and len(stored["steps"]) <= MAX_STEPS:
        check(stored)
    return Graph.load({name: value for name, value in stored.items() if name != "templates"})


def check(stored: Any) -> None:
    """Hold a document against the schema; raise BadDefinition where it does not fit."""
    import fastjsonschema

    try:
        _validator()(stored)
    except fastjsonschema.JsonSchemaValueException as error:
        raise BadDefinition(f"{_place(stored, error.path[1:])}{_what(error)}.") from None
    except RecursionError:
        raise BadDefinition("The workflow is nested too deeply to be one.") from None


@cache
def _validator() -> Callable[[Any], Any]:
    import fastjsonschema

    return fastjsonschema.compile(schema(), use_default=False)


# -- making the schema -------------------------------------------------------------------------


@cache
def schema() -> Made:
    """Return the JSON Schema (draft 7) of the whole document."""
    steps, triggers = nodes.step_kinds(), nodes.trigger_kinds()
    kinds = {**triggers, **steps}
    structs = [*kinds.values(), Graph, BroughtTemplate]
    refs, made = msgspec.json.schema_components(structs, ref_template=_REF)
    names = {key: one["$ref"] for key, one in zip(kinds, refs, strict=False)}
    for key, kind in kinds.items():
        _describe(made[names[key].rpartition("/")[2]], kind)
    definitions = {name: _plain(one) for name, one in made.items()}
    definitions |= {
        "Key": _KEY,
        "Step": _node("step", {key: names[key] for key in steps}),
        "Trigger": _node("trigger", {key: names[key] for key in triggers}),
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Rally Desktop workflow",
        **_whole(definitions.pop("Graph")),
        "definitions": dict(sorted(definitions.items())),
    }


def _whole(graph: Made) -> Made:
    """Return the document's own part: what stands beside the steps, and the steps as a list."""
    listed = {"type": "array", "items": {"$ref": "#/definitions/Step"}, "maxItems": MAX_STEPS}
    place = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
    own = {
        "format": {"const": FORMAT},
        "steps": listed,
        "layout": {"type": "object", "additionalProperties": place},
        "templates": {"type": "array", "items": {"$ref": "#/definitions/BroughtTemplate"}},
    }
    properties = {**own, **{k: v for k, v in graph["properties"].items() if k not in own}}
    about = {"description": graph["description"], "type": "object", "required": ["steps"]}
    return {**about, "properties": properties, "additionalProperties": False}


def _node(word: str, kinds: Mapping[str, str]) -> Made:
    """Return the schema of a step or trigger: its kind says what its settings are."""
    properties: Made = {**_NODE, "kind": {"enum": sorted(kinds)}}
    if word == "step":
        exits = {"type": "object", "additionalProperties": {"$ref": "#/definitions/Key"}}
        properties |= {
            "exits": exits, "title": {"type": "string"}, "disabled": {"type": "boolean"},
        }  # fmt: skip
    return {
        "description": f"One {word}; its kind says which settings it has.",
        "type": "object",
        "properties": properties,
        "required": ["id", "kind"],
        "additionalProperties": False,
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": key}}},
                "then": {"properties": {"settings": {"$ref": ref}}},
            }
            for key, ref in sorted(kinds.items())
        ],
    }


def _describe(made: Made, kind: type[Node]) -> None:
    """Add what a person is told of a kind and its settings, and what a type does not say."""
    made["title"], made["description"] = kind.title, inspect.cleandoc(kind.__doc__ or "")
    for setting in kind.settings():
        one, field = made["properties"][setting.name], setting.field
        one["title"] = field.label
        if field.help:
            one["description"] = field.help
        if isinstance(field, fields.Number):
            bounds = {"minimum": field.least, "maximum": field.most}
            one |= {name: bound for name, bound in bounds.items() if bound is not None}
        if field.required and setting.default is msgspec.NODEFAULT:
            one |= {"string": {"minLength": 1}, "array": {"minItems": 1}}.get(one.get("type"), {})


def _plain(made: Any) -> Any:
    """Return a schema as every validator reads it: patterns and tuples in the common spelling."""
    if isinstance(made, list | tuple):
        return [_plain(one) for one in made]
    if not isinstance(made, dict):
        return made
    plain = {name: _plain(one) for name, one in made.items() if name != "prefixItems"}
    if isinstance(pattern := made.get("pattern"), str):
        plain["pattern"] = pattern.replace(r"\A", "^").replace(r"\Z", "$").replace(r"\0", r"\u0000")
    if "prefixItems" in made:
        plain["items"] = {}
    if isinstance(text := made.get("description"), str):
        plain["description"] = inspect.cleandoc(text)
    return plain


# -- what does not fit, in words ---------------------------------------------------------------


def _place(stored: Any, path: Sequence[str | int]) -> str:
    """Return where something stands: «Step 3 (‘mail’), template: »."""
    words: list[str] = []
    for part in path:
        inside = stored[int(part)] if isinstance(stored, list) else stored.get(part)
        if str(part).isdecimal():
            word = words.pop().removesuffix("s") if words else "line"
            words.append(f"{word} {int(part) + 1}{_called(inside)}")
        elif part != "settings" or len(path) == 1:
            words.append(str(part).replace("_", " "))
        stored = inside
    said = ", ".join(words)
    return f"{said[:1].upper()}{said[1:]}: " if said else "The workflow: "


def _called(made: Any) -> str:
    name = made.get("id") or made.get("name") if isinstance(made, dict) else None
    return f" (‘{name}’)" if isinstance(name, str) else ""


def _what(error: Any) -> str:
    """Say what is wrong with a value, by the rule that it breaks."""
    say = _SAYS.get(error.rule)
    return say(error) if say else "does not have the form that it needs"


def _missing(error: Any) -> str:
    return f"{next(name for name in error.rule_definition if name not in error.value)} is required"


def _unknown(error: Any) -> str:
    extra = sorted(error.value.keys() - error.definition["properties"].keys())
    return f"{extra[0]} is not known here"


def _other(error: Any) -> str:
    among = [error.rule_definition] if error.rule == "const" else error.rule_definition
    if len(among) > MOST_NAMED:
        return f"is {_shown(error.value)}, which this program does not know"
    return f"is {_shown(error.value)}, which is none of {', '.join(map(_shown, among))}"


def _of_another_type(error: Any) -> str:
    wanted = error.rule_definition
    kinds = wanted if isinstance(wanted, list) else [wanted]
    return f"must be {' or '.join(_WORDS[str(kind)] for kind in kinds)}"


def _too_short(error: Any) -> str:
    least = error.rule_definition
    return "is required" if least == 1 else f"needs {least} of them"


_SAYS: Mapping[str, Callable[[Any], str]] = {
    "required": _missing,
    "additionalProperties": _unknown,
    "enum": _other,
    "const": _other,
    "type": _of_another_type,
    "minLength": _too_short,
    "minItems": _too_short,
    "minimum": lambda error: f"must be at least {error.rule_definition:g}",
    "maximum": lambda error: f"must be at most {error.rule_definition:g}",
}


def _shown(value: Any) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= 40 else f"{text[:40]}…"
