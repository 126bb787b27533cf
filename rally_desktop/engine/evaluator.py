"""What the engine asks of a record: does a filter match it, and what do merge fields say."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

from rally_desktop.core import filter as language
from rally_desktop.core import merge
from rally_desktop.core.conditions import Filter
from rally_desktop.engine import clockwork
from rally_desktop.engine.runfacts import About
from rally_desktop.engine.runfields import ENTERED_BY, run_fields
from rally_desktop.model.ref import Ref
from rally_desktop.model.work import Snapshot, Work
from rally_desktop.services import merging

Answer = TypeVar("Answer")
TREES = "filter_trees"


class Evaluator:
    """Filters and merge fields over the records of one work, each compiled once.

    ``trigger`` is the id of the trigger by which the run was entered, for ``entered_by``.
    """

    def __init__(self, work: Work) -> None:
        self.work = work
        self._templates: dict[tuple[str, bool], merge.Template] = {}
        # Of stored filters the engine keeps what it has read, from one work to the next.
        self._trees: dict[int, tuple[Any, Filter]] = work.memo.setdefault(TREES, {})
        self._paths: dict[int, Collection[str]] = {}
        self._tests: dict[tuple[Any, int, str], Callable[[Snapshot], Any]] = {}

    def merge(
        self, source: str, ref: Ref, about: Callable[[], About] | None = None, *, html: bool
    ) -> str:
        """Fill a text's merge fields from a record, what belongs to it and what the run says."""
        if "{" not in source:
            return source
        template = self._templates.get((source, html))
        if template is None:
            template = merge.compile_template(source, html=html)
            self._templates[source, html] = template
        asks = about is not None and any(
            name.partition(".")[0] in merging.RUN for name in template.fields
        )
        facts = about() if asks and about else None
        return template.render(merging.data(self.work, ref, template.fields, facts))

    def explain(
        self, stored: Mapping[str, Any] | None, ref: Ref, trigger: str = ""
    ) -> tuple[bool, list[dict[str, Any]]]:
        """Evaluate a stored filter; return the result and each clause with the value seen."""
        tree = self.tree(stored, ref)
        record = self.values(ref, tree, trigger)
        return self._compiled(language.compile_explanation, tree, ref, record)(record)

    def test(self, tree: Filter, ref: Ref, trigger: str = "") -> bool:
        """Say whether a record matches."""
        if tree == language.EVERYTHING:
            return True
        record = self.values(ref, tree, trigger)
        return self._compiled(language.compile_test, tree, ref, record)(record)

    def tree(self, stored: Mapping[str, Any] | None, ref: Ref) -> Filter:
        """Return a stored filter, read; raise BadFilter or UnknownField."""
        # The stored filter is kept beside its tree, so that its id stays its own.
        if id(stored) not in self._trees:
            read = language.parse(stored, run_fields(self.work, ref.kind))
            self._trees[id(stored)] = (stored, read)
        return self._trees[id(stored)][1]

    def _compiled(
        self, how: Callable[..., Callable[[Snapshot], Answer]], tree: Filter, ref: Ref, at: Snapshot
    ) -> Callable[[Snapshot], Answer]:
        """Compile a filter once for all records of this batch that live in the same zone."""
        zone = clockwork.zone_of(self.work, at)
        key = (how, id(tree), zone.key)
        if key not in self._tests:
            self._tests[key] = how(tree, run_fields(self.work, ref.kind), zone, self.work.now)
        return self._tests[key]

    def values(self, ref: Ref, tree: Filter, trigger: str = "") -> Snapshot:
        """Return a record with every field that a filter names, related ones included."""
        if id(tree) not in self._paths:
            self._paths[id(tree)] = language.paths_used(tree)
        paths = self._paths[id(tree)]
        if ENTERED_BY not in paths:
            return merging.with_paths(self.work, ref, paths)
        rest = [path for path in paths if path != ENTERED_BY]
        return {**merging.with_paths(self.work, ref, rest), ENTERED_BY: trigger}
