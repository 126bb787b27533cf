"""Making a step one of another kind: what both kinds have in common is kept."""

from __future__ import annotations

from dataclasses import replace as with_
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint

from rally_desktop.canvas.faces import Catalogue, Offer
from rally_desktop.canvas.plan import Spot
from rally_desktop.model.graph import Graph, Step

if TYPE_CHECKING:
    from rally_desktop.canvas.editor import FlowEditor


def replace(editor: FlowEditor) -> None:
    """Ask which kind the selected step is to be; each says what would be lost."""
    spot = editor.scene.selected
    if not isinstance(spot, Spot) or spot.kind != "step":
        editor.say("Select the step that is to be replaced.")
        return
    offers = offers_for(editor.draft.graph, spot.id, editor.catalogue)
    where = editor.where(spot)
    if where is None:
        return
    editor.view.show_rect(where)
    corner = editor.view.mapFromScene(where.topRight()) + QPoint(12, 0)
    at = editor.view.viewport().mapToGlobal(corner)
    says = f"Replace {editor.face_of(spot.id).title[:40]} by…"
    editor.quick_add.ask(offers, at, partial(_take, editor, spot.id), says)


def offers_for(graph: Graph, key: str, catalogue: Catalogue) -> list[Offer]:
    """Return the kinds that a step can become; what ends a path only where nothing follows."""
    step = graph.steps[key]
    return [
        with_(offer, help=_loses(catalogue.turned(step, offer.kind)[1]) or offer.help)
        for offer in catalogue.steps(graph.record)
        if offer.kind != step.kind and (offer.exits or not step.exits)
    ]


def replaced(graph: Graph, made: Step) -> Graph:
    """Return the workflow with another step under the same id.

    What only the exits that it has no more led to goes with them.
    """
    before = graph.steps[made.id]
    graph = graph.with_step(made)
    for target in before.exits.values():
        if target in graph.steps and not graph.entrances(target):
            graph = graph.removed_after(target)
    return graph


def _take(editor: FlowEditor, key: str, offer: Offer) -> None:
    graph = editor.draft.graph
    if key not in graph.steps:
        return
    title = editor.face_of(key).title
    made, lost = editor.catalogue.turned(graph.steps[key], offer.kind)
    editor.draft.edit(f"Replace {title} by {offer.title}", replaced(graph, made))
    editor.select(Spot("step", key), editor.scene.by_keys)
    editor.say(f"Replaced {title} by {offer.title}. {_loses(lost)}".strip())


def _loses(lost: tuple[str, ...]) -> str:
    return f"Loses {', '.join(lost)}." if lost else ""
