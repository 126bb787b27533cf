"""What came of a rehearsal, in words."""

from __future__ import annotations

import pytest

from rally_desktop.engine.rehearsing.findings import Findings
from rally_desktop.ui.pages.workflow_rehearsal_findings import FindingsPanel


@pytest.mark.parametrize(
    ("considered", "messages", "said"),
    [
        (1, 1, ["1 contact considered, 1 entered", "1 message, at most 1 to one person"]),
        (2, 4, ["2 contacts considered, 1 entered", "4 messages, at most 1 to one person"]),
    ],
)
def test_one_is_one_and_nobody_reads_of_a_seed_they_did_not_choose(
    theme, qtbot, considered, messages, said
):
    """Numbers are said as people say them, and nothing is said that nobody asked about."""
    panel = FindingsPanel(theme)
    qtbot.addWidget(panel)
    day = "2026-06-02T09:00:00+00:00"
    found = Findings(
        "w", "contact", day, day, False, 0, considered=considered, entered=1,
        messages=messages, most_messages=1,
    )  # fmt: skip
    panel.show_findings(found)
    lines = panel.words.text().splitlines()
    assert lines[1:] == said
    assert "seed" not in lines[0]
