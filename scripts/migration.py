"""Write the next revision of the schema from what changed in the tables.

Usage: ``poe migration add_nickname``. ``poe migration --baseline`` writes the first revision
anew, which is right only until the first release.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from sqlalchemy import make_url
from sqlalchemy.schema import CreateIndex, CreateTable, DDLElement

from rally_desktop.model.migrations.chain import HEAD, schema_version
from rally_desktop.model.opening import open_engine, upgrade
from rally_desktop.model.sqlite import APPLICATION_ID
from rally_desktop.model.tables import metadata
from rally_desktop.model.tables.base import Instant, Json
from rally_desktop.model.tables.guards import GUARDS

REVISIONS = Path(__file__).resolve().parents[1] / "rally_desktop/model/migrations/revisions"
TEMPLATE = '''"""{sentence}"""

from __future__ import annotations

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    """{sentence}"""
    {body}
'''


def baseline(name: str) -> str:
    """Return the statements that make every table on one kind of database, in a fixed order."""
    dialect = make_url(f"{name}://").get_dialect()()
    made: list[DDLElement] = [CreateTable(schema_version)]
    for table in metadata.sorted_tables:
        made.append(CreateTable(table))
        made += map(CreateIndex, sorted(table.indexes, key=lambda index: str(index.name)))
    found = [str(element.compile(dialect=dialect)).strip() for element in made]
    found += GUARDS[name]
    if name == "sqlite":
        found.insert(0, f"PRAGMA application_id={APPLICATION_ID}")
    lines = [line.rstrip() for line in ";\n\n".join(found).splitlines()]
    return "\n".join(lines) + ";\n"


def difference() -> str:
    """Return the operations that lead from the newest revision to the tables."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/newest.rally")
        upgrade(engine)
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts=comparison())
            operations = produce_migrations(context, metadata).upgrade_ops
        engine.dispose()
    if operations is None or operations.is_empty():
        return ""
    return render_python_code(
        operations, render_item=_plain_type, render_as_batch=True, migration_context=context
    )


def comparison() -> dict[str, object]:
    """Return how tables and database are compared."""
    ours = set(metadata.tables)
    return {
        "compare_type": True,
        "include_name": lambda name, kind, _: kind != "table" or name in ours,
    }


def _plain_type(kind: str, item: object, _: object) -> str | Literal[False]:
    """Write our types as what the database stores, so that a revision never changes."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(item, Json):
        return "sa.Text()"
    return False


def main() -> int:
    """Write the files and say which."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", nargs="?", help="what changes, such as add_nickname")
    parser.add_argument("--baseline", action="store_true", help="write revision 1 anew")
    options = parser.parse_args()
    if options.baseline:
        for dialect in ("sqlite", "postgresql"):
            path = REVISIONS / f"r0001_baseline.{dialect}.sql"
            path.write_text(baseline(dialect), encoding="utf-8")
            print(path)
        return 0
    if not options.name or not options.name.isidentifier():
        parser.error("give it a name such as add_nickname")
    body = difference()
    if not body:
        print("The tables are as the newest revision has them.")
        return 1
    path = REVISIONS / f"r{HEAD + 1:04}_{options.name}.py"
    sentence = f"{options.name.replace('_', ' ').capitalize()}."
    path.write_text(TEMPLATE.format(sentence=sentence, body=body), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "-q", str(path)], check=True)
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
