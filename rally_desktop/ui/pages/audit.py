"""The audit log: who changed what and when, in words, and whether it is as it was written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ClassVar

from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout

from rally_desktop.core.errors import NotFound
from rally_desktop.services import audit_export, audit_list
from rally_desktop.services.audit_list import Line
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages import Page
from rally_desktop.ui.pages.audit_detail import AuditDetail, ways
from rally_desktop.ui.pages.audit_filter import AuditFilter
from rally_desktop.ui.pages.audit_proof import AuditProof
from rally_desktop.ui.widgets.audit_table import AuditTable
from rally_desktop.ui.widgets.beside import beside
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.empty_panel import EmptyPanel
from rally_desktop.ui.widgets.page_head import PageHead, lay_out


class AuditPage(Page):
    """Lists what was done, the newest first; the chosen line in full beside it."""

    title: ClassVar = "Audit log"
    icon: ClassVar = "scroll-text"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.head = PageHead(self.title)
        self.head.lead_back(desk.theme, desk.back)
        self.export_button = button(desk.theme, "Export…", "download")
        self.export_button.setToolTip("Take out what is listed, as CSV or Excel")
        self.filter = AuditFilter(desk)
        self.head.add(self.filter.about, self.export_button)
        self.proof = AuditProof(desk)
        self.table = AuditTable(desk)
        self.detail = AuditDetail(desk.theme)
        self.empty = EmptyPanel(desk.theme)
        self._lists = QStackedWidget()
        self._build()
        self._connect()
        self.setFocusProxy(self.table)

    def shown(self) -> None:
        """Read the log anew."""
        self.refresh()

    def open(self, *what: object) -> None:
        """Show what happened to one thing: what it is (contact, workflow), and its number."""
        if len(what) == 2 and isinstance(what[0], str) and isinstance(what[1], int):
            self.narrow(what[0], what[1])

    def scenes(self) -> Mapping[str, Callable[[], None]]:
        """Show it checked, and what it looks like while nothing matches."""
        return {
            "audit_checked": self.proof.check,
            "audit_nothing_found": lambda: self.filter.search.setText("zzz"),
        }

    @later
    @newest
    async def refresh(self) -> None:
        """Read which lines there are, and who there is to choose from."""
        self.filter.offer(await self.desk.background.read(audit_list.people))
        self.table.lines.ask(self.filter.wanted())

    @later
    async def narrow(self, what: str, number: int) -> None:
        """List what happened to one record, workflow or person alone."""
        name = await self.desk.background.read(audit_list.name_of, what, number)
        self.filter.show_about((what, number), name or f"{what} {number}")

    @later
    @newest
    async def show_chosen(self) -> None:
        """Show the chosen line in full."""
        number = self.table.number()
        try:
            whole = (
                None if number is None else await self.desk.background.read(audit_list.one, number)
            )
        except NotFound:
            whole = None
        if number == self.table.number():
            self.detail.show_line(whole)

    @later
    async def write(self, name: str) -> None:
        """Write what is listed into a file."""
        path, wanted = Path(name), self.filter.wanted()
        count = await self.proof.task.wait(
            lambda store, tell, stop: audit_export.write(
                store, path, wanted, lambda done, _: tell(done), stop
            ),
            len(self.table.lines.ids),
        )
        if count is not None:
            self.desk.notices.tell(f"{count:,} lines are in ‘{path.name}’.", "ok")

    def _export(self) -> None:
        from rally_desktop.ui.pages.import_file import save_as  # it stands on much

        save_as(self, self.desk, "Audit log.csv", self.write)

    def _go(self, line: Line) -> None:
        for _, _, way in ways(line)[:1]:
            self.desk.go(str(way[0]), *way[1:])

    def _counted(self) -> None:
        count = len(self.table.lines.ids)
        self.head.line.setText(f"{count:,} line{'s' * (count != 1)}, the newest first")
        self.export_button.setEnabled(bool(count))
        self._lists.setCurrentWidget(self._split if count else self.empty)
        if not count and self.filter.is_narrowed():
            words = "No line matches what you asked for."
            self.empty.say("search", "Nothing found", words, "Show everything")
        elif not count:
            words = "Whatever anybody changes from now on is written down here."
            self.empty.say("scroll-text", "Nothing happened yet", words)
        if count and self.table.number() is None:
            self.table.choose(0)

    def _connect(self) -> None:
        lines, go = self.table.lines, self.desk.go
        self.export_button.clicked.connect(self._export)
        self.filter.changed.connect(lambda: lines.ask(self.filter.wanted()))
        self.filter.left.connect(self.table.setFocus)
        self.empty.pressed.connect(self.filter.clear)
        lines.counted.connect(self._counted)
        self.table.chosen.connect(lambda _: self.show_chosen())
        self.table.opened.connect(self._go)
        self.detail.going.connect(lambda page, what: go(page, *what))
        self.detail.narrowed.connect(lambda line: self.narrow(line.what, line.number))

    def _build(self) -> None:
        card, side = QFrame(objectName="card"), QFrame(objectName="card")
        inside, within = QVBoxLayout(card), QVBoxLayout(side)
        inside.setContentsMargins(8, 4, 8, 8)
        inside.addWidget(self.table)
        within.setContentsMargins(1, 6, 1, 6)
        within.addWidget(self.detail)
        side.setMinimumWidth(300)
        self._split = beside(card, side, (760, 340))
        self._lists.addWidget(self._split)
        self._lists.addWidget(self.empty)
        lay_out(self, self.head, self.filter, self.proof, self._lists)
