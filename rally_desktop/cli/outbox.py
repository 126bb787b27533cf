"""``rally-desktop outbox``: messages that a person has to decide about, or wants back."""

from __future__ import annotations

from typing import Annotated

import typer

from rally_desktop.cli.office import opened
from rally_desktop.cli.verb import AsJson, Database, answer, verb


@verb
def outbox_list(database: Database = "", as_json: AsJson = False) -> None:
    """List the messages in doubt: their server's answer was lost."""
    from rally_desktop.services import installation, outbox

    with opened(database) as store:
        found = store.read(outbox.doubts)
        locked = store.read(installation.locked)
    facts = [
        {
            "id": one.id,
            "to": one.row["recipient"],
            "subject": one.row["subject"],
            "since": one.row["doubted_at"].isoformat(),
            "looks": one.row["looks"],
            "why": one.row["answer"],
        }
        for one in found
    ]
    lines = [
        f"{one['id']:6}  {one['to']}  «{one['subject']}»\n        {one['why']}" for one in facts
    ]
    lines += [locked] if locked else []
    answer(
        {"locked": locked, "doubts": facts}, as_json, "\n".join(lines) or "No message is in doubt."
    )


@verb
def outbox_decide(
    number: Annotated[int, typer.Argument(metavar="ID", help="As in: outbox list.")],
    sent: Annotated[bool, typer.Option("--sent/--not-sent", help="Whether the message went out.")],
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Say whether a message in doubt was sent; if it was not, it is sent now."""
    from rally_desktop.services import outbox

    with opened(database) as store:
        store.write(outbox.decide, number, sent=sent)
    text = f"Message {number} counts as sent." if sent else f"Message {number} is sent next."
    answer({"id": number, "sent": sent}, as_json, text)


@verb
def outbox_recall(
    number: Annotated[int, typer.Argument(metavar="ID", help="Its number in the outbox.")],
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Take a message back that has not been handed over yet."""
    from rally_desktop.services import outbox

    with opened(database) as store:
        store.write(outbox.recall, number)
    answer({"id": number, "recalled": True}, as_json, f"Message {number} is not sent.")


@verb
def outbox_unlock(database: Database = "", as_json: AsJson = False) -> None:
    """Let a database send that was copied or restored, because it is the office now."""
    from rally_desktop.services import installation

    with opened(database) as store:
        count = store.write(installation.unlock)
    text = f"Messages are sent from here. {count} that waited are in doubt: outbox list"
    answer({"doubts": count}, as_json, text)
