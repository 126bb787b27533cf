"""Workflows of any size to draw: chains, and branches of which most meet again."""

from __future__ import annotations

import random
from typing import Any

from rally_desktop.model.graph import Graph, Place, Step, Trigger

SETTINGS: dict[str, dict[str, Any]] = {
    "send_email": {"template": "Welcome, first contact"},
    "wait": {"amount": 2, "unit": "days"},
    "create_task": {"task": "Call back"},
    "add_tag": {"tag": "Welcomed"},
    "branch": {"paths": [{"name": "Replied", "exit": "yes", "filter": None}]},
}


class Grower:
    """Makes a workflow of a given size: chains, and branches of which most meet again."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.steps: dict[str, Step] = {}

    def workflow(self, size: int) -> Graph:
        """Return a workflow of that many steps."""
        self.chain([], size, 0)
        start = (Trigger("t", "record_created"),)
        return Graph("Bench", triggers=start, start="s0", steps=self.steps)

    def packed(self, size: int) -> Graph:
        """Return sixteen chains close beside each other: a screen full of cards."""
        ends: list[Place] = []
        for number in range(15):
            above = ends.pop(0) if number else None
            key = self.step("branch", [above] if above else [])
            ends += [Place(key, "yes"), Place(key, "else")]
        while len(self.steps) < size:
            ends = [Place(self.step("create_task", [end])) for end in ends]
        start = (Trigger("t", "record_created"),)
        return Graph("Packed", triggers=start, start="s0", steps=self.steps)

    def step(self, kind: str, entrances: list[Place]) -> str:
        """Add a step below these exits."""
        key = f"s{len(self.steps)}"
        for source, name in entrances:
            self.steps[source].exits[name] = key
        self.steps[key] = Step(key, kind, SETTINGS[kind], {})
        return key

    def chain(self, ends: list[Place], budget: int, depth: int) -> list[Place]:
        """Add that many steps below these exits, and return the exits left open."""
        while budget > 0:
            if budget < 6 or depth > 11 or self.dice.random() > 0.22:
                kind = self.dice.choice(list(SETTINGS)[:-1])
                ends = [Place(self.step(kind, ends))]
                budget -= 1
                continue
            key = self.step("branch", ends)
            budget -= 1
            meets = self.dice.random() < 0.6
            part = int(budget * self.dice.uniform(0.3, 0.7)) if meets else budget
            ends = self.chain([Place(key, "yes")], part // 2, depth + 1)
            ends += self.chain([Place(key, "else")], part - part // 2, depth + 1)
            budget -= part
        return ends
