"""The office's own client id with a provider, which signing in needs once."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from rally_desktop.core.errors import RallyError
from rally_desktop.outside.mail.providers import Provider
from rally_desktop.outside.secrets import Vault
from rally_desktop.services import mail_consent
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.pages.workflow_rows import explained, named
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel

WHY = (
    "{title} lets programs in that an office has registered itself, so that nobody else’s "
    "registration stands between you and your mail. Make one at {console}, and copy it here."
)
KEPT = "Kept sealed on this computer; other computers of the office are each told it once."


class ClientDialog(QDialog):
    """``saved`` is heard once the id is kept."""

    saved = Signal()

    def __init__(self, desk: Desk, provider: Provider, vault: Vault, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Client ID for {provider.title}")
        self.setFixedWidth(520)
        self.desk, self._provider, self._vault = desk, provider, vault
        consent = provider.consent
        self.id = QLineEdit()
        self.id.setAccessibleName("Client ID")
        self.secret = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self.secret.setAccessibleName("Client secret")
        self.wrong = PlainLabel("", "sub")
        self.wrong.set_tone("bad")
        self.wrong.setWordWrap(True)
        self.wrong.hide()
        self.save_button = button(desk.theme, "Save", kind="primary")
        self.save_button.setDefault(True)
        cancel = button(desk.theme, "Cancel")
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.save_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(PlainLabel(f"Client ID for {provider.title}", "heading"))
        console = consent.console if consent else ""
        column.addWidget(explained(WHY.format(title=provider.title, console=console)))
        column.addWidget(named("Client ID", self.id))
        secret = named("Client secret", self.secret, KEPT)
        secret.setVisible(consent is not None and consent.with_secret)
        column.addWidget(secret)
        column.addWidget(self.wrong)
        column.addStretch(1)
        column.addLayout(foot)
        cancel.clicked.connect(self.reject)
        self.save_button.clicked.connect(lambda: self.save())
        self.read()

    @later
    async def read(self) -> None:
        """Show the id there is; a secret is never shown."""
        self.id.setText(await self.desk.background.read(mail_consent.client_id, self._provider.key))
        self.id.setFocus()

    @later
    async def save(self) -> None:
        """Keep the id, and say in place what is wrong with it."""
        try:
            await self.desk.background.write(
                mail_consent.save_client, self._provider.key, self.id.text(),
                self.secret.text(), self._vault,
            )  # fmt: skip
        except RallyError as error:
            self.wrong.setText(str(error))
            self.wrong.show()
            return
        self.saved.emit()
        self.accept()
