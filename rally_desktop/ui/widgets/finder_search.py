"""What the finder finds in the office, and what was looked for and opened before."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from rally_desktop.model.ref import Ref
from rally_desktop.services import search
from rally_desktop.services.search import Found, Group, Hit
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.widgets.finder import Entry, Finder, Section, ranked
from rally_desktop.ui.widgets.related_list import PAGES
from rally_desktop.ui.widgets.relative_time import ago

TEXTS, OPENED = "finder.texts", "finder.opened"
MOST_TEXTS, MOST_OPENED = 5, 5
FIRST, MORE = 5, 50  # of each kind: at first, and when one wants more
_ICONS = {
    "company": "building-2", "deal": "handshake", "note": "sticky-note", "message": "mail",
    "call": "phone", "task": "square-check", "meeting": "calendar",
}  # fmt: skip


class FinderSearch(QObject):
    """Answers a finder from the office; one search at a time, the newest letters first."""

    def __init__(self, desk: Desk, finder: Finder) -> None:
        super().__init__(finder)
        self._desk, self._finder = desk, finder
        self._text, self._limit = "", FIRST
        finder.asked.connect(self._ask)
        desk.background.changed.connect(self._hear)

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self._desk.notices.show_error(error)

    def _ask(self, text: str) -> None:
        self._text, self._limit = text, FIRST
        self._look()

    def _widen(self) -> None:
        """Show more of every kind for the same letters."""
        self._limit = MORE
        self._look()

    @later
    @newest
    async def _look(self) -> None:
        text = self._text
        read, refs = self._desk.background.read, self._opened()
        if not text.strip():
            hits = await read(search.named, refs)
            self._finder.show_found(text, self._before(hits))
            return
        stale = lambda: text != self._text  # noqa: E731
        found = await read(search.find, text, limit=self._limit, lately=refs, stale=stale)
        flows = await read(search.workflows)
        named = [self._workflow(*flow) for flow in flows]
        sections = [self._section(group, text, near=found.near) for group in found.groups]
        sections.append(Section("Workflows", ranked(named, text, loose=False)[:3]))
        self._finder.show_found(text, sections, _note(found))

    # -- what is listed ------------------------------------------------------------------

    def _section(self, group: Group, text: str, *, near: bool) -> Section:
        records = group.kind in PAGES
        entries = [self._entry(hit, text) for hit in group.hits]
        alike = " with a similar name" if near and records else ""
        if group.count > len(group.hits):
            if records and not near:
                says = f"Show all in {group.title}"
                entries.append(Entry(says, "list-filter", self._showing_all(group.kind, text)))
            elif self._limit < MORE:
                says = f"Show more {group.title[0].lower()}{group.title[1:]}"
                entries.append(Entry(says, "chevron-down", self._widen, stays=True))
        return Section(f"{group.title}{alike} · {group.count_said}", entries)

    def _entry(self, hit: Hit, text: str = "") -> Entry:
        when = ago(hit.at, self._desk.clock.now()) if hit.number and hit.at else ""
        return Entry(
            hit.title,
            _ICONS.get(hit.kind, ""),
            lambda: self._open(hit, text),
            when,
            hit.about,
            lambda: self._open_at(hit, text),
        )

    def _workflow(self, number: int, name: str, purpose: str) -> Entry:
        page, icon = ("sequences", "send") if purpose == "sequence" else ("workflows", "workflow")
        return Entry(name, icon, lambda: self._desk.go(page, number))

    def _showing_all(self, kind: str, text: str) -> Callable[[], None]:
        def show() -> None:
            self._remember(text)
            self._desk.go(PAGES[kind], "search", text.strip())

        return show

    def _before(self, hits: list[Hit]) -> list[Section]:
        """Return what was opened and what was looked for before."""
        texts = [
            Entry(text, "history", partial(self._finder.search.setText, text), stays=True)
            for text in self._kept(TEXTS)
        ]
        if texts:
            texts.append(Entry("Forget what was looked for", "eraser", self._forget, stays=True))
        return [
            Section("Opened lately", [self._entry(hit) for hit in hits]),
            Section("Looked for lately", texts),
        ]

    # -- opening -------------------------------------------------------------------------

    def _open(self, hit: Hit, text: str) -> None:
        self._remember(text, hit.ref)
        self._desk.go(PAGES[hit.ref.kind], hit.ref)

    @later
    async def _open_at(self, hit: Hit, text: str) -> None:
        """Open the timeline of a record, where it is a note or a message at its line."""
        self._remember(text, hit.ref)
        line = await self._desk.background.read(search.line_of, hit)
        self._desk.go(PAGES[hit.ref.kind], hit.ref, line)

    # -- what this computer remembers ----------------------------------------------------

    def _kept(self, name: str) -> list[Any]:
        return self._desk.preferences.get(name, {}).get(self._desk.background.office, [])

    def _keep(self, name: str, values: list[Any]) -> None:
        all_ = self._desk.preferences.get(name, {})
        self._desk.preferences.put(name, {**all_, self._desk.background.office: values})

    def _opened(self) -> list[Ref]:
        return [Ref(kind, number) for kind, number in self._kept(OPENED)]

    def _remember(self, text: str, ref: Ref | None = None) -> None:
        if said := " ".join(text.split()):
            others = [one for one in self._kept(TEXTS) if one.casefold() != said.casefold()]
            self._keep(TEXTS, [said, *others][:MOST_TEXTS])
        if ref is not None:
            rest = [list(one) for one in self._opened() if one != ref]
            self._keep(OPENED, [list(ref), *rest][:MOST_OPENED])

    def _hear(self, touched: frozenset[str]) -> None:
        """Forget the searches where a person was erased: one of them may be the name."""
        if "erasure" in touched:
            self._keep(TEXTS, [])

    def _forget(self) -> None:
        self._keep(TEXTS, [])
        self._ask("")


def _note(found: Found) -> str:
    """Say what the search does not know."""
    if not found.indexed:
        return "Without an index: only what is spelt as typed is found"
    waits = found.waiting
    return f"{waits:,} things are still being read in" if waits else ""
