"""Commands: how the office reaches people and is reached, each a section of the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rally_desktop.ui.commands import command

if TYPE_CHECKING:
    from rally_desktop.ui.desk import Desk


@command("Mailboxes: sign-ins, limits, signatures", "mail")
def show_mailboxes(desk: Desk) -> None:
    """Show the accounts that messages go out from."""
    desk.go("settings", "Mail")


@command("How mail is received", "inbox")
def show_receiving(desk: Desk) -> None:
    """Show how far back a mailbox is read, and what waits for that."""
    desk.go("settings", "Receiving")


@command("Gateways for SMS", "message-square")
def show_gateways(desk: Desk) -> None:
    """Show by which gateways text messages go out."""
    desk.go("settings", "SMS")


@command("Web service and public address", "globe")
def show_web(desk: Desk) -> None:
    """Show how the office is reached from the web, and what is counted."""
    desk.go("settings", "Web")


@command("Forms of the website", "file-input")
def show_forms(desk: Desk) -> None:
    """Show the forms that people fill in on the website."""
    desk.go("settings", "Web forms")


@command("API keys of programs", "key-round")
def show_keys(desk: Desk) -> None:
    """Show which programs may enrol people in sequences."""
    desk.go("settings", "API keys")


@command("Points of the score", "gauge")
def show_score(desk: Desk) -> None:
    """Show what raises a contact's score, and how it fades."""
    desk.go("settings", "Score")


@command("Secrets of HTTP requests", "key-round")
def show_secrets(desk: Desk) -> None:
    """Show the names of keys and tokens, never what they are."""
    desk.go("settings", "Secrets")


@command("Settings of this computer", "monitor")
def show_computer(desk: Desk) -> None:
    """Show who sits here, and what holds here alone."""
    desk.go("settings", "This computer")
