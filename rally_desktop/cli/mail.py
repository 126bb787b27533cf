"""``rally-desktop mail``: the accounts that messages are sent from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from rally_desktop.cli.office import opened
from rally_desktop.cli.verb import AsJson, Database, answer, verb

if TYPE_CHECKING:
    from rally_desktop.outside.mail.discovery import Found
    from rally_desktop.outside.mail.proving import Learnt, Step
    from rally_desktop.services.mail_setup import Draft

Address = Annotated[str, typer.Argument(help="The account's address, as in: mail list.")]
_KINDS = "sent: its Sent folder; bcc: a copy to oneself; own: the program fills Sent; none."
MARKS = {"well": "done", "warns": "look", "failed": "FAILED"}


@verb
def mail_find(
    address: Annotated[str, typer.Argument(help="An e-mail address: ana@example.com.")],
    as_json: AsJson = False,
) -> None:
    """Find the mail servers for an address; nothing is sent to them."""
    found = _found(address)
    imap = found.imap
    facts = {
        "smtp": str(found.smtp), "imap": str(imap) if imap else None, "login": found.login,
        "source": found.source, "sure": found.sure, "elsewhere": list(found.elsewhere),
    }  # fmt: skip
    lines = [found.source, f"sends by     {found.smtp}", f"receives by  {imap or 'nothing found'}"]
    if found.elsewhere:
        lines.append(f"Look twice: {', '.join(found.elsewhere)} belongs to another domain.")
    answer(facts, as_json, "\n".join(lines))


@verb
def mail_add(
    sender: Annotated[
        str, typer.Argument(help="The address to send from: ana@x.org, or 'Ana Ruiz <ana@x.org>'.")
    ],
    host: Annotated[
        str, typer.Option(help="The server for outgoing mail; empty: it is found by the domain.")
    ] = "",
    port: Annotated[int, typer.Option(help="465 for tls, 587 for starttls.")] = 465,
    security: Annotated[str, typer.Option(help="tls, starttls, or none on this computer.")] = "tls",
    login: Annotated[str, typer.Option(help="The user name; empty: none is asked for.")] = "",
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Add a mail account: its password is asked for, tried, and kept sealed in the keyring."""
    from typing import cast

    from rally_desktop.core.message import Mailbox
    from rally_desktop.outside.mail.base import Security
    from rally_desktop.outside.mail.providers import Server
    from rally_desktop.outside.secrets import Keyring, Vault
    from rally_desktop.services import mail_setup

    mailbox = Mailbox.read(sender)
    smtp, imap = Server(host, port, cast(Security, security)), None
    if not host:
        found = _found(mailbox.address)
        smtp, imap, login = found.smtp, found.imap, login or found.login
    password = typer.prompt(f"Password of {login} at {smtp}", hide_input=True) if login else ""
    name = mailbox.name or mailbox.address
    draft = mail_setup.Draft(mailbox.address, name, smtp, imap, login, password)
    with opened(database) as store:
        learnt = _proved(draft, quiet=as_json)
        number = store.write(mail_setup.save, draft, learnt, Vault(Keyring()))
    said = f"{mailbox.address} works; messages go out by it."
    answer({"id": number, "address": mailbox.address}, as_json, said)


@verb
def mail_client(
    provider: Annotated[str, typer.Argument(help="google or microsoft.")],
    client_id: Annotated[str, typer.Argument(help="The id that the provider gave the office.")],
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Keep the office's client id with a provider; its secret is asked for, where there is one."""
    from rally_desktop.outside.secrets import Keyring, Vault
    from rally_desktop.services import mail_consent

    consent = mail_consent.provider(provider).consent
    wants = consent is not None and consent.with_secret
    secret = typer.prompt("Client secret", hide_input=True) if wants else ""
    with opened(database) as store:
        store.write(mail_consent.save_client, provider, client_id, secret, Vault(Keyring()))
    answer({"provider": provider}, as_json, "Kept. Sign in with: rally-desktop mail sign-in")


@verb
def mail_sign_in(
    address: Annotated[str, typer.Argument(help="A mailbox at Gmail or Outlook.")],
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Sign in for a mailbox with the browser, for the first time or again; it is tried and kept."""
    import asyncio
    import webbrowser
    from dataclasses import replace

    from rally_desktop.core.errors import NotFound
    from rally_desktop.outside.mail.browser_return import sign_in
    from rally_desktop.outside.secrets import Keyring, Vault
    from rally_desktop.services import mail_accounts, mail_consent, mail_setup

    vault = Vault(Keyring())
    with opened(database) as store:
        try:
            account = store.read(mail_accounts.addressed, address)
            draft = mail_setup.draft_of(account)
        except NotFound:
            account, found = None, _found(address)
            key = found.provider.key if found.provider else ""
            draft = mail_setup.Draft(
                address, address, found.smtp, found.imap, found.login, provider=key
            )
        client = store.read(mail_consent.client, draft.provider, vault)
        typer.echo("Sign in with the browser, within five minutes.", err=True)
        now = store.clock.now
        tokens = asyncio.run(sign_in(client, draft.login, webbrowser.open, now))
        draft = replace(draft, tokens=tokens)
        learnt = _proved(draft, quiet=as_json)
        number = store.write(mail_setup.save, draft, learnt, vault, account)
    answer({"id": number, "address": address}, as_json, f"{address} works.")


@verb
def mail_list(database: Database = "", as_json: AsJson = False) -> None:
    """List the mail accounts, with what keeps one from sending."""
    from rally_desktop.services import mail_standing

    with opened(database) as store:
        found = store.read(mail_standing.listed)
    lines = [
        f"{one.account.address}  {one.account.host}:{one.account.port}  "
        + (f"paused: {one.account.paused_why}" if one.account.paused_why else one.line)
        for one in found
    ]
    facts = [
        {
            "id": one.account.id, "address": one.account.address, "host": one.account.host,
            "paused": one.account.paused_why, "waiting": one.waiting,
            "computers": list(one.computers),
        }
        for one in found
    ]  # fmt: skip
    said = "\n".join(lines) or "There is no mail account yet: rally-desktop mail add"
    answer(facts, as_json, said)


@verb
def mail_pause(
    address: Address,
    why: Annotated[str, typer.Option(help="What is shown beside it.")] = "Somebody paused it.",
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Let an account rest; what it should send waits."""
    from rally_desktop.services import mail_accounts

    with opened(database) as store:
        number = store.read(mail_accounts.addressed, address).id
        store.write(mail_accounts.pause, number, why)
    answer({"id": number, "address": address}, as_json, f"{address} is paused.")


@verb
def mail_resume(address: Address, database: Database = "", as_json: AsJson = False) -> None:
    """Let an account that was paused send again."""
    from rally_desktop.services import mail_accounts

    with opened(database) as store:
        found = store.read(mail_accounts.addressed, address)
        store.write(mail_accounts.resume, found.id)
    answer({"id": found.id, "address": address}, as_json, f"{address} sends again.")


@verb
def mail_remove(
    address: Address,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Take an account out of use, after saying what that means."""
    from rally_desktop.services import mail_accounts, mail_standing

    with opened(database) as store:
        number = store.read(mail_accounts.addressed, address).id
        said = " ".join(mail_standing.removal(store.read(mail_standing.of, number)))
        if not yes:
            typer.confirm(f"{said} Remove {address}?", abort=True)
        given_up = store.write(mail_standing.remove, number)
    facts = {"id": number, "address": address, "not_sent": given_up}
    answer(facts, as_json, f"{address} is not used any more.")


@verb
def mail_journal(
    address: Address,
    kind: Annotated[str, typer.Argument(help=_KINDS)],
    host: Annotated[str, typer.Option(help="The server for incoming mail (IMAP).")] = "",
    port: Annotated[int, typer.Option(help="993 for tls, 143 for starttls.")] = 993,
    security: Annotated[str, typer.Option(help="tls, starttls, or none on this computer.")] = "tls",
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Say where copies of an account's mail are kept, to be asked when an answer was lost."""
    from rally_desktop.outside.secrets import Keyring, Vault
    from rally_desktop.services import journal, mail_accounts

    with opened(database) as store:
        number = store.read(mail_accounts.addressed, address).id
        store.write(journal.set_up, number, kind, host=host, port=port, security=security)
        known = store.read(mail_accounts.one, number)
        if kind != "none" and not known.provider:
            password = typer.prompt(f"Password of {known.login}", hide_input=True)
            store.write(mail_accounts.set_inbox_password, known, password, Vault(Keyring()))
    answer({"id": number, "journal": kind}, as_json, f"The journal of {address} is: {kind}.")


def _found(address: str) -> Found:
    import asyncio

    from rally_desktop.core.errors import NotFound
    from rally_desktop.outside.mail import discovery

    found = asyncio.run(discovery.finder().find(address))
    if found is None:
        raise NotFound(
            f"No mail servers were found for {address}. Ask the provider, and say them: --host, "
            "--port, --security."
        )
    return found


def _proved(draft: Draft, *, quiet: bool) -> Learnt:
    """Send one message to oneself and find it again; raise Refused where that fails."""
    import asyncio

    from rally_desktop.core.clock import SystemClock
    from rally_desktop.core.errors import Refused

    failed: list[Step] = []

    def tell(step: Step) -> None:
        if step.state == "failed":
            failed.append(step)
        if step.state in MARKS and not quiet:
            typer.echo(f"{MARKS[step.state]:7} {step.title}. {step.said}".rstrip())

    learnt = asyncio.run(draft.proof(SystemClock().now, tell).run())
    if failed:
        raise Refused(f"{failed[0].title}: {failed[0].said}")
    return learnt
