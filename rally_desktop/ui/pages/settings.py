"""The settings page: the brake, and what the office has set, a section each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import ClassVar

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout

from rally_desktop.core.errors import BadSettings
from rally_desktop.services import safeguards
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.pages import Page
from rally_desktop.ui.pages.settings_asked import Waits
from rally_desktop.ui.pages.settings_brake import Brake
from rally_desktop.ui.pages.settings_computer import Computer
from rally_desktop.ui.pages.settings_fields import Fields
from rally_desktop.ui.pages.settings_forms import Forms
from rally_desktop.ui.pages.settings_lists import Lists
from rally_desktop.ui.pages.settings_mail import Mail
from rally_desktop.ui.pages.settings_people import People
from rally_desktop.ui.pages.settings_pipelines import Pipelines
from rally_desktop.ui.pages.settings_secrets import Secrets
from rally_desktop.ui.pages.settings_section import TOPICS, Section
from rally_desktop.ui.pages.settings_tags import Tags
from rally_desktop.ui.pages.settings_web import WebState
from rally_desktop.ui.widgets.ask import ask
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.page_head import PageHead

FOR_ALL = "They hold for the whole office, on every computer."
FOR_ONE = "They hold on this computer alone."
# What the office has of its own.
OWN = (Fields, Lists, Pipelines, Tags, People, Mail, Forms)
WAITS = frozenset({"mail_account", "enrolment", "outbox"})


class SettingsPage(Page):
    """Shows the office's settings; what is edited is kept on screen until saved or reverted."""

    title: ClassVar = "Settings"
    icon: ClassVar = "settings"
    order: ClassVar = 90

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.head = PageHead(self.title)
        self.head.line.setText(FOR_ALL)
        self.revert = button(desk.theme, "Revert", "undo-2")
        self.save = button(desk.theme, "Save", "check", "primary")
        self.audit = button(desk.theme, "Audit log", "scroll-text", "quiet")
        self.head.add(self.audit, self.revert, self.save)
        self.brake = Brake(desk.theme)
        self.tabs = QTabBar(drawBase=False, expanding=False)
        self.tabs.setAccessibleName("Sections of the settings")
        self.area = QStackedWidget()
        self.sections = [Section(topic) for topic in TOPICS]
        for section in self.sections:
            self.tabs.addTab(section.topic.title)
            self.area.addWidget(section)
            section.changed.connect(self._show_edited)
        self.waits = Waits(desk)
        self.sections[0].put_first(self.waits)
        self.web = WebState(desk)
        self.sections[-1].put_first(self.web)
        own = [kind(desk) for kind in OWN]
        self.secrets = Secrets(desk)
        self.computer = Computer(desk)
        for each in (*own, self.secrets, self.computer):
            self.tabs.addTab(each.title)
            self.area.addWidget(each)
        self._build()
        self.tabs.currentChanged.connect(self._choose)
        self.save.clicked.connect(lambda: self.keep())
        self.revert.clicked.connect(self._revert)
        self.audit.clicked.connect(lambda: desk.go("audit"))
        self.brake.pulled.connect(lambda stopped: self.pull(stopped))
        desk.background.changed.connect(self._hear)
        self.setFocusProxy(self.tabs)
        self._show_edited()

    def shown(self) -> None:
        """Read the settings anew, but for what is being edited."""
        self.refresh()

    def open(self, *what: object) -> None:
        """Show a section by its title, or the first; ``stop`` stops all sending at once."""
        if not what:
            self.tabs.setCurrentIndex(0)
        for place in range(self.tabs.count()):
            if self.tabs.tabText(place) in what:
                self.tabs.setCurrentIndex(place)
        if "stop" in what:
            self.pull(True)

    def scenes(self) -> Mapping[str, Callable[[], None]]:
        """Show every section but the first, which is in front already."""
        return {
            self.tabs.tabText(place).lower(): partial(self.tabs.setCurrentIndex, place)
            for place in range(1, self.tabs.count())
        }

    @later
    async def refresh(self) -> None:
        """Read what the office has set."""
        self.secrets.refresh()
        self.waits.refresh()
        self.web.refresh()
        read = self.desk.background.read
        self.brake.show_state(stopped=await read(safeguards.sending_stopped))
        for section in self.sections:
            stored = await read(section.topic.read)
            if section.topic.offers and not section.is_edited():
                section.offer(await read(section.topic.offers))
            if not section.is_edited():
                section.show_stored(stored)

    @later
    async def keep(self) -> None:
        """Save the section in front, or show what is wrong with it."""
        section = self._current()
        if section is None:
            return
        try:
            made = section.form.value()
        except BadSettings:
            section.form.show_problems()
            return
        await self.desk.background.write(section.topic.write, made)
        section.show_stored(made)

    @later
    async def pull(self, stopped: bool) -> None:
        """Stop all sending at once, or let it go on once somebody said so twice."""
        question = "Let messages go out again?"
        what = "Everything that came due meanwhile is sent, as far as the safeguards let it."
        if stopped or await ask(self, question, what, "Let them go"):
            await self.desk.background.write(safeguards.stop_sending, stopped=stopped)
            self.brake.show_state(stopped=stopped)

    def _current(self) -> Section | None:
        """Return the section in front; None where that is no form."""
        front = self.area.currentWidget()
        return front if isinstance(front, Section) else None

    def _revert(self) -> None:
        if section := self._current():
            section.revert()

    def _choose(self, place: int) -> None:
        self.area.setCurrentIndex(place)
        here = self.area.currentWidget() is self.computer
        self.head.line.setText(FOR_ONE if here else FOR_ALL)
        self._show_edited()

    def _show_edited(self) -> None:
        section = self._current()
        for each in (self.save, self.revert):
            each.setVisible(section is not None)
            each.setEnabled(section is not None and section.is_edited())

    def _hear(self, tables: frozenset[str]) -> None:
        if tables & {"setting", "secret"} and self.isVisible():
            self.refresh()
        elif tables & WAITS and self.isVisible():
            self.waits.refresh()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.brake)
        row = QHBoxLayout()
        row.setContentsMargins(12, 6, 12, 0)  # the words of a tab stand 12 from its edge
        row.addWidget(self.tabs)
        column.addLayout(row)
        column.addWidget(self.area, 1)
