"""A rehearsal of 20 steps over 30 days for 5,000 contacts; and how soon it can be cancelled."""

from __future__ import annotations

import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from benchmarks._office import bring_in
from rally_desktop.core.clock import SystemClock
from rally_desktop.engine.rehearsal import Cancelled, Plan, rehearse
from rally_desktop.model.graph import Graph, Step, Trigger
from rally_desktop.model.store import Store
from rally_desktop.services import mail_accounts, office, templates

DAYS = 30
GOAL, GOAL_CANCEL = 20.0, 0.5  # seconds
ROUND = ("branch", "field", "tag", "mail", "wait")  # four times over: twenty steps
TEXT = "Dear {{ contact.first_name }}, this is what we promised you. Yours, the office."


def run(quick: bool) -> list[dict[str, Any]]:
    """Return how long a rehearsal takes, and how long until a cancelled one has ended."""
    count = 500 if quick else 5_000
    with tempfile.TemporaryDirectory(prefix="rally-bench-") as folder:
        store = Store.open(f"sqlite:///{Path(folder, 'office.rally')}", SystemClock())
        store.write(office.found)
        store.write(mail_accounts.add, "Office", "a@example.com", host="memory", port=25)
        store.write(templates.save, "Hello", subject="Hello", text=TEXT)
        bring_in(store, count)
        plan = Plan(twenty_steps(), days=DAYS)
        took, visits = _rehearsed(store, plan)
        ended = max(_cancelled(store, plan, after) for after in (0.05, 0.5, 1.5))
        store.close()
    return [
        _row(f"rehearsal: s, {count:,} contacts, {DAYS} days, 20 steps", took, GOAL, visits / took),
        _row("rehearsal: s until it is cancelled, worst of 3", ended, GOAL_CANCEL, None),
    ]


def _row(measure: str, ours: float, goal: float, rate: float | None) -> dict[str, Any]:
    return {
        "measure": measure, "ours": ours, "yardstick": rate, "ratio": None,
        "goal": f"<= {goal:g} s", "holds": ours <= goal,
    }  # fmt: skip


def twenty_steps() -> Graph:
    """Return four rounds of a condition, a field, a tag, a message and a wait."""
    filter_ = {"field": "score", "op": "ge", "value": 10}
    settings: dict[str, dict[str, Any]] = {
        "branch": {"paths": [{"name": "Scored", "exit": "yes", "filter": filter_}]},
        "field": {"field": "department", "value": "Round {number}"},
        "tag": {"tag": "Round {number}"},
        "mail": {"template": "Hello"},
        "wait": {"amount": 7, "unit": "days"},
    }
    kinds = {"field": "update_field", "tag": "add_tag", "mail": "send_email"}
    keys = [(name, number) for number in range(4) for name in ROUND]
    steps: dict[str, Step] = {}
    for place, (name, number) in enumerate(keys):
        own = {
            key: value.format(number=number) if isinstance(value, str) else value
            for key, value in settings[name].items()
        }
        exit_ = "yes" if name == "branch" else "next"
        key = f"{name}{number}"
        after = "".join(map(str, keys[place + 1])) if place + 1 < len(keys) else ""
        steps[key] = Step(key, kinds.get(name, name), own, {exit_: after} if after else {})
    return Graph(
        name="Twenty steps", triggers=(Trigger("t", "record_created"),), start="branch0",
        steps=steps,
    )  # fmt: skip


def _rehearsed(store: Store, plan: Plan) -> tuple[float, int]:
    began = time.perf_counter()
    with rehearse(store, plan) as done:
        took = time.perf_counter() - began
        visits = sum(one.entered for one in done.findings.steps)
    if done.findings.entered != done.findings.considered or not done.findings.messages:
        raise RuntimeError(f"not everybody took part: {done.findings}")
    return took, visits


def _cancelled(store: Store, plan: Plan, after: float) -> float:
    """Return how long it takes until a rehearsal that is cancelled has ended."""
    stop = threading.Event()
    asked: list[float] = []

    def cancel() -> None:
        asked.append(time.perf_counter())
        stop.set()

    timer = threading.Timer(after, cancel)
    timer.start()
    try:
        rehearse(store, plan, cancelled=stop.is_set).__exit__(None, None, None)
    except Cancelled:
        return time.perf_counter() - asked[0]
    finally:
        timer.cancel()
        timer.join()
    return 0.0
