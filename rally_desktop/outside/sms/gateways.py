"""Which gateways there are, and what each wants to be told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from rally_desktop.outside.sms import twilio, vonage
from rally_desktop.outside.sms.android import Android
from rally_desktop.outside.sms.base import Gateway, Place
from rally_desktop.outside.sms.generic import Generic
from rally_desktop.outside.sms.twilio import Twilio
from rally_desktop.outside.sms.vonage import Vonage


@dataclass(frozen=True)
class Kind:
    """A kind of gateway: what it calls what it is opened with, and what it can do.

    ``signing`` is what it calls the secret that it signs its webhooks with; empty where that is
    the one it is opened with. ``log`` says that it can be asked for a message whose answer was
    lost, ``inbox`` that it can be asked for what came in, ``confirms`` that it answers STOP.
    """

    key: str
    title: str
    says: str
    url: str
    login: str
    secret: str
    signing: str
    made: Callable[[Place, Callable[[], datetime]], Gateway]
    log: bool = True
    inbox: bool = True
    confirms: bool = False


_ALL = (
    Kind("twilio", "Twilio", "Your account’s own numbers, in most countries.", twilio.URL,
         "Account SID", "Auth token", "", Twilio, confirms=True),
    Kind("vonage", "Vonage", "Formerly Nexmo. Senders can be names in many countries.", vonage.URL,
         "API key", "API secret", "Signature secret", Vonage),
    Kind("android", "Android phone", "A phone in your office with the app ‘SMS Gateway for "
         "Android’ sends by its own SIM card.", "", "User name", "Password", "Signing key",
         Android, inbox=False),
    Kind("generic", "Other gateway", "Any other that takes SMS by HTTP: you say what is asked of "
         "it.", "", "User name", "Password or key", "Word in webhooks", Generic, log=False,
         inbox=False),
)  # fmt: skip
KINDS: Mapping[str, Kind] = MappingProxyType({kind.key: kind for kind in _ALL})
