"""Other names and mergers in the lists of the office, with drafts and views behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Unpack

from rally_desktop.engine import naming
from rally_desktop.engine.naming import Followed, Sort
from rally_desktop.model.work import Work
from rally_desktop.services import (
    field_edits,
    list_edits,
    mail_accounts,
    people,
    pipelines,
    tags,
    users,
)
from rally_desktop.services.mail_accounts import Settings


@dataclass(frozen=True)
class Joined:
    """Two that became one, and who followed."""

    merged: Any
    followed: Followed


def rename_value(work: Work, number: int, new: str) -> int:
    """Call a value of a list otherwise; return on how many records."""
    found = list_edits.one(work, number)
    count = list_edits.rename(work, number, new)
    naming.follow(work, Sort(found.list), found.value, _tidy(new))
    return count


def merge_values(work: Work, number: int, into: int) -> Joined:
    """Make two values of a list one."""
    gone, stays = list_edits.one(work, number), list_edits.one(work, into)
    merged = list_edits.merge(work, number, into)
    return Joined(merged, naming.follow(work, Sort(gone.list), gone.value, stays.value))


def part_values(work: Work, joined: Joined) -> None:
    """Take a merge of two values back."""
    list_edits.part(work, joined.merged)
    naming.take_back(work, joined.followed)


def rename_option(work: Work, number: int, value: str, new: str) -> int:
    """Call an option of an own field otherwise; return on how many records."""
    found = field_edits.one(work, number)
    count = field_edits.rename_option(work, number, value, new)
    naming.follow(work, Sort(kind=found.record_kind, field=found.name), value, _tidy(new))
    return count


def rename_pipeline(work: Work, number: int, new: str) -> int:
    """Call a pipeline otherwise; return on how many deals."""
    found = pipelines.one(work, number)
    count = pipelines.rename(work, number, new)
    naming.follow(work, Sort("pipeline"), found.name, _tidy(new))
    return count


def rename_stage(work: Work, number: int, new: str) -> int:
    """Call a stage otherwise; return on how many deals."""
    found, sort = pipelines.stage_row(work, number), stage_sort(work, number)
    count = pipelines.rename_stage(work, number, new)
    naming.follow(work, sort, found.name, _tidy(new))
    return count


def stage_sort(work: Work, number: int) -> Sort:
    """Return as what a stage is named: with its pipeline, where another one has its name too."""
    if not pipelines.is_shared(work, number):
        return Sort("stage")
    found = pipelines.stage_row(work, number)
    return Sort("stage", pipeline=pipelines.one(work, found.pipeline_id).name)


def remove_stage(work: Work, number: int, into: int) -> Joined:
    """Take a stage away: its deals, and drafts and views that name it, go on with another."""
    found, sort = pipelines.stage_row(work, number), stage_sort(work, number)
    other = pipelines.stage_row(work, into).name
    gone = pipelines.remove_stage(work, number, into)
    return Joined(gone, naming.follow(work, sort, found.name, other))


def restore_stage(work: Work, joined: Joined) -> None:
    """Bring back a stage that was taken away."""
    pipelines.restore_stage(work, joined.merged)
    naming.take_back(work, joined.followed)


def rename_tag(work: Work, number: int, new: str) -> None:
    """Call a tag otherwise."""
    before = tags.one(work, number).name
    tags.rename(work, number, new)
    naming.follow(work, Sort("tag"), before, _tidy(new))


def merge_tags(work: Work, number: int, into: int) -> Joined:
    """Make two tags one."""
    before, other = tags.one(work, number).name, tags.one(work, into).name
    gone = tags.merge(work, number, into)
    return Joined(gone, naming.follow(work, Sort("tag"), before, other))


def part_tags(work: Work, joined: Joined) -> None:
    """Take a merge of two tags back."""
    tags.restore(work, joined.merged)
    naming.take_back(work, joined.followed)


def edit_user(work: Work, number: int, values: Mapping[str, str]) -> dict[str, str]:
    """Set name, e-mail, role or time zone of a user; return what these were.

    Drafts and views name people by their labels, of which a namesake's may change as well.
    """
    here = users.listed(work)
    before = people.edit(work, number, values)
    given = {name: _tidy(value) for name, value in values.items() if name != "time_zone"}
    there = [replace(one, **given) if one.id == number else one for one in here]
    former, labels = users.labels(here), users.labels(there)
    moved = {former[one.id]: labels[one.id] for one in here if former[one.id] != labels[one.id]}
    if number in labels and before.get("email") and "email" in given:
        moved[before["email"]] = labels[number]
    naming.follow_all(work, Sort("user"), moved)
    return before


def edit_account(work: Work, number: int, **values: Unpack[Settings]) -> None:
    """Change a mail account; drafts follow a new name, what is published says the former one."""
    before = mail_accounts.one(work, number).name
    mail_accounts.edit(work, number, **values)
    if (new := values.get("name", before)) != before:
        naming.follow(work, Sort("mail_account"), before, new)


def _tidy(name: str) -> str:
    return " ".join(name.split())
