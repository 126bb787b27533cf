"""What a setting that moves is in the audit log: each has its name there, some are no news."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rally_desktop.model.work import Work
from rally_desktop.services import audit

# What the program itself remembers, by the beginning of its name.
QUIET = ("epoch", "home", "workflows_changed", "finishing/", "asked/", "import.", "erasure_key",
         "web_state")  # fmt: skip
# What a setting is named after whose value nobody else may know.
_SECRET = ("key", "password", "secret", "token")
_PASSWORD = "password/"
_SWITCHES: Mapping[str, tuple[str, str]] = {
    "sending_stopped": ("sending_stopped", "sending_resumed"),
    "sending_locked": ("sending_locked", "sending_unlocked"),
}
_OF_WORKFLOW: Mapping[str, str] = {
    "confirmed/": "messages_confirmed",
    "released/": "enrolments_released",
}


def tell(work: Work, name: str, before: Any, after: Any) -> None:
    """Say in the audit log that a setting moved, from what to what; of a password only that."""
    if before == after or name.startswith(QUIET):
        return
    begin, _, number = name.rpartition("/")
    if name.startswith(_PASSWORD):
        audit.say(work, _password(before, after), "workflow", int(number))
    elif f"{begin}/" in _OF_WORKFLOW:
        audit.say(work, _OF_WORKFLOW[f"{begin}/"], "workflow", int(number))
    elif name in _SWITCHES:
        audit.say(work, _SWITCHES[name][not after], "office")
    elif any(word in name for word in _SECRET):
        audit.say(work, "office_changed", "setting", name=name, fields={}, hidden=["value"])
    else:
        audit.say(work, "office_changed", "setting", name=name, fields=_moved(before, after))


def _password(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> str:
    if before is None:
        return "protected"
    if after is None:
        return "unprotected"
    if before["hash"] != after["hash"]:
        return "password_changed"
    return "unlock_failed" if after["wrong"] > before["wrong"] else "unlocked"


def _moved(before: Any, after: Any) -> dict[str, tuple[Any, Any]]:
    """Return what moved: part by part where both are described by parts."""
    if not (isinstance(before or {}, Mapping) and isinstance(after or {}, Mapping)):
        return {"value": (before, after)}
    old, new = before or {}, after or {}
    names = sorted(old.keys() | new.keys())
    return {one: (old.get(one), new.get(one)) for one in names if old.get(one) != new.get(one)}
