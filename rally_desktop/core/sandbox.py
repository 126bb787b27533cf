"""Where templates with conditions and loops run: Jinja2, cut down to what a letter needs.

The sandbox of Jinja2 is not enough (a template may still hang the program, when it is saved
already). Here a template may only look values up in plain data, compare, choose, repeat and
shape them: every node of its tree is checked against a list, lookups never touch attributes of
Python objects, each filter and comparison is ours, and a budget ends what takes too long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from jinja2 import ChainableUndefined, Undefined, nodes, pass_context
from jinja2.exceptions import TemplateError
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from rally_desktop.core.errors import BadTemplate, MissingValue
from rally_desktop.core.fold import fold
from rally_desktop.core.wording import SHAPERS, as_text, is_missing

MOST_WORK = 1_000_000  # steps of a template, or 64 characters handled, in one rendering
LONGEST_RESULT = 1_048_576
_BUDGET = "_budget"

_LOOP_FACTS = ("index", "index0", "first", "last", "length")
TESTS: Mapping[str, Callable[[Any], bool]] = {
    "defined": lambda value: not _missing(value),
    "undefined": lambda value: _missing(value),
    "none": lambda value: _missing(value),
    "empty": lambda value: _missing(value),
    "known": lambda value: not _missing(value),
    "number": lambda value: isinstance(value, (int, float, Decimal)),
    "string": lambda value: isinstance(value, str),
    "even": lambda value: isinstance(value, int) and value % 2 == 0,
    "odd": lambda value: isinstance(value, int) and value % 2 == 1,
}


def _missing(value: Any) -> bool:
    return isinstance(value, Undefined) or is_missing(value)


class _Budget:
    """What one rendering may still do."""

    def __init__(self) -> None:
        self.left = MOST_WORK

    def spend(self, amount: int) -> None:
        self.left -= amount
        if self.left < 0:
            raise BadTemplate("The template repeats too often or handles too much text.")


def _spend(context: Context, value: Any, amount: int = 1) -> None:
    size = len(value) if isinstance(value, (str, list)) else 0
    context.parent[_BUDGET].spend(amount + size // 64)


# -- what the checked tree calls -------------------------------------------------------------


@pass_context
def _shown(context: Context, value: Any, name: str) -> str:
    """Write what stands between {{ and }}."""
    _spend(context, value)
    if _missing(value):
        raise MissingValue(name)
    return as_text(value)


@pass_context
def _needed(context: Context, value: Any, name: str) -> Any:
    """Refuse to reckon with what is not there."""
    if _missing(value):
        raise MissingValue(name)
    return value


@pass_context
def _each(context: Context, value: Any, weight: int) -> Iterator[Any]:
    """Yield what a loop goes over, paying for each round."""
    if not isinstance(value, (list, tuple)):
        return
    for item in value:
        _spend(context, item, weight)
        yield item


@pass_context
def _compared(context: Context, left: Any, op: str, right: Any) -> bool:
    """Compare as filters do: text without case, false where a side is empty or of another kind."""
    _spend(context, left)
    _spend(context, right)
    if op in ("in", "notin"):
        return _inside(left, right) == (op == "in")
    same = _same(left, right)
    if op in ("eq", "ne"):
        return same == (op == "eq")
    if _missing(left) or _missing(right) or not _alike(left, right):
        return False
    if isinstance(left, str):
        left, right = fold(left), fold(right)
    try:
        less = left < right
    except TypeError:  # a moment with a zone beside one without
        return False
    return {"lt": less, "lteq": less or same, "gt": not less and not same, "gteq": not less}[op]


def _same(left: Any, right: Any) -> bool:
    if _missing(left) or _missing(right):
        return _missing(left) and _missing(right)
    if isinstance(left, str) and isinstance(right, str):
        return fold(left) == fold(right)
    return bool(left == right)


def _inside(left: Any, right: Any) -> bool:
    if isinstance(right, str):
        return isinstance(left, str) and not _missing(left) and fold(left) in fold(right)
    return isinstance(right, (list, tuple)) and any(_same(left, each) for each in right)


def _alike(left: Any, right: Any) -> bool:
    kinds = (str, (int, float, Decimal), date)
    return any(isinstance(left, kind) and isinstance(right, kind) for kind in kinds)


@pass_context
def _default(context: Context, value: Any, fallback: Any, always: Any = None) -> Any:
    return fallback if _missing(value) else value


def _filter(name: str) -> Callable[..., Any]:
    shape = SHAPERS[name].shape

    @pass_context
    def shaped(context: Context, value: Any, *arguments: Any) -> Any:
        _spend(context, value)
        return None if _missing(value) else shape(value, *arguments)

    return shaped


class _Sandbox(ImmutableSandboxedEnvironment):
    """An environment in which a template sees mappings, lists and plain values, nothing else."""

    intercepted_binops = frozenset("+-")
    intercepted_unops = frozenset("-")

    def __init__(self, html: bool) -> None:
        super().__init__(
            autoescape=html,
            optimized=False,
            keep_trailing_newline=True,
            undefined=ChainableUndefined,
        )
        self.globals.clear()
        self.filters = {name: _filter(name) for name in SHAPERS}
        self.filters.update(default=_default, d=_default)
        self.filters.update(_shown=_shown, _needed=_needed, _each=_each, _compared=_compared)
        self.tests = dict(TESTS)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Look a name up in a mapping; anything else has none."""
        if isinstance(obj, dict):
            return obj.get(attribute)
        if isinstance(obj, LoopContext) and attribute in _LOOP_FACTS:
            return getattr(obj, attribute)
        return None

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Look up a name in a mapping or a number in a list."""
        if isinstance(obj, list) and isinstance(argument, int):
            return obj[argument] if -len(obj) <= argument < len(obj) else None
        return obj.get(argument) if isinstance(obj, dict) else None

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Add numbers, subtract numbers, or put texts one behind the other."""
        _spend(context, left)
        _spend(context, right)
        numbers = (int, float, Decimal)
        if isinstance(left, numbers) and isinstance(right, numbers):
            if not (isinstance(left, int) and isinstance(right, int)):
                left, right = float(left), float(right)
            return left + right if operator == "+" else left - right
        if operator == "+" and isinstance(left, str):
            return left + as_text(right)
        raise BadTemplate("Only numbers can be added or subtracted.")

    def call_unop(self, context: Context, operator: str, arg: Any) -> Any:
        """Turn the sign of a number."""
        if isinstance(arg, (int, float, Decimal)):
            return -arg
        raise BadTemplate("Only a number can have a minus sign.")

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse: nothing can be called from a template."""
        raise BadTemplate("Nothing can be called from a template.")


SANDBOXES = {html: _Sandbox(html) for html in (False, True)}


# -- from a checked tree to text -------------------------------------------------------------


def path_of(node: nodes.Node) -> str:
    """Return the dotted name that a lookup stands for, or an empty text."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{path_of(node.node)}.{node.attr}" if path_of(node.node) else ""
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        before, key = path_of(node.node), node.arg.value
        return f"{before}.{key}" if before and isinstance(key, str) else before
    return ""


def _first_path(node: nodes.Node) -> str:
    if isinstance(node, nodes.CondExpr):
        return _first_path(node.expr1)
    paths = (path_of(each) for each in (node, *node.find_all(nodes.Expr)))
    return next(filter(None, paths), "a value")


def _called(name: str, node: Any, *arguments: Any) -> nodes.Filter:
    args = [
        each if isinstance(each, nodes.Expr) else nodes.Const(each, lineno=node.lineno)
        for each in arguments
    ]
    return nodes.Filter(node, name, args, [], None, None, lineno=node.lineno)


class _Guard(NodeTransformer):
    """Puts our functions where Jinja2 would run Python's operators on the data."""

    def visit_Output(self, node: nodes.Output) -> nodes.Node:
        """Write every value through ``_shown``."""
        node.nodes = [
            each
            if isinstance(each, nodes.TemplateData)
            else _called("_shown", self.visit(each), _first_path(each))
            for each in node.nodes
        ]
        return node

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:
        """Compare through ``_compared``."""
        operand = node.ops[0]
        return _called("_compared", self.visit(node.expr), operand.op, self.visit(operand.expr))

    def visit_For(self, node: nodes.For) -> nodes.Node:
        """Repeat through ``_each``; a round costs as much as there is in the loop."""
        weight = 1 + sum(1 for part in node.body for _ in part.find_all(nodes.Node))
        self.generic_visit(node)
        node.iter = _called("_each", node.iter, weight)
        return node

    def _reckoned(self, node: Any) -> nodes.Node:
        node.left = _called("_needed", self.visit(node.left), _first_path(node.left))
        node.right = _called("_needed", self.visit(node.right), _first_path(node.right))
        return node

    visit_Add = visit_Sub = _reckoned


def plain(value: Any, depth: int = 0) -> Any:
    """Copy data as plain mappings, lists and values; raise TypeError for anything else."""
    if isinstance(value, str):
        return "" if is_missing(value) else str(value)
    if value is None or isinstance(value, (bool, int, float, Decimal, date)):
        return value
    if depth > 6:
        raise TypeError("the data of a template is nested too deeply")
    if isinstance(value, Mapping):
        return {str(key): plain(each, depth + 1) for key, each in value.items()}
    if isinstance(value, (set, frozenset)):
        value = sorted(value)
    if isinstance(value, (list, tuple)):
        return [plain(each, depth + 1) for each in value]
    raise TypeError(f"{type(value).__name__} may not reach a template")


class Letter:
    """A checked tree made ready to be filled in."""

    def __init__(self, tree: nodes.Template, html: bool) -> None:
        sandbox = SANDBOXES[html]
        guarded = _Guard().visit(tree)
        guarded.set_environment(sandbox)
        try:
            code = sandbox.compile(guarded)
        except (RecursionError, SyntaxError, TemplateError) as error:
            raise BadTemplate("The template is too involved to be used.") from error
        self._template = sandbox.template_class.from_code(sandbox, code, {})

    def write(self, data: Mapping[str, Any]) -> str:
        """Fill in plain data; raise MissingValue, or BadTemplate where it goes too far."""
        filled = {key: each for key, each in plain(data).items() if not key.startswith("_")}
        pieces, size = [], 0
        try:
            for piece in self._template.generate({**filled, _BUDGET: _Budget()}):
                size += len(piece)
                if size > LONGEST_RESULT:
                    raise BadTemplate("The message would be longer than one megabyte.")
                pieces.append(piece)
        except TemplateError as error:
            raise BadTemplate(f"The template cannot be filled in: {error}.") from error
        return "".join(pieces)
