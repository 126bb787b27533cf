"""``rally-desktop sms``: the gateways that text messages go out by."""

from __future__ import annotations

from typing import Annotated

import typer

from rally_desktop.cli.office import opened
from rally_desktop.cli.verb import AsJson, Database, answer, verb

Name = Annotated[str, typer.Argument(help="The gateway's name, as in: sms list.")]


@verb
def sms_list(database: Database = "", as_json: AsJson = False) -> None:
    """List the gateways, with what keeps one from sending and where it reaches the office."""
    from rally_desktop.services import sms_standing

    with opened(database) as store:
        found = store.read(sms_standing.overview)
    lines = [f"{one.account.name}  {one.account.address}  {one.line}" for one in found.gateways]
    lines += [one.trouble for one in found.gateways if one.trouble]
    if found.strangers:
        lines.append(f"Unknown numbers that wrote: {found.strangers}")
    facts = [
        {
            "id": one.account.id, "name": one.account.name, "sender": one.account.address,
            "gateway": one.account.gateway, "paused": one.account.paused_why,
            "waiting": one.standing.waiting, "callback": one.callback,
            "computers": list(one.standing.computers),
        }
        for one in found.gateways
    ]  # fmt: skip
    said = "\n".join(lines) or "There is no SMS gateway yet: rally-desktop sms add"
    answer(facts, as_json, said)


@verb
def sms_add(
    name: Annotated[str, typer.Argument(help="What the settings call it.")],
    gateway: Annotated[str, typer.Argument(help="twilio, vonage or android.")],
    sender: Annotated[str, typer.Argument(help="The number or name that messages come from.")],
    login: Annotated[str, typer.Option(help="Account SID, API key, or the app's user name.")],
    url: Annotated[
        str,
        typer.Option(help="Where a phone in the office's network is: http://192.168.1.20:8080."),
    ] = "",
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Add a gateway; its secrets are asked for, and kept sealed.

    Where the office has no public address it is asked for answers every minute.
    """
    from rally_desktop.core.errors import Refused
    from rally_desktop.outside.secrets import Keyring, Vault
    from rally_desktop.outside.sms.gateways import KINDS
    from rally_desktop.services import sms_accounts, sms_standing
    from rally_desktop.services.sms_accounts import Draft, Rules

    kind = KINDS.get(gateway)
    if kind is None or gateway == "generic":
        raise Refused("Choose twilio, vonage or android. Others are set up in Settings › SMS.")
    secret = typer.prompt(kind.secret, hide_input=True)
    signing = ""
    if kind.signing:
        signing = typer.prompt(f"{kind.signing}, or nothing", default="", hide_input=True)
    with opened(database) as store:
        polls = kind.inbox and not store.read(sms_standing.reachable)
        rules = Rules(inside=bool(url), polls=polls)
        draft = Draft(gateway, name, sender, url, login, secret, signing, rules)
        number = store.write(sms_accounts.save, draft, Vault(Keyring()))
    said = f"‘{name}’ is added. Try it: rally-desktop sms test"
    answer({"id": number, "name": name}, as_json, said)


@verb
def sms_test(
    name: Name,
    number: Annotated[str, typer.Argument(help="A mobile number, with its country's code.")],
    text: Annotated[str, typer.Option(help="What it says.")] = "This is a test. All is well.",
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Send one real SMS at once; it is counted nowhere and stands on no timeline."""
    import asyncio

    from rally_desktop.engine.carriers import Carriers
    from rally_desktop.services import sms_accounts, sms_trial

    with opened(database) as store:
        account = store.read(sms_accounts.named, name)
        to = store.read(sms_trial.number_of, number)
        made = sms_trial.text(account.address, to, text)
        said = asyncio.run(sms_trial.send(Carriers(store).gateway(account), made))
    answer({"number": to, "answer": said}, as_json, f"The gateway took it: {said}")


@verb
def sms_ask(name: Name, database: Database = "", as_json: AsJson = False) -> None:
    """Ask a gateway now for what came in and what became of messages."""
    import asyncio

    from rally_desktop.engine.carriers import Carriers
    from rally_desktop.engine.sms_polling import SmsPolling
    from rally_desktop.services import sms_accounts

    with opened(database) as store:
        account = store.read(sms_accounts.named, name)
        polling = SmsPolling(store, Carriers(store).gateway)
        news = asyncio.run(polling.look(account))
    answer({"news": news}, as_json, f"{news} new." if news else "Nothing new.")
