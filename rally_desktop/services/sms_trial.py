"""One message to oneself by a gateway that is being set up: real, and never counted."""

from __future__ import annotations

import secrets

from rally_desktop.core.errors import Refused, SendFailed
from rally_desktop.model.work import Work
from rally_desktop.outside.sms.base import Gateway, Text
from rally_desktop.services import sms_numbers


def number_of(work: Work, typed: str) -> str:
    """Return the number that somebody typed as it is dialled; raise Refused."""
    number = sms_numbers.dialled(work, typed)
    if not number.startswith("+"):
        raise Refused("Type a mobile number with the code of its country, such as +44 7700 900123.")
    return number


def text(sender: str, number: str, words: str) -> Text:
    """Return the message to send."""
    if not words.strip():
        raise Refused("Type what the test says.")
    return Text(secrets.token_hex(16), sender, number, words.strip())


async def send(gateway: Gateway, made: Text) -> str:
    """Send it and return what the gateway answered; raise Refused with its own word."""
    try:
        return str(await gateway.send(made, _nothing))
    except SendFailed as error:
        lost = " Whether it was sent, nobody can tell." if error.after_dot else ""
        raise Refused(f"The test was not sent: {error}{lost}") from error


async def _nothing() -> None:
    """Mark nothing: what becomes of a test is told at once."""
