"""What a verb of the command line is: one function in a file of this folder.

The function's name is the verb's; underscores make it a verb of a group, so ``db_upgrade`` is
``rally-desktop db upgrade``. Its docstring is its help. A verb imports what it needs when it
is called: the window must not wait for the database library.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
import typer

from rally_desktop.core.errors import Refused

Function = TypeVar("Function", bound=Callable[..., None])

Database = Annotated[
    str,
    typer.Option(
        "--database",
        envvar="RALLY_DATABASE",
        metavar="URL",
        help="The database: a file, or an address such as postgresql://ana@server/office.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


def _nothing_drawn(*_: Any) -> tuple[bytes, str]:
    """Refuse to draw where nobody handed in the means to."""
    raise Refused("There is nothing to draw with here.")


def _nobody(*_: Any) -> list[Any]:
    """Return no lodgers where nobody handed any in."""
    return []


@dataclass(frozen=True)
class Doors:
    """What the command line is given by whoever starts it: the ways to the screen and the web.

    ``open_window(url, clock)`` returns the exit code when the window is closed;
    ``take_pictures(url, folder, clock)`` draws the main pages and returns the files;
    ``draw_workflow(graph, fields, version, day, kind, paper)`` returns the content of a picture
    and what one must know about it; ``lodgers(store, vault)`` are what lives in the engine's
    loop besides, such as the web service.
    """

    open_window: Callable[..., int]
    take_pictures: Callable[..., list[Path]]
    draw_workflow: Callable[..., tuple[bytes, str]] = _nothing_drawn
    lodgers: Callable[..., list[Any]] = _nobody


def verb(function: Function) -> Function:
    """Make a function a verb of the command line."""
    setattr(function, "is_verb", True)  # noqa: B010 - a function has no such attribute to see
    return function


def doors(context: typer.Context) -> Doors:
    """Return what the command line was given."""
    found = context.find_object(Doors)
    if found is None:
        raise RuntimeError("the command line was started without its doors")
    return found


def answer(facts: Any, as_json: bool, text: str) -> None:
    """Say what was done, for a person or for a program."""
    typer.echo(msgspec.json.encode(facts).decode() if as_json else text)
