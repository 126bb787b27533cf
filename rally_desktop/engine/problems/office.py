"""What a definition may refer to, read once from the office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from functools import lru_cache

from sqlalchemy import select

from rally_desktop.core.errors import RallyError
from rally_desktop.engine.problems.outline import Outline, outline_of
from rally_desktop.engine.runfields import run_fields
from rally_desktop.model.fields import FieldList
from rally_desktop.model.ref import RECORD_KINDS, RecordKind
from rally_desktop.model.tables import workflow, workflow_version
from rally_desktop.model.work import Work
from rally_desktop.services import (
    http_secrets,
    lists,
    merging,
    settings,
    templates,
    users,
    workflows,
)

# What the engine looks up by name; a value of any other list is only text that is compared.
LOOKED_UP = (
    "template", "stage", "open_stage", "pipeline", "lifecycle_stage", "mail_account",
    "workflow",
)  # fmt: skip


@dataclass(frozen=True)
class Office:
    """What a definition may refer to: the office's lists, fields, templates and workflows.

    ``people`` are the names that users answer to, folded, and how many answer to each.
    """

    lists: Mapping[str, frozenset[str]]
    fields: Mapping[RecordKind, FieldList]
    merge_fields: frozenset[str]
    templates: Mapping[str, templates.Template] = attribute(default_factory=dict)
    workflows: tuple[Outline, ...] = ()
    secrets: frozenset[str] = frozenset()
    time_zone: str = "UTC"
    people: Mapping[str, int] = attribute(default_factory=dict)


def office_of(work: Work) -> Office:
    """Return what definitions of this office may refer to."""
    return Office(
        lists={source: frozenset(lists.of(work, source)) for source in LOOKED_UP},
        fields={kind: run_fields(work, kind) for kind in RECORD_KINDS},
        merge_fields=frozenset(merging.known_fields(work)),
        templates={one.name: one for one in templates.listed(work)},
        workflows=_published(work),
        secrets=frozenset(http_secrets.names(work)),
        time_zone=settings.get(work, "time_zone", "UTC"),
        people={name: len(found) for name, found in users.called(work).items()},
    )


def _published(work: Work) -> tuple[Outline, ...]:
    query = (
        select(workflow_version.c.definition)
        .join(workflow, workflow.c.published_id == workflow_version.c.id)
        .where(workflow.c.state == "published", workflow.c.deleted_at.is_(None))
        .order_by(workflow.c.id)
    )
    found = (_outline(text) for text in work.connection.execute(query).scalars())
    return tuple(one for one in found if one is not None)


@lru_cache(maxsize=256)
def _outline(definition: str) -> Outline | None:
    """Return the outline of a published definition; None where it cannot be read any more."""
    try:
        return outline_of(workflows.read(definition))
    except RallyError:
        return None
