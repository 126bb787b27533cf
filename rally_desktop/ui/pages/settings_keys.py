"""The API keys in the settings: which programs hold one, and how they enrol somebody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout

from rally_desktop.engine import by_program
from rally_desktop.engine.doors import Door
from rally_desktop.model.work import Work
from rally_desktop.services import api_keys, web
from rally_desktop.services.api_keys import ApiKey
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages.key_dialog import KeyDialog
from rally_desktop.ui.pages.settings_own import OwnSection
from rally_desktop.ui.widgets.ask import ask
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.empty_panel import EmptyPanel
from rally_desktop.ui.widgets.list_table import Column, ListTable
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.relative_time import ago

OFF = "The web service is off, so no program is answered. Switch it on under ‘Web’."
NO_SEQUENCE = "No sequence enrols contacts at the moment. Publish one, and the request stands here."
EXAMPLE = """curl {address}/v1/sequences/{sequence}/people \\
  --header "Authorization: Bearer $RALLY_KEY" \\
  --json '{{"email": "ana@example.com"}}'"""
EXAMPLE_LINES = 3


@dataclass(frozen=True)
class Listed:
    """What the section shows: the keys, what can be enrolled in, and where it is asked."""

    keys: list[ApiKey]
    sequences: list[Door]
    address: str
    on: bool


class Keys(OwnSection):
    """A table of keys with what can be done to the chosen one, and a request to copy."""

    title: ClassVar = "API keys"
    line: ClassVar = (
        "Programs of yours, such as a shop or a booking system, enrol people in sequences by a "
        "key. They are answered while the web service is on."
    )
    watched: ClassVar = frozenset({"api_key", "setting", "workflow"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.new = button(desk.theme, "New key", "plus")
        self.top.addWidget(self.new)
        self.top.addStretch(1)
        self.trouble = PlainLabel(role="sub")
        self.trouble.set_tone("warn")
        self.trouble.setWordWrap(True)
        self.table: ListTable[ApiKey] = ListTable(desk.theme, "API keys", self._columns())
        self.empty = EmptyPanel(desk.theme)
        words = "Make one for each program that is to enrol people by itself."
        self.empty.say("key-round", "No keys yet", words, "New key")
        self.revoke = button(desk.theme, "Revoke", "trash-2", "danger")
        self.example = Example(desk)
        column = self.fill(self.trouble, (self.table, self.empty), (self.revoke,))
        column.addWidget(self.example)
        self.new.clicked.connect(self.open_new)
        self.empty.pressed.connect(self.open_new)
        self.table.chosen.connect(lambda _: self._offer())
        self.table.deleting.connect(lambda key: self.drop(key))
        self.revoke.clicked.connect(self._drop_chosen)
        self.setFocusProxy(self.table)
        self._show(Listed([], [], "", on=True))

    @later
    @newest
    async def refresh(self) -> None:
        """Read the keys there are."""
        self._show(await self.read(_listed))

    def open_new(self) -> None:
        """Ask what a new key is for, and show it."""
        KeyDialog(self.desk, self).open()

    @later
    async def drop(self, key: ApiKey) -> None:
        """Revoke a key, once somebody said so twice."""
        if key.revoked_at is not None:
            return
        what = "The program that shows it is refused from now on. This cannot be undone."
        if await ask(self, f"Revoke the key of ‘{key.name}’?", what, "Revoke"):
            await self.write(api_keys.revoke, key.id)

    def _drop_chosen(self) -> None:
        if (key := self.table.current()) is not None:
            self.drop(key)

    def _show(self, listed: Listed) -> None:
        self.table.show_rows(listed.keys, lambda key: key.id)
        there = bool(listed.keys)
        for part in (self.table, self.new, self.example):
            part.setVisible(there)
        self.empty.setVisible(not there)
        self.trouble.setText(OFF)
        self.trouble.setVisible(there and not listed.on)
        self.example.offer(listed.address, listed.sequences)
        self._offer()

    def _offer(self) -> None:
        key = self.table.current()
        self.revoke.setVisible(key is not None and key.revoked_at is None)

    def _columns(self) -> tuple[Column[ApiKey], ...]:
        now = self.desk.clock.now
        return (
            Column("Name", lambda key: key.name, 0, strong=True),
            Column("Key", lambda key: key.begins, 170),
            Column("May", lambda key: "Enrol, add contacts" if key.adds else "Enrol", 160),
            Column("Made", lambda key: ago(key.created_at, now()), 110,
                   tip=lambda key: f"By {key.created_by}" if key.created_by else ""),
            Column("Last used", lambda key: ago(key.used_at, now()) if key.used_at else "Never",
                   110),
            Column("State", lambda key: "Revoked" if key.revoked_at else "In force", 100,
                   pill=lambda key: "plain" if key.revoked_at else "ok"),
        )  # fmt: skip


class Example(QFrame):
    """The request by which a program enrols somebody, to be copied."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(objectName="card")
        self._desk, self._address = desk, ""
        self.heading = PlainLabel(role="strong")
        self.sequence = QComboBox()
        self.sequence.setAccessibleName("Sequence")
        self.sequence.setMinimumWidth(220)
        self.none = PlainLabel(NO_SEQUENCE, "sub")
        self.none.setWordWrap(True)
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setAccessibleName("Request to copy")
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setTabChangesFocus(True)
        self.text.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text.setFixedHeight(self.text.fontMetrics().lineSpacing() * EXAMPLE_LINES + 24)
        self.copy = button(desk.theme, "Copy", "copy")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.heading)
        head.addWidget(self.sequence)
        head.addStretch(1)
        head.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 12, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.none)
        column.addWidget(self.text)
        self.sequence.currentIndexChanged.connect(lambda _: self._draw())
        self.copy.clicked.connect(self._copy)

    def offer(self, address: str, sequences: list[Door]) -> None:
        """Let one of these sequences be chosen; the one that is chosen stays so."""
        chosen, self._address = self.sequence.currentData(), address
        self.sequence.blockSignals(True)
        self.sequence.clear()
        for one in sequences:
            self.sequence.addItem(one.name, one.id)
        self.sequence.setCurrentIndex(max(0, self.sequence.findData(chosen)) if sequences else -1)
        self.sequence.blockSignals(False)
        for part in (self.sequence, self.text, self.copy):
            part.setVisible(bool(sequences))
        self.none.setVisible(not sequences)
        self.heading.setText(f"How a program enrols somebody{' in' if sequences else ''}")
        self._draw()

    def _draw(self) -> None:
        number = self.sequence.currentData()
        self.text.setPlainText(EXAMPLE.format(address=self._address, sequence=number))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self._desk.notices.tell("The request is copied.", "ok")


def _listed(work: Work) -> Listed:
    return Listed(
        api_keys.listed(work), by_program.sequences(work), web.reached_at(work), web.of(work).on
    )
