"""What the database itself refuses: to change or to delete what the audit log holds.

A line may be said to be about another record, since records are merged; the check of the chain
knows which merges there were. What a line says may go once its digest is kept, and not before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

REFUSED = "the audit log is only ever added to"
_LINE = "id, at, kind, user_id, run_id, chain"
_LINK = 'id, at, origin, "first", "last", lines, digest, hash'
_SAID = "NOT EXISTS (SELECT 1 FROM audit_forgotten WHERE activity_id = old.id)"


def _on_sqlite(name: str, when: str, condition: str = "") -> str:
    said = f" WHEN {condition}" if condition else ""
    return f"CREATE TRIGGER {name} BEFORE {when}{said} BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"


def _on_postgres(name: str, when: str, each: str = "ROW", function: str = "audit_kept") -> str:
    return f"CREATE TRIGGER {name} BEFORE {when} FOR EACH {each} EXECUTE FUNCTION {function}()"


def _function(name: str, condition: str) -> str:
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} "
        f"THEN RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'restrict_violation'; END IF; "
        "RETURN new; END $$"
    )


GUARDS: Mapping[str, Sequence[str]] = {
    "sqlite": (
        _on_sqlite("audit_link_added", f"UPDATE OF {_LINK} ON audit_link"),
        _on_sqlite("audit_link_kept", "DELETE ON audit_link"),
        _on_sqlite("audit_forgotten_added", "UPDATE ON audit_forgotten"),
        _on_sqlite("audit_forgotten_kept", "DELETE ON audit_forgotten"),
        _on_sqlite("activity_added", f"UPDATE OF {_LINE} ON activity"),
        _on_sqlite("activity_kept", "DELETE ON activity"),
        _on_sqlite("activity_said", "UPDATE OF detail ON activity", _SAID),
    ),
    "postgresql": (
        _function("audit_kept", "true"),
        _function("audit_said", _SAID),
        _on_postgres("audit_link_kept", f"DELETE OR UPDATE OF {_LINK} ON audit_link"),
        _on_postgres("audit_link_whole", "TRUNCATE ON audit_link", "STATEMENT"),
        _on_postgres("audit_forgotten_kept", "DELETE OR UPDATE ON audit_forgotten"),
        _on_postgres("audit_forgotten_whole", "TRUNCATE ON audit_forgotten", "STATEMENT"),
        _on_postgres("activity_kept", f"DELETE OR UPDATE OF {_LINE} ON activity"),
        _on_postgres("activity_whole", "TRUNCATE ON activity", "STATEMENT"),
        _on_postgres("activity_said", "UPDATE OF detail ON activity", function="audit_said"),
    ),
}
