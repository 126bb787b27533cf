"""Action: send an SMS."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, ClassVar

from rally_desktop.core import numbers, sms
from rally_desktop.core.errors import BadTemplate, MissingValue
from rally_desktop.core.schema import Pick
from rally_desktop.engine.nodes.base import Done, Failed, Family, Here, Outcome, StepKind
from rally_desktop.engine.nodes.writing import begun, origin, said
from rally_desktop.model.work import Work
from rally_desktop.services import mail_accounts, messages
from rally_desktop.services.messages import Content


class SendSms(StepKind, frozen=True):
    """Sends an SMS made from a template to the contact, or to the contact of the deal.

    It goes to the mobile number, or without one to the phone number. Nobody who refused SMS,
    or is marked ‘do not contact’, is written to. It needs a gateway; while none is set up, the
    step fails and says so.
    """

    title: ClassVar = "Send SMS"
    icon: ClassVar = "message-square"
    family: ClassVar[Family] = "talk"
    says: ClassVar = "Template: {template}"
    reads: ClassVar = "Send the SMS “{template}”"
    example: ClassVar = {"template": "Reminder by SMS"}
    records: ClassVar = ("contact", "deal")
    words: ClassVar = ("text", "message", "write", "phone", "mobile")
    late_after: ClassVar = timedelta(hours=2)

    template: Annotated[str, Pick("Template", help="One for SMS.", source="template")]

    def exits(self) -> tuple[tuple[str, str], ...]:
        """Go on, or the other way where nothing could be sent."""
        return (("next", ""), ("failed", "Failed"))

    def run(self, work: Work, here: Here) -> Outcome:
        """Put the message into the outbox, within the run's transaction."""
        to_write = begun(work, here, self.template, "sms")
        if isinstance(to_write, Failed):
            return to_write
        contact, template = to_write
        account = mail_accounts.account_for(work, "", here.record["owner_id"], "sms")
        if account is None:
            return Failed("no_account", _NO_GATEWAY)
        answer = here.guard(contact, account, transactional=template.transactional)
        if answer is not None:
            return answer
        try:
            text = here.merge(template.text)
        except MissingValue as error:
            return Failed("missing_value", str(error), {"field": error.field})
        except BadTemplate as error:
            return Failed("bad_template", str(error))
        content = Content(
            "", text, "", template.name, template.transactional, version=template.version
        )
        number = messages.queue(work, here.ref, contact, account, content, origin(here))
        parts = sms.parts(text)
        address = messages.address_of(work, contact, "sms")
        detail = {
            "outbox": number, "address": address, "parts": parts.count,
            "template": template.name, "version": template.version,
        }  # fmt: skip
        summary = f"SMS to {address}{_kind(address)}, {_counted(parts.count)}."
        return Done(said(here, summary), detail=detail)


_NO_GATEWAY = (
    "The SMS was not sent: no SMS gateway is set up. Connect one under Settings › SMS, then let "
    "the step try again."
)


def _kind(address: str) -> str:
    """Say that a number is a landline’s, where it tells: many get no SMS."""
    return " (a landline)" if numbers.kind_of(address) == "landline" else ""


def _counted(parts: int) -> str:
    return "one part" if parts == 1 else f"{parts} parts"
