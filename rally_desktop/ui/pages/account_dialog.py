"""What mailboxes and gateways are set alike: whom they write for, how much, and when."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.core.errors import RallyError
from rally_desktop.model.graph import Hours
from rally_desktop.services.mail_accounts import Account, Settings
from rally_desktop.services.users import User
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.pages.workflow_messages import HoursEditor
from rally_desktop.ui.pages.workflow_rows import number, page_of
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel

TOP = 14  # between the tabs and what stands below them


class AccountDialog(QDialog):
    """``saved`` is heard once the changes are kept; ``called`` is what the account is headed."""

    saved = Signal()

    def __init__(
        self, desk: Desk, account: Account, people: dict[str, User], parent: QWidget, called: str
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(580)
        self.desk, self.account, self.called = desk, account, called
        self.name = QLineEdit(account.name)
        self.people = _writers(account, people)
        self.fallback = QCheckBox("Writes for everybody else, too")
        self.fallback.setChecked(account.fallback)
        self.hourly = number(0, 1_000_000, "an hour", "Messages an hour", "No limit an hour")
        self.hourly.setValue(account.hourly_limit)
        self.daily = number(
            0, 1_000_000, "in 24 hours", "Messages in 24 hours", "No limit in 24 hours"
        )
        self.daily.setValue(account.daily_limit)
        self.limited = QCheckBox("Only at certain hours")
        self.limited.setChecked(account.open_hours is not None)
        self.hours = HoursEditor()
        self.hours.fill(account.open_hours or Hours())
        self.hours.setVisible(account.open_hours is not None)
        self.wrong = PlainLabel("", "sub")
        self.wrong.set_tone("bad")
        self.wrong.setWordWrap(True)
        self.save_button = button(desk.theme, "Save", kind="primary")
        self.save_button.setDefault(True)
        self.cancel = button(desk.theme, "Cancel")
        self.limited.toggled.connect(self.hours.setVisible)
        self.save_button.clicked.connect(lambda: self.save())
        self.cancel.clicked.connect(self.reject)

    def values(self) -> Settings:
        """Return what the account shall be."""
        rows = [self.people.item(row) for row in range(self.people.count())]
        return Settings(
            name=self.name.text().strip() or self.called,
            writes_for=[
                item.data(Qt.ItemDataRole.UserRole)
                for item in rows
                if item.checkState() == Qt.CheckState.Checked
            ],
            fallback=self.fallback.isChecked(),
            hourly_limit=self.hourly.value(),
            daily_limit=self.daily.value(),
            hours=self.hours.read() if self.limited.isChecked() else None,
        )

    @later
    async def save(self) -> None:
        """Keep what was typed; what is wrong is said here."""
        try:
            await self.keep()
        except RallyError as error:
            self.wrong.setText(str(error))
            return
        self.saved.emit()
        self.accept()

    async def keep(self) -> None:
        """Write what was typed."""
        raise NotImplementedError

    def show_error(self, error: Exception) -> None:
        """Say what went wrong."""
        self.desk.notices.show_error(error)

    def lay_out(self, parts: Mapping[str, tuple[QWidget, ...]]) -> None:
        """Put the parts below tabs of these names."""
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        for name, below in parts.items():
            tabs.addTab(page_of(*below, top=TOP), name)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.wrong, 1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.save_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(PlainLabel(self.called, "heading"))
        column.addWidget(tabs, 1)
        column.addLayout(foot)


def _writers(account: Account, people: dict[str, User]) -> QListWidget:
    """Return a list to tick in whom the account writes for."""
    made = QListWidget()
    made.setAccessibleName("Writes for")
    made.setObjectName("card")
    made.setMinimumHeight(46)
    made.setMaximumHeight(min(108, 30 * len(people) + 16))
    for label, user in people.items():
        item = QListWidgetItem(label)
        mine = user.id in account.writes_for
        item.setCheckState(Qt.CheckState.Checked if mine else Qt.CheckState.Unchecked)
        item.setSizeHint(QSize(0, 30))
        item.setData(Qt.ItemDataRole.UserRole, user.id)
        made.addItem(item)
    return made
