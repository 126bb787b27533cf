"""What several things are called together: in the undo menu, in questions and aloud."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from rally_desktop.canvas.editing import Editing
from rally_desktop.canvas.plan import Spot

WORDS = {"step": "step", "trigger": "trigger", "note": "note", "frame": "group"}


LONGEST_NAME = 60


def short(text: str, most: int = LONGEST_NAME) -> str:
    """Return a text as one line of at most so many characters."""
    line = " ".join(text[: 4 * most].split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def with_title(word: str, title: str) -> str:
    """Return a word with the change it is about: Undo add note."""
    return f"{word} {title[:1].lower()}{short(title[1:])}" if title else word


def counted(count: int, word: str) -> str:
    """Return a number with its word: 1 step, 3 steps."""
    return f"{count:,} {word if count == 1 else plural(word)}"


def plural(word: str) -> str:
    """Return a word for several: step, steps; company, companies."""
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"


def called(editor: Editing, spots: Collection[Spot]) -> str:
    """Return what some cards, notes and groups are called together."""
    if len(spots) == 1:
        return _one(editor, next(iter(spots)))
    return together(spot.kind for spot in spots)


def together(kinds: Iterable[str]) -> str:
    """Return how many of each kind there are: 3 steps and 1 note."""
    found = list(kinds)
    counts = [counted(found.count(kind), WORDS[kind]) for kind in WORDS if kind in found]
    return " and ".join(filter(None, [", ".join(counts[:-1]), *counts[-1:]]))


def _one(editor: Editing, spot: Spot) -> str:
    graph = editor.draft.graph
    if spot.kind == "step":
        return short(editor.face_of(spot.id).title)
    if spot.kind == "trigger":
        trigger = next((one for one in graph.triggers if one.id == spot.id), None)
        return short(editor.faces.trigger_face(trigger).title) if trigger else "trigger"
    if spot.kind == "frame":
        title = next((one.title for one in graph.frames if one.id == spot.id), "")
        return f"group ‘{short(title)}’" if title else "group"
    return "note"
