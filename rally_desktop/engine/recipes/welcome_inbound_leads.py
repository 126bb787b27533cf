"""Recipe: welcome inbound leads, and follow up with those who stay silent."""

from __future__ import annotations

from typing import ClassVar

from rally_desktop.engine.recipe import Recipe, TemplateText
from rally_desktop.model.graph import Graph, Rules, Step, Trigger

_WELCOME = """Dear {{ contact.first_name | default("Sir or Madam") }},

thank you for getting in touch with {{ office.name }}. I am your contact here; just reply to
this message with your questions, or with a time at which I may call you.

Kind regards
{{ owner.name | default("Your team") }}
{{ office.name }}

To unsubscribe, reply with “unsubscribe”.
"""

_REMINDER = """Dear {{ contact.first_name | default("Sir or Madam") }},

two days ago I wrote to you, and I would like to be sure that it reached you. Is there anything
you would like to know? A short reply is enough.

Kind regards
{{ owner.name | default("Your team") }}

To unsubscribe, reply with “unsubscribe”.
"""


class WelcomeInboundLeads(Recipe):
    """Writes to every inbound lead, waits two days, and then calls or writes once more."""

    title: ClassVar = "Welcome inbound leads"
    templates: ClassVar = (
        TemplateText("Welcome", "Welcome to {{ office.name }}", _WELCOME),
        TemplateText("Reminder", "Did my message reach you?", _REMINDER),
    )

    @classmethod
    def graph(cls) -> Graph:
        """Return the workflow."""
        answered = {
            "any": [
                {"field": "last_replied_at", "op": "in_last", "value": 2},
                {"field": "tags", "op": "any_of", "value": ["Hot"]},
            ]
        }
        paths = [{"name": "Replied or tagged", "exit": "answered", "filter": answered}]
        call = {"task": "Call {{ contact.first_name | default('the contact') }}", "type": "Call"}
        steps = (
            Step("welcome", "send_email", {"template": "Welcome"}, {"next": "wait"}),
            Step("wait", "wait", {"amount": 2, "unit": "days"}, {"next": "answered"}),
            Step("answered", "branch", {"paths": paths}, {"answered": "call", "else": "remind"}),
            Step("call", "create_task", {**call, "priority": "High"}, {"next": "end"}),
            Step("remind", "send_email", {"template": "Reminder"}, {"next": "end"}),
            Step("end", "end"),
        )
        return Graph(
            name=cls.title,
            description="Greets new inbound leads and follows up with those who stay silent.",
            triggers=(Trigger("created", "record_created"),),
            audience={"field": "lead_source", "op": "is", "value": "Inbound"},
            steps={step.id: step for step in steps},
            start="welcome",
            settings=Rules(again="never"),
        )
