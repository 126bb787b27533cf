"""Ten bugs to put into the engine on purpose; the comparison has to find each of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from rally_desktop.engine import inside, watch
from rally_desktop.engine.enrolling import Enrolling
from rally_desktop.engine.intake import Arrival
from rally_desktop.engine.nodes.flow.branch import Branch
from rally_desktop.engine.nodes.triggers.tag_added import TagAdded
from rally_desktop.engine.walk import Walk

Bug = Callable[[pytest.MonkeyPatch], None]


def a_wait_is_resumed_twice(patch: pytest.MonkeyPatch) -> None:
    """A wait that is over leads to itself once more."""
    real = Walk._pass

    def twice(self, version, run):
        step, seq = run.step, run.seq
        real(self, version, run)
        run.step = step if seq == 1 else run.step

    patch.setattr(Walk, "_pass", twice)


def the_cooldown_is_a_day_longer(patch: pytest.MonkeyPatch) -> None:
    """Whoever may enter again after one day waits for two."""
    real = Enrolling._again

    def longer(self, one, before):
        if before.last is None:
            return real(self, one, before)
        before.last += timedelta(days=1)
        try:
            return real(self, one, before)
        finally:
            before.last -= timedelta(days=1)

    patch.setattr(Enrolling, "_again", longer)


def branches_are_tried_backwards(patch: pytest.MonkeyPatch) -> None:
    """Of two paths that match, the second is taken."""
    real = Branch.run
    patch.setattr(
        Branch, "run", lambda self, work, here: real(Branch(self.paths[::-1]), work, here)
    )


def nobody_is_stopped_while_waiting(patch: pytest.MonkeyPatch) -> None:
    """What happens to a record does nothing to its runs."""
    patch.setattr(watch, "look", lambda *given: None)


def causes_are_not_told_apart(patch: pytest.MonkeyPatch) -> None:
    """Two events are taken for the same cause."""
    patch.setattr(Arrival, "cause", property(lambda self: f"activity:{self.activity_id // 2}"))


def the_case_of_tags_matters(patch: pytest.MonkeyPatch) -> None:
    """A workflow that starts with «Go» does not start with «go»."""
    patch.setattr(TagAdded, "matches", lambda self, event: event.detail["tag"] in self.tags)


def a_restart_keeps_the_old_run(patch: pytest.MonkeyPatch) -> None:
    """The run that is restarted goes on beside the new one."""
    patch.setattr(Enrolling, "_restart", lambda self, one: None)


def the_queue_loses_the_second(patch: pytest.MonkeyPatch) -> None:
    """Nobody is let in when the run before theirs has ended."""
    patch.setattr(Walk, "_let_in", lambda self, run: None)


def what_is_due_runs_too_early(patch: pytest.MonkeyPatch) -> None:
    """A run goes on a microsecond before it is due."""
    real = inside.due

    def early(work, *given):
        now = work.now
        work.now += timedelta(microseconds=1)
        try:
            return real(work, *given)
        finally:
            work.now = now

    patch.setattr(inside, "due", early)


def stop_actions_are_done_twice(patch: pytest.MonkeyPatch) -> None:
    """Whoever is stopped goes through the Stop Actions a second time."""
    real = Walk._stop

    def twice(self, version, run, reason):
        real(self, version, run, reason)
        real(self, version, run, reason)

    patch.setattr(Walk, "_stop", twice)


BUGS: tuple[Bug, ...] = (
    a_wait_is_resumed_twice,
    the_cooldown_is_a_day_longer,
    branches_are_tried_backwards,
    nobody_is_stopped_while_waiting,
    causes_are_not_told_apart,
    the_case_of_tags_matters,
    a_restart_keeps_the_old_run,
    the_queue_loses_the_second,
    what_is_due_runs_too_early,
    stop_actions_are_done_twice,
)
