"""What the settings of a workflow can pick from, as the office has it now."""

from __future__ import annotations

from rally_desktop.core import schema
from rally_desktop.engine.nodes import step_kinds, trigger_kinds
from rally_desktop.model.ref import RecordKind
from rally_desktop.model.work import Work
from rally_desktop.services import grid, http_secrets, lists, templates

# Tables whose rows stand in these lists.
WATCHED = frozenset(
    {"template", "tag", "choice", "user_account", "stage", "pipeline", "mail_account", "secret"}
)
CHANNELS = ("email", "sms")


def templates_by(channel: str) -> str:
    """Return the name of the list of templates that are sent by a channel."""
    return f"template/{channel}"


def office_lists(work: Work, record: RecordKind) -> dict[str, list[str]]:
    """Return every list of the office that a setting or a condition can pick from."""
    found = {name: list(values) for name, values in grid.offer(work, record).lists.items()}
    for kind in (*step_kinds().values(), *trigger_kinds().values()):
        for setting in kind.settings():
            field = setting.field
            if isinstance(field, schema.Pick) and field.source not in ("field", *found):
                found[field.source] = lists.of(work, field.source)
    found["secret"] = http_secrets.names(work)
    for channel in CHANNELS:
        known = templates.listed(work)
        found[templates_by(channel)] = [one.name for one in known if one.channel == channel]
    return found
