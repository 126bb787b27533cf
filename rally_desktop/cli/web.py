"""``rally-desktop web``: whether the office is reached from the web, and how."""

from __future__ import annotations

import platform
from typing import Annotated

import typer
from msgspec import structs

from rally_desktop.cli.office import opened
from rally_desktop.cli.verb import AsJson, Database, answer, verb

Public = Annotated[
    str | None,
    typer.Option(help="What your reverse proxy answers to: https://office.example.com."),
]
Port = Annotated[int | None, typer.Option(help="Where it listens on this computer.")]


@verb
def web_status(database: Database = "", as_json: AsJson = False) -> None:
    """Say whether the office is reached from the web, where, and what is counted."""
    from rally_desktop.services import web

    with opened(database) as store:
        settings, state = store.read(web.of), store.read(web.state)
    facts = {**settings.dump(), **structs.asdict(state)}
    where = settings.public or "no public address: nothing is counted"
    lines = {
        "off": "The web service is off: rally-desktop web on",
        "on": f"It answers on {state.computer} at {state.said}; {where}.",
        "trouble": f"It cannot answer on {state.computer}. {state.said}",
    }
    waiting = "It is switched on, and answers once the engine runs: rally-desktop engine"
    said = waiting if settings.on and state.state == "off" else lines[state.state]
    answer(facts, as_json, said)


@verb
def web_on(
    public: Public = None, port: Port = None, database: Database = "", as_json: AsJson = False
) -> None:
    """Let this computer answer on the web, while the program or its engine runs here."""
    _set(database, as_json, on=True, public=public, port=port)


@verb
def web_off(database: Database = "", as_json: AsJson = False) -> None:
    """Let nobody reach the office from the web any more."""
    _set(database, as_json, on=False)


@verb
def web_key(
    enter: Annotated[
        bool, typer.Option("--enter", help="Ask for the key that another computer showed.")
    ] = False,
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Show the key that links in messages are signed with, for another computer that sends."""
    from rally_desktop.outside.secrets import Keyring, Vault
    from rally_desktop.services import web

    vault = Vault(Keyring())
    with opened(database) as store:
        if enter:
            text = typer.prompt("Key of links", hide_input=True)
            store.write(web.give_key, text, vault)
            answer({"entered": True}, as_json, f"{platform.node()} signs links from now on.")
            return
        key = store.write(web.make_key, vault).hex()
    answer({"key": key}, as_json, key)


def _set(
    database: str, as_json: bool, *, on: bool, public: str | None = None, port: int | None = None
) -> None:
    from rally_desktop.services import web

    with opened(database) as store:
        now = store.read(web.of)
        wanted = structs.replace(
            now,
            on=on,
            public=now.public if public is None else public,
            port=now.port if port is None else port,
        )
        store.write(web.save, wanted)
    said = f"{platform.node()} answers on port {wanted.port} while the program runs here."
    answer(wanted.dump(), as_json, said if on else "The web service is off.")
