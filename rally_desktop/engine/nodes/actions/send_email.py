"""Action: send an e-mail."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, ClassVar, Literal

from rally_desktop.core.errors import BadTemplate, MissingValue
from rally_desktop.core.schema import Choice, Pick
from rally_desktop.engine.nodes.base import Done, Failed, Family, Here, Outcome, StepKind
from rally_desktop.engine.nodes.writing import begun, origin, said
from rally_desktop.model.work import Work
from rally_desktop.services import mail_accounts, messages, way_out
from rally_desktop.services.messages import Content
from rally_desktop.services.templates import Template


class SendEmail(StepKind, frozen=True):
    """Sends an e-mail made from a template to the contact, or to the contact of the deal.

    Nobody who refused e-mail, or is marked ‘do not contact’, is written to. Where the person
    has got enough messages, or it is outside the hours, the message waits. A merge field
    that is empty and has no fallback fails the step: nothing half-filled is ever sent. The
    message goes through the outbox, so that it is sent once and no more.
    """

    title: ClassVar = "Send e-mail"
    icon: ClassVar = "mail"
    family: ClassVar[Family] = "talk"
    says: ClassVar = "Template: {template}"
    reads: ClassVar = "Send the e-mail “{template}”"
    example: ClassVar = {"template": "Welcome"}
    records: ClassVar = ("contact", "deal")
    words: ClassVar = ("mail", "message", "write", "letter")
    late_after: ClassVar = timedelta(hours=4)

    template: Annotated[str, Pick("Template", source="template")]
    account: Annotated[
        str,
        Pick(
            "Send from",
            help="Empty: the workflow's account, else the owner's, else the office's first.",
            source="mail_account",
            required=False,
        ),
    ] = ""
    thread: Annotated[
        Literal["new", "reply"],
        Choice(
            "Sent as",
            help="A reply follows the last e-mail of this run; without one it is a new e-mail.",
            required=False,
        ),
    ] = "new"

    def exits(self) -> tuple[tuple[str, str], ...]:
        """Go on, or the other way where nothing could be sent."""
        return (("next", ""), ("failed", "Failed"))

    def run(self, work: Work, here: Here) -> Outcome:
        """Put the message into the outbox, within the run's transaction."""
        to_write = begun(work, here, self.template, "email")
        if isinstance(to_write, Failed):
            return to_write
        contact, template = to_write
        name = self.account or here.rules.account
        account = mail_accounts.account_for(work, name, here.record["owner_id"])
        if account is None:
            return Failed("no_account", "No mail account is set up to send from.")
        answer = here.guard(contact, account, transactional=template.transactional)
        if answer is not None:
            return answer
        try:
            content = self._content(work, here, template, contact["email"])
        except MissingValue as error:
            return Failed("missing_value", str(error), {"field": error.field})
        except BadTemplate as error:
            return Failed("bad_template", str(error))
        number = messages.queue(work, here.ref, contact, account, content, origin(here))
        detail = {
            "outbox": number, "subject": content.subject, "address": contact["email"],
            "template": template.name, "version": template.version,
        }  # fmt: skip
        return Done(said(here, f"“{content.subject}” to {contact['email']}."), detail=detail)

    def _content(self, work: Work, here: Here, template: Template, address: str) -> Content:
        subject, text = here.merge(template.subject), here.merge(template.text)
        html, before = here.merge(template.html, html=True), None
        if here.rules.footer and not template.transactional:
            text, html = way_out.said_below(text, html, here.rules.footer)
        if self.thread == "reply":
            before = messages.last_of_run(work, here.run_id, here.ref, address)
        if before is not None:
            subject = before.subject if _is_reply(before.subject) else f"Re: {before.subject}"
        return Content(
            subject, text, html, template.name, template.transactional,
            before.message_id if before else "", template.version, template.files,
        )  # fmt: skip


def _is_reply(subject: str) -> bool:
    return subject.lower().startswith("re:")
