"""Counts of a workflow's steps as they lie over the canvas: in pills, on connectors, in tips."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from rally_desktop.canvas.overlay import Mark, Overlay
from rally_desktop.model.graph import NEXT, START, Graph, Place
from rally_desktop.services.figures import IN_REVIEW, Figures


@dataclass(frozen=True)
class Tally:
    """How many came to a step, how many are there, what became of the rest and how they left."""

    entered: int = 0
    here: int = 0
    done: int = 0
    skipped: int = 0
    failed: int = 0
    stopped: int = 0
    exits: Mapping[str, int] = field(default_factory=dict)
    error: str = ""

    def says(self) -> str:
        """Say it in one line, the last error after it."""
        parts = [f"{self.entered:,} entered"]
        named = ("here now", self.here), ("done", self.done), ("skipped", self.skipped)
        named += ("failed", self.failed), ("stopped", self.stopped)
        parts += [f"{count:,} {word}" for word, count in named if count]
        line = " · ".join(parts)
        return f"{line}\nLast error: {self.error}" if self.error else line


def tallies(figures: Figures) -> dict[str, Tally]:
    """Return the tally of every step of a version that anybody came to."""
    return {
        key: Tally(
            one.counts.entered, one.here, one.counts.done, one.counts.skipped,
            one.counts.failed, one.counts.stopped, one.counts.exits, one.error,
        )
        for key, one in figures.steps.items()
    }  # fmt: skip


def overlay_of(graph: Graph, counted: Mapping[str, Tally], begun: Mapping[str, int]) -> Overlay:
    """Lay tallies over a workflow; ``begun`` counts what each trigger began."""
    entered = {key: one.entered for key, one in counted.items()}
    exits = dict(_exits(counted))
    heat = {place: count for place, (count, _) in exits.items()}
    if graph.start in entered:
        heat[Place(START, NEXT)] = entered[graph.start or ""]
    marks: dict[str, Mark] = {key: "failed" for key, one in counted.items() if one.failed}
    return Overlay(
        cards={key: short(count) for key, count in {**begun, **entered}.items() if count},
        labels={place: _share(count, of) for place, (count, of) in exits.items()},
        below=dict(_below(graph, counted)),
        heat=heat,
        marks=marks,
        tips={key: one.says() for key, one in counted.items()},
    )


def _exits(counted: Mapping[str, Tally]) -> Iterator[tuple[Place, tuple[int, int]]]:
    """Yield how many left by each exit, of how many who left the step."""
    for key, one in counted.items():
        left = sum(one.exits.values())
        for name, count in one.exits.items():
            yield Place(key, name), (count, left)


def _below(graph: Graph, counted: Mapping[str, Tally]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield what stands under the titles; who waits to be let in is told at the first trigger."""
    for key, one in counted.items():
        if key != IN_REVIEW and (said := _standing(one))[0]:
            yield key, said
        elif key == IN_REVIEW and one.here and graph.triggers:
            yield graph.triggers[0].id, (f"{short(one.here)} in review", "warn")


def _standing(one: Tally) -> tuple[str, str]:
    """Say how many are at a step and how many it failed for, with a tone."""
    here = f"{short(one.here)} here" if one.here else ""
    failed = f"{short(one.failed)} failed" if one.failed else ""
    return " · ".join(filter(None, (here, failed))), "bad" if failed else "flow"


def _share(count: int, of: int) -> str:
    return f"{short(count)} ({count / of * 100:.0f} %)" if of else short(count)


def short(count: int) -> str:
    """Say a count so that it fits into a pill: 9,999, then 10.1k, then 2.3m."""
    if count < 10_000:
        return f"{count:,}"
    if count < 1_000_000:
        return f"{count // 100 / 10:g}k"
    return f"{count // 100_000 / 10:g}m"
