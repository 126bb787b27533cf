"""The command line: ``rally-desktop`` opens the window, its verbs do the rest.

Exit codes: 0 it is done; 1 it could not be done, and one line on the error output says why and
what to do; 2 the command was written wrongly; 130 it was interrupted.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any

import typer

from rally_desktop import __version__, cli
from rally_desktop.cli.verb import Database, Doors, doors
from rally_desktop.core.errors import RallyError

REFUSED = 1
# Files that hold no verb; they may import what they like, since nobody waits for them.
WITHOUT_VERBS = {"demonstration", "main", "office", "verb"}
GROUPS = {
    "api": "Look after the keys by which programs outside enrol people in sequences.",
    "audit": "Look who changed what, and whether the log of it is as it was written.",
    "contacts": "Bring contacts in.",
    "db": "Look after the database.",
    "duplicates": "Find records that are the same, make them one, and part them again.",
    "mail": "Look after the mail accounts.",
    "outbox": "Decide about messages that may not have been sent; recall others.",
    "sending": "Stop all sending, let it go on, and answer what workflows ask.",
    "sms": "Look after the gateways of text messages.",
    "person": "Export or erase the data of one person.",
    "runs": "Look at runs, and take them in hand.",
    "tasks": "Look at what is to be done, do it, and answer what runs ask.",
    "search": "Find anything, and look after the search.",
    "secret": "Keep keys and tokens for the requests of workflows.",
    "trash": "Look into the trash, restore from it, empty it.",
    "workflow": "Look at workflows, switch them on and off, bring them in and out.",
    "web": "Be reached from the web: forms, ways out of the list, counted links.",
}
EPILOG = (
    "Exit codes: 0 done; 1 not possible, the error output says why; 2 wrong usage; 130 interrupted."
)


def run(screen: Doors, arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says and return the exit code.

    The ways to the ``screen`` are handed in because doors do not know each other: the command
    line never imports the window.
    """
    try:
        command = build()
        command(args=arguments, obj=screen, prog_name="rally-desktop")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else REFUSED
    except RallyError as error:
        return _refused(str(error))
    except OverflowError:  # no number of ours has more than 63 bits
        return _refused("There is nothing with so large a number.")
    return 0


def _refused(why: str) -> int:
    typer.echo(f"rally-desktop: {why}", err=True)
    return REFUSED


def build() -> typer.Typer:
    """Return the command line with every verb of this folder."""
    program = typer.Typer(add_completion=False, pretty_exceptions_enable=False, epilog=EPILOG)
    program.callback(invoke_without_command=True)(window)
    groups = {name: typer.Typer(help=text) for name, text in GROUPS.items()}
    for name, group in groups.items():
        program.add_typer(group, name=name)
    for function in verbs():
        group, _, rest = function.__name__.partition("_")
        if group in groups:
            groups[group].command(rest.replace("_", "-"))(function)
        else:
            program.command(function.__name__.replace("_", "-"))(function)
    return program


def verbs() -> Iterator[Callable[..., Any]]:
    """Yield every verb, by file and then in the order they are written."""
    names = {info.name for info in pkgutil.iter_modules(cli.__path__)} - WITHOUT_VERBS
    for name in sorted(names):
        module = importlib.import_module(f"{cli.__name__}.{name}")
        for item in vars(module).values():
            if getattr(item, "is_verb", False) and item.__module__ == module.__name__:
                yield item


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"Rally Desktop {__version__}")
        raise typer.Exit


def window(
    context: typer.Context,
    database: Database = "",
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Say which.")
    ] = False,
) -> None:
    """Rally Desktop follows up by itself. Without a verb, its window opens."""
    from rally_desktop.model.place import database_url

    if context.invoked_subcommand is None:
        raise typer.Exit(doors(context).open_window(database_url(database)))
    if database and os.environ.get("RALLY_DATABASE") != database:
        raise typer.BadParameter("write --database after the verb")
