"""Recipe: a sequence of e-mails and a call that ends when somebody answers."""

from __future__ import annotations

from typing import ClassVar

from rally_desktop.engine.recipe import Recipe, TemplateText
from rally_desktop.model.graph import Graph, Rules, Step, Trigger

_FIRST = """Dear {{ contact.first_name | default("Sir or Madam") }},

I should like to show you what {{ office.name }} can do for you. Would ten minutes next week suit
you? A short reply is enough, and I send you a time.

Kind regards
{{ owner.name | default("Your team") }}
{{ office.name }}

To unsubscribe, reply with “unsubscribe”.
"""

_SECOND = """Dear {{ contact.first_name | default("Sir or Madam") }},

I know how full a week can be. If somebody else in your office is the right person to talk to, tell
me the name and I shall leave you in peace.

Kind regards
{{ owner.name | default("Your team") }}

To unsubscribe, reply with “unsubscribe”.
"""


class Outreach(Recipe):
    """Writes, calls after three business days, and writes once more; whoever answers is out."""

    title: ClassVar = "Outreach in a week"
    templates: ClassVar = (
        TemplateText("Outreach, first letter", "Ten minutes next week?", _FIRST),
        TemplateText("Outreach, last letter", "The right person?", _SECOND),
    )

    @classmethod
    def graph(cls) -> Graph:
        """Return the sequence."""
        pause = {"amount": 3, "unit": "business days"}
        call = {
            "task": "Call {{ contact.first_name | default('the contact') }}",
            "text": "Did my letter arrive? Offer ten minutes next week.",
        }
        first, last = (one.name for one in cls.templates)
        steps = (
            Step("first", "send_email", {"template": first}, {"next": "pause"}),
            Step("pause", "wait", pause, {"next": "call"}),
            Step("call", "call_step", call, {"next": "rest", "timed_out": "rest"}),
            Step("rest", "wait", pause, {"next": "last"}),
            Step("last", "send_email", {"template": last}, {"next": "end"}),
            Step("end", "end"),
        )
        return Graph(
            name=cls.title,
            purpose="sequence",
            description="Two letters and a call within a week; whoever answers is out.",
            triggers=(Trigger("hand", "by_hand"),),
            steps={step.id: step for step in steps},
            start="first",
            settings=Rules(again="never"),
        )
