"""The brakes on workflows: what holds up too much at once until somebody has looked.

Whatever they hold back waits and says why; nothing is lost. Their figures are the office's
safeguards.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from rally_desktop.engine.nodes.base import Again, Here
from rally_desktop.engine.reasons import sentence
from rally_desktop.model.changes import RowChanged
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import mail_account, outbox, workflow
from rally_desktop.model.tables import workflow_version as version
from rally_desktop.model.work import Work
from rally_desktop.services import frequency, safeguards, users, workflows
from rally_desktop.services.matching import Letter
from rally_desktop.services.outbox import Parcel

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LOOK_AGAIN = HOUR  # whoever waits for a person is looked at this often, should it have gone stale
LAST = 50  # of so many messages the bounces are counted
BOUNCED = "undeliverable"
CIRCLES = ("too_often", "too_deep", "too_long")


# -- messages that wait ----------------------------------------------------------------------


def due(here: Here) -> datetime:
    """Return when a message was due, however long it has waited for a person since."""
    since = here.said.get("due")
    return datetime.fromisoformat(since) if since else here.due_at


def too_many(work: Work, here: Here) -> Again | None:
    """Return until when a message waits because its workflow has sent enough for this hour."""
    own = here.rules.sends_an_hour
    most = safeguards.of(work).sends_an_hour if own is None else own
    if not most or frequency.in_hour(work, here.workflow_id) < most:
        return None
    sent = frequency.hour_of(work, here.workflow_id)
    until = max(sent[-most] + HOUR, work.now + MINUTE)
    sent.append(until)  # the next one that waits takes the place after it
    when = f"{until.astimezone(here.zone):%d %B %Y at %H:%M}"
    return Again(until, "sends_an_hour", f"{sentence('sends_an_hour')} Waits until {when}.")


def unconfirmed(work: Work, here: Here) -> Again | None:
    """Return until when a message waits for somebody to say that the first ones were well."""
    most, number = safeguards.of(work).first_sends, here.workflow_id
    if not most or _sent_first(work, number, most) < most or safeguards.confirmed(work, number):
        return None
    if safeguards.ask(work, number):
        text = f"The first {most} messages are out. Look at them, and let the others go."
        tell_admins(work, here.ref, f"{name_of(work, number)}: {text}")
    detail = {"due": due(here).isoformat()}
    return Again(work.now + LOOK_AGAIN, "ask_first", sentence("ask_first"), detail)


def _sent_first(work: Work, workflow_id: int, most: int) -> int:
    """Return how many messages a workflow has sent since it was published, up to ``most``."""
    key = ("first", workflow_id)
    if key not in work.memo:
        some = (
            select(outbox.c.id)
            .join(workflow, workflow.c.id == outbox.c.workflow_id)
            .join(version, version.c.id == workflow.c.published_id)
            .where(outbox.c.workflow_id == workflow_id)
            .where(outbox.c.created_at >= version.c.published_at)
            .limit(most)
        )
        counted = select(func.count()).select_from(some.subquery())
        work.memo[key] = work.connection.execute(counted).scalar_one()
    return work.memo[key] + frequency.decided(work, workflow_id)


# -- circles ---------------------------------------------------------------------------------


def circling(work: Work, workflow_id: int, ref: Ref, reason: str) -> None:
    """Pause a workflow in which something goes round in circles, and say why, once."""
    key = ("circling", workflow_id)
    if reason not in CIRCLES or key in work.memo or safeguards.of(work).circles != "pause":
        return
    work.memo[key] = True
    why = f"{sentence(reason)} Look at what starts it, then resume it."
    workflows.pause(work, workflow_id, why)
    tell_admins(work, ref, f"{name_of(work, workflow_id)} is paused: {why}")


# -- failures --------------------------------------------------------------------------------


def refused(work: Work, parcel: Parcel) -> bool:
    """Count a message that a server refused for good, and pause what goes on like this.

    Says whether the account was paused over it.
    """
    if parcel.row["workflow_id"] is not None:
        _bounced(work, parcel.row["workflow_id"], parcel.ref)
    return _refused_by_account(work, parcel.row["account_id"], parcel.ref)


def came_back(work: Work, letter: Letter, how: str) -> None:
    """Count a message that was taken and came back later, and pause what goes on like this.

    A wrong address counts against the workflow, a refusal against the account.
    """
    if how == "hard" and letter.workflow_id is not None:
        _bounced(work, letter.workflow_id, letter.ref)
        work.change(RowChanged("outbox", letter.outbox_id, {"reason": BOUNCED}))
    elif how == "refused" and letter.account_id is not None:
        _refused_by_account(work, letter.account_id, letter.ref)


def accepted(work: Work, account_id: int) -> None:
    """Begin to count an account's refusals anew: its server took a message."""
    work.change(RowChanged("mail_account", account_id, {"errors": 0}))


def _refused_by_account(work: Work, number: int, ref: Ref) -> bool:
    most = safeguards.of(work).send_errors_in_a_row
    query = select(mail_account.c.errors).where(mail_account.c.id == number).with_for_update()
    errors = work.connection.execute(query).scalar_one() + 1
    if not most or errors < most:
        work.change(RowChanged("mail_account", number, {"errors": errors}))
        return False
    why = (
        f"{errors} messages were refused one after the other. Look at the last ones, then let the "
        "account send again."
    )
    work.change(RowChanged("mail_account", number, {"errors": 0, "paused_why": why}))
    tell_admins(work, ref, f"Sending is paused: {why}")
    return True


def _bounced(work: Work, workflow_id: int, ref: Ref) -> None:
    """Pause a workflow of whose last messages too many came back, this one among them."""
    percent, columns = safeguards.of(work).bounces_percent, outbox.c
    last = (
        select(columns.reason)
        .where(columns.workflow_id == workflow_id, columns.state.in_(("sent", "failed")))
        .order_by(columns.created_at.desc())
        .limit(LAST - 1)
    )
    reasons = [BOUNCED, *work.connection.execute(last).scalars()]
    bad = reasons.count(BOUNCED)
    state = select(workflow.c.state).where(workflow.c.id == workflow_id)
    moves = work.connection.execute(state).scalar() in ("published", "finishing")
    if percent and moves and bad * 100 >= percent * LAST:
        some = f"{bad} of its last {len(reasons)} messages"
        why = f"{some} could not be delivered. Check the addresses."
        workflows.pause(work, workflow_id, why)
        tell_admins(work, ref, f"{name_of(work, workflow_id)} is paused: {why}")


def name_of(work: Work, workflow_id: int) -> str:
    """Return a workflow's name between quotation marks."""
    query = select(workflow.c.name).where(workflow.c.id == workflow_id)
    return f"‘{work.connection.execute(query).scalar()}’"


def tell_admins(work: Work, ref: Ref, text: str) -> None:
    """Tell every admin something that somebody has to look at."""
    for user in users.listed(work):
        if user.role == "admin":
            users.notify(work, ref, user, text)
