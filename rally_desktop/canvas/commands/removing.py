"""Taking steps out: one and joining its neighbours, or one with all that follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rally_desktop.canvas import edits, questions
from rally_desktop.canvas.plan import Slot, Spot
from rally_desktop.model.graph import START, STOP, Graph

if TYPE_CHECKING:
    from rally_desktop.canvas.editor import FlowEditor


def remove(editor: FlowEditor) -> None:
    """Remove what is selected and connect what led to it to what followed."""
    spot = editor.scene.selected
    if not isinstance(spot, Spot):
        return
    graph = editor.draft.graph
    if spot.kind == "trigger":
        if spot.id:
            face = editor.scene.plan.boxes[spot].face
            _apply(editor, f"Remove {face.title}", edits.without_trigger(graph, spot.id), None)
        return
    exits = edits.paths_to_keep(graph, spot.id)
    if len(exits) < 2:
        _remove(editor, spot.id, next(iter(exits), None))
    else:
        _ask_which_path(editor, spot.id)


def remove_after(editor: FlowEditor) -> None:
    """Remove the selected step and everything that only it leads to, after asking."""
    spot = editor.scene.selected
    if not isinstance(spot, Spot) or spot.kind != "step":
        return
    graph = editor.draft.graph
    gone = edits.after(graph, spot.id)
    title = editor.face_of(spot.id).title
    if len(gone) == 1:
        _apply(editor, f"Remove {title}", edits.removed_after(graph, spot.id), spot)
        return
    editor.scene.mark(gone)
    count = len(gone) - 1
    steps = "the step" if count == 1 else f"the {count} steps"
    questions.ask(
        editor.view,
        f"Remove ‘{title}’ and {steps} after it?",
        "What can also be reached another way stays. You can undo this.",
        [
            (
                f"Remove {len(gone)} steps",
                "destroy",
                lambda: _apply(
                    editor,
                    f"Remove {len(gone)} steps",
                    edits.removed_after(graph, spot.id),
                    spot,
                ),
            )
        ],
        lambda: editor.scene.mark(frozenset()),
    )


def _ask_which_path(editor: FlowEditor, key: str) -> None:
    graph = editor.draft.graph
    labels = dict(editor.face_of(key).exits)
    exits = graph.steps[key].exits
    best = edits.longest_path(graph, key)
    order = sorted(exits, key=lambda name: name != best)
    choices: list[questions.Choice] = []
    for name in order:
        count = len(graph.reachable(exits[name]))
        words = f"Keep ‘{labels.get(name) or name}’ ({count} step{'s' * (count != 1)})"
        choices.append((words, "accept", lambda name=name: _remove(editor, key, name)))
    choices.append(("Remove all paths", "destroy", lambda: _remove(editor, key, None)))
    questions.ask(
        editor.view,
        f"Which path of ‘{editor.face_of(key).title}’ stays?",
        "What only the other paths lead to goes with it. You can undo this.",
        choices,
    )


def _remove(editor: FlowEditor, key: str, keep: str | None) -> None:
    graph = editor.draft.graph
    made = edits.removed(graph, key, keep)
    lost = len(graph.steps) - len(made.steps)
    title = editor.face_of(key).title
    name = f"Remove {title}" if lost == 1 else f"Remove {title} and {lost - 1} more"
    _apply(editor, name, made, Spot("step", key))


def _apply(editor: FlowEditor, title: str, made: Graph, gone: Spot | None) -> None:
    """Make the edit and select what is now where the removed step was."""
    graph = editor.draft.graph
    if graph is made:
        return
    place = next(iter(graph.entrances(gone.id)), None) if gone else None
    editor.draft.edit(title, made)
    if place is not None and (place.source in (START, STOP) or place.source in made.steps):
        after = made.target(place)
        slot = Slot("connector", place.source, place.exit)
        stays = slot if slot in editor.scene.plan.pluses else None
        editor.select(Spot("step", after) if after else stays, editor.scene.by_keys)
    editor.say(f"{title.replace('Remove', 'Removed', 1)}.")


COMMANDS = {"remove": remove, "remove_after": remove_after}
