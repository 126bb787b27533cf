"""The record that texts are shown for while they are written: chosen once, kept for the page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, TypeAlias

from PySide6.QtCore import QObject, Signal

from rally_desktop.engine import samples
from rally_desktop.engine.samples import Filled, Letter, Sample
from rally_desktop.model.graph import Graph
from rally_desktop.model.ref import RecordKind
from rally_desktop.services.templates import Template

Read: TypeAlias = Callable[..., Awaitable[Any]]  # Background.read


class SampleChoice(QObject):
    """Who was chosen; ``changed`` is heard when it is somebody else.

    Until somebody chooses, it is the first record that the audience lets in.
    """

    changed = Signal()

    def __init__(self, read: Read, record: RecordKind = "contact") -> None:
        super().__init__()
        self._read = read
        self._chosen = False
        self.record: RecordKind = record
        self.graph: Graph | None = None
        self.sample: Sample | None = None

    def choose(self, sample: Sample) -> None:
        """Show texts for a record from now on."""
        self._chosen = True
        self._put(sample)

    async def begin(self, graph: Graph) -> None:
        """Take the first that a workflow is for, unless somebody of that kind was chosen."""
        self.graph, record = graph, graph.record
        if record == self.record and (self._chosen or self.sample is not None):
            return
        self.record, self._chosen = record, False
        sample = await self._read(samples.first, record, graph.audience)
        if not self._chosen:
            self._put(sample)

    async def begin_with_anybody(self) -> None:
        """Take the first by name, unless somebody was chosen."""
        if self.sample is None:
            self._put(await self._read(samples.first, self.record, None))

    async def step(self, by: int) -> None:
        """Choose the next by name, or the one before."""
        ref = self.sample.ref if self.sample else None
        found = await self._read(samples.neighbour, self.record, ref, by)
        if found is not None:
            self.choose(found)

    async def found(self, typed: str) -> list[Sample]:
        """Return the records that what was typed finds."""
        return await self._read(samples.found, self.record, typed)

    async def values(self, names: Iterable[str]) -> Mapping[str, str]:
        """Return what each merge field would write; nothing where there is nobody."""
        if self.sample is None:
            return {}
        return await self._read(samples.values, self.sample.ref, list(names), self.graph)

    async def fill(self, source: str, *, html: bool = False) -> Filled:
        """Return a text filled in, or why that cannot be done."""
        if self.sample is None:
            return Filled()
        return await self._read(samples.fill, self.sample.ref, source, self.graph, html=html)

    async def letter(self, name: str) -> Letter:
        """Return a template filled in; raise NotFound where there is none of that name."""
        ref = self.sample.ref if self.sample else None
        return await self._read(samples.letter, name, ref, self.graph)

    async def written(self, template: Template) -> Letter:
        """Return what is being written, filled in."""
        ref = self.sample.ref if self.sample else None
        return await self._read(samples.written, template, ref, self.graph)

    async def draft(self, template: Template, *, dark: bool) -> Letter:
        """Return what is being written as it would arrive, in light or in dark."""
        ref = self.sample.ref if self.sample else None
        return await self._read(samples.draft, template, ref, self.graph, dark=dark)

    async def count(self, stored: Mapping[str, Any] | None) -> int | None:
        """Return how many records match a filter now; None where only a run can tell."""
        return await self._read(samples.count, self.record, stored)

    def _put(self, sample: Sample | None) -> None:
        if sample != self.sample:
            self.sample = sample
            self.changed.emit()
