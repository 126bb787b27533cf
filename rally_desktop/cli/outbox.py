"""``rally-desktop outbox``: messages that a person has to decide about, or wants back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from rally_desktop.cli.office import opened
from rally_desktop.cli.verb import AsJson, Database, answer, verb

if TYPE_CHECKING:
    from rally_desktop.services.outbox import Parcel


MOST = 200


@verb
def outbox_list(
    waiting: Annotated[
        bool, typer.Option("--waiting", help="Those that wait, which can be recalled, instead.")
    ] = False,
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """List the messages in doubt: their server's answer was lost. Or those that wait."""
    from rally_desktop.services import installation, outbox, safeguards

    with opened(database) as store:
        found = store.read(outbox.kept, MOST) if waiting else store.read(outbox.doubts)
        locked = store.read(installation.locked)
        stopped = store.read(safeguards.sending_stopped)
    facts = [_waiting(one) if waiting else _doubt(one) for one in found]
    lines = [
        f"{one['id']:6}  {one['to']}  «{one['subject']}»\n        {one['why']}" for one in facts
    ]
    lines += [locked] if locked else []
    lines += ["All sending is stopped: rally-desktop sending resume"] if stopped else []
    nothing = "No message waits." if waiting else "No message is in doubt."
    kind = "waiting" if waiting else "doubts"
    answer({"locked": locked, kind: facts}, as_json, "\n".join(lines) or nothing)


def _doubt(one: Parcel) -> dict[str, Any]:
    since, looks, why = (one.row[name] for name in ("doubted_at", "looks", "answer"))
    return {**_named(one), "since": since.isoformat(), "looks": looks, "why": why}


def _waiting(one: Parcel) -> dict[str, Any]:
    from rally_desktop.engine.reasons import sentence

    due, reason, said = (one.row[name] for name in ("due_at", "reason", "answer"))
    why = sentence(reason) if reason else said
    when = f"Not before {due.astimezone():%d %B %Y at %H:%M}."
    return {**_named(one), "due": due.isoformat(), "reason": reason, "why": f"{when} {why}".strip()}


def _named(one: Parcel) -> dict[str, Any]:
    return {"id": one.id, "to": one.row["recipient"], "subject": one.row["subject"]}


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
