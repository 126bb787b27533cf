"""Trigger: a record turned from not matching a filter to matching it."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from rally_desktop.core.schema import Filter
from rally_desktop.engine.nodes.base import StateTrigger


class StartsToMatch(StateTrigger, frozen=True):
    """Starts when a record begins to match a filter that it did not match before.

    Whoever matches when the workflow is published is not enrolled, and whoever goes on
    matching is enrolled once: it has to stop matching first. Conditions on dates turn by the
    clock, within a quarter of an hour.
    """

    title: ClassVar = "Starts to match a filter"
    icon: ClassVar = "funnel"
    says: ClassVar = "When it starts to match {filter}"
    example: ClassVar = {"filter": {"field": "tags", "op": "contains", "value": "Newsletter"}}
    words: ClassVar = ("condition", "becomes", "segment", "list")

    filter: Annotated[dict[str, Any] | None, Filter("Filter")]
