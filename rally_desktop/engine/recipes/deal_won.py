"""Recipe: a deal is won."""

from __future__ import annotations

from typing import ClassVar

from rally_desktop.engine.recipe import Recipe
from rally_desktop.model.graph import Graph, Rules, Step, Trigger


class DealWon(Recipe):
    """Tells the owner, tags the deal and makes its contact a customer."""

    title: ClassVar = "Deal won"

    @classmethod
    def graph(cls) -> Graph:
        """Return the workflow."""
        steps = (
            Step("tell", "notify", {"text": "{{ deal.name }} is won."}, {"next": "tag"}),
            Step("tag", "add_tag", {"tag": "Won"}, {"next": "customer"}),
            Step("customer", "update_lifecycle_stage", {"stage": "Customer"}, {"next": "end"}),
            Step("end", "end"),
        )
        return Graph(
            name=cls.title,
            record="deal",
            description="Celebrates: tells the owner and makes the contact a customer.",
            triggers=(Trigger("won", "deal_stage_changed", {"after": ["Closed Won"]}),),
            steps={step.id: step for step in steps},
            start="tell",
            settings=Rules(again="every_event"),
        )
