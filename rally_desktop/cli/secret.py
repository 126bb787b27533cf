"""``rally-desktop secret``: keys and tokens that HTTP requests of workflows name."""

from __future__ import annotations

from typing import Annotated

import typer

from rally_desktop.cli.office import opened
from rally_desktop.cli.verb import AsJson, Database, answer, verb

Name = Annotated[str, typer.Argument(metavar="NAME", help="As in {{ secret.NAME }}: CRM_KEY.")]


@verb
def secret_set(
    name: Name,
    host: Annotated[str, typer.Option(help="The one server it is told to: api.example.com.")],
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Keep a secret for the requests of workflows: it is asked for, and sealed by the keyring."""
    from rally_desktop.outside.secrets import Keyring, Vault
    from rally_desktop.services import http_secrets

    value = typer.prompt(f"Value of {name}", hide_input=True)
    with opened(database) as store:
        store.write(http_secrets.put, name, host, value, Vault(Keyring()))
    said = f"{{{{ secret.{name} }}}} is kept; requests to {host} may use it."
    answer({"name": name, "host": host}, as_json, said)


@verb
def secret_list(database: Database = "", as_json: AsJson = False) -> None:
    """List the names of the secrets; nobody can see their values."""
    from rally_desktop.services import http_secrets

    with opened(database) as store:
        found = store.read(http_secrets.names)
    answer(found, as_json, "\n".join(found) or "There are no secrets yet: rally-desktop secret set")


@verb
def secret_remove(name: Name, database: Database = "", as_json: AsJson = False) -> None:
    """Forget a secret; requests that name it fail from now on."""
    from rally_desktop.services import http_secrets

    with opened(database) as store:
        store.write(http_secrets.remove, name)
    answer({"name": name, "removed": True}, as_json, f"{name} is forgotten.")
