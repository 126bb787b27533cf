"""The demonstration: a whole office, its mail server, and four days that pass in seconds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path

from rally_desktop.core.clock import TurnedClock
from rally_desktop.core.resources import resource
from rally_desktop.engine.carriers import smtp_carrier
from rally_desktop.engine.cookbook import install, recipes
from rally_desktop.engine.publishing import publish
from rally_desktop.engine.thread import EngineThread
from rally_desktop.model.ref import Ref
from rally_desktop.model.store import Store
from rally_desktop.model.work import Work
from rally_desktop.outside.mail.loopback import LoopbackServer
from rally_desktop.services import (
    calls,
    deals,
    grid,
    imports,
    mail_accounts,
    messages,
    notes,
    office,
    records,
    runs,
    safeguards,
    tasks,
    users,
)
from rally_desktop.services.safeguards import Safeguards

OFFICE = "Harbour Dental"
STAFF = (("Maria Keller", "admin"), ("Tom Okafor", "staff"), ("Ines Duarte", "staff"))
STEP_HOURS, STEPS = 6, 16
REPLIES, HOT, DEALS, WON = 24, 6, 12, 5
# The brakes that would hold up hundreds at once; nobody gets more than one message a day.
LIFTED = Safeguards(enrolments_at_once=0, enrolments_a_minute=0, first_sends=0, sends_an_hour=0)
PATIENCE = 120.0  # seconds the engine may take for what six hours bring
SUBJECTS = ("A question about your offer", "Thursday would suit me", "Please call me")

Say = Callable[[str], None]


@dataclass
class Expected:
    """What was promised, counted from the records themselves and not from the engine."""

    welcomed: set[str] = field(default_factory=set)
    reminded: set[str] = field(default_factory=set)
    called: int = 0
    won: int = 0


@dataclass
class Outcome:
    """What came of it; ``failures`` are the promises that were not kept."""

    imported: imports.Result
    expected: Expected
    received: int
    failures: list[str]


class Demonstration:
    """Plays the demonstration on a database that is made for it; use as a context manager."""

    def __init__(self, url: str, say: Say) -> None:
        self.clock = TurnedClock()
        self.store = Store.open(url, self.clock)
        self.server = LoopbackServer()
        self.engine = EngineThread(self.store, smtp_carrier)
        self._say = say
        self._expected = Expected()
        self._welcomed: list[Ref] = []
        self._deals: list[Ref] = []

    def __enter__(self) -> Demonstration:
        self.server.start()
        self.engine.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.stop()
        self.server.stop()
        self.store.close()

    def play(self) -> Outcome:
        """Do all of it and return what came of it."""
        self._say("Making the office: users, a pipeline, a mail account on a local mail server.")
        self.store.write(self._found)
        self._say("Lifting the brakes that ask before many are written to at once.")
        self.store.write(safeguards.save, LIFTED)
        self._say("Publishing the workflows ‘Welcome inbound leads’ and ‘Deal won’.")
        for recipe in recipes().values():
            self.store.write(publish, self.store.write(install, recipe))
        imported = self._import(resource("demo", "contacts.csv"))
        self._settle()
        self.store.write(self._open_deals)
        for step in range(STEPS):
            self._turn(step)
        received = self._received()
        return Outcome(imported, self._expected, len(received), self._failures(received))

    def history(self, count: int) -> list[str]:
        """Return the runs of some people of different fates: who, which step, what came of it."""
        return self.store.read(_history, self._welcomed, self._deals, count)

    # -- the office ------------------------------------------------------------------------

    def _found(self, work: Work) -> None:
        office.found(work, OFFICE, admin=STAFF[0][0])
        for name, role in STAFF[1:]:
            users.add(work, name, role=role)
        mail_accounts.add(
            work,
            OFFICE,
            "hello@harbour-dental.example.com",
            host=self.server.host,
            port=self.server.port,
            security="none",
            hourly_limit=0,
        )

    def _import(self, path: Path) -> imports.Result:
        self._say(f"Importing {path.name} as the program imports any file.")
        return imports.import_file(self.store, path)

    def _open_deals(self, work: Work) -> None:
        """Open deals for the first customers-to-be, so that some can be won."""
        people = [user.id for user in users.listed(work)]
        for number, ref in enumerate(_first_contacts(work, DEALS)):
            name = f"{records.name_of('contact', work.record(ref))}: new chair"
            values = {
                "name": name, "contact_id": ref.id, "amount": 1200 + 350 * number,
                "owner_id": people[number % len(people)],
            }  # fmt: skip
            self._deals.append(deals.create(work, values))

    # -- four days -------------------------------------------------------------------------

    def _turn(self, step: int) -> None:
        """Let six hours pass: people do something, then the engine does its work."""
        self.clock.advance(hours=STEP_HOURS)
        self.store.write(self._people_act, step)
        self._settle()
        done = self.engine.report
        hours = (step + 1) * STEP_HOURS
        self._say(
            f"  day {hours // 24 + 1}, {hours % 24:02}:00   {done.sent:4} messages sent,"
            f" {done.started:4} runs started, {done.moved:4} moved on"
        )

    def _people_act(self, work: Work, step: int) -> None:
        acts = (self._see_welcomed, self._call, self._answer, self._win, self._see_silent)
        if 1 <= step <= len(acts):
            acts[step - 1](work)

    def _see_welcomed(self, work: Work) -> None:
        self._welcomed = _welcomed(work)
        self._expected.welcomed = {work.record(ref)["email"] for ref in self._welcomed}

    def _call(self, work: Work) -> None:
        for ref in _first_contacts(work, DEALS):
            notes.add(work, ref, "Prefers the early morning, before nine.")
            calls.log(
                work, ref, direction="out", outcome="Reached", seconds=260,
                text="Wants an offer for one chair, with fitting.",
            )  # fmt: skip

    def _answer(self, work: Work) -> None:
        for number, ref in enumerate(self._welcomed[:REPLIES]):
            _reply(work, ref, SUBJECTS[number % len(SUBJECTS)])
        for ref in self._welcomed[REPLIES : REPLIES + HOT]:
            records.add_tag(work, ref, "Hot")
        for ref in _first_contacts(work, 3):
            _reply(work, ref, "Your offer")

    def _win(self, work: Work) -> None:
        for ref in self._deals[:WON]:
            deals.move(work, ref, "Closed Won")
            self._expected.won += 1

    def _see_silent(self, work: Work) -> None:
        silent = [ref for ref in self._welcomed if not _answered(work, ref)]
        self._expected.called = len(self._welcomed) - len(silent)
        self._expected.reminded = {work.record(ref)["email"] for ref in silent}

    def _settle(self) -> None:
        self.engine.wake()
        if not self.engine.wait_until_idle(PATIENCE):
            raise TimeoutError("the engine did not finish in time")

    # -- was it kept? ----------------------------------------------------------------------

    def _received(self) -> list[tuple[str, str]]:
        """Return (address, subject) of every message the server really received."""
        parsed = (message_from_bytes(one.data) for one in self.server.received)
        pairs = zip(self.server.received, parsed, strict=True)
        return [(one.recipient, str(message["Subject"])) for one, message in pairs]

    def _failures(self, received: list[tuple[str, str]]) -> list[str]:
        promised = self._expected
        wanted = {(email, f"Welcome to {OFFICE}") for email in promised.welcomed}
        wanted |= {(email, "Did my message reach you?") for email in promised.reminded}
        found = set(received)
        checks = (
            (len(received) == len(found), "A message was sent twice."),
            (found >= wanted, f"{len(wanted - found)} messages were not sent."),
            (found <= wanted, f"{len(found - wanted)} messages were sent that should not be."),
            (bool(promised.welcomed and promised.reminded), "Nobody was written to."),
            (self.store.read(tasks.count) == promised.called, "A call was not planned."),
            (self.store.read(_count_won, self._deals) == promised.won, "A deal was forgotten."),
            (not self.engine.report.trouble, self.engine.report.trouble),
            (not self.store.read(_stuck), "A run needs attention."),
        )
        return [text for kept, text in checks if not kept]


def _first_contacts(work: Work, count: int) -> list[Ref]:
    found = grid.ids(work, "contact", grid.Query(), limit=count)
    return [Ref("contact", number) for number in found]


def _welcomed(work: Work) -> list[Ref]:
    """Return the inbound leads with a usable address: those who were promised a message."""
    inbound = {"field": "lead_source", "op": "is", "value": "Inbound"}
    found = grid.ids(work, "contact", grid.Query(filter=inbound))
    refs = [Ref("contact", number) for number in found]
    return [
        ref for ref in refs if not messages.refusal(work, work.record(ref), transactional=False)
    ]


def _answered(work: Work, ref: Ref) -> bool:
    found = work.record(ref)
    return bool(found["last_replied_at"]) or "Hot" in found["tags"]


def _reply(work: Work, ref: Ref, subject: str) -> None:
    sender = work.record(ref)["email"]
    text = "Thank you for your message. I would like to know more."
    messages.receive(work, ref, sender=sender, subject=f"Re: {subject}", text=text)


def _count_won(work: Work, refs: list[Ref]) -> int:
    won = (work.record(ref) for ref in refs if "Won" in work.record(ref)["tags"])
    people = (work.record(Ref("contact", found["contact_id"])) for found in won)
    return sum(person["lifecycle_stage"] == "Customer" for person in people)


def _stuck(work: Work) -> bool:
    return runs.listed(work, states=["needs_attention"]).count > 0


def _history(work: Work, people: list[Ref], won: list[Ref], count: int) -> list[str]:
    wanted = {*people[:2], *people[REPLIES : REPLIES + 1], *people[-2:], *won[:1]}
    lines: list[str] = []
    for row in runs.listed(work, limit=10_000).rows:
        if row.ref not in wanted or count == 0:
            continue
        count -= 1
        lines.append(f"  {row.record} · {row.workflow} · {row.state}")
        for visit in runs.one(work, row.id)[1]:
            reason = f" ({visit.reason})" if visit.reason else ""
            when = visit.at.strftime("%d %b %H:%M")
            name = visit.step.title or visit.step.kind.replace("_", " ")
            lines.append(f"    {when}  {name:22} {visit.outcome:8} {visit.summary}{reason}")
    return lines
