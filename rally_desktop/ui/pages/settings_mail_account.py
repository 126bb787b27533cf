"""What is known of one mailbox: what it does, what waits, where its password is."""

from __future__ import annotations

from collections.abc import Iterator

from rally_desktop.outside.mail import providers
from rally_desktop.services.mail_standing import Standing, ago
from rally_desktop.ui.pages.account_facts import AccountFacts

JOURNALS = {"sent": "The Sent folder is asked", "bcc": "A copy to oneself is looked for"}
SECURITY = {"tls": "TLS", "starttls": "STARTTLS", "none": "not encrypted"}


class MailFacts(AccountFacts[Standing]):
    """One mailbox; why it is paused, or cannot be read, stands above its facts."""

    def fill(self, known: Standing) -> None:
        """Say what is known of a mailbox."""
        account = known.account
        unread = f"Its mail cannot be read. {known.trouble}" if known.trouble else ""
        wrong = f"Paused. {account.paused_why}" if account.paused_why else unread
        self.say(account.address, wrong, _facts(known))


def _facts(standing: Standing) -> Iterator[tuple[str, str]]:
    yield from _access(standing)
    sent = f"{standing.this_hour:,} this hour, {standing.today:,} in 24 hours"
    yield "Sent", sent
    if standing.waiting or standing.in_doubt:
        doubt = f", {standing.in_doubt:,} in doubt" if standing.in_doubt else ""
        yield "Waiting", f"{standing.waiting:,}{doubt}"
    whom = [*standing.writes_for, *(["everybody else"] if standing.account.fallback else [])]
    yield "Writes for", ", ".join(whom) or "whoever is told to by a workflow"
    yield from _learnt(standing)


def _access(standing: Standing) -> Iterator[tuple[str, str]]:
    account = standing.account
    yield "Sends by", f"{account.host}, port {account.port}, {SECURITY[account.security]}"
    if account.receives:
        security = SECURITY[account.imap_security or "tls"]
        whom = f", as {account.imap_login}" if account.imap_login else ""
        yield "Receives by", f"{account.imap_host}, port {account.imap_port}, {security}{whom}"
    if account.provider:
        yield "Signed in", f"with {providers.BY_KEY[account.provider].title}"
    if account.login:
        yield "Opened by", ", ".join(standing.computers) or "no computer; sign in first"
    if standing.minutes is not None:
        yield "Checked", ago(standing.minutes)
    if standing.read is not None:
        yield "Mail read", ago(standing.read)


def _learnt(standing: Standing) -> Iterator[tuple[str, str]]:
    account, missing = standing.account, standing.uncopied
    yield "If an answer is lost", JOURNALS.get(account.journal or "", "A person is asked")
    if account.keeps_id is False:
        yield "Message ids", "The server gives its own; ours is in another header"
    if account.journal == "own":
        lacks = f"; {missing:,} {'is' if missing == 1 else 'are'} missing" if missing else ""
        yield "Sent folder", f"Rally puts copies there{lacks}"
    if account.sent_lag:
        yield "Sent folder", f"{account.sent_lag} s behind"
