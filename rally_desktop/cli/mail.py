"""``rally-desktop mail``: the accounts that messages are sent from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from rally_desktop.cli.office import opened
from rally_desktop.cli.verb import AsJson, Database, answer, verb

if TYPE_CHECKING:
    from rally_desktop.outside.mail.base import Carrier


@verb
def mail_add(
    sender: Annotated[
        str, typer.Argument(help="The address to send from: ana@x.org, or 'Ana Ruiz <ana@x.org>'.")
    ],
    host: Annotated[str, typer.Option(help="The server for outgoing mail.")],
    port: Annotated[int, typer.Option(help="465 for tls, 587 for starttls.")] = 465,
    security: Annotated[str, typer.Option(help="tls, starttls, or none on this computer.")] = "tls",
    login: Annotated[str, typer.Option(help="The user name; empty: none is asked for.")] = "",
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Add a mail account: its password is asked for, tried, and kept sealed in the keyring."""
    import asyncio

    from rally_desktop.core.message import Mailbox
    from rally_desktop.engine.carriers import smtp_carrier
    from rally_desktop.outside.secrets import Keyring, Vault
    from rally_desktop.services import mail_accounts

    password = typer.prompt(f"Password of {login}", hide_input=True) if login else ""
    mailbox = Mailbox.read(sender)
    name, address = mailbox.name or mailbox.address, mailbox.address
    account = mail_accounts.Account(0, name, address, host, port, security, login)
    asyncio.run(_try(smtp_carrier(account, password)))
    with opened(database) as store:
        number = store.write(
            mail_accounts.add, name, address,
            host=host, port=port, security=security, login=login,
        )  # fmt: skip
        if login:
            made = store.read(mail_accounts.one, number)
            store.write(mail_accounts.set_password, made, password, Vault(Keyring()))
    answer({"id": number, "address": address}, as_json, f"{address} works; messages go out by it.")


@verb
def mail_list(database: Database = "", as_json: AsJson = False) -> None:
    """List the mail accounts, with what keeps one from sending."""
    from rally_desktop.services import mail_accounts

    with opened(database) as store:
        found = store.read(mail_accounts.accounts)
    lines = [f"{one.address}  {one.host}:{one.port}  {one.paused_why or 'sends'}" for one in found]
    facts = [
        {"id": one.id, "address": one.address, "host": one.host, "paused": one.paused_why}
        for one in found
    ]
    answer(
        facts, as_json, "\n".join(lines) or "There is no mail account yet: rally-desktop mail add"
    )


@verb
def mail_resume(
    address: Annotated[str, typer.Argument(help="The account's address, as in: mail list.")],
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Let an account that was paused send again."""
    from rally_desktop.services import mail_accounts

    with opened(database) as store:
        found = store.read(mail_accounts.addressed, address)
        store.write(mail_accounts.resume, found.id)
    answer({"id": found.id, "address": address}, as_json, f"{address} sends again.")


@verb
def mail_journal(
    address: Annotated[str, typer.Argument(help="The account's address, as in: mail list.")],
    kind: Annotated[
        str, typer.Argument(help="sent: its Sent folder; bcc: a copy to oneself; none.")
    ],
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


async def _try(carrier: Carrier) -> None:
    await carrier.check()
    await carrier.close()
