"""Recipe: leads that nobody talks to."""

from __future__ import annotations

from typing import ClassVar

from rally_desktop.engine.recipe import Recipe
from rally_desktop.model.graph import Graph, Rules, Step, Trigger


class StaleLeads(Recipe):
    """Brings up leads that were left alone for two weeks: a task, and a word if it is not done."""

    title: ClassVar = "Stale leads"

    @classmethod
    def graph(cls) -> Graph:
        """Return the workflow."""
        call = {
            "task": "Get back to {{ contact.first_name | default('the contact') }}", "type": "Call",
            "description": "Nobody has talked to this lead for two weeks.",
        }  # fmt: skip
        until = {"what": "a task done", "amount": 2, "unit": "days"}
        still = "{{ contact.first_name | default('A lead') }} still waits for a call."
        steps = (
            Step("wait", "wait", {"amount": 1, "unit": "business days"}, {"next": "call"}),
            Step("call", "create_task", call, {"next": "done"}),
            Step("done", "wait_until", until, {"happened": "end", "timed_out": "tell"}),
            Step("tell", "notify", {"text": still}, {"next": "tag"}),
            Step("tag", "add_tag", {"tag": "Stale"}, {"next": "end"}),
            Step("end", "end"),
        )
        silent = {"where": "Lifecycle stage", "lifecycle_stages": ["Lead", "Qualified"], "days": 14}
        return Graph(
            name=cls.title,
            description="Makes a task for leads that were left alone for two weeks.",
            triggers=(Trigger("silent", "stale", silent),),
            audience={"field": "owner", "op": "is_known"},
            steps={step.id: step for step in steps},
            start="wait",
            settings=Rules(again="after_end"),
        )
