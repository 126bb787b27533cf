"""The carrier in memory goes the same steps as the real one."""

import asyncio

import pytest

from rally_desktop.core.errors import SendFailed
from rally_desktop.outside.mail.memory import MemoryCarrier
from tests.mail_server import letter


@pytest.mark.parametrize(
    ("stage", "marked", "kept"), [("before", 0, 0), ("after", 1, 0), ("taken", 1, 1)]
)
def test_a_fault_strikes_where_it_was_asked_for(stage, marked, kept):
    """A fault leaves the mark and the message as that moment in the dialogue would."""
    carrier = MemoryCarrier()
    marks = []

    async def mark():
        marks.append(1)

    carrier.fail(stage)
    with pytest.raises(SendFailed) as failure:
        asyncio.run(carrier.hand_over(letter(), mark))
    assert failure.value.after_dot is (stage != "before")
    assert (len(marks), len(carrier.letters)) == (marked, kept)


def test_letters_are_kept_in_order():
    """What passes is kept as it was written."""
    carrier = MemoryCarrier()

    async def go():
        for subject in ("One", "Two"):
            await carrier.hand_over(letter(subject=subject), lambda: asyncio.sleep(0))
        await carrier.close()

    asyncio.run(go())
    assert [kept.subject for kept in carrier.letters] == ["One", "Two"]
    assert carrier.closed
