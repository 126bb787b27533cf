"""Pictures of setting a mailbox up: what was found, what is pointed out, and the proof."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from rally_desktop.outside.mail import discovery, providers
from rally_desktop.outside.mail.discovery import Found
from rally_desktop.outside.mail.providers import Server
from rally_desktop.outside.mail.proving import OWN_ID, Step
from rally_desktop.ui.pages.mail_setup_proof import ProofPanel
from rally_desktop.ui.pages.mail_setup_servers import Servers
from rally_desktop.ui.theme import Theme

ADDRESS = "ana@hill.example"
ELSEWHERE = Found(
    Server("smtp.provider.example", 587, "starttls"), Server("imap.hill.example", 993), ADDRESS,
    "hill.example says so on its web server.", elsewhere=("smtp.provider.example",),
)  # fmt: skip
STEPS = (
    Step("out", "well"), Step("into", "well"), Step("send", "well"), Step("inbox", "well", OWN_ID),
    Step("sent", "warns", "The server does not put there what goes out."),
)  # fmt: skip
WIDTH = 620


def mailbox(theme: Theme) -> Iterator[tuple[str, QFrame]]:
    """Yield each part by its name."""
    for provider in (providers.GOOGLE, providers.MICROSOFT):
        found = discovery.of_provider(provider, f"ana@{provider.domains[0]}")
        for registered in (False, True):
            part = Servers(theme)
            part.show_found(found, registered=registered)
            yield f"mail_{provider.key}{'_registered' * registered}", framed(part)
    for apart in ("", "ana-in"):
        part = Servers(theme)
        part.show_found(ELSEWHERE, registered=False)
        part.show_apart(apart)
        yield "mail_apart" if apart else "mail_elsewhere", framed(part)
    proof = ProofPanel(theme)
    for step in STEPS:
        proof.show_step(step)
    yield "mail_proof", framed(proof)


def framed(part: QWidget) -> QFrame:
    """Put a part on a panel, as it stands in a window."""
    panel = QFrame()
    panel.setObjectName("panel")
    column = QVBoxLayout(panel)
    column.setContentsMargins(24, 20, 24, 20)
    column.addWidget(part)
    return panel
