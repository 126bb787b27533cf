"""The templates page: every text the office sends, the chosen one shown as somebody gets it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from typing import ClassVar

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
)

from rally_desktop.core.fold import fold
from rally_desktop.engine import template_use
from rally_desktop.services import templates
from rally_desktop.services.templates import Template
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.forms.sample import SampleChoice
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages import Page
from rally_desktop.ui.pages.templates_deeds import TemplateDeeds
from rally_desktop.ui.pages.templates_preview import TemplatePreview
from rally_desktop.ui.pages.templates_slots import design_title
from rally_desktop.ui.widgets.beside import beside
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.empty_panel import EmptyPanel
from rally_desktop.ui.widgets.list_table import Column, ListTable
from rally_desktop.ui.widgets.page_head import PageHead, lay_out
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.relative_time import ago, exactly

SHOWS = frozenset({"template", "workflow", "workflow_version"})
FOLDER, CHANGED = 2, 4  # columns
NARROW = 1_000
CHANNELS = (("E-mail and SMS", ""), ("E-mail", "email"), ("SMS", "sms"))
EMPTY = "What you send again and again is written once: as text, in a design, or in your own HTML."


class TemplatesPage(Page):
    """Lists templates with where they are used; keeps up while others write."""

    title: ClassVar = "Templates"
    icon: ClassVar = "layout-template"
    order: ClassVar = 40

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._all: list[Template] = []
        self._uses: Mapping[str, list[str]] = {}
        self._wanted = ""
        self.head = PageHead(self.title)
        self.search = QLineEdit(placeholderText="Find a template", clearButtonEnabled=True)
        self.search.setAccessibleName("Find a template")
        self.search.setFixedWidth(200)
        self.channels = _box("What it is sent by", CHANNELS)
        self.folders = _box("Folder", (("Every folder", ""),))
        self.new = button(desk.theme, "New template", "plus", "primary")
        self.new.setMenu(QMenu(self.new))
        self.head.add(self.search, self.channels, self.folders, self.new)
        self.table: ListTable[Template] = ListTable(desk.theme, "Templates", self._columns())
        self.sample = SampleChoice(desk.background.read)
        self.preview = TemplatePreview(desk, self.sample, self.table.current)
        self.used = PlainLabel("", "sub")
        self.used.setWordWrap(True)
        self.deeds = TemplateDeeds(self)
        self.empty = EmptyPanel(desk.theme)
        self._build()
        self._connect()
        self.setFocusProxy(self.table)

    def shown(self) -> None:
        """Read the list anew."""
        self.refresh()

    def open(self, *what: object) -> None:
        """Choose the template of a name, or show all of them."""
        self._wanted = str(what[0]) if what else ""
        self._show_all()
        self.refresh()

    def scenes(self) -> Mapping[str, Callable[[], None]]:
        """Show a template while it is written, its versions, a test, and nothing found."""
        return {
            "template": self._edit_telling,
            "template_versions": self.deeds.show_past,
            "template_test": self.deeds.try_out,
            "templates_nothing_found": lambda: self.search.setText("zzz"),
        }

    def uses_of(self, made: Template) -> list[str]:
        """Return the workflows that send a template."""
        return self._uses.get(made.name, [])

    def folder_names(self) -> list[str]:
        """Return the folders there are."""
        return sorted({one.folder for one in self._all if one.folder}, key=fold)

    # -- reading -----------------------------------------------------------------------------

    @later
    @newest
    async def refresh(self) -> None:
        """Read the templates and where they are used."""
        self._all = await self.desk.background.read(templates.listed)
        self._uses = await self.desk.background.read(template_use.uses)
        self._offer_folders()
        self._show()

    def _show(self) -> None:
        """List what matches; the chosen one stays chosen."""
        typed, channel = fold(self.search.text()), self.channels.currentData()
        folder = self.folders.currentData()
        rows = [
            one
            for one in self._all
            if (not channel or one.channel == channel)
            and (not folder or one.folder == folder)
            and all(word in _words(one) for word in typed.split())
        ]
        self._fit()
        self.table.show_rows(rows, lambda one: one.id)
        self._lists.setCurrentWidget(self._split if rows else self.empty)
        self._say(len(rows))
        if self._wanted and self.table.choose(lambda one: one.name == self._wanted):
            self._wanted = ""
        if rows and self.table.current() is None:
            self.table.choose(lambda one: True)
        self._show_chosen()

    def _fit(self) -> None:
        """Leave columns out where there is no room, or no folder, for them."""
        narrow = self.width() < NARROW
        self.table.setColumnHidden(FOLDER, narrow or not self.folder_names())
        self.table.setColumnHidden(CHANGED, narrow)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep room for the names."""
        super().resizeEvent(event)
        self._fit()

    def _show_chosen(self) -> None:
        chosen = self.table.current()
        uses = self.uses_of(chosen) if chosen else []
        names = ", ".join(f"‘{name}’" for name in uses)
        self.used.setText(f"Used in {names}." if uses else "Used in no workflow.")
        self.deeds.offer(chosen)
        self.preview.show_now()

    def _say(self, count: int) -> None:
        whole = len(self._all)
        shown = f"{count:,} of " if count != whole else ""
        self.head.line.setText(f"{shown}{whole:,} template{'s' * (whole != 1)}")
        if not whole:
            self.empty.say("layout-template", "No templates yet", EMPTY, "Write an e-mail")
        elif not count:
            words = "No template matches what you asked for."
            self.empty.say("search", "Nothing found", words, "Show every template")

    def _offer_folders(self) -> None:
        chosen = self.folders.currentData()
        with QSignalBlocker(self.folders):
            self.folders.clear()
            self.folders.addItem("Every folder", "")
            for name in self.folder_names():
                self.folders.addItem(name, name)
            self.folders.setCurrentIndex(max(0, self.folders.findData(chosen)))
        self.folders.setVisible(self.folders.count() > 1)

    def _press_empty(self) -> None:
        if self._all:
            self._show_all()
            self._show()
        else:
            self.deeds.write_new("email")

    def _show_all(self) -> None:
        boxes = (self.search, self.channels, self.folders)
        with contextlib.ExitStack() as quiet:
            for box in boxes:
                quiet.enter_context(QSignalBlocker(box))
            self.search.clear()
            self.channels.setCurrentIndex(0)
            self.folders.setCurrentIndex(0)

    def _edit_telling(self) -> None:
        """Open one with a design where there is one."""
        self.table.choose(lambda one: one.family == "theme")
        self.deeds.edit()

    def _hear(self, touched: frozenset[str]) -> None:
        if touched & SHOWS and self.isVisible():
            self.refresh()

    # -- layout ------------------------------------------------------------------------------

    def _columns(self) -> list[Column[Template]]:
        clock = self.desk.clock
        return [
            Column("Name", lambda one: one.name, strong=True, tip=lambda one: one.name),
            Column("Kind", kind_of, 126),
            Column("Folder", lambda one: one.folder, 86),
            Column("Workflows", lambda one: str(len(self.uses_of(one)) or ""), 88, right=True,
                   sort=lambda one: len(self.uses_of(one)),
                   tip=lambda one: ", ".join(self.uses_of(one))),
            Column("Changed", lambda one: ago(one.updated_at, clock.now()) if one.updated_at
                   else "", 104, sort=lambda one: one.updated_at,
                   tip=lambda one: exactly(one.updated_at) if one.updated_at else ""),
        ]  # fmt: skip

    def _build(self) -> None:
        card = QFrame(objectName="card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(8, 4, 8, 8)
        inside.addWidget(self.table)
        side = QFrame(objectName="card")
        within = QVBoxLayout(side)
        within.setContentsMargins(16, 12, 16, 16)
        within.setSpacing(10)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.deeds)
        within.addLayout(head)
        within.addWidget(self.used)
        within.addWidget(self.preview, 1)
        side.setMinimumWidth(416)
        self._split = beside(card, side, (600, 480))
        self._split.setStretchFactor(1, 1)
        self._lists = QStackedWidget()
        self._lists.addWidget(self._split)
        self._lists.addWidget(self.empty)
        lay_out(self, self.head, self._lists)

    def _connect(self) -> None:
        menu = self.new.menu()
        menu.addAction("E-mail").triggered.connect(lambda: self.deeds.write_new("email"))
        menu.addAction("SMS").triggered.connect(lambda: self.deeds.write_new("sms"))
        fresh = QShortcut(QKeySequence(QKeySequence.StandardKey.New), self)
        fresh.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        fresh.activated.connect(lambda: self.deeds.write_new("email"))
        self.search.textChanged.connect(lambda _text: self._show())
        self.channels.currentIndexChanged.connect(lambda _at: self._show())
        self.folders.currentIndexChanged.connect(lambda _at: self._show())
        self.table.chosen.connect(lambda _one: self._show_chosen())
        self.table.opened.connect(lambda _one: self.deeds.edit())
        self.table.deleting.connect(lambda _one: self.deeds.throw_away())
        self.empty.pressed.connect(self._press_empty)
        self.desk.background.changed.connect(self._hear)


def kind_of(made: Template) -> str:
    """Say how a template is sent and written."""
    if made.channel == "sms":
        return "SMS"
    return {"theme": design_title(made.theme), "custom": "HTML"}.get(made.family, "Text")


def _words(made: Template) -> str:
    return fold(f"{made.name} {made.subject} {made.text} {made.folder}")


def _box(says: str, pairs: tuple[tuple[str, str], ...]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(says)
    for words, value in pairs:
        box.addItem(words, value)
    return box
