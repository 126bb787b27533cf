"""What a template may contain; all else is refused when it is saved, with its line."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Environment, nodes
from jinja2.exceptions import TemplateSyntaxError

from rally_desktop.core.errors import BadTemplate
from rally_desktop.core.sandbox import SANDBOXES, TESTS
from rally_desktop.core.wording import SHAPERS, bad_date_code

MOST_TOKENS, MOST_DEPTH, MOST_LOOPS, LARGEST_NUMBER = 20_000, 40, 2, 10**15

_PLAIN_NODES: tuple[type[nodes.Node], ...] = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.And, nodes.Or, nodes.Not,
    nodes.Operand, nodes.CondExpr, nodes.List, nodes.Tuple, nodes.Neg, nodes.Add, nodes.Sub,
)  # fmt: skip
_WORDS: Mapping[type[nodes.Node], str] = {
    nodes.Call: "Calling something with ( )",
    nodes.Assign: "‘set’",
    nodes.AssignBlock: "‘set’",
    nodes.Mul: "Multiplying",
    nodes.Div: "Dividing",
    nodes.Concat: "Joining with ~",
    nodes.Macro: "‘macro’",
    nodes.Include: "‘include’",
    nodes.Import: "‘import’",
    nodes.FromImport: "‘import’",
    nodes.Extends: "‘extends’",
    nodes.Block: "‘block’",
    nodes.FilterBlock: "‘filter’ as a block",
}


def checked_tree(source: str) -> nodes.Template:
    """Parse a template and refuse whatever is not on the list; raise BadTemplate with the line."""
    sandbox = SANDBOXES[False]
    try:
        _check_tokens(source, sandbox)
        tree = sandbox.parse(source)
    except TemplateSyntaxError as error:
        raise BadTemplate(_plain_words(error.message or ""), error.lineno) from error
    except RecursionError:
        raise BadTemplate("The template is nested too deeply.") from None
    except (ValueError, OverflowError) as error:
        raise BadTemplate("A number or text in the template cannot be read.") from error
    _check_nodes(tree)
    return tree


def _plain_words(message: str) -> str:
    if "unexpected end of template" in message or "Unclosed" in message:
        return "Something that begins with {{ or {% is not closed."
    return f"This cannot be read: {message.rstrip('.')}."


def _check_tokens(source: str, sandbox: Environment) -> None:
    for count, (line, token, value) in enumerate(sandbox.lexer.tokeniter(source, None)):
        if count > MOST_TOKENS:
            raise BadTemplate("The template has too many fields and conditions.", line)
        if token == "string" and "\\" in value:
            raise BadTemplate("A text in quotes may not have a backslash.", line)
        if token in ("integer", "float") and len(value) > 20:
            raise BadTemplate("The number is too long.", line)


def _check_nodes(tree: nodes.Template) -> None:
    waiting: list[tuple[nodes.Node, int, int]] = [(tree, 0, 0)]
    while waiting:
        node, depth, loops = waiting.pop()
        loops += isinstance(node, nodes.For)
        if depth > MOST_DEPTH or loops > MOST_LOOPS:
            what = "Two loops deep is the most." if loops > MOST_LOOPS else "This is too deep."
            raise BadTemplate(what, node.lineno)
        if problem := _problem(node):
            raise BadTemplate(problem, node.lineno)
        waiting += [(child, depth + 1, loops) for child in node.iter_child_nodes()]


def _problem(node: nodes.Node) -> str:
    if isinstance(node, _PLAIN_NODES):
        return ""
    check = _CHECKS.get(type(node))
    if check is None:
        word = _WORDS.get(type(node), f"‘{type(node).__name__.lower()}’")
        return f"{word} is not possible in a template."
    return check(node)


def _name_problem(node: Any) -> str:
    name = getattr(node, "name", None) or getattr(node, "attr", "")
    if name.startswith("_") or name in ("self", "super", "caller", "varargs", "kwargs"):
        return f"‘{name}’ is not a field."
    return ""


def _item_problem(node: nodes.Getitem) -> str:
    value = node.arg.value if isinstance(node.arg, nodes.Const) else None
    if type(value) is int or (isinstance(value, str) and not value.startswith("_")):
        return ""
    return "Only a fixed name or number can stand in [ ]."


def _const_problem(node: nodes.Const) -> str:
    value = node.value
    if isinstance(value, (int, float)) and not (
        math.isfinite(value) and abs(value) <= LARGEST_NUMBER
    ):
        return "The number is too large."
    return ""


def _filter_problem(node: nodes.Filter) -> str:
    if node.kwargs or node.dyn_args or node.dyn_kwargs or node.node is None:
        return f"‘{node.name}’ takes plain values in its brackets."
    if node.name in ("default", "d"):
        return "" if 1 <= len(node.args) <= 2 else "‘default’ needs one text in its brackets."
    if node.name not in SHAPERS:
        return f"There is no filter ‘{node.name}’; there are: default, {', '.join(SHAPERS)}."
    fixed = tuple(arg.value for arg in node.args if isinstance(arg, nodes.Const))
    if len(fixed) != len(node.args):
        return f"‘{node.name}’ takes only fixed values in its brackets."
    return _argument_problem(node.name, fixed)


def _argument_problem(name: str, given: tuple[Any, ...]) -> str:
    if problem := SHAPERS[name].problem(given):
        return f"‘{name}’ {problem}."
    if name == "date" and given and (code := bad_date_code(given[0])):
        return f"‘{code}’ is not part of a date; use %d, %m, %Y, %B, %A, %H or %M."
    return ""


def _test_problem(node: nodes.Test) -> str:
    if node.name not in TESTS or node.args or node.kwargs or node.dyn_args or node.dyn_kwargs:
        return f"There is no test ‘is {node.name}’; there are: {', '.join(TESTS)}."
    return ""


def _for_problem(node: nodes.For) -> str:
    if node.recursive or node.test is not None or not isinstance(node.target, nodes.Name):
        return "A loop has the form: for one in many."
    return ""


def _compare_problem(node: nodes.Compare) -> str:
    return "" if len(node.ops) == 1 else "Compare two things at a time; join with ‘and’."


_CHECKS: Mapping[type[nodes.Node], Callable[[Any], str]] = {
    nodes.Name: _name_problem,
    nodes.Getattr: _name_problem,
    nodes.Getitem: _item_problem,
    nodes.Const: _const_problem,
    nodes.Filter: _filter_problem,
    nodes.Test: _test_problem,
    nodes.For: _for_problem,
    nodes.Compare: _compare_problem,
}
