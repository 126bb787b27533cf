"""``rally-desktop engine``: the engine without a window, on a computer that is always on."""

from __future__ import annotations

import platform
import signal
import threading
from typing import TYPE_CHECKING, Annotated

import typer

from rally_desktop.cli.office import opened
from rally_desktop.cli.verb import AsJson, Database, answer, doors, verb

if TYPE_CHECKING:
    from rally_desktop.engine.receiving import Round
    from rally_desktop.engine.thread import Report

LONGEST_ROUND = 600.0  # seconds that ``--once`` may take for what is due


@verb
def engine(
    context: typer.Context,
    database: Database = "",
    once: Annotated[
        bool, typer.Option("--once", help="Read mail, do what is due, then stop.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Run the workflows without a window, until stopped (Ctrl+C)."""
    from rally_desktop.engine.carriers import Carriers
    from rally_desktop.engine.dressing import Dressing
    from rally_desktop.engine.listening import listeners
    from rally_desktop.engine.receiving import OneRound, Receiving
    from rally_desktop.engine.sent_copies import OneCopying, SentCopies
    from rally_desktop.engine.sms_polling import OneAsking, SmsPolling
    from rally_desktop.engine.thread import EngineThread
    from rally_desktop.model.place import heads_file, marks_file
    from rally_desktop.outside.heads import Heads
    from rally_desktop.outside.marks import Marks
    from rally_desktop.services.audit_keeper import HeadKeeper

    with opened(database) as store:
        carriers = Carriers(store)
        # A window on this computer reads by its own name: two at once would be in each other's way.
        one_round = OneRound(Receiving(store, carriers.mailbox, f"{platform.node()} once"))
        asking = OneAsking(SmsPolling(store, carriers.gateway, f"{platform.node()} once"))
        copying = OneCopying(SentCopies(store, carriers.mailbox))
        lodgers = [*doors(context).lodgers(store, carriers.vault), *listeners(store, carriers)]
        thread = EngineThread(
            store,
            carriers,
            journal_for=carriers.journal,
            marks=Marks(marks_file()),
            dress=Dressing(carriers.vault),
            lodgers=[one_round, asking, copying] if once else lodgers,
        )
        thread.start()
        keeper = HeadKeeper(store, Heads(heads_file()), _say_parted)
        try:
            if once:
                thread.wake()
                thread.wait_until_idle(LONGEST_ROUND)
            else:
                typer.echo(f"The engine works on {store.url}. Ctrl+C stops it.", err=True)
                _until_stopped()
        finally:
            thread.stop()
            keeper.close()
    _report(thread.report, one_round.came, as_json)


def _report(done: Report, mail: Round, as_json: bool) -> None:
    troubles = [one for one in (done.trouble, *mail.troubles) if one]
    facts = {"started": done.started, "moved": done.moved, "sent": done.sent}
    answer(
        {"received": mail.read, **facts, "trouble": "\n".join(troubles)},
        as_json,
        f"{mail.read} messages received, {done.started} runs started, {done.moved} moved on, "
        f"{done.sent} messages sent.",
    )
    for trouble in troubles:
        typer.echo(f"rally-desktop: {trouble}", err=True)
    if troubles:
        raise typer.Exit(1)


def _say_parted() -> None:
    text = "The audit log does not go on from where it stood here: rally-desktop audit check"
    typer.echo(text, err=True)


def _until_stopped() -> None:
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    while not stop.wait(1.0):
        pass
