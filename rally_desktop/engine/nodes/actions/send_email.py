"""Action: send an e-mail."""

from __future__ import annotations

from typing import Annotated, ClassVar

from rally_desktop.core.errors import BadTemplate, MissingValue, NotFound
from rally_desktop.core.schema import Pick
from rally_desktop.engine.nodes.base import Done, Failed, Family, Here, Outcome, Skipped, StepKind
from rally_desktop.model.ref import Ref
from rally_desktop.model.work import Snapshot, Work
from rally_desktop.services import messages, templates


class SendEmail(StepKind, frozen=True):
    """Sends an e-mail made from a template to the contact, or to the contact of the deal.

    Nobody who refused e-mail, or is marked ‘do not contact’, is written to. A merge field
    that is empty and has no fallback fails the step: nothing half-filled is ever sent. The
    message goes through the outbox, so that it is sent once and no more.
    """

    title: ClassVar = "Send e-mail"
    icon: ClassVar = "mail"
    family: ClassVar[Family] = "talk"
    says: ClassVar = "Template: {template}"
    example: ClassVar = {"template": "Welcome"}
    records: ClassVar = ("contact", "deal")
    words: ClassVar = ("mail", "message", "write", "letter")

    template: Annotated[str, Pick("Template", source="template")]
    account: Annotated[
        str,
        Pick("Send from", help="Empty: the owner's.", source="mail_account", required=False),
    ] = ""

    def exits(self) -> tuple[tuple[str, str], ...]:
        """Go on, or the other way where nothing could be sent."""
        return (("next", ""), ("failed", "Failed"))

    def run(self, work: Work, here: Here) -> Outcome:
        """Put the message into the outbox, within the run's transaction."""
        contact = _recipient(work, here)
        if contact is None:
            return Failed("no_contact", "There is no contact to write to.")
        try:
            template = templates.named(work, self.template)
        except NotFound as error:
            return Failed("no_template", str(error))
        if refusal := messages.refusal(work, contact, transactional=template.transactional):
            return Skipped(refusal, f"Not sent to {contact['email'] or 'the contact'}.")
        account = messages.account_for(work, self.account, here.record["owner_id"])
        if account is None:
            return Failed("no_account", "No mail account is set up to send from.")
        try:
            parts = [here.merge(text) for text in (template.subject, template.text)]
            html = here.merge(template.html, html=True)
        except MissingValue as error:
            return Failed("missing_value", str(error), {"field": error.field})
        except BadTemplate as error:
            return Failed("bad_template", str(error))
        key = f"{here.run_id}:{here.step_id}:{here.seq}"
        content = messages.Content(parts[0], parts[1], html)
        number = messages.queue(work, here.ref, contact, account, content, key=key)
        said = {"outbox": number, "subject": parts[0], "address": contact["email"]}
        return Done(f"“{parts[0]}” to {contact['email']}.", detail=said)


def _recipient(work: Work, here: Here) -> Snapshot | None:
    if here.ref.kind == "contact":
        return here.record
    number = here.record.get("contact_id")
    return work.find(Ref("contact", number)) if number else None
