"""Merge fields: texts such as «Dear {{ contact.first_name }}» filled in from plain data.

Most templates only look values up and are kept as parts, without Jinja2; conditions and loops
run in ``sandbox.py``. Data is never read as a template, and in HTML it is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import nodes
from markupsafe import escape

from rally_desktop.core.errors import BadTemplate, MissingValue, UnknownField
from rally_desktop.core.sandbox import LONGEST_RESULT, Letter, path_of
from rally_desktop.core.template_rules import checked_tree
from rally_desktop.core.wording import as_text, is_missing

LONGEST_SOURCE = 65_536

_NAME = "[A-Za-z][A-Za-z0-9_]*"
# One field, or one with a fallback: what most templates are made of.
SIMPLE = re.compile(
    r"\{\{\s*"
    rf"(?P<path>{_NAME}(?:\.{_NAME})+)\s*"
    r"""(?:\|\s*(?:default|d)\s*\(\s*(?P<text>"[^"\\{}]*"|'[^'\\{}]*')\s*\)\s*)?"""
    r"\}\}"
)
_RESERVED = re.compile("(?:and|or|not|in|is|if|else|true|false|none|loop|self|super|caller)$", re.I)

Writer = Callable[[Mapping[str, Any]], str]


class Template:
    """A text with merge fields, read and found good."""

    def __init__(self, fields: tuple[str, ...], write: Writer) -> None:
        self.fields = fields
        self._write = write

    def render(self, data: Mapping[str, Any]) -> str:
        """Fill the template in from nested plain data, as in ``{"contact": {"city": "Bern"}}``.

        Raises MissingValue where a field is empty and has no fallback: nothing half-filled.
        """
        text = self._write(data)
        if len(text) > LONGEST_RESULT:
            raise BadTemplate("The message would be longer than one megabyte.")
        return text


@lru_cache(maxsize=512)
def compile_template(source: str, html: bool = False) -> Template:
    """Read a template, or raise BadTemplate with the line; in HTML all data is escaped."""
    source = _normal(source)
    if (parts := _parts(source)) is not None:
        fields = tuple(dict.fromkeys(part.name for part in parts if isinstance(part, _Lookup)))
        return Template(fields, _Simple(parts, html).write)
    tree = checked_tree(source)
    return Template(_paths(tree), Letter(tree, html).write)


def fields_used(source: str) -> tuple[str, ...]:
    """Return the fields a template looks at, each once, as ``contact.first_name``."""
    return compile_template(source).fields


def unknown_fields(source: str, known: Collection[str]) -> tuple[UnknownField, ...]:
    """Return an error for each field of a template that is not known, with the nearest name."""
    return tuple(
        UnknownField(name, list(known)) for name in fields_used(source) if name not in known
    )


def _normal(source: str) -> str:
    if len(source) > LONGEST_SOURCE:
        raise BadTemplate(f"The template is longer than {LONGEST_SOURCE:,} characters.")
    if "\0" in source or any("\ud800" <= char <= "\udfff" for char in source):
        raise BadTemplate("The template has a character that cannot be sent.")
    return source.replace("\r\n", "\n").replace("\r", "\n")


# -- texts that only look values up ----------------------------------------------------------


class _Lookup:
    """One {{ a.b }} or {{ a.b | default("x") }}."""

    def __init__(self, found: re.Match[str]) -> None:
        self.name = found["path"]
        self.fallback = (found["text"] or "")[1:-1]
        self._keys = self.name.split(".")

    def text(self, data: Mapping[str, Any]) -> str:
        """Return the value as text, or the fallback; raise MissingValue without either."""
        value: Any = data
        for key in self._keys:
            value = value.get(key) if isinstance(value, Mapping) else None
        if not is_missing(value):
            return as_text(value)
        if is_missing(self.fallback):
            raise MissingValue(self.name)
        return self.fallback


def _parts(source: str) -> list[str | _Lookup] | None:
    """Split a simple template into texts and lookups; None where it needs Jinja2."""
    if "{%" in source or "{#" in source:
        return None
    parts: list[str | _Lookup] = []
    end = 0
    for found in SIMPLE.finditer(source):
        text = source[end : found.start()]
        if text.endswith("{") or any(map(_RESERVED.match, found["path"].split("."))):
            return None
        parts += [text, _Lookup(found)]
        end = found.end()
    parts.append(source[end:])
    if any(isinstance(part, str) and "{{" in part for part in parts):
        return None
    return [part for part in parts if part != ""]


class _Simple:
    """A template that is a row of texts and lookups."""

    def __init__(self, parts: list[str | _Lookup], html: bool) -> None:
        self._parts = parts
        self._html = html

    def write(self, data: Mapping[str, Any]) -> str:
        """Fill the lookups in."""
        if not self._html:
            return "".join(x if isinstance(x, str) else x.text(data) for x in self._parts)
        return "".join(x if isinstance(x, str) else escape(x.text(data)) for x in self._parts)


# -- all others ------------------------------------------------------------------------------


def _paths(tree: nodes.Template) -> tuple[str, ...]:
    own = {"loop", *(path_of(each.target) for each in tree.find_all(nodes.For))}
    found: dict[str, None] = {}
    waiting: list[nodes.Node] = [tree]
    while waiting:
        node = waiting.pop()
        if path := path_of(node):
            if path.partition(".")[0] not in own:
                found[path] = None
        else:
            waiting += reversed(list(node.iter_child_nodes()))
    return tuple(found)
