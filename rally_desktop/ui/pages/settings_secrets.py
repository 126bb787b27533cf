"""The secrets of HTTP requests: added, named and forgotten here, and never shown."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QListWidget, QVBoxLayout, QWidget

from rally_desktop.model.work import Work
from rally_desktop.outside.secrets import Keyring, Vault
from rally_desktop.services import http_secrets
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.pages.settings_section import WIDTH
from rally_desktop.ui.widgets.ask import ask
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel

LINE = (
    "Keys and tokens that HTTP requests name as {{ secret.NAME }}. Each is told to its own server "
    "alone, and nobody can read it here again."
)


class Secrets(QFrame):
    """Lists the names there are, with three fields to add one."""

    title = "Secrets"

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.list = QListWidget()
        self.list.setAccessibleName("Secrets")
        self.name = _field("Name", "CRM_KEY")
        self.host = _field("Server", "api.example.com")
        self.value = _field("Value", "")
        self.value.setEchoMode(QLineEdit.EchoMode.Password)
        self.add = button(desk.theme, "Add", "plus")
        self.forget = button(desk.theme, "Forget", "trash-2", "danger")
        self._build()
        for field in (self.name, self.host, self.value):
            field.textChanged.connect(lambda _: self._offer())
            field.returnPressed.connect(self.add.click)
        self.list.currentRowChanged.connect(lambda _: self._offer())
        self.add.clicked.connect(lambda: self.keep())
        self.forget.clicked.connect(lambda: self.drop())
        self._offer()

    @later
    async def refresh(self) -> None:
        """List the secrets there are."""
        self._show(await self.desk.background.read(http_secrets.names))

    @later
    async def keep(self) -> None:
        """Seal what was typed in; it leaves the screen at once."""
        name, host, value = self.name.text().strip(), self.host.text(), self.value.text()
        await self.desk.background.write(_put, name, host, value)
        for field in (self.name, self.host, self.value):
            field.clear()
        self._show(await self.desk.background.read(http_secrets.names))

    @later
    async def drop(self) -> None:
        """Forget the chosen secret, once somebody said so twice."""
        name = self.list.currentItem().text()
        consequence = "Requests that name it fail from now on."
        if await ask(self, f"Forget the secret ‘{name}’?", consequence, "Forget it"):
            await self.desk.background.write(http_secrets.remove, name)
            self._show(await self.desk.background.read(http_secrets.names))

    def _show(self, names: list[str]) -> None:
        """List the names; the one that is chosen stays so."""
        chosen = self.list.currentItem()
        name = chosen.text() if chosen else ""
        self.list.clear()
        self.list.addItems(names)
        if name in names:
            self.list.setCurrentRow(names.index(name))
        self._offer()

    def _offer(self) -> None:
        typed = (self.name.text().strip(), self.host.text().strip(), self.value.text())
        self.add.setEnabled(all(typed))
        self.forget.setVisible(self.list.currentRow() >= 0)
        self.list.setVisible(self.list.count() > 0)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 24)
        column.setSpacing(12)
        line = PlainLabel(LINE, "sub")
        line.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(8)
        for field, share in ((self.name, 3), (self.host, 4), (self.value, 3)):
            row.addWidget(field, share)
        row.addWidget(self.add)
        below = QHBoxLayout()
        below.addWidget(self.forget)
        below.addStretch(1)
        box = QWidget()
        box.setMaximumWidth(WIDTH)
        inside = QVBoxLayout(box)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(12)
        inside.addWidget(line)
        inside.addLayout(row)
        inside.addWidget(self.list, 1)
        inside.addLayout(below)
        column.addWidget(box)
        column.addStretch(1)


def _field(name: str, example: str) -> QLineEdit:
    made = QLineEdit(placeholderText=f"{name}: {example}" if example else name)
    made.setAccessibleName(name)
    return made


def _put(work: Work, name: str, host: str, value: str) -> None:
    http_secrets.put(work, name, host, value, Vault(Keyring()))
