"""What the canvas has to show, by name, for pictures of the program."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from rally_desktop.canvas.plan import Spot
from rally_desktop.core.fold import fold
from rally_desktop.services.workflows import WorkflowRow

if TYPE_CHECKING:
    from rally_desktop.ui.pages.workflow_editor import WorkflowEditor

Show = Callable[[], None]
# Steps whose settings have the most to show: texts, a template, conditions.
SET_UP = ("create_task", "send_email", "branch")


def scenes_of(
    rows: Sequence[WorkflowRow],
    open_: Callable[[int], None],
    editor: Callable[[], WorkflowEditor | None],
) -> Mapping[str, Show]:
    """Return every workflow on the canvas, and the one with most people inside in each view.

    The largest is rehearsed, and then shown all at once.
    """

    def look(key: str) -> None:
        if (shown := editor()) is not None:
            shown.views.show(key)

    def look_at_run() -> None:
        if (shown := editor()) is not None and (inside := shown.views.live.people.table.rows()):
            shown.views.show_run(inside[0].id)

    def rehearse() -> None:
        look("rehearsal")
        if (shown := editor()) is not None:
            shown.views.rehearsal.start()

    def set_up(kind: str) -> None:
        if (shown := editor()) is not None:
            steps = shown.draft.graph.steps.values()
            first = next((step.id for step in steps if step.kind == kind), None)
            shown.canvas.select(Spot("step", first) if first else None)

    def fit() -> None:
        look("draft")
        if (shown := editor()) is not None:
            shown.view.fit(shown.view.flow.sceneRect(), glide=False)

    by_size = sorted(rows, key=lambda row: row.steps)
    scenes: dict[str, Show] = {f"canvas_{_slug(row)}": partial(open_, row.id) for row in by_size}
    scenes |= {"view_rehearsal": rehearse, "workflow": fit, **_found_ways(editor)} if rows else {}
    lively = max(rows, key=lambda row: row.open_runs, default=None)
    if lively is not None and lively.open_runs:
        scenes["view_draft"] = partial(open_, lively.id)
        scenes |= {f"settings_{kind}": partial(set_up, kind) for kind in (*SET_UP, "whole")}
        scenes |= {f"view_{key}": partial(look, key) for key in ("published", "live")}
        scenes |= {"view_run": look_at_run}
    return scenes


def _found_ways(editor: Callable[[], WorkflowEditor | None]) -> dict[str, Show]:
    """Return the workflow on screen as an outline, and with what a search finds in it."""

    def outline() -> None:
        if (shown := editor()) is not None:
            shown.moving.switch_outline()

    def search() -> None:
        if (shown := editor()) is not None:
            shown.moving.find()
            shown.moving.bar.field.setText("e-mail")
            shown.moving.search.step(1)

    return {"outline": outline, "search": search}


def _slug(row: WorkflowRow) -> str:
    return "_".join(fold(row.name).split())
