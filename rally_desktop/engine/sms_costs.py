"""In how many parts the text messages of a workflow are sent at most: each of them is paid for."""

from __future__ import annotations

from rally_desktop.core.errors import NotFound
from rally_desktop.engine import by_hand
from rally_desktop.model.graph import Graph, Step
from rally_desktop.model.work import Work
from rally_desktop.services import template_hints, templates


def most_parts(work: Work, graph: Graph) -> int:
    """Return how many parts a run sends at most, by whichever way it goes."""
    return by_hand.most_along(graph, lambda step: _parts(work, step))


def said(parts: int) -> str:
    """Say how many parts that is; nothing where there are none."""
    if not parts:
        return ""
    return f"SMS among them are sent in about {parts:,} part{'s' * (parts != 1)}, each paid for."


def _parts(work: Work, step: Step) -> int:
    if step.kind != "send_sms" or step.disabled:
        return 0
    try:
        made = templates.named(work, str(step.settings.get("template", "")))
    except NotFound:
        return 0
    return template_hints.parts_of(made.text).count
