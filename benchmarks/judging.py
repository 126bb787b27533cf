"""Arrived mail: how often it is judged as a person would, and how long that takes.

The corpus lies beside the tests (tests/outside/mail/judged_mail.py says how it came about and
what its parts gave when they were judged first). Precision: of what is called so, how much is;
recall: of what is so, how much is called so. A table of all classes goes to the screen, the sums
into the rows.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

from rally_desktop.outside.mail.judging import Judged
from tests.outside.mail.judged_mail import Case, cases

BOUNCES = frozenset(("hard", "soft", "refused"))
PEOPLE = frozenset(("reply", "wish"))
GOAL, GOAL_MILLISECONDS = 0.95, 10.0
_PARTS = (("tuned", "tuned on"), ("held", "held back"), ("later", "to find fault"))
Pairs = Sequence[tuple[Case, Judged]]


def run(quick: bool) -> list[dict[str, Any]]:
    """Judge the corpus and return a row for each figure."""
    found = cases()
    pairs = [(case, case.judged()) for case in found]
    rows: list[dict[str, Any]] = []
    for part, words in _PARTS:
        some = [pair for pair in pairs if pair[0].name.startswith(f"{part}/")]
        _show(words, some)
        rows += _rows(words, some)
    return [*rows, _speed(found, 1 if quick else 5)]


def _rows(words: str, pairs: Pairs) -> list[dict[str, Any]]:
    groups: dict[str, Callable[[str], bool]] = {
        "bounces": lambda word: word in BOUNCES,
        "automatic": lambda word: word not in BOUNCES | PEOPLE,
        "people": lambda word: word in PEOPLE,
        "wishes": lambda word: word == "wish",
    }
    rows = []
    for name, belongs in groups.items():
        precision, recall = _precision_recall(pairs, belongs)
        rows.append(_row(f"{words}, {name}: precision", precision))
        rows.append(_row(f"{words}, {name}: recall", recall))
    rows.append(_row(f"{words}: class right", _share(pairs, lambda c, j: j.word == c.verdict)))
    away = [pair for pair in pairs if pair[0].verdict == "absence"]
    rows.append(_row(f"{words}: day of return right", _share(away, _day_is_right)))
    people = [pair for pair in pairs if pair[0].verdict in PEOPLE]
    rows.append(_row(f"{words}: own words right", _share(people, _own_is_right)))
    return rows


def _day_is_right(case: Case, judged: Judged) -> bool:
    return str((judged.automatic and judged.automatic.back) or "") == case.back


def _own_is_right(case: Case, judged: Judged) -> bool:
    return " ".join(judged.own.split()) == case.own


def _share(pairs: Pairs, right: Callable[[Case, Judged], bool]) -> float:
    return sum(right(case, judged) for case, judged in pairs) / len(pairs)


def _precision_recall(pairs: Pairs, belongs: Callable[[str], bool]) -> tuple[float, float]:
    called = [(case, judged) for case, judged in pairs if belongs(judged.word)]
    right = sum(belongs(case.verdict) for case, _ in called)
    there = sum(belongs(case.verdict) for case, _ in pairs)
    return right / max(1, len(called)), right / max(1, there)


def _row(measure: str, share: float) -> dict[str, Any]:
    return {
        "measure": measure, "ours": round(share, 3), "yardstick": None, "ratio": None,
        "goal": f"≥ {GOAL}", "holds": share >= GOAL,
    }  # fmt: skip


def _show(words: str, pairs: Pairs) -> None:
    print(f"{words}: {len(pairs)} messages")
    for kind in sorted({case.verdict for case, _ in pairs}):
        precision, recall = _precision_recall(pairs, lambda word, kind=kind: word == kind)
        count = sum(case.verdict == kind for case, _ in pairs)
        print(f"  {kind:16} {count:3}  precision {precision:.2f}  recall {recall:.2f}")


def _speed(found: Sequence[Case], rounds: int) -> dict[str, Any]:
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        for case in found:
            case.judged()
        taken.append((time.perf_counter() - started) / len(found) * 1000)
    ours = statistics.median(taken)
    return {
        "measure": "milliseconds to read and judge a message", "ours": round(ours, 2),
        "yardstick": None, "ratio": None, "goal": f"≤ {GOAL_MILLISECONDS:g}",
        "holds": ours <= GOAL_MILLISECONDS,
    }  # fmt: skip
