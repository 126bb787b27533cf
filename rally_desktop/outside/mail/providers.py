"""The big mail providers: their servers, where one signs in, and what is particular about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rally_desktop.outside.mail.base import Security


@dataclass(frozen=True)
class Server:
    """Where mail goes out or comes in."""

    host: str
    port: int
    security: Security = "tls"

    def __str__(self) -> str:
        """Say it as people do."""
        how = {"tls": "TLS", "starttls": "STARTTLS", "none": "not encrypted"}[self.security]
        return f"{self.host}, port {self.port}, {how}"


@dataclass(frozen=True)
class Consent:
    """Where somebody signs in with a provider (OAuth 2.0 for native apps, RFC 8252).

    ``with_secret`` says that the provider gives out a secret with the client id and wants both.
    ``manage`` is where a person takes a permission away; not every provider can be told by us.
    ``redirect`` is the host of the address that the browser comes back to, on this computer.
    """

    authorise: str
    token: str
    revoke: str
    scopes: tuple[str, ...]
    console: str
    manage: str
    with_secret: bool = False
    redirect: str = "127.0.0.1"
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Provider:
    """One provider: whose addresses are its own, and whose mail servers (MX) are."""

    key: str
    title: str
    domains: tuple[str, ...]
    exchangers: tuple[str, ...]
    smtp: Server
    imap: Server
    consent: Consent | None = None
    password_hint: str = ""
    takes_passwords: bool = True
    hourly_limit: int = 300
    daily_limit: int = 0
    connections: int = 1


GOOGLE = Provider(
    "google",
    "Gmail",
    ("gmail.com", "googlemail.com"),
    ("google.com", "googlemail.com"),
    Server("smtp.gmail.com", 465),
    Server("imap.gmail.com", 993),
    Consent(
        "https://accounts.google.com/o/oauth2/v2/auth",
        "https://oauth2.googleapis.com/token",
        "https://oauth2.googleapis.com/revoke",
        ("https://mail.google.com/", "openid", "email"),
        "console.cloud.google.com, APIs & Services, Credentials: an OAuth client ID of the type "
        "‘Desktop app’",
        "myaccount.google.com/connections",
        with_secret=True,
        # Without these a second sign-in brings no refresh token.
        extra=(("access_type", "offline"), ("prompt", "consent")),
    ),
    "Google takes no account password here. Turn on 2-step verification, then make an app "
    "password at myaccount.google.com/apppasswords and enter its 16 letters.",
    daily_limit=2_000,
)
MICROSOFT = Provider(
    "microsoft",
    "Outlook",
    ("outlook.com", "hotmail.com", "live.com", "msn.com", "outlook.de", "hotmail.de", "hotmail.fr"),
    ("outlook.com", "office365.us"),
    Server("smtp.office365.com", 587, "starttls"),
    Server("outlook.office365.com", 993),
    Consent(
        "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
        "https://login.microsoftonline.com/common/oauth2/v2.0/token",
        "",
        (
            "https://outlook.office.com/SMTP.Send",
            "https://outlook.office.com/IMAP.AccessAsUser.All",
            "offline_access",
            "openid",
            "email",
            "profile",
        ),
        "entra.microsoft.com, App registrations: a public client with the redirect address "
        "http://localhost",
        "account.live.com/consent/Manage or, at work, myapps.microsoft.com",
        redirect="localhost",
        extra=(("prompt", "select_account"),),
    ),
    "Microsoft takes no passwords for mail any more: sign in instead.",
    takes_passwords=False,
    # Thirty messages a minute, three connections; a sixth of an hour's messages go at once.
    hourly_limit=180,
    connections=3,
)
_APP_PASSWORD = "{} wants an app password for other programs. Make one at {} and enter it here."


def _plain(
    key: str, title: str, domains: str, exchanger: str, smtp: Server, imap: str, hint: str = ""
) -> Provider:
    mx = (exchanger,) if exchanger else ()
    incoming = Server(imap, 993)
    return Provider(key, title, tuple(domains.split()), mx, smtp, incoming, password_hint=hint)


PROVIDERS: tuple[Provider, ...] = (
    GOOGLE,
    MICROSOFT,
    _plain(
        "icloud", "iCloud", "icloud.com me.com mac.com", "icloud.com",
        Server("smtp.mail.me.com", 587, "starttls"), "imap.mail.me.com",
        _APP_PASSWORD.format("Apple", "account.apple.com, Sign-In and Security"),
    ),
    _plain(
        "yahoo", "Yahoo", "yahoo.com yahoo.co.uk yahoo.de yahoo.fr ymail.com", "yahoodns.net",
        Server("smtp.mail.yahoo.com", 465), "imap.mail.yahoo.com",
        _APP_PASSWORD.format("Yahoo", "login.yahoo.com, Account security"),
    ),
    _plain(
        "fastmail", "Fastmail", "fastmail.com fastmail.fm", "messagingengine.com",
        Server("smtp.fastmail.com", 465), "imap.fastmail.com",
        _APP_PASSWORD.format("Fastmail", "Settings, Privacy & Security, Connected apps"),
    ),
    _plain(
        "gmx", "GMX", "gmx.net gmx.de gmx.at gmx.ch", "gmx.net",
        Server("mail.gmx.net", 465), "imap.gmx.net",
        "At GMX allow ‘POP3/IMAP’ first, in the settings of the mailbox on the web.",
    ),
    _plain(
        "webde", "WEB.DE", "web.de", "web.de",
        Server("smtp.web.de", 465), "imap.web.de",
        "At WEB.DE allow ‘POP3/IMAP’ first, in the settings of the mailbox on the web.",
    ),
    _plain(
        "zoho", "Zoho", "zoho.com zohomail.com", "zoho.com",
        Server("smtp.zoho.com", 465), "imap.zoho.com",
        _APP_PASSWORD.format("Zoho", "accounts.zoho.com, Security, if 2-step sign-in is on"),
    ),
    _plain("ionos", "IONOS", "", "ionos.com", Server("smtp.ionos.com", 465), "imap.ionos.com"),
    _plain("ovh", "OVH", "", "ovh.net", Server("ssl0.ovh.net", 465), "ssl0.ovh.net"),
)  # fmt: skip
BY_KEY: Mapping[str, Provider] = {one.key: one for one in PROVIDERS}


def of_domain(domain: str) -> Provider | None:
    """Return whose addresses end so."""
    wanted = domain.lower()
    return next((one for one in PROVIDERS if wanted in one.domains), None)


def of_exchanger(host: str) -> Provider | None:
    """Return whose mail server takes a domain's mail."""
    name = host.lower().rstrip(".")
    for one in PROVIDERS:
        if any(name == end or name.endswith(f".{end}") for end in one.exchangers):
            return one
    return None
