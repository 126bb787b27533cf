"""What the page of one sequence has to show, by name, for pictures of the program."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from rally_desktop.services.workflows import WorkflowRow

if TYPE_CHECKING:
    from rally_desktop.ui.pages.sequence_editor import SequenceEditor
    from rally_desktop.ui.pages.workflow_editor import WorkflowEditor

Show = Callable[[], None]


def scenes_of(
    rows: Sequence[WorkflowRow],
    open_: Callable[[int], None],
    editor: Callable[[], WorkflowEditor | None],
) -> Mapping[str, Show]:
    """Return the sequence with most people inside in each of its sections and views."""

    def on_page(show: Callable[[SequenceEditor], None]) -> None:
        if (shown := editor()) is not None:
            show(cast("SequenceEditor", shown))

    def choose(page: SequenceEditor) -> None:
        page.steps.hands.choose(page.steps.line.rows[1].key)

    def unfold(page: SequenceEditor) -> None:
        if page.steps.settings is not None:
            page.steps.settings.fold.open()

    lively = max(rows, key=lambda row: (row.open_runs, row.steps))
    return {
        "sequence": partial(open_, lively.id),
        "sequence_step": partial(on_page, choose),
        "sequence_settings": partial(on_page, unfold),
        "sequence_canvas": partial(on_page, lambda page: page.show_as("canvas")),
        "sequence_people": partial(on_page, lambda page: page.show_section("people")),
        "sequence_figures": partial(on_page, lambda page: page.show_section("figures")),
    }
