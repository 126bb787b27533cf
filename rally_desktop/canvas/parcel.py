"""What is copied: some steps and what belongs to them, as a workflow of their own.

The text is the same document as a workflow file, so that either can be pasted, mailed and
dropped in. What comes from outside is believed in nothing until it has been read here.
"""

from __future__ import annotations

import re
from collections.abc import Set
from typing import Any

import msgspec

from rally_desktop.canvas.shapes import Spot
from rally_desktop.core.errors import BadDefinition
from rally_desktop.core.texts import mended
from rally_desktop.model.graph import Graph, Note, Step

LARGEST = 5 * 2**20  # characters; five thousand steps take about two million
DEEPEST = 64  # lists and objects inside each other
_QUOTED = re.compile(r"^[>\s\u00a0\ufeff]+", re.MULTILINE)


def pack(graph: Graph, spots: Set[Spot]) -> Graph:
    """Return what is selected as a workflow of its own, in reading order.

    Connectors between the steps come along, frames whose steps all do, and the notes beside
    what comes along; a frame brings its steps.
    """
    chosen = steps_of(graph, spots)
    steps = {key: _alone(graph.steps[key], chosen) for key in in_order(graph) if key in chosen}
    triggers = tuple(one for one in graph.triggers if Spot("trigger", one.id) in spots)
    beside = {*steps, *(one.id for one in triggers)}
    return Graph(
        record=graph.record,
        purpose=graph.purpose,
        triggers=triggers,
        start=next(iter(steps), None),
        steps=steps,
        notes=tuple(note for note in graph.notes if _comes(note, spots, beside)),
        frames=tuple(frame for frame in graph.frames if chosen.issuperset(frame.steps)),
    )


def steps_of(graph: Graph, spots: Set[Spot]) -> set[str]:
    """Return the steps that are selected, themselves or with their group."""
    framed = (frame.steps for frame in graph.frames if Spot("frame", frame.id) in spots)
    return {spot.id for spot in spots if spot.kind == "step"}.union(*framed)


def in_order(graph: Graph) -> list[str]:
    """Return all steps as one reads them: along the paths, what hangs loose at the end."""
    found = {**graph.reachable(graph.start), **graph.reachable(graph.stop_start)}
    return [*found, *(key for key in graph.steps if key not in found)]


def text_of(parcel: Graph) -> str:
    """Return a parcel as text that people can read and programs too."""
    return msgspec.json.format(msgspec.json.encode(parcel.dump()), indent=2).decode()


def looks_like_steps(text: str) -> bool:
    """Say whether a text might be a parcel at all, by a glance at it."""
    return '"steps"' in text[:LARGEST] and "{" in text


def read(text: str) -> Graph:
    """Read a parcel or a workflow file; raise BadDefinition that says what is wrong with it."""
    if len(text) > LARGEST:
        raise BadDefinition(
            f"That is too much to paste at once: {len(text) / 2**20:.0f} million characters, and "
            f"at most {LARGEST // 2**20} million go in."
        )
    if not looks_like_steps(text):
        raise BadDefinition("There are no steps in that. Copy some steps in Rally first.")
    stored = _kept(_decoded(text), DEEPEST)
    if isinstance(stored, dict):
        stored.pop("templates", None)
    return Graph.load(stored)


def _alone(step: Step, chosen: Set[str]) -> Step:
    exits = {name: to for name, to in step.exits.items() if to in chosen}
    return msgspec.structs.replace(step, exits=exits) if exits != step.exits else step


def _comes(note: Note, spots: Set[Spot], beside: Set[str]) -> bool:
    return note.step in beside or Spot("note", note.id) in spots


def _decoded(text: str) -> Any:
    """Read JSON also as mail and chat give it back: quoted, indented, wrapped."""
    whole = text[text.find("{") : text.rfind("}") + 1]
    attempts = [whole]
    unquoted = _QUOTED.sub("", whole)
    attempts += [unquoted, re.sub(r"(?<! )\r?\n", " ", unquoted).replace("\n", "")]
    for attempt in attempts:
        try:
            return msgspec.json.decode(attempt.encode("utf-8", "replace"))
        except msgspec.DecodeError:
            continue
        except RecursionError:
            raise BadDefinition("That is nested too deeply to be steps.") from None
    raise BadDefinition(
        "These steps cannot be read: part of the text is missing or changed. Copy them again."
    )


def _kept(value: Any, depth: int) -> Any:
    """Return a value with a mark for each character that no database keeps."""
    if not depth:
        raise BadDefinition("That is nested too deeply to be steps.")
    if isinstance(value, str):
        return mended(value)
    if isinstance(value, list):
        return [_kept(one, depth - 1) for one in value]
    if isinstance(value, dict):
        return {mended(name): _kept(one, depth - 1) for name, one in value.items()}
    return value
