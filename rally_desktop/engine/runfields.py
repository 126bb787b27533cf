"""The fields that a workflow's filters know: the record's, the office's own, and the run's."""

from __future__ import annotations

from rally_desktop.core.schema import Pick
from rally_desktop.model.fields import FieldInfo, FieldList
from rally_desktop.model.ref import RecordKind
from rally_desktop.model.work import Work
from rally_desktop.services import merging

ENTERED_BY = "entered_by"
_ENTERED_BY = FieldInfo(
    ENTERED_BY,
    "Entered by",
    Pick("Entered by", source="trigger", required=False),
    "choice",
    "Workflow",
)


def run_fields(work: Work, kind: RecordKind) -> FieldList:
    """Return every field that a filter of a workflow over this kind of record may name."""
    key = ("run_fields", kind)
    if key not in work.memo:
        own = merging.fields(work, kind).values()
        work.memo[key] = FieldList(kind, [*own, _ENTERED_BY])
    return work.memo[key]
