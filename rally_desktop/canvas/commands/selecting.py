"""Selecting by keys: everything, what comes before or after, or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, get_args

from rally_desktop.canvas import neighbours, rewiring
from rally_desktop.canvas.neighbours import Direction
from rally_desktop.canvas.plan import Spot

if TYPE_CHECKING:
    from rally_desktop.canvas.editor import FlowEditor


def select_all(editor: FlowEditor) -> None:
    """Select every card and note."""
    shown = editor.scene.plan
    editor.choose(spot for spot in (*shown.boxes, *shown.notes) if spot.id)


def select_after(editor: FlowEditor) -> None:
    """Select what is selected and everything that can follow it."""
    graph = editor.draft.graph
    found: dict[str, None] = {}
    for key in editor.chosen_steps() or [graph.start]:
        found |= graph.reachable(key)
    _extend(editor, found)


def select_before(editor: FlowEditor) -> None:
    """Select what is selected and everything from which it can be reached."""
    keys = editor.chosen_steps()
    _extend(editor, {*keys, *rewiring.before(editor.draft.graph, keys)})


def select_more(editor: FlowEditor, direction: Direction) -> None:
    """Select the card that an arrow leads to beside what is selected already."""
    here = editor.scene.selected
    there = neighbours.neighbour(editor.scene.plan, here, direction, used=editor.used)
    if isinstance(there, Spot) and there.id:
        editor.choose([*editor.scene.chosen - {there}, there], there)
        where = editor.where(there)
        if where is not None:
            editor.view.show_rect(where)


def _extend(editor: FlowEditor, keys: Iterable[str]) -> None:
    """Select some steps; the current one stays the one whose settings are shown."""
    plan, here = editor.scene.plan, editor.scene.selected
    spots = {plan.card_of(key): None for key in keys}
    if spots:
        editor.choose(spots, here if isinstance(here, Spot) and here in spots else None)


COMMANDS = {
    "select_all": select_all,
    "select_after": select_after,
    "select_before": select_before,
    **{f"more_{way}": partial(select_more, direction=way) for way in get_args(Direction)},
    "let_go": lambda editor: editor.select(None),
}
