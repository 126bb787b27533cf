"""The stop matrix as one office: a person for every cell, to whom that very thing happens.

All that comes by mail comes as bytes, and is read and judged as what a mailbox holds is; all that
comes by SMS comes as gateways tell it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import count, product

from rally_desktop.engine import matrix
from rally_desktop.model.graph import Rules, Step
from rally_desktop.model.ref import Ref
from rally_desktop.outside.mail import arrived, judging
from rally_desktop.outside.sms.base import Incoming
from rally_desktop.services import (
    calls,
    deals,
    mail_accounts,
    meetings,
    received,
    receiving,
    records,
    safeguards,
    sms_received,
    templates,
)
from rally_desktop.services.matching import Mail
from rally_desktop.services.safeguards import Safeguards
from tests.gateway import add_gateway
from tests.mailbox_server import letter

NOTHING = "nothing"
# What the settings of a workflow say of an event; ``usual`` is that they say nothing.
SETTINGS = ("usual", *matrix.ACTIONS)
# Whose run it is: a contact's in a sequence or another workflow, or that of a contact's deal.
SCOPES = ("sequence", "workflow", "deal")
TWO_LETTERS = (
    Step("one", "send_email", {"template": "First"}),
    Step("wait", "wait", {"amount": 4, "unit": "days"}),
    Step("two", "send_email", {"template": "Second"}),
)
ONE_LETTER = TWO_LETTERS[:1]
REPORT = """From: Mail Delivery System <mailer-daemon@example.net>
To: hello@example.com
Subject: Undelivered Mail Returned to Sender
Message-ID: <{own}@example.net>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; example.net

Final-Recipient: rfc822; {address}
Action: failed
Status: {status}
Diagnostic-Code: smtp; 550 {status} sorry

--b
Content-Type: text/rfc822-headers

From: hello@example.com
To: {address}
Subject: First
Message-ID: {about}

--b--
"""


@dataclass(frozen=True)
class Cell:
    """One cell: an event, what the settings say of it, and whose run it meets."""

    event: str
    setting: str
    scope: str

    @property
    def action(self):
        """What is to come of it."""
        if self.event == NOTHING:
            return "go_on"
        if self.setting != "usual":
            return self.setting
        return "go_on" if self.scope == "workflow" else matrix.SEQUENCES[self.event]

    @property
    def workflow(self):
        """Where the run is: one workflow serves all events that it treats alike."""
        return self.setting, self.scope

    def __str__(self):
        """Say it in a sentence, which names the test too."""
        does = {"stop": "stops", "pause": "pauses", "go_on": "does nothing to"}[self.action]
        why = "as usual" if self.setting == "usual" else "as set"
        run = {"sequence": "a sequence", "workflow": "a workflow", "deal": "a deal's sequence"}
        return f"{self.event.replace('_', ' ')} {does} {run[self.scope]} {why}"


def cells(settings=SETTINGS):
    """Return all cells with these settings, and those of people to whom nothing happens."""
    happening = product(matrix.EVENTS, settings, SCOPES)
    return [Cell(*one) for one in (*happening, *product((NOTHING,), ("usual",), SCOPES))]


@dataclass
class Inside:
    """A person who is in a workflow, by a deal or in person."""

    person: Ref
    ref: Ref
    deal: Ref | None
    address: str
    mobile: str
    about: str = ""  # the Message-ID of what the workflow sent to that person
    before: str = ""  # and of what somebody wrote by hand the day before


@dataclass
class Office:
    """An office with a workflow for every setting and scope; people are let in cell by cell."""

    world: object
    workflows: dict = field(default_factory=dict)
    people: dict = field(default_factory=dict)
    numbers: object = field(default_factory=lambda: count(1))

    def open(self, wanted, steps=TWO_LETTERS, *, recall_minutes=0, **graph):
        """Publish what is needed for some cells, and add their people."""
        world = self.world
        world.do(safeguards.save, Safeguards(recall_minutes=recall_minutes))
        self.account = world.do(
            mail_accounts.add, "Hill Dental", "hello@example.com", host="memory", port=25,
            security="none", hourly_limit=0,
        )  # fmt: skip
        self.boxes = {
            role: world.do(receiving.opened, self.account, role, role, validity=1, top=0)
            for role in ("inbox", "sent")
        }
        world.do(add_gateway)
        self.gateway = world.ask(mail_accounts.accounts)[-1]
        for name in ("First", "Second"):
            world.do(templates.save, name, subject=name, text="Dear {{ contact.first_name }}")
        self.maria = world.user("Maria")
        for setting, scope in dict.fromkeys(cell.workflow for cell in wanted):
            said = {} if setting == "usual" else dict.fromkeys(matrix.EVENTS, setting)
            self.workflows[setting, scope] = world.publish(
                *steps, trigger="tag_added", trigger_settings={"tags": [f"{setting} {scope}"]},
                record="deal" if scope == "deal" else "contact",
                purpose="workflow" if scope == "workflow" else "sequence",
                settings=Rules(stops=said), **graph,
            )  # fmt: skip
        for cell in wanted:
            self.people[cell] = self._add(cell)
        world.tick()
        return self

    def _add(self, cell):
        number = next(self.numbers)
        address = f"person{number}@example.org"
        mobile = f"+447700900{number:03}"
        person = self.world.contact(
            f"Person{number}", email=address, mobile=mobile, owner_id=self.maria
        )
        about = cell.scope == "deal" or cell.event == "deal_won"
        deal = self.world.deal(contact_id=person.id, owner_id=self.maria) if about else None
        one = Inside(person, deal if cell.scope == "deal" else person, deal, address, mobile)
        if "bounce" in cell.event:
            one.before = f"<before{number}@example.com>"
            yesterday = self.world.clock.now() - timedelta(days=1)
            mine = letter(sender="hello@example.com", To=address, Message_ID=one.before)
            self.arrives(mine, "sent", yesterday)
        return one

    def enter(self, some=None):
        """Let people in, each into the workflow of the cell."""
        for cell in some or self.people:
            self.world.do(records.add_tag, self.people[cell].ref, " ".join(cell.workflow))

    def know_letters(self):
        """Look up which message went to whom."""
        sent = dict(self.world.rows("select address, message_id from outbox where step = 'one'"))
        for one in self.people.values():
            one.about = sent.get(one.address, "")

    def happen(self, some=None):
        """Let happen to people what their cells are about, all at one moment."""
        for cell in some or self.people:
            HAPPENS[cell.event](self, self.people[cell])

    # -- what happens ------------------------------------------------------------------------

    def arrives(self, data, folder="inbox", at=None):
        """Let a message come into a folder, and be read."""
        number, now = next(self.numbers), at or self.world.clock.now()
        read = arrived.read(data)
        mail = Mail(number, f"digest{number}", now, read, judging.judge(read, now.date()))
        self.world.do(received.take, self.boxes[folder], [mail])

    def writes(self, one, **said):
        """Let a person answer, or write of their own accord where nothing was sent yet."""
        about = {"In_Reply_To": one.about} if one.about else {}
        self.arrives(letter(sender=one.address, **{"subject": "Re: First", **about, **said}))

    def is_away(self, one):
        """Let the machine of somebody who is away answer."""
        text = "I am out of office and back on Tuesday 16 June 2026."
        self.writes(one, subject="Automatic reply: First", Auto_Submitted="auto-replied", text=text)

    def comes_back(self, one, status="5.1.1"):
        """Let a server report that a message could not be delivered."""
        said = {"own": next(self.numbers), "status": status, "about": one.about or one.before}
        self.arrives(REPORT.format(address=one.address, **said).encode())

    def comes_back_thrice(self, one):
        """Let a mailbox be full three times."""
        for _ in range(3):
            self.comes_back(one, "4.2.2")

    def is_written_to(self, one):
        """Let Maria write to a person in her mail program."""
        mine = letter(sender="hello@example.com", To=one.address, subject="By the way")
        self.arrives(mine, "sent")

    def wins(self, one):
        """Let the deal of a person be won."""
        deal = one.deal or self.world.deal(contact_id=one.person.id)
        self.world.do(deals.move, deal, "Closed Won")

    def meets(self, one):
        """Let a meeting with a person be booked."""
        starts = self.world.clock.now() + timedelta(days=40)
        self.world.do(meetings.plan, one.person, title="Demo", starts_at=starts)

    def calls(self, one):
        """Let a person call."""
        self.world.do(calls.log, one.person, direction="in", outcome="No answer")

    def texts(self, one, text):
        """Let an SMS of a person come in; the gateway answers wishes by itself."""
        told = Incoming(f"sms{next(self.numbers)}", one.mobile, "", text, handled=True)
        self.world.do(sms_received.take, self.gateway, [told])

    # -- what came of it ---------------------------------------------------------------------

    def run_of(self, one):
        """Tell how a person's run stands, and why."""
        ((state, reason),) = self.world.rows(
            f"select state, reason from run where record_kind = '{one.ref.kind}'"
            f" and record_id = {one.ref.id}"
        )
        return state, reason

    def tasks_of(self, one):
        """Tell what the owner is to do about a person."""
        found = self.world.rows(
            f"select title from task where record_kind = 'contact' and record_id = {one.person.id}"
        )
        return [title for (title,) in found]

    def got(self, one):
        """Tell what was sent to a person."""
        return [
            sent.subject for sent in self.world.mail.letters
            if sent.recipient.address == one.address
        ]  # fmt: skip


HAPPENS = {
    "reply": Office.writes,
    "automatic_reply": Office.is_away,
    "text_back": partial(Office.texts, text="Call me, please"),
    "call_back": Office.calls,
    "meeting_planned": Office.meets,
    "deal_won": Office.wins,
    "hard_bounce": Office.comes_back,
    "soft_bounces": Office.comes_back_thrice,
    "unsubscribed": partial(Office.writes, text="Unsubscribe"),
    "stop_word": partial(Office.texts, text="Stop"),
    "written_by_hand": Office.is_written_to,
    NOTHING: lambda office, one: None,
}
