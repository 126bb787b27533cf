"""The settings page: the brake, and what the office has set, a section each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import ClassVar

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

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
from rally_desktop.ui.pages.settings_keys import Keys
from rally_desktop.ui.pages.settings_lists import Lists
from rally_desktop.ui.pages.settings_mail import Mail
from rally_desktop.ui.pages.settings_people import People
from rally_desktop.ui.pages.settings_pipelines import Pipelines
from rally_desktop.ui.pages.settings_secrets import Secrets
from rally_desktop.ui.pages.settings_section import TOPICS, Section
from rally_desktop.ui.pages.settings_sms import Sms
from rally_desktop.ui.pages.settings_tags import Tags
from rally_desktop.ui.pages.settings_web import WebState
from rally_desktop.ui.widgets.ask import ask
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.page_head import PageHead
from rally_desktop.ui.widgets.section_list import Entry, SectionList

FOR_ALL = "They hold for the whole office, on every computer."
FOR_ONE = "They hold on this computer alone."
# What the office has of its own.
OWN = (Fields, Lists, Pipelines, Tags, People, Mail, Sms, Forms, Keys)
# Every section below the name of its group, in the order of the list.
GROUPS: Mapping[str, tuple[Entry, ...]] = {
    "You": (Entry("This computer", "monitor", "who sits here mouse wheel overview tray dark"),),
    "Office": (
        Entry("People", "users", "users roles colleagues rotation absence zone"),
        Entry("Calendar", "calendar", "business days holidays hours quiet time zone"),
        Entry("Trash", "trash-2", "deleted restored days"),
    ),
    "Records": (
        Entry("Fields", "text-cursor-input", "own custom columns"),
        Entry("Lists", "list", "choices lifecycle stage lead status source"),
        Entry("Pipelines", "columns-3", "stages deals won lost"),
        Entry("Tags", "tag", "labels"),
        Entry("Score", "gauge", "points warm hot"),
    ),
    "Mail and SMS": (
        Entry("Mail", "mail", "accounts mailboxes Gmail Outlook signature limits client id"),
        Entry("Receiving", "inbox", "arrives inbox answers"),
        Entry("SMS", "message-square", "text messages gateway numbers"),
    ),
    "Web": (
        Entry("Web", "globe", "service public address unsubscribe opens clicks tracking"),
        Entry("Web forms", "file-input", "website submissions"),
        Entry("API keys", "key-round", "programs integration enrol sequences token HTTP REST curl"),
    ),
    "Automation": (Entry("Safeguards", "shield-check", "limits brakes caps recall workflows"),),
    "Security": (Entry("Secrets", "key-round", "tokens keys passwords HTTP requests"),),
}
LAST = "settings_section"  # which one was in front when this computer left the page
NARROW_BELOW = 820  # pixels; half a section would be out of sight else
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
        self.area = QStackedWidget()
        self.sections = [Section(topic) for topic in TOPICS]
        for section in self.sections:
            section.changed.connect(self._show_edited)
        self.waits = Waits(desk)
        self.sections[0].put_first(self.waits)
        self.web = WebState(desk)
        self.sections[-1].put_first(self.web)
        own = [kind(desk) for kind in OWN]
        self.secrets = Secrets(desk)
        self.computer = Computer(desk)
        self.parts: dict[str, QWidget] = {
            **{section.topic.title: section for section in self.sections},
            **{each.title: each for each in (*own, self.secrets, self.computer)},
        }
        for each in self.parts.values():
            self.area.addWidget(each)
        self.list = SectionList(desk.theme, "Settings", self._groups())
        self._build()
        self.list.chosen.connect(self._choose)
        self.save.clicked.connect(lambda: self.keep())
        self.revert.clicked.connect(self._revert)
        self.audit.clicked.connect(lambda: desk.go("audit"))
        self.brake.pulled.connect(lambda stopped: self.pull(stopped))
        desk.background.changed.connect(self._hear)
        self.setFocusProxy(self.list)
        if not self.list.choose(desk.preferences.get(LAST, "")):
            self.list.choose(self.list.titles[0])

    def shown(self) -> None:
        """Read the settings anew, but for what is being edited."""
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the words out of the list where room is short."""
        super().resizeEvent(event)
        self.list.set_narrow(self.width() < NARROW_BELOW)

    def open(self, *what: object) -> None:
        """Show a section by its title, or the last one; ``stop`` stops all sending at once."""
        for each in what:
            self.list.choose(str(each))
        if "stop" in what:
            self.pull(True)

    def scenes(self) -> Mapping[str, Callable[[], None]]:
        """Show every section."""
        return {title.lower(): partial(self.open, title) for title in self.list.titles}

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

    def _groups(self) -> dict[str, list[Entry]]:
        """Return the sections that there are, each found by the words of its settings too."""
        made: dict[str, list[Entry]] = {}
        for group, entries in GROUPS.items():
            for entry in entries:
                if part := self.parts.get(entry.title):
                    words = _words(part) if isinstance(part, Section) else ""
                    more = replace(entry, words=f"{entry.words} {words}")
                    made.setdefault(group, []).append(more)
        return made

    def _choose(self, title: str) -> None:
        self.area.setCurrentWidget(self.parts[title])
        self.desk.preferences.put(LAST, title)
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
        row, right = QHBoxLayout(), QVBoxLayout()
        row.setSpacing(0)
        right.setSpacing(0)
        right.addWidget(self.brake)
        right.addWidget(self.area, 1)
        row.addWidget(self.list)
        row.addLayout(right, 1)
        column.addLayout(row, 1)


def _words(section: Section) -> str:
    """Return what the settings of a section are called."""
    return " ".join(setting.field.label for setting in section.topic.kind.settings())
