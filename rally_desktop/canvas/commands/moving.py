"""Moving by keys: to another '+', up and down, to the path beside, and by hand."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from rally_desktop.canvas import aiming, questions, rewiring
from rally_desktop.canvas.commands import notes
from rally_desktop.canvas.gesture import Pointer
from rally_desktop.canvas.gestures.aim import Aim
from rally_desktop.canvas.moving import Load
from rally_desktop.canvas.naming import counted, short
from rally_desktop.canvas.plan import Slot, Spot
from rally_desktop.canvas.questions import Choice
from rally_desktop.canvas.scene import Target
from rally_desktop.model.graph import Place

if TYPE_CHECKING:
    from rally_desktop.canvas.editor import FlowEditor

NUDGE, INCH = 8.0, 1.0
WAYS = {"up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0)}


def current_step(editor: FlowEditor) -> Spot | None:
    """Return the card whose steps are meant: the current one, else the first that is selected."""
    here = editor.scene.selected
    if (
        isinstance(here, Spot)
        and here.kind in ("step", "frame")
        and here in editor.scene.plan.boxes
    ):
        return here
    chosen = editor.chosen_steps()
    return Spot("step", chosen[0]) if chosen else None


# -- to another '+' ----------------------------------------------------------------------------


def move_to(editor: FlowEditor, whole: bool = False) -> None:
    """Let one choose a '+' by the arrow keys and Enter."""
    spot = current_step(editor)
    if spot is None:
        editor.say("Select a step first.")
        return
    load = editor.mover.load(spot, whole)
    slots = [slot for slot in editor.scene.plan.pluses if editor.mover.may_go(load, slot)]
    if not slots:
        editor.say(load.why or "There is no other place that these steps could go to.")
        return

    def show(slot: Target | None) -> None:
        editor.mover.preview(load, slot if isinstance(slot, Slot) else None)
        if isinstance(slot, Slot):
            editor.say(
                f"Move {aiming.words_for(editor, slot)}? Enter moves it there, Esc leaves it."
            )
        else:
            editor.scene.fade(frozenset())

    def take(slot: Target) -> None:
        assert isinstance(slot, Slot)
        editor.mover.move(load, slot)

    box = editor.scene.plan.boxes[spot]
    middle = (box.x + box.width / 2, box.y + box.height / 2)
    pluses = editor.scene.plan.pluses
    first = min(slots, key=lambda slot: _away(middle, pluses[slot]))
    view = editor.view
    at = view.pointer(view.mapFromScene(*middle), Pointer.keys)
    view.begin(Aim(editor, slots, first, show, take), at)


def _away(one: tuple[float, float], other: tuple[float, float]) -> float:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def swap(editor: FlowEditor, down: bool) -> None:
    """Change a step about with the one above or below."""
    spot = current_step(editor)
    if spot is None:
        return
    load = editor.mover.load(spot)
    slot = _beside(editor, load, down)
    if slot is None:
        editor.say(load.why or f"There is no step {'below' if down else 'above'} to swap with.")
        return
    editor.mover.move(load, slot)


def _swaps(editor: FlowEditor, down: bool) -> bool:
    spot = current_step(editor)
    load = editor.mover.load(spot) if spot else None
    slot = _beside(editor, load, down) if load else None
    return load is not None and slot is not None and editor.mover.may_go(load, slot)


def _beside(editor: FlowEditor, load: Load, down: bool) -> Slot | None:
    return _below(editor, load) if down else _above(editor, load)


def _above(editor: FlowEditor, load: Load) -> Slot | None:
    """Return the '+' above the step that leads to some steps, if only one does."""
    if load.block is None:
        return None
    graph = editor.draft.graph
    sources = {way.source for way in graph.entrances(load.block.entry)}
    above = next(iter(sources)) if len(sources) == 1 else None
    return aiming.slot_above(graph, above) if above in graph.steps and above else None


def _below(editor: FlowEditor, load: Load) -> Slot | None:
    """Return the '+' below the step that follows some steps: of its first exit."""
    after = load.block.after if load.block else None
    names = editor.mover.exits(after) if after else ()
    return Slot("connector", after, names[0]) if after and names else None


def swap_paths(editor: FlowEditor, right: bool) -> None:
    """Change the path that a step is on about with the one beside it."""
    spot = current_step(editor)
    if spot is None or spot.kind != "step":
        return
    way, beside = _path_of(editor, spot.id), _path_beside(editor, right)
    if way is None or beside is None:
        editor.say(f"There is no path to the {'right' if right else 'left'} to swap with.")
        return
    title = short(editor.face_of(spot.id).title)
    to = aiming.name_of_exit(editor, Place(way.source, beside))
    made = rewiring.swapped(editor.draft.graph, way.source, way.exit, beside)
    editor.draft.edit(f"Move the path of {title} to {to}", made)
    editor.select(spot, editor.scene.by_keys)
    editor.say(f"Moved the path of {title} to {to}.")


def _path_beside(editor: FlowEditor, right: bool) -> str | None:
    """Return the exit beside the one that begins the path of the current step."""
    spot = current_step(editor)
    way = _path_of(editor, spot.id) if spot and spot.kind == "step" else None
    if way is None:
        return None
    names = editor.mover.exits(way.source)
    place = names.index(way.exit) + (1 if right else -1)
    return names[place] if 0 <= place < len(names) else None


def _path_of(editor: FlowEditor, key: str) -> Place | None:
    """Return the exit that begins the path a step is on, or None where it is on none."""
    graph = editor.draft.graph
    while True:
        entrances = graph.entrances(key)
        if len(entrances) != 1 or entrances[0].source not in graph.steps:
            return None
        if len(editor.mover.exits(entrances[0].source)) > 1:
            return entrances[0]
        key = entrances[0].source


# -- by hand -----------------------------------------------------------------------------------


def placed(editor: FlowEditor) -> list[str]:
    """Return the selected steps that stand where they were put by hand."""
    return [key for key in editor.chosen_steps() if key in editor.draft.graph.layout]


def place(editor: FlowEditor) -> None:
    """Let the selected steps stand where they are, for the arrow keys to move them."""
    editor.placer.place(editor.chosen_steps(), QPointF())


def nudge(editor: FlowEditor, way: str, by: float) -> None:
    """Move the selected note, or the steps that were placed by hand, a little."""
    across, down = WAYS[way]
    note = notes.chosen(editor)
    if note is not None:
        notes.push(editor, note, across * by, down * by)
        return
    keys = placed(editor)
    editor.placer.nudge(keys, QPointF(across * by, down * by))
    if keys:
        editor.say(f"Moved {editor.name_of(keys)} by {by:g}.")


def unpin(editor: FlowEditor) -> None:
    """Put the selected steps back where the tidy layout has them."""
    editor.placer.put_back(placed(editor))


def tidy(editor: FlowEditor) -> None:
    """Tidy up what is selected, or everything; what was placed by hand stays unless selected."""
    keys = placed(editor)
    rest = editor.draft.graph.layout.keys() & editor.draft.graph.steps.keys()
    if keys or not rest:
        editor.placer.put_back(keys)
    elif len(editor.chosen_steps()) > 0:
        editor.say("What is selected is tidy already.")
    else:
        _ask_to_put_back(editor, sorted(rest))


def _ask_to_put_back(editor: FlowEditor, keys: list[str]) -> None:
    """Ask before what was placed by hand goes back: that is somebody's work."""
    them = "it" if len(keys) == 1 else "them"
    were = "was" if len(keys) == 1 else "were"
    questions.ask(
        editor,
        f"{counted(len(keys), 'step')} {were} placed by hand. Put {them} back?",
        "Everything else is tidy already. You can undo this.",
        [Choice(f"Put {them} back", lambda: editor.placer.put_back(keys), "primary")],
    )


COMMANDS = {
    "move_to": move_to,
    "move_branch_to": partial(move_to, whole=True),
    "move_up": partial(swap, down=False),
    "move_down": partial(swap, down=True),
    "move_left": partial(swap_paths, right=False),
    "move_right": partial(swap_paths, right=True),
    "place": place,
    "unpin": unpin,
    "tidy": tidy,
    **{f"nudge_{way}": partial(nudge, way=way, by=NUDGE) for way in WAYS},
    **{f"inch_{way}": partial(nudge, way=way, by=INCH) for way in WAYS},
}
VALID = {
    "move_branch_to": lambda editor: len(editor.chosen_steps()) == 1,
    "move_up": lambda editor: _swaps(editor, down=False),
    "move_down": lambda editor: _swaps(editor, down=True),
    "move_left": lambda editor: _path_beside(editor, right=False) is not None,
    "move_right": lambda editor: _path_beside(editor, right=True) is not None,
    "place": lambda editor: len(placed(editor)) < len(editor.chosen_steps()),
    "unpin": lambda editor: bool(placed(editor)),
    "tidy": lambda editor: bool(editor.draft.graph.layout),
}
